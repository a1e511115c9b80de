internal import SpoolSystem

/// Reads journals: all lines of one, or only the tail that says how its mailing stands.
///
/// A line whose checksum is wrong is passed over wherever it stands: a torn write, a damaged block or garbage costs
/// the events in it and no others.
struct JournalReader {
    let file: File

    private static let chunk = 1 << 18
    private static let firstTail = 1 << 12
    private static let lastTail = 1 << 21

    /// Calls for every sound line from `offset` on.
    ///
    /// - Returns: where the last sound line ends. What stands behind that is a torn or damaged tail.
    func forEachLine(
        from offset: Int = 0, _ body: (JournalLine) -> Void
    ) throws(SystemError) -> Int {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: JournalReader.chunk, alignment: 16)
        defer { buffer.deallocate() }
        var soundEnd = offset
        var start = offset
        var held = 0
        while true {
            let count = try file.read(into: .init(rebasing: buffer[held...]), at: start + held)
            if count == 0 { return soundEnd }
            let filled = UnsafeRawBufferPointer(rebasing: buffer[..<(held + count)])
            var position = 0
            while let end = filled[position...].firstIndex(of: 0x0A) {
                let bytes = UnsafeRawBufferPointer(rebasing: filled[position..<end])
                if let line = JournalLine(bytes, at: start + position) {
                    soundEnd = start + end + 1
                    body(line)
                }
                position = end + 1
            }
            // A buffer full of bytes without a line feed is no line of ours.
            if position == 0 && filled.count == buffer.count { position = filled.count }
            held = filled.count - position
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: filled[position...]))
            start += position
        }
    }

    /// How the mailing stands, from the last `counts` line and what follows it; the whole journal where there is
    /// none. Nil if no sound line says which mailing it is: then nothing was ever handed over by it.
    func history() throws(SystemError) -> MailingHistory? {
        try history(size: Int(file.status().size))
    }

    /// The same of a journal of which the size is known.
    func history(size: Int) throws(SystemError) -> MailingHistory? {
        var length = JournalReader.firstTail
        while length <= JournalReader.lastTail {
            let tail = try JournalTail(file, from: max(0, size - length), to: size)
            if let history = tail.history { return history.mailing.isEmpty ? nil : history }
            if length >= size { break }
            length *= 8
        }
        var history = MailingHistory()
        _ = try forEachLine { history.read($0) }
        return history.mailing.isEmpty ? nil : history
    }
}
