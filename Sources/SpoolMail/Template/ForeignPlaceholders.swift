/// Finds what looks like a place to fill of another mailer, which would go out as it stands.
///
/// Some marks are nothing else, whatever stands between them: `*|FNAME|*`, `%%name%%`, `${name}`. Others are usual in
/// ordinary text, `[name]` or `<name>`, and count only around a name that the list has or that everybody's list has.
package struct ForeignPlaceholders {
    private struct Marks {
        let open: [UInt8]
        let close: [UInt8]
        let inner: Inner
        /// Whether they are placeholders only around a name that is known.
        let needsKnownName: Bool

        /// Whether blanks may stand inside of the marks, around a name that is known: `[[ name ]]`, but not `« name »`.
        var mayBePadded: Bool { Marks.padded.contains(close) }

        private static let padded: Set<[UInt8]> = Set(["}", "]]", ">>", "%%"].map { Array($0.utf8) })
    }

    private enum Inner {
        /// Whatever stands on one line.
        case anything
        /// A name of one word, with dots perhaps.
        case word
        /// Several words.
        case words
    }

    private static let marks: [Marks] = [
        ("*|", "|*", .anything, false), ("%7B%7B", "%7D%7D", .anything, false),
        ("{{", "}}", .anything, false),
        ("{%", "%}", .anything, false), ("%%=", "=%%", .anything, false), ("%%", "%%", .words, false),
        ("[[", "]]", .words, false), ("<<", ">>", .words, false), ("${", "}", .word, false),
        ("#{", "}", .word, false), ("{$", "}", .word, false), ("{!", "}", .word, false),
        ("@@", "@@", .word, false), ("##", "##", .word, false), ("{", "}", .word, false),
        ("{", "}", .words, true), ("%", "%", .word, false), ("[", "]", .words, true),
        ("<", ">", .words, true),
        ("«", "»", .words, true), ("$", "$", .word, true), ("#", "#", .word, true), ("@", "@", .word, true),
        ("-", "-", .word, true),
    ].map { open, close, inner, needsKnownName in
        Marks(
            open: Array(open.utf8), close: Array(close.utf8), inner: inner, needsKnownName: needsKnownName)
    }

    /// What lists call the things that templates ask for most, without what does not count in a name.
    private static let commonNames: Set<String> = [
        "name", "firstname", "lastname", "fullname", "fname", "lname", "surname", "email", "emailaddress",
        "vorname", "nachname", "anrede", "förnamn", "efternamn", "prénom", "prenom", "nom", "nombre",
        "apellido", "voornaam", "achternaam", "fornavn", "etternavn", "unsubscribe", "unsubscribelink",
        "unsub", "username", "salutation",
    ]
    /// In bytes; longer names are none.
    private static let longest = 60
    /// So many are named.
    private static let limit = 5

    private let known: Set<String>
    /// What was found, each once, in the order of the text; at most five.
    package private(set) var found: [String] = []

    /// - Parameter fields: what the list calls its fields.
    package init(in template: Template, isHTML: Bool, fields: [String]) {
        known = ForeignPlaceholders.commonNames.union(fields.map(VariableName.loosened))
        let marked = HTMLText.marked(template)
        if isHTML {
            for text in HTMLSurface(marked).texts { search(text) }
        } else {
            search(marked)
        }
    }

    private mutating func search(_ text: [UInt8]) {
        var index = 0
        while index < text.count, found.count < ForeignPlaceholders.limit {
            guard let length = length(in: text, at: index) else {
                index += 1
                continue
            }
            let placeholder = String(decoding: text[index..<(index + length)], as: UTF8.self)
            if !found.contains(placeholder) { found.append(placeholder) }
            index += length
        }
    }

    private static let openings: Set<UInt8> = Set(marks.compactMap(\.open.first))

    private func length(in text: [UInt8], at index: Int) -> Int? {
        guard ForeignPlaceholders.openings.contains(text[index]) else { return nil }
        for marks in ForeignPlaceholders.marks {
            if let length = length(of: marks, in: text, at: index) { return length }
        }
        return nil
    }

    private func length(of marks: Marks, in text: [UInt8], at index: Int) -> Int? {
        let start = index + marks.open.count
        guard start < text.count,
            zip(marks.open, text[index...]).allSatisfy({ ASCII.lowercased($0) == ASCII.lowercased($1) })
        else { return nil }
        let rest = text[start...].prefix(ForeignPlaceholders.longest + marks.close.count)
        guard let end = ForeignPlaceholders.end(of: rest, before: marks.close) else { return nil }
        let inner = text[start..<end]
        let after = end + marks.close.count
        guard !inner.isEmpty, !inner.contains(where: { $0 == ASCII.lineFeed || $0 >= 0xFE }) else {
            return nil
        }
        if marks.inner != .anything {
            guard isName(inner, of: marks), standsAlone(in: text, from: index, to: after, marks) else {
                return nil
            }
        }
        return after - index
    }

    private static func end(of rest: ArraySlice<UInt8>, before close: [UInt8]) -> Int? {
        var index = rest.startIndex
        while index + close.count <= rest.endIndex {
            if zip(close, rest[index...]).allSatisfy({ ASCII.lowercased($0) == ASCII.lowercased($1) }) {
                return index
            }
            index += 1
        }
        return nil
    }

    private func isName(_ inner: ArraySlice<UInt8>, of marks: Marks) -> Bool {
        var name = inner
        if marks.mayBePadded {
            name = name.drop { $0 == ASCII.space }
            while name.last == ASCII.space { name.removeLast() }
        }
        guard let first = name.first, let last = name.last, ForeignPlaceholders.isLetter(first),
            name.count > 1,
            ForeignPlaceholders.isLetter(last) || ASCII.isDigit(last) || last == 0x22
        else { return false }
        let allowed = name.allSatisfy { byte in
            ForeignPlaceholders.isLetter(byte) || ASCII.isDigit(byte) || byte == 0x2E
                || marks.inner == .words
                    && (byte == ASCII.space || byte == 0x2D || byte == 0x22 || byte == 0x3A)
        }
        guard allowed else { return false }
        if marks.open == [0x25], name.count < 3 { return false }
        return !marks.needsKnownName && name.count == inner.count || isKnown(name)
    }

    /// Whether a list has such a field, or one like the last piece of it: `subscriber:firstname`, `contact.email`.
    private func isKnown(_ name: ArraySlice<UInt8>) -> Bool {
        let last = name[((name.lastIndex { $0 == 0x2E || $0 == 0x3A }).map { $0 + 1 } ?? name.startIndex)...]
        return [name, last].contains {
            known.contains(VariableName.loosened(String(decoding: $0, as: UTF8.self)))
        }
    }

    /// Whether no letter or digit touches the marks: `50%off%`, `a[[i]]`, `%20text%2F`, `\begin{document}`.
    private func standsAlone(in text: [UInt8], from start: Int, to end: Int, _ marks: Marks) -> Bool {
        let after = String(decoding: text[end...].prefix(4), as: UTF8.self).unicodeScalars.first
        let before = String(decoding: text[..<start].suffix(4), as: UTF8.self).unicodeScalars.last
        if [after, before].contains(where: {
            $0?.properties.isAlphabetic == true || $0?.properties.numericType != nil
        }) {
            return false
        }
        guard let before else { return true }
        return before != "\\" && before != "_"
            && !(marks.open == [0x7B] && ")]=@".unicodeScalars.contains(before))
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        byte >= 0x80 && byte < 0xFE || byte == 0x5F || ASCII.isLetterOrDigit(byte) && !ASCII.isDigit(byte)
    }
}

