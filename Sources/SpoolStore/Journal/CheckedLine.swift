package import SpoolSchedule

/// A line as every journal has it: `CHECKSUM TIME TEXT`, in UTF-8.
///
/// The checksum is the CRC-32 of everything behind it in eight hexadecimal digits, the time RFC 3339 in UTC with
/// milliseconds. This type borrows the bytes it was read from.
package struct CheckedLine {
    /// Where the line begins in its journal, in bytes; 0 for a line that was not read from one.
    package let offset: Int
    /// What stands behind the time.
    let text: UnsafeRawBufferPointer
    private let timeText: UnsafeRawBufferPointer

    /// Reads a line, without its line feed; nil if it is damaged.
    init?(_ line: UnsafeRawBufferPointer, at offset: Int = 0) {
        guard line.count > 10, line[8] == 0x20, let expected = CheckedLine.hexadecimal(line),
            Checksum.crc32(UnsafeRawBufferPointer(rebasing: line[9...])) == expected,
            let timeEnd = line[9...].firstIndex(of: 0x20)
        else { return nil }
        self.offset = offset
        timeText = UnsafeRawBufferPointer(rebasing: line[9..<timeEnd])
        text = UnsafeRawBufferPointer(rebasing: line[(timeEnd + 1)...])
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

    /// Appends a line to some bytes, with its line feed.
    ///
    /// - Parameter text: without line breaks; whoever makes it has replaced control characters.
    static func write(_ text: String, at time: Timestamp, to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(contentsOf: "00000000 ".utf8)
        time.append(to: &bytes)
        bytes.append(0x20)
        bytes.append(contentsOf: text.utf8)
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
