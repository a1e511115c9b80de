/// Cuts HTML into tags and text, as forgiving as mail programs are; comments and declarations fall away.
struct HTMLScanner {
    struct Tag {
        let name: String
        let isClosing: Bool
        /// Whether it ends with `/>`, which means something inside a drawing alone.
        let isSelfClosing: Bool
        /// Values with their entities decoded.
        let attributes: [String: [UInt8]]
        /// The whole tag, as it is written.
        let source: ArraySlice<UInt8>
    }

    enum Token {
        case text(ArraySlice<UInt8>)
        case tag(Tag)
        /// What an element holds that has no markup inside: `script`, `style` and their like.
        case raw(element: String, ArraySlice<UInt8>)
    }

    private static let holdsNoMarkup: Set<String> = [
        "script", "style", "title", "iframe", "noembed", "noframes", "xmp",
    ]

    /// Nobody writes more; those behind them are passed over.
    private static let mostAttributes = 100

    private let source: [UInt8]
    private var index = 0
    /// The element whose content comes next and holds no markup.
    private var rawElement: String?
    /// Set once a quotation mark or a tag turns out to be unclosed: from there on quotation marks mean
    /// nothing, so that no later tag swallows the rest, and no source is read over and over.
    private var quotesAreBroken = false
    private var tagsHaveEnded = false

    init(_ source: [UInt8]) {
        self.source = source
    }

    mutating func next() -> Token? {
        if let name = rawElement {
            rawElement = nil
            let start = index
            skipContent(of: name)
            return .raw(element: name, source[start..<index])
        }
        while index < source.count {
            guard source[index] == 0x3C else { return .text(takeText()) }
            if starts(with: "<!--") {
                // `<!-->` is a whole one.
                skip(behind: "-->", from: index + 2)
            } else if starts(with: "<!") || starts(with: "<?") {
                skip(behind: ">", from: index + 2)
            } else if let tag = takeTag() {
                if !tag.isClosing, HTMLScanner.holdsNoMarkup.contains(tag.name) { rawElement = tag.name }
                return .tag(tag)
            } else {
                return .text(takeText())
            }
        }
        return nil
    }

    private mutating func skipContent(of name: String) {
        let closing = Array("</\(name)".utf8)
        while index + closing.count <= source.count {
            if source[index] == 0x3C,
                zip(closing, source[index...]).allSatisfy({ $0 == ASCII.lowercased($1) })
            {
                return
            }
            index += 1
        }
        index = source.count
    }

    private func starts(with text: String) -> Bool {
        source[index...].starts(with: text.utf8)
    }

    private mutating func skip(behind end: String, from start: Int) {
        index = min(start, source.count)
        while index < source.count, !starts(with: end) { index += 1 }
        index = min(index + end.utf8.count, source.count)
    }

    private mutating func takeText() -> ArraySlice<UInt8> {
        let start = index
        index += 1
        while index < source.count, source[index] != 0x3C { index += 1 }
        return source[start..<index]
    }

    private mutating func takeTag() -> Tag? {
        guard !tagsHaveEnded else { return nil }
        let start = index
        var position = index + 1
        let isClosing = position < source.count && source[position] == 0x2F
        if isClosing { position += 1 }
        guard position < source.count, (source[position] | 0x20) &- 0x61 < 26 else { return nil }
        let nameStart = position
        while position < source.count, !HTMLScanner.endsName(source[position]) { position += 1 }
        let name = String(decoding: source[nameStart..<position].map(ASCII.lowercased), as: UTF8.self)
        index = position
        var (attributes, isSelfClosing) = takeAttributes()
        if index == source.count, !quotesAreBroken {
            quotesAreBroken = true
            index = position
            (attributes, isSelfClosing) = takeAttributes()
        }
        guard index < source.count else {
            // No `>` to the end: a lone less-than sign.
            tagsHaveEnded = true
            index = start
            return nil
        }
        index += 1
        return Tag(
            name: name, isClosing: isClosing, isSelfClosing: isSelfClosing, attributes: attributes,
            source: source[start..<index])
    }

    /// Reads up to the `>`, which is left to the caller.
    private mutating func takeAttributes() -> ([String: [UInt8]], isSelfClosing: Bool) {
        var attributes: [String: [UInt8]] = [:]
        var endsWithSlash = false
        while index < source.count, source[index] != 0x3E {
            endsWithSlash = source[index] == 0x2F
            if endsWithSlash || HTMLScanner.isSpace(source[index]) {
                index += 1
                continue
            }
            let start = index
            index += 1
            while index < source.count, source[index] != 0x3D, !HTMLScanner.endsName(source[index]) {
                index += 1
            }
            let name = String(decoding: source[start..<index].map(ASCII.lowercased), as: UTF8.self)
            skipSpace()
            var value: ArraySlice<UInt8> = []
            if index < source.count, source[index] == 0x3D {
                index += 1
                skipSpace()
                value = takeValue()
            }
            if attributes.count < HTMLScanner.mostAttributes, attributes[name] == nil {
                attributes[name] = HTMLEntities.decoded(value, inAttribute: true)
            }
        }
        return (attributes, endsWithSlash)
    }

    private mutating func takeValue() -> ArraySlice<UInt8> {
        guard index < source.count else { return [] }
        let quote = source[index]
        if !quotesAreBroken, quote == 0x22 || quote == 0x27 {
            let end = source[(index + 1)...].firstIndex(of: quote) ?? source.count
            defer { index = min(end + 1, source.count) }
            return source[(index + 1)..<end]
        }
        let start = index
        while index < source.count, source[index] != 0x3E, !HTMLScanner.isSpace(source[index]) { index += 1 }
        return source[start..<index]
    }

    private mutating func skipSpace() {
        while index < source.count, HTMLScanner.isSpace(source[index]) { index += 1 }
    }

    static func isSpace(_ byte: UInt8) -> Bool {
        byte == ASCII.space || 0x09...0x0D ~= byte
    }

    private static func endsName(_ byte: UInt8) -> Bool {
        isSpace(byte) || byte == 0x3E || byte == 0x2F
    }
}
