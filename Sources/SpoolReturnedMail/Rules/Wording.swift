internal import SpoolMail

/// What a mail system said, made ready for phrases: in lower case, blanks collapsed, a blank on either side.
struct Wording {
    /// No reason is longer than this, whatever follows it.
    private static let limit = 4096

    /// All of it.
    let full: [UInt8]
    /// Without addresses, host names, URLs and codes: a server `antispam.example.org` says nothing of spam, and the
    /// address `nobody@example.org` nothing of its owner.
    let plain: [UInt8]

    init(_ text: some Collection<UInt8>) {
        let words = Wording.words(String(decoding: text.prefix(Wording.limit), as: UTF8.self))
        full = Wording.joined(words.map { $0[...] })
        plain = Wording.joined(words.compactMap(Wording.withoutNames))
    }

    private static func words(_ text: String) -> [[UInt8]] {
        text.utf8.split { $0 <= ASCII.space || $0 == 0x7F }.map { Array($0) }
    }

    /// Lowered and with straight apostrophes.
    private static func joined(_ words: [ArraySlice<UInt8>]) -> [UInt8] {
        let text = words.map { String(decoding: $0, as: UTF8.self).lowercased() }.joined(separator: " ")
        var result: [UInt8] = [ASCII.space]
        for scalar in text.unicodeScalars {
            result.append(contentsOf: (scalar == "\u{2019}" ? "'" : String(scalar)).utf8)
        }
        return result + [ASCII.space]
    }

    private static func withoutNames(_ word: [UInt8]) -> ArraySlice<UInt8>? {
        var word = word[...]
        // The code at the beginning of each line of an SMTP reply.
        if word.count >= 4, word.prefix(3).allSatisfy(ASCII.isDigit), word[3] == 0x2D {
            word = word.dropFirst(4)
        }
        if word.allSatisfy({ ASCII.isDigit($0) || $0 == 0x2E || $0 == 0x23 }) { return nil }
        if let at = word.firstIndex(of: 0x40) { word = withoutAddress(word, at: at) }
        return isName(word) ? nil : word
    }

    /// What stands around an address, as the colon behind `<anna@example.org>:unknown`.
    private static func withoutAddress(_ word: ArraySlice<UInt8>, at: Int) -> ArraySlice<UInt8> {
        var start = at
        while start > word.startIndex, ASCII.isAtext(word[start - 1]) || word[start - 1] == 0x2E {
            start -= 1
        }
        let behind = word[(at + 1)...].drop { ASCII.isLetterOrDigit($0) || $0 == 0x2E || $0 == 0x2D }
        return word[..<start] + [ASCII.space] + behind
    }

    /// A URL, or labels between dots of which the last is no word that begins a sentence.
    private static func isName(_ word: ArraySlice<UInt8>) -> Bool {
        if word.contains(0x2F), word.contains(0x3A), String(decoding: word, as: UTF8.self).contains("://") {
            return true
        }
        let labels = word.split(separator: 0x2E, omittingEmptySubsequences: true)
        guard labels.count > 1, word.contains(0x2E), let last = labels.last else { return false }
        let top = last.prefix(while: ASCII.isLetterOrDigit)
        let isLower = top.allSatisfy { !ASCII.isUpper($0) }
        let isUpper = top.allSatisfy { ASCII.isUpper($0) }
        return top.count >= 2 && (isLower || isUpper)
            && labels.dropLast().allSatisfy { $0.contains(where: ASCII.isLetterOrDigit) }
    }
}
