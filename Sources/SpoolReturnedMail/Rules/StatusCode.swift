internal import SpoolMail

/// An enhanced status code (RFC 3463), as `5.1.1`.
struct StatusCode: Equatable {
    let text: String
    private let numbers: [Int]

    /// The digit before the first point: 2, 4 or 5.
    var kind: Int { numbers[0] }

    /// Reads a code that stands alone, or at the beginning as in `5.0.0 (permanent failure)`.
    init?(_ text: String) {
        guard let found = StatusCode.all(in: Array(text.utf8).prefix(40)).first else { return nil }
        self = found
    }

    private init?(digits: ArraySlice<UInt8>) {
        let parts = digits.split(separator: 0x2E, omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ 1...3 ~= $0.count }), parts[0].count == 1 else {
            return nil
        }
        numbers = parts.compactMap { Int(String(decoding: $0, as: UTF8.self)) }
        guard numbers.count == 3, [2, 4, 5].contains(numbers[0]) else { return nil }
        text = String(decoding: digits, as: UTF8.self)
    }

    /// Whether it is that of a rule: `x` stands for any first number, `*` for any other.
    func matches(_ pattern: String) -> Bool {
        let wanted = pattern.split(separator: ".")
        return wanted.count == 3
            && zip(wanted, numbers).allSatisfy { $0 == "x" || $0 == "*" || Int($0) == $1 }
    }

    /// Every code in a text that is not a piece of an address, a version or a name.
    static func all(in text: some Collection<UInt8>) -> [StatusCode] {
        var found: [StatusCode] = []
        let bytes = Array(text)
        var index = 0
        while index < bytes.count {
            let start = index
            while index < bytes.count, ASCII.isDigit(bytes[index]) || bytes[index] == 0x2E { index += 1 }
            defer { index += 1 }
            guard index > start, start == 0 || isFree(bytes[start - 1]),
                index == bytes.count || isFree(bytes[index])
            else { continue }
            // A full stop may follow.
            let digits = bytes[start..<index].last == 0x2E ? bytes[start..<(index - 1)] : bytes[start..<index]
            if let code = StatusCode(digits: digits) { found.append(code) }
        }
        return found
    }

    private static func isFree(_ byte: UInt8) -> Bool {
        !ASCII.isLetterOrDigit(byte) && byte != 0x2F && byte != 0x5F
    }
}

/// The reply code of SMTP (RFC 5321, 4.2).
enum ReplyCode {
    /// The first in a text, if a mail system that refused has said one.
    static func first(in text: some Collection<UInt8>) -> String? {
        for word in text.split(whereSeparator: { $0 <= ASCII.space || "=:;,()[]'\"<>".utf8.contains($0) }) {
            let digits = word.prefix(3)
            guard digits.count == 3, digits.allSatisfy(ASCII.isDigit), let first = digits.first,
                first == 0x32 || first == 0x34 || first == 0x35
            else { continue }
            let rest = word.dropFirst(3)
            if rest.isEmpty || rest.first == 0x2D { return String(decoding: digits, as: UTF8.self) }
        }
        return nil
    }
}
