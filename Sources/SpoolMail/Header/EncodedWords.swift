/// RFC 2047: text beyond ASCII in a header field, as `=?UTF-8?Q?…?=` or `=?UTF-8?B?…?=`.
///
/// The Q encoding is kept to the characters allowed in a phrase (section 5, rule 3), so that one form is
/// right in a subject and in a display name. No word splits a character; a grapheme is split only where it
/// is longer than a word.
enum EncodedWords {
    /// A word's own limit (section 2), and what it may hold besides `=?UTF-8?Q?` and `?=`.
    private static let wordLimit = 75
    private static let frame = 12

    /// Appends words for the text, folded; `column` is that of the line's next byte and is kept up to date.
    static func append(_ text: Span<UInt8>, to output: inout [UInt8], column: inout Int) {
        let encoding = Encoding(for: text)
        let room = min(wordLimit, HeaderField.lineLimit - column) - frame
        if encoding.cost(text) <= room {
            encoding.append(text, to: &output, column: &column)
            return
        }
        var first = true
        var start = 0
        let pieces = graphemes(text, limit: wordLimit - frame, encoding)
        var piece = 0
        while piece < pieces.count {
            let available = first ? max(room, 0) : wordLimit - frame
            var end = start
            while piece < pieces.count,
                encoding.cost(text.extracting(start..<(end + pieces[piece]))) <= available
            {
                end += pieces[piece]
                piece += 1
            }
            if end > start {
                encoding.append(text.extracting(start..<end), to: &output, column: &column)
                start = end
            }
            if piece < pieces.count { HeaderField.fold(&output, column: &column) }
            first = false
        }
    }

    /// The lengths in bytes of the graphemes, or of the scalars of those that no single word can hold.
    private static func graphemes(_ text: Span<UInt8>, limit: Int, _ encoding: Encoding) -> [Int] {
        var lengths: [Int] = []
        var offset = 0
        for character in String.utf8(text) {
            let length = character.utf8.count
            if encoding.cost(text.extracting(offset..<(offset + length))) <= limit {
                lengths.append(length)
            } else {
                lengths.append(contentsOf: character.unicodeScalars.map { UTF8.width($0) })
            }
            offset += length
        }
        return lengths
    }

    private enum Encoding {
        case q
        case b

        /// Whichever is shorter for the whole text.
        init(for text: Span<UInt8>) {
            self = Encoding.q.cost(text) <= Encoding.b.cost(text) ? .q : .b
        }

        func cost(_ text: Span<UInt8>) -> Int {
            switch self {
            case .b: return (text.count + 2) / 3 * 4
            case .q:
                var total = 0
                for index in 0..<text.count { total += Encoding.isPlain(text[index]) ? 1 : 3 }
                return total
            }
        }

        func append(_ text: Span<UInt8>, to output: inout [UInt8], column: inout Int) {
            let before = output.count
            switch self {
            case .q:
                output.append(contentsOf: "=?UTF-8?Q?".utf8)
                for index in 0..<text.count {
                    let byte = text[index]
                    if byte == ASCII.space {
                        output.append(0x5F)
                    } else if Encoding.isPlain(byte) {
                        output.append(byte)
                    } else {
                        output.appendEscaped(byte, mark: 0x3D)
                    }
                }
            case .b:
                output.append(contentsOf: "=?UTF-8?B?".utf8)
                Base64Lines.appendUnbroken(text, to: &output)
            }
            output.append(contentsOf: "?=".utf8)
            column += output.count - before
        }

        /// RFC 2047, 5 (3), with the blank, which becomes `_`.
        private static func isPlain(_ byte: UInt8) -> Bool {
            switch byte {
            case ASCII.space, 0x21, 0x2A, 0x2B, 0x2D, 0x2F: true
            default: ASCII.isLetterOrDigit(byte)
            }
        }
    }
}
