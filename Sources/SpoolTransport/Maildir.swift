internal import SpoolMail
package import SpoolSystem
package import SpoolWriting

/// Delivers into a Maildir instead of a mail system: for trying out, and for tests.
///
/// A message is on the disk under its final name before it counts as sent. Its name comes from its Message-ID, so
/// that a second hand-over after a crash finds it there.
package final class Maildir: Sendable {
    private let temporary: Directory
    private let new: Directory

    /// Opens a Maildir, making it if needed.
    package init(path: String) throws(SystemError) {
        let root = try Directory(makingAt: path)
        for name in ["tmp", "new", "cur"] { _ = try root.makeDirectory(name, mode: 0o700) }
        temporary = try root.directory("tmp")
        new = try root.directory("new")
    }

    /// Writes a message, with its envelope in Return-Path and Delivered-To.
    package func deliver(
        _ message: MessageFile, named name: String, from returnPath: String, to recipient: String
    ) throws(SystemError) {
        let name = FileName(name)
        let file = try AppendFile(in: temporary, name, mode: 0o600, isNew: true)
        try file.append(Array("Return-Path: <\(returnPath)>\nDelivered-To: \(recipient)\n".utf8))
        try file.append(try message.contents())
        try file.synchronize()
        do throws(SystemError) {
            try temporary.move(name, to: new, as: name)
        } catch  where error.isOccupied {
            try temporary.remove(name)
        }
        try new.synchronize()
    }
}
