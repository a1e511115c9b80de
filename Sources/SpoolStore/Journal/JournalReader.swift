package import SpoolSystem

/// Reads journals: all lines of one, or only the tail that says how its mailing stands.
///
/// A line whose checksum is wrong is passed over wherever it stands: a torn write, a damaged block or garbage costs
/// the events in it and no others.
package struct JournalReader {
    let file: File

    /// A reader of a journal's file.
    package init(file: File) { self.file = file }

    private static let firstTail = 1 << 12
    /// There is a `counts` line every thousand lines; without one in a tail of this length the journal is damaged.
    private static let longestTail = 1 << 21

    /// Calls for every sound line from `offset` on.
    ///
    /// - Returns: where the last sound line ends. What stands behind that is a torn or damaged tail.
    package func forEachLine(
        from offset: Int = 0, _ body: (JournalLine) -> Void
    ) throws(SystemError) -> Int {
        var soundEnd = offset
        try file.forEachLine(from: offset) { bytes, offset in
            guard let line = JournalLine(bytes, at: offset) else { return }
            soundEnd = offset + bytes.count + 1
            body(line)
        }
        return soundEnd
    }

    /// How the mailing stands, from the last `counts` line and what follows it; the whole journal where there is
    /// none. Nil if no sound line says which mailing it is: then nothing was ever handed over by it.
    ///
    /// - Parameter size: the file's size in bytes; what has come since is left out.
    func history(size: Int) throws(SystemError) -> MailingHistory? {
        if let history = try fromTail(size: size, { $0.history() }) { return history }
        var history = MailingHistory()
        _ = try forEachLine { history.apply($0) }
        return history.mailing.isEmpty ? nil : history
    }

    /// Where the last sound line ends; 0 if there is none.
    package func soundLength() throws(SystemError) -> Int {
        let size = Int(try file.status().size)
        if let behind = try fromTail(size: size, { $0.unsoundBytes() }) { return size - behind }
        return try forEachLine { _ in }
    }

    /// What longer and longer tails say, until one says anything.
    private func fromTail<Finding>(
        size: Int, _ find: (inout JournalTail) -> Finding?
    ) throws(SystemError) -> Finding? {
        var length = JournalReader.firstTail
        while true {
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: min(length, size), alignment: 16)
            defer { buffer.deallocate() }
            let count = try file.read(into: buffer, at: size - buffer.count)
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            var tail = JournalTail(bytes, isWhole: buffer.count == size)
            if let finding = find(&tail) { return finding }
            if length >= size || length >= JournalReader.longestTail { return nil }
            length *= 8
        }
    }
}