/// What a reader of HTML may come across as text: that of the page, and the attributes that hold text or addresses.
///
/// Tags inside a line fall away, as it is between them that editors tear braces apart; code is left out.
private struct HTMLSurface {
    private(set) var texts: [[UInt8]] = []

    private static let code: Set<String> = ["code", "pre", "samp", "kbd"]
    private static let inline: Set<String> = [
        "a", "abbr", "b", "big", "em", "font", "i", "ins", "mark", "s", "small", "span", "strike", "strong",
        "sub", "sup", "u", "wbr",
    ]
    private static let readable: Set<String> = [
        "href", "src", "alt", "title", "background", "value", "action",
    ]

    init(_ html: [UInt8]) {
        var scanner = HTMLScanner(html)
        var page: [UInt8] = []
        var codeDepth = 0
        while let token = scanner.next() {
            switch token {
            case .text(let text):
                if codeDepth == 0 { page += HTMLEntities.decoded(text) }
            case .raw: break
            case .tag(let tag):
                if HTMLSurface.code.contains(tag.name) {
                    codeDepth = max(0, codeDepth + (tag.isClosing ? -1 : 1))
                }
                // `<<name>>` is a tag to HTML, between two signs.
                if page.last == 0x3C, tag.source.count < 60 {
                    page += tag.source
                } else if !HTMLSurface.inline.contains(tag.name) {
                    page.append(ASCII.lineFeed)
                }
                for name in HTMLSurface.readable.sorted() {
                    if let value = tag.attributes[name] { texts.append(value) }
                }
            }
        }
        texts.insert(page, at: 0)
    }
}
