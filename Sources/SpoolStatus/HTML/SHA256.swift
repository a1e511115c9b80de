/// SHA-256 (FIPS 180-4), for the hash by which a Content-Security-Policy allows one style sheet and no other.
enum SHA256 {
    /// The digest of some bytes, 32 bytes.
    static func digest(_ message: [UInt8]) -> [UInt8] {
        var padded = message + [0x80]
        while padded.count % 64 != 56 { padded.append(0) }
        let bits = UInt64(message.count) * 8
        for shift in stride(from: 56, through: 0, by: -8) {
            padded.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
        }
        var state: [UInt32] = roots(of: 2, count: 8)
        let constants = roots(of: 3, count: 64)
        for start in stride(from: 0, to: padded.count, by: 64) {
            compress(padded[start..<(start + 64)], into: &state, constants)
        }
        return state.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) } }
    }

    private static func compress(
        _ block: ArraySlice<UInt8>, into state: inout [UInt32], _ constants: [UInt32]
    ) {
        var words = stride(from: block.startIndex, to: block.endIndex, by: 4).map { index in
            block[index..<(index + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        for index in 16..<64 {
            let (early, late) = (words[index - 15], words[index - 2])
            let small0 = rotate(early, 7) ^ rotate(early, 18) ^ early >> 3
            let small1 = rotate(late, 17) ^ rotate(late, 19) ^ late >> 10
            words.append(words[index - 16] &+ small0 &+ words[index - 7] &+ small1)
        }
        var work = state
        for index in 0..<64 {
            let (a, e) = (work[0], work[4])
            let choice = (e & work[5]) ^ (~e & work[6])
            let majority = (a & work[1]) ^ (a & work[2]) ^ (work[1] & work[2])
            let big1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
            let big0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
            let first = work[7] &+ big1 &+ choice &+ constants[index] &+ words[index]
            work = [first &+ big0 &+ majority] + work.dropLast()
            work[4] = work[4] &+ first
        }
        for index in 0..<8 { state[index] = state[index] &+ work[index] }
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
