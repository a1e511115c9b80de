/// Lines of plain text in the making: collapsed blanks, empty lines between paragraphs, prefixes.
struct PlainLines {
    private struct Prefix {
        let element: String
        var first: String
        let others: String
    }

    /// Deeper nesting is not shown: it is a mistake in the HTML, and would make lines of prefixes alone.
    private static let deepest = 20

    /// Of more, the innermost are taken for one.
    private static let mostOpen = 1_000

    /// How many `<pre>` are open.
    var preformatted = 0
    private var output: [UInt8] = []
    private var prefixes: [Prefix] = []
    private var lineIsEmpty = true
    private var blankPending = false
    private var cellPending = false
    /// Joiners behind a letter: they count if another follows at once.
    private var joiners: [UInt8] = []
    /// The blanks of a `<pre>` since its last text or line end.
    private var keptBlanks = 0
    /// The line ends wanted before the next text.
    private var gap = 0

    /// A mark for `text(from:)`.
    var written: Int { output.count }

    /// What has been written since, without blanks and prefixes being told apart from it.
    func text(from start: Int) -> [UInt8] {
        Array(output[start...])
    }

    mutating func append(_ text: [UInt8]) {
        var index = 0
        while index < text.count {
            let (length, kind) = PlainLines.classify(text, at: index)
            switch kind {
            case .invisible: break
            case .joiner:
                if !lineIsEmpty, !blankPending, gap == 0 { joiners += text[index..<(index + length)] }
            case .blank:
                joiners = []
                if preformatted > 0 { appendPreformatted(text[index]) } else { blankPending = true }
            case .visible: appendVisible(text[index..<(index + length)])
            }
            index += length
        }
    }

    /// A blank between what has been written and what comes next.
    mutating func addBlank() {
        if !lineIsEmpty { blankPending = true }
    }

    mutating func breakLine() {
        gap = min(gap + 1, 2)
        endLine()
    }

    mutating func separate(by lineEnds: Int) {
        gap = max(gap, lineEnds)
        endLine()
    }

    /// Two blanks between the cells of a row.
    mutating func separateCell() {
        if !lineIsEmpty { cellPending = true }
    }

    mutating func push(_ element: String, first: String, others: String) {
        if prefixes.count == PlainLines.mostOpen { prefixes.removeLast() }
        prefixes.append(Prefix(element: element, first: first, others: others))
    }

    /// Ends the innermost such element and what is open inside it, but does not leave the barriers.
    mutating func pop(_ element: String, within barriers: Set<String>) {
        for index in prefixes.indices.reversed() {
            if prefixes[index].element == element {
                prefixes.removeSubrange(index...)
                return
            }
            if barriers.contains(prefixes[index].element) { return }
        }
    }

    mutating func finish() -> [UInt8] {
        if !output.isEmpty { output.append(ASCII.lineFeed) }
        return output
    }

    private mutating func endLine() {
        joiners = []
        blankPending = false
        cellPending = false
        keptBlanks = 0
    }

    private mutating func appendVisible(_ bytes: ArraySlice<UInt8>) {
        if gap > 0 || output.isEmpty {
            startLine()
        } else if cellPending {
            output.append(contentsOf: "  ".utf8)
        } else if blankPending {
            output.append(ASCII.space)
        }
        output.append(contentsOf: joiners)
        output.append(contentsOf: repeatElement(ASCII.space, count: keptBlanks))
        endLine()
        lineIsEmpty = false
        output.append(contentsOf: bytes)
    }

    private mutating func appendPreformatted(_ byte: UInt8) {
        if byte == ASCII.lineFeed {
            breakLine()
        } else {
            keptBlanks += 1
        }
    }

    private mutating func startLine() {
        if !output.isEmpty {
            output.append(contentsOf: repeatElement(ASCII.lineFeed, count: gap))
        }
        gap = 0
        for index in prefixes.indices.prefix(PlainLines.deepest) {
            output.append(contentsOf: prefixes[index].first.utf8)
            prefixes[index].first = prefixes[index].others
        }
        lineIsEmpty = true
    }

    private enum Kind {
        case visible
        case blank
        case invisible
        /// Binds or parts the letters on both sides of it.
        case joiner
    }

    /// Blanks include the no-break space, of which newsletters make their margins.
    private static func classify(_ text: [UInt8], at index: Int) -> (length: Int, Kind) {
        let byte = text[index]
        if byte < 0x80 { return (1, HTMLScanner.isSpace(byte) ? .blank : .visible) }
        let length = byte == 0xFF || byte == 0xFE ? 1 : byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
        switch Array(text[index..<min(index + length, text.count)]) {
        case [0xC2, 0xA0]: return (2, .blank)
        // Soft hyphen, grapheme joiner, zero width space, byte order mark: padding in preheaders.
        case [0xC2, 0xAD], [0xCD, 0x8F], [0xE2, 0x80, 0x8B], [0xEF, 0xBB, 0xBF]: return (length, .invisible)
        // Word joiner, and the one of Mongolian.
        case [0xE2, 0x81, 0xA0], [0xE1, 0xA0, 0x8E]: return (length, .invisible)
        case [0xE2, 0x80, 0x8C], [0xE2, 0x80, 0x8D]: return (length, .joiner)
        // The blanks of any width, from an en to a hair.
        case let space where space.count == 3 && space.starts(with: [0xE2, 0x80]) && 0x80...0x8A ~= space[2]:
            return (length, .blank)
        case [0xE2, 0x80, 0xAF], [0xE2, 0x81, 0x9F]: return (length, .blank)
        case let whole: return (whole.count, .visible)
        }
    }
}
