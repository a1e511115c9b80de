/// What replies of the mail system have in common that say the same of different recipients.
///
/// Addresses, hosts with their network addresses, message ids, times and long numbers become `*`; words, SMTP codes
/// (`550`) and enhanced status codes (`5.1.1`, RFC 3463) stay.
enum ReplyPattern {
    /// The reply with `*` for what is the recipient's or the attempt's own.
    ///
    /// - Parameter address: the recipient's normalised address; its domain and its local part become `*` as well.
    static func pattern(of reply: String, to address: String) -> String {
        let parts = address.split(separator: "@", maxSplits: 1).map(String.init)
        let words = reply.split(separator: " ").map { word in
            ReplyPattern.pattern(of: word, local: parts.first ?? "", domain: parts.last ?? "")
        }
        return words.joined(separator: " ")
    }

    private static func pattern(of word: Substring, local: String, domain: String) -> String {
        if word.contains("://") { return String(word) }
        if let equals = word.firstIndex(of: "="), equals != word.startIndex {
            let value = word[word.index(after: equals)...]
            return word[...equals] + pattern(of: value, local: local, domain: domain)
        }
        guard let first = word.firstIndex(where: { !isEdge($0) }),
            let last = word.lastIndex(where: { !isEdge($0) })
        else { return String(word) }
        let core = word[first...last]
        guard isOwn(core, local: local, domain: domain) else { return String(word) }
        return word[..<first] + "*" + word[word.index(after: last)...]
    }

    private static func isEdge(_ character: Character) -> Bool { "<>()[]{}\"'`,;:.!?#".contains(character) }

    private static func isOwn(_ core: Substring, local: String, domain: String) -> Bool {
        if core.contains("@") { return true }
        let lowered = core.lowercased()
        if lowered == domain || (local.utf8.count > 2 && lowered == local) { return true }
        let bytes = Array(core.utf8)
        // Postfix names the other side as mx.example.org[192.0.2.1]:25.
        if let open = bytes.firstIndex(of: 0x5B), open + 1 < bytes.count, isHexadecimal(bytes[open + 1]) {
            return true
        }
        let digits = bytes.count { isDigit($0) }
        if digits == 0 { return false }
        if digits == bytes.count { return isOwnNumber(bytes) }
        if bytes.allSatisfy({ isDigit($0) || $0 == 0x2E }) {
            // An enhanced status code has three numbers, a network address four.
            return bytes.count { $0 == 0x2E } > 2
        }
        if bytes.allSatisfy({ isDigit($0) || $0 == 0x3A || $0 == 0x2D || $0 == 0x2F }) { return true }
        if bytes.count(where: { $0 == 0x3A }) > 1 {
            return bytes.allSatisfy { isHexadecimal($0) || $0 == 0x3A || $0 == 0x2E }
        }
        // The id of a queue or a session: long, and digits among letters.
        return bytes.count >= 8 && digits >= 2 && bytes.contains { $0 >= 0x41 }
            && bytes.allSatisfy(isIdentifier)
    }

    /// Codes of SMTP stay, and small numbers; sizes, times and process ids do not.
    private static func isOwnNumber(_ bytes: [UInt8]) -> Bool {
        if bytes.count == 3 { return !(0x32...0x35).contains(bytes[0]) || bytes[0] == 0x33 }
        return bytes.count > 3
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x61...0x66).contains(byte | 0x20)
    }

    private static func isIdentifier(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x61...0x7A).contains(byte | 0x20) || [0x2D, 0x2E, 0x5F].contains(byte)
    }
}
