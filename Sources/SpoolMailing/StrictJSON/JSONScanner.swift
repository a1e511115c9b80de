/// Walks over the tokens of strict JSON (RFC 8259) in checked UTF-8, and says what is wrong at the first that is not.
///
/// It knows nothing of nesting; whoever drives it keeps track of that without recursion. A line break can stand
/// only between tokens, so counting lines costs nothing inside strings.
struct JSONScanner {
    let bytes: [UInt8]
    let end: Int
    private(set) var position: Int
    /// The line of `position`, counted from the `line` given at the start.
    private(set) var line: Int

    init(_ bytes: [UInt8], from start: Int = 0, to end: Int? = nil, line: Int = 1) {
        self.bytes = bytes
        self.end = end ?? bytes.count
        self.position = start
        self.line = line
    }

    /// A string token: what stands between its quotes.
    struct StringToken {
        var content: Range<Int>
        var hasEscapes: Bool
    }

    enum ValueKind: UInt8, Sendable {
        case string, number, boolean, null, array, object

        /// The kind with its article, for messages.
        var name: String {
            switch self {
            case .string: "a string"
            case .number: "a number"
            case .boolean: "true or false"
            case .null: "null"
            case .array: "an array"
            case .object: "an object"
            }
        }
    }

    /// The byte at the position, `nil` at the end.
    var current: UInt8? {
        position < end ? bytes[position] : nil
    }

    mutating func skipSpace() {
        while position < end {
            switch bytes[position] {
            case 0x20, 0x09, 0x0D: break
            case 0x0A: line += 1
            default: return
            }
            position += 1
        }
    }

    /// Steps over one byte that the caller has looked at.
    mutating func step() {
        position += 1
    }

    /// The kind of the value that begins here, told by its first byte.
    func kind() throws(SourceError) -> ValueKind {
        guard let current else { throw missingValue() }
        switch current {
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        default: throw missingValue()
        }
    }

    /// Steps over a string, number or literal of the given kind; not over arrays and objects.
    mutating func skipScalar(_ kind: ValueKind) throws(SourceError) {
        switch kind {
        case .string: _ = try string()
        case .number: _ = try number()
        case .boolean: _ = try boolean()
        case .null: try word("null")
        case .array, .object: preconditionFailure("containers are walked by the caller")
        }
    }

    mutating func boolean() throws(SourceError) -> Bool {
        if bytes[position] == UInt8(ascii: "t") {
            try word("true")
            return true
        }
        try word("false")
        return false
    }

