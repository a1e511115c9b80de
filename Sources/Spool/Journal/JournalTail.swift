internal import SpoolSystem

/// The end of a journal, read backwards: a status over thousands of mailings looks at a few lines of each.
final class JournalTail {
    private let bytes: UnsafeMutableRawBufferPointer

    /// Reads a part of a journal into memory.
    init(_ file: File, from start: Int, to end: Int) throws(SystemError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(0, end - start), alignment: 16)
        var filled = 0
        do throws(SystemError) {
            while filled < buffer.count {
                let count = try file.read(into: .init(rebasing: buffer[filled...]), at: start + filled)
                if count == 0 { break }
                filled += count
            }
        } catch {
            buffer.deallocate()
            throw error
        }
        bytes = buffer
        length = filled
    }

    private let length: Int

    deinit { bytes.deallocate() }

    /// How the mailing stands by the last `counts` line here and what follows it; nil if there is none.
    ///
    /// The title is the last one here, wherever it stands.
    var history: MailingHistory? {
        let filled = UnsafeRawBufferPointer(rebasing: bytes[..<length])
        var following: [JournalLine] = []
        var counts: JournalLine?
        var title: JournalLine?
        // What stands behind the last line feed is a line that is being written, or torn.
        var end = filled.lastIndex(of: 0x0A) ?? 0
        while end > 0, counts == nil || title == nil {
            let feed = filled[..<end].lastIndex(of: 0x0A)
            let text = UnsafeRawBufferPointer(rebasing: filled[(feed.map { $0 + 1 } ?? 0)..<end])
            end = feed ?? 0
            if counts != nil, !JournalTail.maybeTitle(text) { continue }
            guard let line = JournalLine(text) else { continue }
            if line.event == .about, title == nil { title = line }
            if counts != nil { continue }
            if line.event == .counts { counts = line } else if line.event != .about { following.append(line) }
        }
        guard let counts else { return nil }
        var history = MailingHistory()
        if let title { history.read(title) }
        history.read(counts)
        for line in following.reversed() { history.read(line) }
        return history
    }

    /// Whether a line's word is `about`, before its checksum is looked at.
    private static func maybeTitle(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count > 40, let blank = text[9...].firstIndex(of: 0x20) else { return false }
        return text[(blank + 1)...].starts(with: "about ".utf8)
    }
}
