package import SpoolSchedule
internal import SpoolText

/// A number of bytes as settings have it: `25M` is 25·2²⁰ of them, `512K` 512·2¹⁰.
package struct ByteCount: Comparable, Sendable {
    package let bytes: Int

    /// Makes a number of so many bytes.
    package init(_ bytes: Int) {
        self.bytes = bytes
    }

    /// A message is in memory while it is made: nobody may ask for more than this.
    private static let most = ByteCount(1 << 30)

    /// Reads a setting.
    package init(_ text: String) throws(Diagnostic) {
        let hint = "write a positive whole number and K or M, such as \"25M\""
        let shift =
            switch text.utf8.last {
            case UInt8(ascii: "K"): 10
            case UInt8(ascii: "M"): 20
            default: 0
            }
        let digits = text.utf8.dropLast()
        guard shift > 0, digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
            let count = Int(String(decoding: digits.drop { $0 == UInt8(ascii: "0") }, as: UTF8.self)),
            count > 0
        else {
            throw Diagnostic("\(text.quoted) is no size", hint: hint)
        }
        guard count <= ByteCount.most.bytes >> shift else {
            throw Diagnostic(
                "\(text.quoted) is more than a message may have",
                hint: "write at most \"\(ByteCount.most.text)\"")
        }
        self.init(count << shift)
    }

    package static func < (one: ByteCount, other: ByteCount) -> Bool { one.bytes < other.bytes }

    /// As a setting has it, rounded up to a whole unit: "25M", "3K".
    package var text: String {
        let isWhole = bytes % (1 << 20) == 0
        let shift = bytes >= 10 << 20 || (isWhole && bytes > 0) ? 20 : 10
        return "\((bytes >> shift) + (bytes % (1 << shift) == 0 ? 0 : 1))\(shift == 20 ? "M" : "K")"
    }
}
