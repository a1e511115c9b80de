/// SHA-256 (FIPS 180-4), since the toolchain's own libraries have none.
package enum SHA256 {
    static let blockLength = 64
    private static let initial: [UInt32] = roots(of: 2, count: 8)
    private static let constants: [UInt32] = roots(of: 3, count: 64)

    /// The digest of some bytes, 32 bytes.
    package static func digest(_ message: [UInt8]) -> [UInt8] {
        var padded = message + [0x80]
        while padded.count % blockLength != 56 { padded.append(0) }
        let bits = UInt64(message.count) * 8
        for shift in stride(from: 56, through: 0, by: -8) {
            padded.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
        }
        var state = initial
        var words = [UInt32](repeating: 0, count: 64)
        for start in stride(from: 0, to: padded.count, by: blockLength) {
            schedule(padded, from: start, into: &words)
            compress(words, into: &state)
        }
        return state.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) } }
    }

    /// The 64 words of a block (6.2.2, step 1).
    private static func schedule(_ message: [UInt8], from start: Int, into words: inout [UInt32]) {
        for index in 0..<16 {
            let place = start + index * 4
            words[index] =
                UInt32(message[place]) << 24 | UInt32(message[place + 1]) << 16 | UInt32(message[place + 2])
                << 8
                | UInt32(message[place + 3])
        }
        for index in 16..<64 {
            let (early, late) = (words[index - 15], words[index - 2])
            let small0 = rotate(early, 7) ^ rotate(early, 18) ^ early >> 3
            let small1 = rotate(late, 17) ^ rotate(late, 19) ^ late >> 10
            words[index] = words[index - 16] &+ small0 &+ words[index - 7] &+ small1
        }
    }

    /// The 64 rounds of a block (6.2.2, steps 2 to 4), the letters as they stand there.
    private static func compress(_ words: [UInt32], into state: inout [UInt32]) {
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for index in 0..<64 {
            let choice = (e & f) ^ (~e & g)
            let majority = (a & b) ^ (a & c) ^ (b & c)
            let big1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
            let big0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
            let first = h &+ big1 &+ choice &+ constants[index] &+ words[index]
            (h, g, f, e) = (g, f, e, d &+ first)
            (d, c, b, a) = (c, b, a, first &+ big0 &+ majority)
        }
        for (index, value) in [a, b, c, d, e, f, g, h].enumerated() { state[index] = state[index] &+ value }
    }

    private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
        word >> count | word << (32 - count)
    }

    /// The first 32 bits behind the point of the square or cube roots of the first primes.
    private static func roots(of degree: Int, count: Int) -> [UInt32] {
        let primes = (2...311).filter { number in (2..<number).allSatisfy { number % $0 != 0 } }
        return primes.prefix(count).map { prime in
            // The largest number whose power is at most the prime times 2^(32 * degree), bit by bit.
            let target = UInt128(prime) << UInt128(32 * degree)
            var root: UInt128 = 0
            for bit in stride(from: 36, through: 0, by: -1) {
                let larger = root | 1 << UInt128(bit)
                let power = degree == 2 ? larger * larger : larger * larger * larger
                if power <= target { root = larger }
            }
            return UInt32(truncatingIfNeeded: root)
        }
    }
}
