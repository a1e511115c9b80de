internal import SpoolSystem

/// The journals of a spool: one a mailing, `NAME.journal`, which follows its document through every rename.
final class JournalDirectory: Sendable {
    let directory: Directory
    /// The mode of every file made here: the directory's, less execute.
    let mode: UInt32

    init(_ directory: Directory) throws(SystemError) {
        self.directory = directory
        mode = try directory.status().mode & 0o666
    }

    /// The file name of a mailing's journal.
    static func fileName(of mailing: FileName) -> FileName { mailing + ".journal" }

    /// The names of all mailings that have a journal.
    func mailings() throws(SystemError) -> [FileName] {
        try directory.names().compactMap { $0.bytes.first == 0x2E ? nil : $0.without(suffix: ".journal") }
    }

    /// A journal's file; nil if there is none.
    func open(_ mailing: FileName) throws(SystemError) -> File? {
        do throws(SystemError) {
            return try directory.open(JournalDirectory.fileName(of: mailing))
        } catch  where error.isMissing {
            return nil
        }
    }

    /// How a mailing stands by its journal's tail; nil if it has none, or one in which nothing sound stands.
    func history(of mailing: FileName) throws(SystemError) -> MailingHistory? {
        try tail(of: mailing)?.history
    }

    /// How all mailings stand by their journals' tails.
    ///
    /// - Parameter finishingHalfMoves: also takes away second names, which only the holder of the tick's lock may.
    func histories(finishingHalfMoves: Bool = false) throws(SystemError) -> [FileName: MailingHistory] {
        var histories: [FileName: MailingHistory] = [:]
        var namesOfFile: [UInt64: [FileName]] = [:]
        for name in try mailings() {
            guard let tail = try tail(of: name) else { continue }
            histories[name] = tail.history
            if tail.file.links > 1 { namesOfFile[tail.file.inode, default: []].append(name) }
        }
        if !finishingHalfMoves { return histories }
        for names in namesOfFile.values where names.count > 1 {
            for name in try finishHalfMove(names) { histories[name] = nil }
        }
        return histories
    }

    private func tail(
        of mailing: FileName
    ) throws(SystemError) -> (file: FileStatus, history: MailingHistory?)? {
        guard let file = try open(mailing) else { return nil }
        let status = try file.status()
        guard status.kind == .regular else { return nil }
        return (status, try JournalReader(file: file).history(size: Int(status.size)))
    }

    /// Takes away all but one of the names of a journal whose rename, on a file system without RENAME_NOREPLACE, was
    /// cut short between its link and its unlink; otherwise what is said of one name would be written to the other.
    ///
    /// It keeps the name under which the journal was put aside, if one of them is such a name. Of others it keeps any:
    /// whoever finds a journal that is not called as its document renames it once more.
    ///
    /// - Returns: the names that are gone.
    private func finishHalfMove(_ names: [FileName]) throws(SystemError) -> [FileName] {
        let order = names.sorted { a, b in
            DatedName.isDated(a) == DatedName.isDated(b) ? a < b : DatedName.isDated(b)
        }
        for name in order.dropLast() { try directory.remove(JournalDirectory.fileName(of: name)) }
        return Array(order.dropLast())
    }

    /// Whether a journal's name is taken, by a sound journal or any other file.
    func isTaken(_ mailing: FileName) throws(SystemError) -> Bool {
        try directory.status(of: JournalDirectory.fileName(of: mailing)) != nil
    }

    /// Gives a journal another mailing's name; never overwrites. Durable after the directory is synchronised.
    func move(_ mailing: FileName, to name: FileName) throws(SystemError) {
        try directory.move(
            JournalDirectory.fileName(of: mailing), to: directory, as: JournalDirectory.fileName(of: name))
    }

    /// Opens a journal's end for writing; its torn tail is cut off.
    func writer(of mailing: FileName, soundLength: Int) throws(SystemError) -> JournalWriter {
        try JournalWriter(
            in: directory, JournalDirectory.fileName(of: mailing), mode: mode, soundLength: soundLength)
    }

    /// Opens a journal's end for writing a few lines; its torn tail is cut off.
    func writer(of mailing: FileName) throws(SystemError) -> JournalWriter {
        var soundLength = 0
        if let file = try open(mailing) { soundLength = try JournalReader(file: file).soundLength() }
        return try writer(of: mailing, soundLength: soundLength)
    }
}
