/// HMAC-SHA-256 (RFC 2104): proves that whoever made it had the key.
enum HMAC {
    /// 32 bytes.
    static func sha256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        var block = key.count > SHA256.blockLength ? SHA256.digest(key) : key
        block += [UInt8](repeating: 0, count: SHA256.blockLength - block.count)
        let inner = SHA256.digest(block.map { $0 ^ 0x36 } + message)
        return SHA256.digest(block.map { $0 ^ 0x5C } + inner)
    }

    /// Compares in a time that says nothing of where two values differ.
    static func isEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard one.count == other.count else { return false }
        var difference: UInt8 = 0
        for index in one.indices { difference |= one[index] ^ other[index] }
        return difference == 0
    }
}
