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

    /// What is found when all journals are asked how their mailings stand.
    package struct Tails {
        package fileprivate(set) var histories: [FileName: MailingHistory] = [:]
        /// The names of each journal that stands under several: a rename was cut short.
        package fileprivate(set) var halfMoves: [[FileName]] = []
        /// What need not be read again next time.
        package fileprivate(set) var ended: EndedJournals
    }

    /// How all mailings stand by their journals' tails; one of which it is known that it has ended is opened only if it is
    /// another than it was.
    package func tails() throws(SystemError) -> Tails {
        var tails = Tails(ended: try EndedJournals(in: directory))
        var namesOfFile: [UInt64: [FileName]] = [:]
        for name in try mailings() {
            guard let tail = try currentTail(of: name, &tails.ended) else { continue }
            tails.histories[name] = tail.history
            if tail.file.links > 1 { namesOfFile[tail.file.inode, default: []].append(name) }
        }
        tails.halfMoves = namesOfFile.values.filter { $0.count > 1 }
        tails.ended.keep { tails.histories[$0] != nil }
        return tails
    }

    private typealias Tail = (file: FileStatus, history: MailingHistory?)

    private func currentTail(
        of mailing: FileName, _ ended: inout EndedJournals
    ) throws(SystemError) -> Tail? {
        if ended.has(mailing),
            let status = try directory.status(of: JournalDirectory.fileName(of: mailing)),
            let history = ended.history(of: mailing, FileStamp(status))
        {
            return (status, history)
        }
        guard let tail = try tail(of: mailing) else { return nil }
        if let history = tail.history { ended.note(history, of: mailing, FileStamp(tail.file)) }
        return tail
    }

    private func tail(of mailing: FileName) throws(SystemError) -> Tail? {
        guard let file = try open(mailing) else { return nil }
        let status = try file.status()
        guard status.kind == .regular else { return nil }
        return (status, try JournalReader(file: file).history(size: Int(status.size)))
    }

    /// What a mailing's journal is at this moment.
    package func stamp(of mailing: FileName) throws(SystemError) -> FileStamp {
        FileStamp(try directory.status(of: JournalDirectory.fileName(of: mailing)))
    }

    /// Whether a journal's name is taken, by a sound journal or any other file.
    package func isTaken(_ mailing: FileName) throws(SystemError) -> Bool {
        try directory.status(of: JournalDirectory.fileName(of: mailing)) != nil
    }
}
