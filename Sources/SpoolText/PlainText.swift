/// Text from outside on its way to people: names, addresses and replies may hold anything.
package enum PlainText {
    /// The text on one line and without what steers a terminal: a blank for each control character and line break, and
    /// none at the ends.
    package static func oneLine(_ text: String) -> String {
        isPlain(text) ? text : trimmed(String.UnicodeScalarView(text.unicodeScalars.map(inLine)))
    }

    /// The same, and without the marks that turn the direction of what stands beside them: it reads as it is.
    package static func clean(_ text: String) -> String {
        isPlain(text) ? text : trimmed(cleanScalars(text))
    }

    static func cleanScalars(_ text: String) -> String.UnicodeScalarView {
        String.UnicodeScalarView(text.unicodeScalars.lazy.filter { !turnsDirection($0) }.map(inLine))
    }

    /// The beginning of a text, and a sign that it goes on.
    ///
    /// Counted in scalars: a character may be of any length.
    package static func cut(_ text: String, to length: Int) -> String {
        if text.utf8.count <= length { return text }
        let scalars = text.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: length, limitedBy: scalars.endIndex),
            end != scalars.endIndex
        else { return text }
        return String(scalars[..<end]) + "…"
    }

    /// A text with each of its words cut: what is quoted there, and nobody has cut, mostly is one.
    package static func cuttingWords(_ text: String, to length: Int) -> String {
        if text.utf8.count <= length { return text }
        return text.unicodeScalars.split(separator: " ", omittingEmptySubsequences: false)
            .map { cut(String($0), to: length) }.joined(separator: " ")
    }

    /// Most texts are ASCII and need nothing.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20..<0x7F).contains($0) } && text.utf8.first != 0x20
            && text.utf8.last != 0x20
    }

    private static func inLine(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        breaksLine(scalar) ? " " : scalar
    }

    static func breaksLine(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    /// The marks, embeddings, overrides and isolates of Unicode Standard Annex 9.
    private static func turnsDirection(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    private static func trimmed(_ scalars: String.UnicodeScalarView) -> String {
        var rest = scalars[...]
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}
