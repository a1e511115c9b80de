package import SpoolSchedule

/// A line of a journal: `CHECKSUM TIME WORD FIELD…`, in UTF-8, fields parted by one blank each.
///
/// The checksum is the CRC-32 of everything behind it in eight hexadecimal digits, the time RFC 3339 in UTC with
/// milliseconds. This type borrows the bytes it was read from.
package struct JournalLine {
    /// Where the line begins in its journal, in bytes; 0 for a line that was not read from one.
    package let offset: Int
    private let word: JournalCoding.Word
    private let fields: UnsafeRawBufferPointer
    private let timeText: UnsafeRawBufferPointer

    /// Reads a line, without its line feed; nil if it is damaged, or says nothing that is known.
    package init?(_ line: UnsafeRawBufferPointer, at offset: Int = 0) {
        guard line.count > 10, line[8] == 0x20, let expected = JournalLine.hexadecimal(line),
            Checksum.crc32(UnsafeRawBufferPointer(rebasing: line[9...])) == expected,
            let timeEnd = line[9...].firstIndex(of: 0x20)
        else { return nil }
        let rest = line[(timeEnd + 1)...]
        let wordEnd = rest.firstIndex(of: 0x20) ?? rest.endIndex
        guard let word = JournalCoding.Word(UnsafeRawBufferPointer(rebasing: rest[..<wordEnd])) else {
            return nil
        }
        self.word = word
        self.offset = offset
        timeText = UnsafeRawBufferPointer(rebasing: line[9..<timeEnd])
        fields = UnsafeRawBufferPointer(rebasing: rest[min(wordEnd + 1, rest.endIndex)...])
    }

    private static func hexadecimal(_ line: UnsafeRawBufferPointer) -> UInt32? {
        var value: UInt32 = 0
        for byte in line[..<8] {
            let digit: UInt32
            switch byte {
            case 0x30...0x39: digit = UInt32(byte) - 0x30
            case 0x61...0x66: digit = UInt32(byte) - 0x61 + 10
            default: return nil
            }
            value = value << 4 | digit
        }
        return value
    }

    /// When it happened; read only where it is wanted.
    package var time: Timestamp { Timestamp(rfc3339: timeText) ?? Timestamp(milliseconds: 0) }

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
        let start = bytes.count
        bytes.append(contentsOf: "00000000 ".utf8)
        time.append(to: &bytes)
        bytes.append(0x20)
        bytes.append(contentsOf: JournalCoding.text(of: entry).utf8)
        let checksum = bytes.withUnsafeBytes {
            Checksum.crc32(UnsafeRawBufferPointer(rebasing: $0[(start + 9)...]))
        }
        for index in 0..<8 {
            let digit = UInt8(truncatingIfNeeded: checksum >> UInt32(28 - 4 * index)) & 0xF
            bytes[start + index] = digit < 10 ? 0x30 + digit : 0x61 + digit - 10
        }
        bytes.append(0x0A)
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
