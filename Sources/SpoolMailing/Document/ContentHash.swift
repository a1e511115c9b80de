internal import SpoolMail

/// What tells revisions of a mailing apart: FNV-1a of 128 bits over all parts of it.
struct ContentHash {
    private var hash = FNV1a<UInt128>()

    /// Adds a text, preceded by the number of its bytes, so that no two lists of parts run into one.
    mutating func add(_ text: String) {
        add(text.utf8.count)
        hash.add(text.utf8)
    }

    mutating func add(_ number: Int) {
        var rest = UInt64(bitPattern: Int64(number))
        for _ in 0..<8 {
            hash.add(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    /// Sixteen hexadecimal digits.
    var text: String {
        let folded = UInt64(truncatingIfNeeded: hash.value) ^ UInt64(truncatingIfNeeded: hash.value >> 64)
        let digits = String(folded, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
