package import SpoolSchedule

/// A line of a journal: `CHECKSUM TIME EVENT FIELD…`, in UTF-8, fields parted by one blank each.
///
/// The checksum is the CRC-32 of everything behind it in eight hexadecimal digits, the time RFC 3339 in UTC with
/// milliseconds. This type borrows the bytes it was read from.
package struct JournalLine {
    package let event: JournalEvent
    /// All behind the event, without the blank before it.
    package let fields: UnsafeRawBufferPointer
    /// Where the line begins in its journal, in bytes; 0 for a line that was not read from one.
    package let offset: Int
    private let timeText: UnsafeRawBufferPointer

    /// Reads a line, without its line feed; nil if it is damaged.
    package init?(_ line: UnsafeRawBufferPointer, at offset: Int = 0) {
        guard line.count > 10, line[8] == 0x20, let expected = JournalLine.hexadecimal(line),
            Checksum.crc32(UnsafeRawBufferPointer(rebasing: line[9...])) == expected,
            let timeEnd = line[9...].firstIndex(of: 0x20)
        else { return nil }
        let rest = line[(timeEnd + 1)...]
        let wordEnd = rest.firstIndex(of: 0x20) ?? rest.endIndex
        let word = UnsafeRawBufferPointer(rebasing: rest[..<wordEnd])
        guard let event = JournalEvent.named(word) else { return nil }
        self.event = event
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

    /// The first field: the recipient's normalised address where the event is about one.
    package var address: UnsafeRawBufferPointer {
        let end = fields.firstIndex(of: 0x20) ?? fields.endIndex
        return UnsafeRawBufferPointer(rebasing: fields[..<end])
    }

    /// The fields as text, the last of them with the whole rest of the line.
    package func texts(_ count: Int) -> [String] {
        var texts: [String] = []
        var rest = fields[...]
        while texts.count < count - 1, let end = rest.firstIndex(of: 0x20) {
            texts.append(String(decoding: rest[..<end], as: UTF8.self))
            rest = rest[(end + 1)...]
        }
        texts.append(String(decoding: rest, as: UTF8.self))
        while texts.count < count { texts.append("") }
        return texts
    }

    /// Appends a line to some bytes, with its line feed.
    ///
    /// - Parameter fields: text without line breaks; whoever makes it has replaced control characters.
    package static func write(
        _ event: JournalEvent, _ fields: String, at time: Timestamp, to bytes: inout [UInt8]
    ) {
        let start = bytes.count
        bytes.append(contentsOf: "00000000 ".utf8)
        time.append(to: &bytes)
        bytes.append(0x20)
        bytes.append(contentsOf: event.rawValue.utf8)
        if !fields.isEmpty {
            bytes.append(0x20)
            bytes.append(contentsOf: fields.utf8)
        }
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
