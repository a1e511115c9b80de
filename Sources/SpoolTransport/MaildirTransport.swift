internal import SpoolSchedule
internal import SpoolSystem
internal import SpoolWriting

/// Delivers into a Maildir instead of a mail system: for trying out, and for tests.
///
/// A message is on the disk under its final name before it counts as sent. Its name comes from its Message-ID, so
/// that a second hand-over after a crash finds it there.
final class MaildirTransport: Transport {
    private let temporary: Directory
    private let new: Directory
    private let lock: HandOverLock?
    private let timeout: Int64

    /// Opens a Maildir, making it if needed.
    ///
    /// - Parameters:
    ///   - timeout: microseconds that a sendmail is waited for which a tick of another configuration has left behind.
    ///   - lock: what such a sendmail holds.
    init(path: String, timeout: Int64, lock: HandOverLock?) throws(SystemError) {
        self.lock = lock
        self.timeout = timeout
        let root = try Directory(makingAt: path)
        for name in ["tmp", "new", "cur"] { _ = try root.makeDirectory(name, mode: 0o700) }
        temporary = try root.directory("tmp")
        new = try root.directory("new")
    }

    /// Writes the message, with its envelope in Return-Path and Delivered-To.
    func begin(_ message: OutgoingMessage, ticket: Int) throws(TransportFailure) -> TransportAnswer? {
        let name = FileName(message.messageID)
        let file: AppendFile
        do throws(SystemError) {
            file = try AppendFile(in: temporary, name, mode: 0o600, isNew: true)
        } catch {
            throw error.isShortage ? .shortage(error) : .system(error)
        }
        do throws(SystemError) {
            try write(message, into: file, called: name)
            return .accepted
        } catch {
            throw .system(error)
        }
    }

    private func write(
        _ message: OutgoingMessage, into file: AppendFile, called name: FileName
    ) throws(SystemError) {
        let envelope = "Return-Path: <\(message.returnPath)>\nDelivered-To: \(message.recipient)\n"
        try file.append(Array(envelope.utf8))
        try file.append(message.file)
        try file.synchronize()
        do throws(SystemError) {
            try temporary.move(name, to: new, as: name)
        } catch  where error.isOccupied {
            try temporary.remove(name)
        }
        try new.synchronize()
    }

    func isReady(at moment: Moment) throws(SystemError) -> Bool {
        try lock?.claim(now: moment.monotonic, timeout: timeout) ?? true
    }

    func collect(at moment: Moment) -> [(ticket: Int, answer: TransportAnswer)] { [] }

    var underWay: Int { 0 }

    var inputs: [Int32] { [] }

    var nextDeadline: Int64? { nil }

    func cancel() {}

    func release() { lock?.release() }
}
