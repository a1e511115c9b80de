internal import SpoolMail

/// Addresses in text from strangers: whatever looks like one, of any grammar.
enum AddressSearch {
    struct Found: Equatable {
        let address: String
        /// Where it stands in the bytes that were searched.
        let range: Range<Int>
    }

    /// All addresses in order, at most 50.
    static func all(in bytes: ArraySlice<UInt8>) -> [Found] {
        var found: [Found] = []
        var lowest = bytes.startIndex
        var index = bytes.startIndex
        while index < bytes.endIndex, found.count < 50 {
            guard bytes[index] == 0x40 else {
                index += 1
                continue
            }
            var start = index
            while start > lowest, index - start < 256, isLocal(bytes[start - 1]) { start -= 1 }
            var end = index + 1
            while end < bytes.endIndex, isDomain(bytes[end]) { end += 1 }
            while end > index + 1, bytes[end - 1] == 0x2E || bytes[end - 1] == 0x2D { end -= 1 }
            // A mark that quotes the address is none of it.
            while start < index, bytes[start] == 0x27 || bytes[start] == 0x2E || bytes[start] == 0x60 {
                start += 1
            }
            if start < index, end > index + 1 {
                let address = String(decoding: bytes[start..<end].map(ASCII.lowercased), as: UTF8.self)
                found.append(Found(address: address, range: start..<end))
            }
            lowest = end
            index = max(end, index + 1)
        }
        return found
    }

    /// The first address of a field; `nil` also for `<>`.
    static func first(in value: [UInt8]) -> String? {
        all(in: value[...]).first?.address
    }

    private static func isLocal(_ byte: UInt8) -> Bool {
        ASCII.isAtext(byte) || byte == 0x2E || byte >= 0x80
    }

    private static func isDomain(_ byte: UInt8) -> Bool {
        ASCII.isLetterOrDigit(byte) || byte == 0x2E || byte == 0x2D || byte == 0x5F || byte >= 0x80
    }
}