    mutating func string() throws(SourceError) -> StringToken {
        let start = position + 1
        var index = start
        var hasEscapes = false
        while index < end {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                position = index + 1
                return StringToken(content: start..<index, hasEscapes: hasEscapes)
            } else if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                index = try escape(at: index)
            } else if byte < 0x20 {
                throw controlCharacter(byte, at: index)
            } else {
                index += 1
            }
        }
        throw SourceError(
            offset: start - 1, reason: "a string begins here and does not end",
            hint: "close it with a \"")
    }

    /// The range of a number's text (RFC 8259 section 6).
    mutating func number() throws(SourceError) -> Range<Int> {
        let start = position
        var index = position
        if index < end, bytes[index] == UInt8(ascii: "-") { index += 1 }
        let integer = digits(from: index)
        if integer - index > 1, bytes[index] == UInt8(ascii: "0") {
            throw SourceError(
                offset: start, reason: "a number begins with a superfluous 0",
                hint: "leave the leading 0 out, or put quotes around it if it is text such as a postcode")
        }
        guard integer > index else { throw malformedNumber(at: start) }
        index = integer
        if index < end, bytes[index] == UInt8(ascii: ".") {
            let fraction = digits(from: index + 1)
            guard fraction > index + 1 else { throw malformedNumber(at: start) }
            index = fraction
        }
        if index < end, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < end, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
                index += 1
            }
            let exponent = digits(from: index)
            guard exponent > index else { throw malformedNumber(at: start) }
            index = exponent
        }
        position = index
        return start..<index
    }

    private func digits(from start: Int) -> Int {
        var index = start
        while index < end, bytes[index] >= UInt8(ascii: "0"), bytes[index] <= UInt8(ascii: "9") { index += 1 }
        return index
    }

    private mutating func word(_ word: StaticString) throws(SourceError) {
        let matches = word.withUTF8Buffer { expected in
            position + expected.count <= end
                && bytes[position..<position + expected.count].elementsEqual(expected)
        }
        let after = position + word.utf8CodeUnitCount
        guard matches, after == end || !Self.isWordByte(bytes[after]) else { throw missingValue() }
        position = after
    }

    /// Checks the escape at a backslash and gives the offset after it (RFC 8259 section 7).
    private func escape(at backslash: Int) throws(SourceError) -> Int {
        guard backslash + 1 < end else {
            throw SourceError(
                offset: backslash, reason: "the text ends inside a string", hint: "close it with a \"")
        }
        switch bytes[backslash + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return backslash + 2
        case UInt8(ascii: "u"):
            return try unicodeEscape(at: backslash).next
        default:
            throw SourceError(
                offset: backslash,
                reason: "a backslash is followed by a character that it cannot stand before",
                hint: "write \\\\ for a backslash")
        }
    }

    /// The scalar of a `\u` escape; two escapes if they are a surrogate pair.
    private func unicodeEscape(at backslash: Int) throws(SourceError) -> (scalar: Unicode.Scalar, next: Int) {
        guard let first = hexUnit(at: backslash) else {
            throw SourceError(
                offset: backslash, reason: "\\u is not followed by four hexadecimal digits",
                hint: "write the character itself; the document is UTF-8")
        }
        if let scalar = Unicode.Scalar(first) { return (scalar, backslash + 6) }
        if first < 0xDC00, let second = hexUnit(at: backslash + 6), (0xDC00...0xDFFF).contains(second) {
            let value = 0x10000 + (UInt32(first - 0xD800) << 10) + UInt32(second - 0xDC00)
            if let scalar = Unicode.Scalar(value) { return (scalar, backslash + 12) }
        }
        throw SourceError(
            offset: backslash, reason: "\\u names one half of a surrogate pair without the other",
            hint: "write the character itself; the document is UTF-8")
    }

    private func hexUnit(at backslash: Int) -> UInt16? {
        guard backslash + 6 <= end, bytes[backslash] == UInt8(ascii: "\\"),
            bytes[backslash + 1] == UInt8(ascii: "u")
        else { return nil }
        var unit: UInt16 = 0
        for byte in bytes[(backslash + 2)..<(backslash + 6)] {
            guard let digit = Self.hexValue(byte) else { return nil }
            unit = unit << 4 | digit
        }
        return unit
    }

    private static func hexValue(_ byte: UInt8) -> UInt16? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

// MARK: - The value of a string

extension JSONScanner {
    /// Appends a checked string's value, its escapes resolved, to `output`.
    func append(_ token: StringToken, to output: inout [UInt8]) {
        guard token.hasEscapes else {
            output.append(contentsOf: bytes[token.content])
            return
        }
        var index = token.content.lowerBound
        while index < token.content.upperBound {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\\") {
                index = appendEscape(at: index, to: &output)
            } else {
                output.append(byte)
                index += 1
            }
        }
    }

    /// How many bytes a checked string's value has.
    func count(_ token: StringToken) -> Int {
        guard token.hasEscapes else { return token.content.count }
        var (index, count) = (token.content.lowerBound, 0)
        var escaped: [UInt8] = []
        while index < token.content.upperBound {
            if bytes[index] == UInt8(ascii: "\\") {
                escaped.removeAll(keepingCapacity: true)
                index = appendEscape(at: index, to: &escaped)
                count += escaped.count
            } else {
                index += 1
                count += 1
            }
        }
        return count
    }

    /// A checked string's value.
    func value(_ token: StringToken) -> String {
        var output: [UInt8] = []
        append(token, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// Whether two checked strings have the same value, however they are written.
    func areEqual(_ one: StringToken, _ other: StringToken) -> Bool {
        if !one.hasEscapes && !other.hasEscapes {
            return one.content.count == other.content.count
                && bytes[one.content].elementsEqual(bytes[other.content])
        }
        return value(one) == value(other)
    }

    private func appendEscape(at backslash: Int, to output: inout [UInt8]) -> Int {
        switch bytes[backslash + 1] {
        case UInt8(ascii: "b"): output.append(0x08)
        case UInt8(ascii: "f"): output.append(0x0C)
        case UInt8(ascii: "n"): output.append(0x0A)
        case UInt8(ascii: "r"): output.append(0x0D)
        case UInt8(ascii: "t"): output.append(0x09)
        case UInt8(ascii: "u"):
            guard let (scalar, next) = try? unicodeEscape(at: backslash) else { break }
            output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            return next
        case let other: output.append(other)
        }
        return backslash + 2
    }
}
