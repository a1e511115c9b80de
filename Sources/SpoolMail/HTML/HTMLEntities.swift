/// Character references of HTML, by name and by number (WHATWG HTML, 13.2.5.72 to 13.2.5.80).
package enum HTMLEntities {
    /// Decodes every reference; anything else is text.
    package static func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        decoded(bytes, inAttribute: false)
    }

    /// Decodes every reference of a text or of an attribute's value, in which `&copy=1` is none.
    static func decoded(_ bytes: ArraySlice<UInt8>, inAttribute: Bool) -> [UInt8] {
        guard bytes.contains(0x26) else { return Array(bytes) }
        var result: [UInt8] = []
        var rest = bytes
        while let byte = rest.first {
            if byte == 0x26, let (text, after) = reference(rest.dropFirst(), inAttribute) {
                result.append(contentsOf: text)
                rest = rest[after...]
            } else {
                result.append(byte)
                rest.removeFirst()
            }
        }
        return result
    }

    /// The first reference in what a template says to everybody, for where no reader decodes it.
    package static func firstReference(in template: Template) -> String? {
        for case .literal(let bytes) in template.parts {
            var rest = bytes[...]
            while let start = rest.firstIndex(of: 0x26) {
                rest = rest[(start + 1)...]
                guard let (_, after) = reference(rest, false), bytes[after - 1] == 0x3B else { continue }
                return String(decoding: bytes[start..<after], as: UTF8.self)
            }
        }
        return nil
    }

    /// What stands behind an ampersand as a reference, and where it ends.
    private static func reference(
        _ bytes: ArraySlice<UInt8>, _ inAttribute: Bool
    ) -> (text: [UInt8], after: Int)? {
        if bytes.first == 0x23 { return numbered(bytes.dropFirst()) }
        let name = bytes.prefix(HTMLEntityNames.longest + 1).prefix(while: ASCII.isLetterOrDigit)
        let end = name.endIndex
        if end < bytes.endIndex, bytes[end] == 0x3B,
            let text = HTMLEntityNames.text(of: String(decoding: name, as: UTF8.self))
        {
            return (text, end + 1)
        }
        for length in stride(from: min(6, name.count), through: 2, by: -1) {
            let start = String(decoding: name.prefix(length), as: UTF8.self)
            guard let text = HTMLEntityNames.textWithoutSemicolon(of: start) else { continue }
            let after = bytes.startIndex + length
            let isText =
                inAttribute && after < bytes.endIndex
                && (bytes[after] == 0x3D || ASCII.isLetterOrDigit(bytes[after]))
            return isText ? nil : (text, after)
        }
        return nil
    }

    private static func numbered(_ bytes: ArraySlice<UInt8>) -> (text: [UInt8], after: Int)? {
        let isHex = bytes.first.map { $0 | 0x20 == 0x78 } ?? false
        let digits = bytes.dropFirst(isHex ? 1 : 0).prefix {
            ASCII.isDigit($0) || isHex && ($0 | 0x20) &- 0x61 < 6
        }
        guard !digits.isEmpty else { return nil }
        // More digits than any code point needs are too large a number all the same.
        let significant = String(decoding: digits.drop { $0 == 0x30 }.prefix(9), as: UTF8.self)
        let number = significant.isEmpty ? 0 : UInt32(significant, radix: isHex ? 16 : 10) ?? .max
        let end = digits.endIndex
        let hasSemicolon = end < bytes.endIndex && bytes[end] == 0x3B
        return (Array(String(scalar(number)).utf8), hasSemicolon ? end + 1 : end)
    }

    private static func scalar(_ number: UInt32) -> Unicode.Scalar {
        // HTML reads the C1 range as Windows-1252, and what is no character as the mark that says so.
        if 0x80...0x9F ~= number { return Windows1252.scalar(UInt8(number)) }
        return number == 0 ? "\u{FFFD}" : Unicode.Scalar(number) ?? "\u{FFFD}"
    }
}
