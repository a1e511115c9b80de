/// A hash that is the same in every process and on every machine: FNV-1a of 128 bits.
///
/// It tells revisions of a mailing apart; it need not withstand anybody who looks for collisions.
package struct ContentHash {
    private static let prime: UInt128 = 0x1000000_000000000000013B
    private var state: UInt128 = 0x6C62272E_07BB0142_62B82175_6295C58D

    /// Adds bytes, preceded by their number, so that no two lists of parts run into one.
    package mutating func add(_ bytes: some Collection<UInt8>) {
        add(bytes.count)
        for byte in bytes { state = (state ^ UInt128(byte)) &* Self.prime }
    }

    package mutating func add(_ text: String) {
        add(text.utf8)
    }

    package mutating func add(_ number: Int) {
        var rest = UInt64(bitPattern: Int64(number))
        for _ in 0..<8 {
            state = (state ^ UInt128(rest & 0xFF)) &* Self.prime
            rest >>= 8
        }
    }

    /// Sixteen hexadecimal digits.
    package var text: String {
        let folded = UInt64(truncatingIfNeeded: state) ^ UInt64(truncatingIfNeeded: state >> 64)
        let digits = String(folded, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
