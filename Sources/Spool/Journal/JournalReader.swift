internal import SpoolSystem

/// Reads journals: all lines of one, or only the tail that says how its mailing stands.
///
/// A line whose checksum is wrong is passed over wherever it stands: a torn write, a damaged block or garbage costs
/// the events in it and no others.
struct JournalReader {
    let file: File

    private static let chunk = 1 << 18
    private static let firstTail = 1 << 12
    /// There is a `counts` line every thousand lines; without one in a tail of this length the journal is damaged.
    private static let longestTail = 1 << 21

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
                if let line = JournalLine(UnsafeRawBufferPointer(rebasing: filled[position..<end])) {
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
    ///
    /// - Parameter size: the file's size in bytes; what has come since is left out.
    func history(size: Int) throws(SystemError) -> MailingHistory? {
        if let history = try fromTail(size: size, { $0.history() }) { return history }
        var history = MailingHistory()
        _ = try forEachLine { history.read($0) }
        return history.mailing.isEmpty ? nil : history
    }

    /// Where the last sound line ends; 0 if there is none.
    func soundLength() throws(SystemError) -> Int {
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

/// The end of a journal, read from behind: of the thousands of lines in it only the last few are looked at.
private struct JournalTail {
    private let bytes: UnsafeRawBufferPointer
    /// Whether a line begins at the first byte.
    private let isWhole: Bool
    /// Behind the line feed of the next line to be read.
    private var end: Int

    /// Where the event's word stands: behind the checksum and the time.
    private static let wordPlace = 34
    private static let title = Array("about ".utf8)

    init(_ bytes: UnsafeRawBufferPointer, isWhole: Bool) {
        self.bytes = bytes
        self.isWhole = isWhole
        end = bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    }

    /// How the mailing stands; nil without a `counts` line, or if that does not say which mailing it is.
    mutating func history() -> MailingHistory? {
        var since: [JournalLine] = []
        while let text = previous() {
            guard let line = JournalLine(text) else { continue }
            if line.event != .counts {
                since.append(line)
                continue
            }
            // The changes mean something only behind the numbers; of the titles the last one counts.
            var history = MailingHistory()
            if let title = lastTitle() { history.read(title) }
            history.read(line)
            for line in since.reversed() { history.read(line) }
            return history.mailing.isEmpty ? nil : history
        }
        return nil
    }

    /// How many bytes stand behind the last sound line; nil without one.
    mutating func unsoundBytes() -> Int? {
        while true {
            let behind = bytes.count - end
            guard let text = previous() else { return nil }
            if JournalLine(text) != nil { return behind }
        }
    }

    private mutating func lastTitle() -> JournalLine? {
        while let text = previous() {
            let word = text.dropFirst(JournalTail.wordPlace).prefix(JournalTail.title.count)
            if word.elementsEqual(JournalTail.title), let line = JournalLine(text) { return line }
        }
        return nil
    }

    /// The line before, without its line feed; nil where no whole one is left.
    private mutating func previous() -> UnsafeRawBufferPointer? {
        if end == 0 { return nil }
        let start = bytes[..<(end - 1)].lastIndex(of: 0x0A).map { $0 + 1 }
        guard let start = start ?? (isWhole ? 0 : nil) else { return nil }
        defer { end = start }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<(end - 1)])
    }
}
