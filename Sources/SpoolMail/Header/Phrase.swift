/// A display name (RFC 5322, 3.2.5): atoms, a quoted string, or encoded words.
enum Phrase {
    /// A quoted string beyond this is encoded instead, since it could be folded only at its own blanks.
    private static let longestQuoted = 60

    static func append(_ name: String, first: Bool, to output: inout [UInt8], column: inout Int) {
        let text = Array(name.utf8)
        switch form(text) {
        case .atoms:
            separate(from: text.count, first: first, to: &output, column: &column)
            HeaderField.appendText(text.span, to: &output, column: &column)
        case .quoted(let quoted):
            separate(from: quoted.count, first: first, to: &output, column: &column)
            output.append(contentsOf: quoted)
            column += quoted.count
        case .encoded:
            separate(from: 40, first: first, to: &output, column: &column)
            EncodedWords.append(text.span, to: &output, column: &column)
        }
    }

    private enum Form {
        case atoms
        case quoted([UInt8])
        case encoded
    }

    private static func form(_ text: [UInt8]) -> Form {
        var atoms = true
        var quoted: [UInt8] = [0x22]
        var previous: UInt8 = 0
        for byte in text {
            if byte >= 0x80 || (previous == 0x3D && byte == 0x3F) { return .encoded }
            if !ASCII.isAtext(byte), byte != ASCII.space || previous == ASCII.space { atoms = false }
            if byte == 0x22 || byte == 0x5C { quoted.append(0x5C) }
            quoted.append(byte)
            previous = byte
        }
        if atoms { return text.count <= HeaderField.lineLimit ? .atoms : .encoded }
        quoted.append(0x22)
        return quoted.count <= longestQuoted ? .quoted(quoted) : .encoded
    }

    private static func separate(
        from length: Int, first: Bool, to output: inout [UInt8], column: inout Int
    ) {
        if !first, column + 1 + length > HeaderField.lineLimit {
            HeaderField.fold(&output, column: &column)
        } else {
            output.append(ASCII.space)
            column += 1
        }
    }
}
