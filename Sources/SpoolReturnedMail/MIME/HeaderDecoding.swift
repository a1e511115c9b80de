internal import SpoolMail

/// The text of a header field: encoded words (RFC 2047) decoded, bytes beyond ASCII taken as they are meant.
enum HeaderDecoding {
    static func text(_ value: [UInt8]) -> String {
        var result: [UInt8] = []
        var index = 0
        var isBehindWord = false
        while index < value.count {
            if value[index] == 0x3D, let (text, end) = word(value, at: index) {
                // Blanks between two words belong to neither (section 6.2).
                if isBehindWord {
                    while let last = result.last, ASCII.isBlank(last) { result.removeLast() }
                }
                result += text
                index = end
                isBehindWord = true
            } else {
                if !ASCII.isBlank(value[index]) { isBehindWord = false }
                result.append(value[index])
                index += 1
            }
        }
        return String(decoding: Charset.utf8(result, declared: nil), as: UTF8.self)
    }

    /// The word that begins there, decoded, and where it ends. No word is longer than 1000 bytes, so that a field of
    /// nothing but beginnings costs no more than its length.
    private static func word(_ value: [UInt8], at start: Int) -> ([UInt8], end: Int)? {
        guard start + 1 < value.count, value[start + 1] == 0x3F else { return nil }
        let bytes = value[(start + 2)..<min(value.count, start + 1000)]
        guard let first = bytes.firstIndex(of: 0x3F), first - start <= 60, first + 2 < bytes.endIndex,
            bytes[first + 2] == 0x3F
        else { return nil }
        var end = first + 3
        while end + 1 < bytes.endIndex, !(bytes[end] == 0x3F && bytes[end + 1] == 0x3D) { end += 1 }
        guard end + 1 < bytes.endIndex else { return nil }
        let payload = bytes[(first + 3)..<end]
        let decoded: [UInt8]
        switch ASCII.lowercased(bytes[first + 1]) {
        case 0x62: decoded = TransferDecoding.base64(payload)
        case 0x71: decoded = TransferDecoding.quotedPrintable(payload, inWord: true)
        default: return nil
        }
        // RFC 2231 allows a language behind an asterisk.
        let charset = String(decoding: bytes[..<first].prefix { $0 != 0x2A }, as: UTF8.self)
        return (Charset.utf8(decoded, declared: charset), end + 2)
    }
}
