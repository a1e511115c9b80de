/// The end of a journal, read from behind: of the thousands of lines in it only the last few are looked at.
struct JournalTail {
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
            if !line.isCounts {
                since.append(line)
                continue
            }
            // The changes mean something only behind the numbers; of the titles the last one counts.
            var history = MailingHistory()
            if let title = lastTitle() { history.apply(title) }
            history.apply(line)
            for line in since.reversed() { history.apply(line) }
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
