/// What stands around addresses in the lists of the world without belonging to them.
enum AddressEdges {
    /// The address among the bytes: without blanks and characters that nobody sees, a spreadsheet's `'` before a
    /// text, `mailto:` with what it asks for behind a `?`, and the dot at the end of a sentence.
    static func trimmed(_ bytes: Span<UInt8>) -> Range<Int> {
        var range = withoutBlanks(bytes, 0..<bytes.count)
        guard let first = range.first, let last = range.last else { return range }
        // Nearly every address ends here.
        if ASCII.isLetterOrDigit(bytes[first]), bytes[first] | 0x20 != UInt8(ascii: "m"),
            ASCII.isLetterOrDigit(bytes[last])
        {
            return range
        }
        if bytes[first] == UInt8(ascii: "'") {
            let isClosed = range.count > 1 && bytes[last] == UInt8(ascii: "'")
            range = withoutBlanks(bytes, first + 1..<(isClosed ? last : last + 1))
        }
        range = withoutScheme(bytes, range)
        let stop = range.isEmpty ? 0 : fullStopWidth(bytes, range)
        return withoutBlanks(bytes, range.lowerBound..<range.upperBound - stop)
    }

    /// Whether a scalar is a blank, or shows nothing at all: no-break and zero-width characters, marks of direction.
    static func isInvisible(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x09, 0x20, 0xA0, 0xAD, 0x61C, 0x1680, 0x180E, 0x2000...0x200F, 0x2028...0x202F, 0x205F...0x206F,
            0x3000, 0xFE00...0xFE0F, 0xFEFF:
            true
        default: false
        }
    }

    private static func withoutBlanks(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end {
            if bytes[start] > 0x20, bytes[start] < 0x80 { break }
            let scalar = UTF8Decoding.scalar(bytes, at: start, to: end)
            guard isInvisible(scalar.value) else { break }
            start += scalar.width
        }
        while start < end {
            if bytes[end - 1] > 0x20, bytes[end - 1] < 0x80 { break }
            let scalar = UTF8Decoding.scalar(bytes, before: end, from: start)
            guard isInvisible(scalar.value) else { break }
            end -= scalar.width
        }
        return start..<end
    }

    private static func withoutScheme(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        let scheme: StaticString = "mailto:"
        guard range.count >= scheme.utf8CodeUnitCount else { return range }
        for index in 0..<scheme.utf8CodeUnitCount
        where ASCII.lowercased(bytes[range.lowerBound + index]) != scheme.utf8Start[index] {
            return range
        }
        let rest = withoutBlanks(bytes, range.lowerBound + scheme.utf8CodeUnitCount..<range.upperBound)
        let query = rest.first { bytes[$0] == UInt8(ascii: "?") }
        return withoutBlanks(bytes, rest.lowerBound..<(query ?? rest.upperBound))
    }

    private static func fullStopWidth(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        let last = UTF8Decoding.scalar(bytes, before: range.upperBound, from: range.lowerBound)
        return last.value == 0x2E || IDNA.isFullStop(last.value) ? last.width : 0
    }
}

/// Single scalars out of bytes that need not be UTF-8.
enum UTF8Decoding {
    /// The scalar that begins at `index`, and how many bytes it takes; U+FFFD and one byte where there is none.
    static func scalar(_ bytes: Span<UInt8>, at index: Int, to end: Int) -> (value: UInt32, width: Int) {
        let first = bytes[index]
        if first < 0x80 { return (UInt32(first), 1) }
        let width = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2, first < 0xF5, index + width <= end else { return (0xFFFD, 1) }
        var value = UInt32(first) & (0x7F >> UInt32(width))
        for next in index + 1..<index + width {
            guard bytes[next] & 0xC0 == 0x80 else { return (0xFFFD, 1) }
            value = value << 6 | UInt32(bytes[next] & 0x3F)
        }
        return (value, width)
    }

    /// The scalar that ends before `end`, likewise.
    static func scalar(_ bytes: Span<UInt8>, before end: Int, from start: Int) -> (value: UInt32, width: Int)
    {
        var index = end - 1
        while index > start, end - index < 4, bytes[index] & 0xC0 == 0x80 { index -= 1 }
        let scalar = scalar(bytes, at: index, to: end)
        return index + scalar.width == end ? scalar : (0xFFFD, 1)
    }
}
