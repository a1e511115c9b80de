internal import SpoolSchedule
internal import SpoolStore
internal import SpoolSystem
internal import SpoolWriting

/// Appends to the journals of what came back, under the lock of the one `spool-returns`.
struct ReturnsWriter {
    private let returns: ReturnsDirectory
    private let journal: Directory
    private let journalMode: UInt32

    init(_ spool: SpoolDirectory, _ returns: ReturnsDirectory) throws(SystemError) {
        self.returns = returns
        journal = spool.journal
        journalMode = try spool.journal.status().mode & 0o666
    }

    /// Makes `journal/returns/` if it is not there; durable when it returns.
    static func makeDirectory(in spool: SpoolDirectory) throws(SystemError) -> ReturnsDirectory {
        let mode = try spool.journal.status().mode
        if try spool.journal.makeDirectory(ReturnsDirectory.name, mode: mode) {
            try spool.journal.synchronize()
        }
        return try ReturnsDirectory(try spool.journal.directory(ReturnsDirectory.name))
    }

    /// Appends to `journal/blocked`; durable when it returns.
    ///
    /// - Parameter end: where the last whole line ends.
    /// - Returns: where it ends now.
    func appendBlocked(
        _ entries: [BlockedEntry], behind end: Int, at now: Timestamp
    ) throws(SystemError) -> Int {
        var bytes: [UInt8] = []
        for entry in entries { entry.write(at: now, to: &bytes) }
        try append(bytes, to: BlockedJournal.name, in: journal, mode: journalMode, behind: end)
        return end + bytes.count
    }

    /// Appends to a journal of `journal/returns/`; likewise.
    func append(
        _ entries: [ReturnsEntry], to name: FileName, behind end: Int, at now: Timestamp
    ) throws(SystemError) -> Int {
        var bytes: [UInt8] = []
        for entry in entries { entry.write(at: now, to: &bytes) }
        try append(bytes, to: name, in: returns.directory, mode: returns.mode, behind: end)
        return end + bytes.count
    }

    /// Half a line behind `end` is what a kill or a full disk has left; it is cut off. After an error whole lines may have
    /// been written, and count.
    private func append(
        _ bytes: [UInt8], to name: FileName, in directory: Directory, mode: UInt32, behind end: Int
    ) throws(SystemError) {
        let isNew = try directory.status(of: name) == nil
        let file = try AppendFile(in: directory, name, mode: mode)
        if Int(try file.status().size) > end { try file.truncate(to: end) }
        try file.append(bytes)
        try file.synchronize()
        if isNew { try directory.synchronize() }
    }
}
