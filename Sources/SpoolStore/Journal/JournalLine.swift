package import SpoolSchedule

/// A line of a mailing's journal: `CHECKSUM TIME WORD FIELD…`, fields parted by one blank each (``CheckedLine``).
///
/// This type borrows the bytes it was read from.
package struct JournalLine {
    private let line: CheckedLine
    private let word: JournalCoding.Word
    private let fields: UnsafeRawBufferPointer

    /// Reads a line, without its line feed; nil if it is damaged, or says nothing that is known.
    package init?(_ bytes: UnsafeRawBufferPointer, at offset: Int = 0) {
        guard let line = CheckedLine(bytes, at: offset) else { return nil }
        var reader = JournalCoding.Fields(line.text)
        guard let word = JournalCoding.Word(reader.next()) else { return nil }
        self.line = line
        self.word = word
        fields = reader.rest
    }

    /// Where the line begins in its journal, in bytes; 0 for a line that was not read from one.
    package var offset: Int { line.offset }

    /// When it happened; read only where it is wanted.
    package var time: Timestamp { line.time }

    /// The recipient whom the line is about, by the normalised address; nil if it is about the mailing.
    package var address: UnsafeRawBufferPointer? {
        guard word.isAboutRecipient else { return nil }
        var fields = JournalCoding.Fields(fields)
        return fields.next()
    }

    /// What happened to the recipient whom the line is about; cheaper than ``entry``, which copies the address.
    package var recipientEvent: RecipientEvent? {
        guard word.isAboutRecipient else { return nil }
        var fields = JournalCoding.Fields(fields)
        _ = fields.next()
        return JournalCoding.event(word, fields, at: time)
    }

    /// What happened to the mailing as a whole, or to a recipient; nil if the fields say nothing that is known.
    package var entry: JournalEntry? {
        guard let address else { return JournalCoding.entry(word, JournalCoding.Fields(fields), at: time) }
        return recipientEvent.map { .recipient(String(decoding: address, as: UTF8.self), $0) }
    }

    /// Whether the line holds the numbers of the mailing.
    var isCounts: Bool { word == .counts }

    /// Appends a line to some bytes, with its line feed.
    ///
    /// - Parameter entry: its texts have no line breaks; whoever makes it has replaced control characters.
    package static func write(_ entry: JournalEntry, at time: Timestamp, to bytes: inout [UInt8]) {
        CheckedLine.write(JournalCoding.text(of: entry), at: time, to: &bytes)
    }
}

extension MailingHistory {
    /// Takes in the next line of the mailing's journal.
    package mutating func apply(_ line: JournalLine) {
        if let event = line.recipientEvent {
            apply(event, at: line.time)
        } else if let entry = line.entry {
            apply(entry, at: line.time)
        }
    }
}
