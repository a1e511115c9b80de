internal import Glibc

/// Standard input, read as a whole.
package enum StandardInput {
    /// All bytes to its end, at most so many (read(2)).
    package static func contents(limit: Int = 1 << 28) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count < limit {
            let count = try transfer(.read, "standard input", upTo: min(buffer.count, limit - bytes.count)) {
                read(0, &buffer, $0)
            }
            if count == 0 { break }
            bytes.append(contentsOf: buffer.prefix(count))
        }
        return bytes
    }
}
