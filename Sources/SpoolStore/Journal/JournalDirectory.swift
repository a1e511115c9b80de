package import SpoolSystem

/// The journals of a spool: one a mailing, `NAME.journal`, which follows its document through every rename.
package final class JournalDirectory: Sendable {
    package let directory: Directory
    /// The mode of every file made here: the directory's, less execute.
    package let mode: UInt32

    package init(_ directory: Directory) throws(SystemError) {
        self.directory = directory
        mode = try directory.status().mode & 0o666
    }

    /// The file name of a mailing's journal.
    package static func fileName(of mailing: FileName) -> FileName { mailing + ".journal" }

    /// The names of all mailings that have a journal.
    package func mailings() throws(SystemError) -> [FileName] {
        try directory.names().compactMap { $0.bytes.first == 0x2E ? nil : $0.without(suffix: ".journal") }
    }

    /// A journal's file; nil if there is none.
    package func open(_ mailing: FileName) throws(SystemError) -> File? {
        do throws(SystemError) {
            return try directory.open(JournalDirectory.fileName(of: mailing))
        } catch  where error.isMissing {
            return nil
        }
    }

    /// How a mailing stands by its journal's tail; nil if it has none, or one in which nothing sound stands.
    package func history(of mailing: FileName) throws(SystemError) -> MailingHistory? {
        try tail(of: mailing)?.history
    }

    /// How all mailings stand by their journals' tails.
    package func histories() throws(SystemError) -> [FileName: MailingHistory] {
        try tails().histories
    }

    /// The same, and the names of each journal that stands under several: a rename was cut short.
    package func tails() throws(SystemError) -> (
        histories: [FileName: MailingHistory], halfMoves: [[FileName]]
    ) {
        var histories: [FileName: MailingHistory] = [:]
        var namesOfFile: [UInt64: [FileName]] = [:]
        for name in try mailings() {
            guard let tail = try tail(of: name) else { continue }
            histories[name] = tail.history
            if tail.file.links > 1 { namesOfFile[tail.file.inode, default: []].append(name) }
        }
        return (histories, namesOfFile.values.filter { $0.count > 1 })
    }

    private func tail(
        of mailing: FileName
    ) throws(SystemError) -> (file: FileStatus, history: MailingHistory?)? {
        guard let file = try open(mailing) else { return nil }
        let status = try file.status()
        guard status.kind == .regular else { return nil }
        return (status, try JournalReader(file: file).history(size: Int(status.size)))
    }

    /// Whether a journal's name is taken, by a sound journal or any other file.
    package func isTaken(_ mailing: FileName) throws(SystemError) -> Bool {
        try directory.status(of: JournalDirectory.fileName(of: mailing)) != nil
    }
}
