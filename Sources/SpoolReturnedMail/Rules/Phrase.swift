internal import SpoolMail

/// Words that a rule looks for, in lower case: `…` stands for up to 80 bytes between them, and a `*` behind one for any
/// ending. Without it they are whole words.
struct Phrase {
    private static let widestGap = 80

    private struct Piece {
        let bytes: [UInt8]
        let isStem: Bool
    }

    private let pieces: [Piece]

    init(_ text: Substring) {
        pieces = text.split(separator: "…").map { piece in
            let isStem = piece.hasSuffix("*")
            return Piece(
                bytes: Array(Lines.trimmed(Array((isStem ? piece.dropLast() : piece).utf8)[...])),
                isStem: isStem)
        }
    }

    /// The two bytes that it begins with.
    fileprivate var key: UInt16? {
        guard let bytes = pieces.first?.bytes, bytes.count > 1 else { return nil }
        return UInt16(bytes[0]) << 8 | UInt16(bytes[1])
    }

    /// Where it ends, if it begins there.
    fileprivate func end(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
        guard let first = pieces.first, fits(first, text, at: start) else { return nil }
        var end = start + first.bytes.count
        for piece in pieces.dropFirst() {
            let latest = min(text.count - piece.bytes.count, end + Phrase.widestGap)
            guard end <= latest, let next = (end...latest).first(where: { fits(piece, text, at: $0) }) else {
                return nil
            }
            end = next + piece.bytes.count
        }
        return end
    }

    /// Whether a piece stands there, from a word's beginning to a word's end.
    private func fits(_ piece: Piece, _ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        let end = start + piece.bytes.count
        guard end <= text.count else { return false }
        for index in piece.bytes.indices where text[start + index] != piece.bytes[index] { return false }
        return Phrase.isEdge(text, at: start) && (piece.isStem || Phrase.isEdge(text, at: end))
    }

    /// Whether no word runs on between a byte and the one before it.
    fileprivate static func isEdge(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        index == 0 || index >= text.count
            || !(ASCII.isLetterOrDigit(text[index - 1]) && ASCII.isLetterOrDigit(text[index]))
    }
}

/// Phrases of which any will do, between commas and line ends; looked for in one pass over a text.
struct PhraseList: ExpressibleByStringLiteral {
    private let phrases: [UInt16: [Phrase]]

    init(stringLiteral text: String) {
        let phrases = text.split(whereSeparator: { $0 == "," || $0.isNewline }).map { Phrase($0) }
        let keyed = phrases.compactMap { phrase in phrase.key.map { ($0, [phrase]) } }
        self.phrases = Dictionary(keyed, uniquingKeysWith: +)
    }

    /// Whether one of them stands in the text, which is in lower case.
    func occurs(in text: [UInt8]) -> Bool {
        text.withUnsafeBufferPointer { text in
            text.indices.contains { find(in: text, at: $0) != nil }
        }
    }

    /// Whether the text ends in one of them.
    func ends(_ text: [UInt8]) -> Bool {
        text.withUnsafeBufferPointer { text in
            text.indices.contains { find(in: text, at: $0) { $0 == text.count } != nil }
        }
    }

    private func find(
        in text: UnsafeBufferPointer<UInt8>, at start: Int, where isWanted: (Int) -> Bool = { _ in true }
    ) -> Int? {
        guard start + 1 < text.count, Phrase.isEdge(text, at: start),
            let candidates = phrases[UInt16(text[start]) << 8 | UInt16(text[start + 1])]
        else { return nil }
        return candidates.lazy.compactMap { $0.end(in: text, at: start) }.first(where: isWanted)
    }
}
