/// Reads a template in one pass over its bytes.
struct TemplateParser {
    private let source: [UInt8]
    private var index = 0
    private var parts: [Template.Part] = []
    /// The line on which `countedTo` lies.
    private var line = 1
    private var countedTo = 0

    /// A text with more expressions is refused: each takes many times the memory of its five bytes.
    private static let mostExpressions = 10_000
    /// An expression with more filters is refused: each goes over the whole value for every recipient.
    private static let mostFilters = 20

    init(_ text: String) {
        source = Array(text.utf8)
    }

    mutating func parse() throws(TemplateError) -> [Template.Part] {
        var literalStart = 0
        var trimNext = false
        var expressions = 0
        while let open = nextOpening() {
            if source[open + 1] == 0x25 { throw tag(at: open) }
            expressions += 1
            guard expressions <= TemplateParser.mostExpressions else {
                throw error(
                    at: open, "there are more than \(TemplateParser.mostExpressions) {{ … }} in the text",
                    "write what is the same for everybody into the text itself")
            }
            let trimBefore = byte(open + 2) == 0x2D
            appendLiteral(literalStart..<open, trimStart: trimNext, trimEnd: trimBefore)
            index = open + (trimBefore ? 3 : 2)
            let (output, trimAfter) = try expression(openedAt: open)
            parts.append(.output(output))
            literalStart = index
            trimNext = trimAfter
        }
        appendLiteral(literalStart..<source.count, trimStart: trimNext, trimEnd: false)
        return parts
    }

    private func byte(_ position: Int) -> UInt8? {
        position < source.count ? source[position] : nil
    }

    private func nextOpening() -> Int? {
        var position = index
        while position + 1 < source.count {
            if source[position] == 0x7B, source[position + 1] == 0x7B || source[position + 1] == 0x25 {
                return position
            }
            position += 1
        }
        return nil
    }

    private mutating func appendLiteral(_ range: Range<Int>, trimStart: Bool, trimEnd: Bool) {
        var literal = source[range]
        if trimStart { literal = literal.drop(while: TemplateParser.isWhitespace) }
        while trimEnd, let last = literal.last, TemplateParser.isWhitespace(last) { literal.removeLast() }
        if !literal.isEmpty { parts.append(.literal(Array(literal))) }
    }

    /// Everything from behind the opening braces to behind the closing ones.
    private mutating func expression(
        openedAt open: Int
    ) throws(TemplateError) -> (Template.Output, trimAfter: Bool) {
        let bodyStart = index
        skipWhitespace()
        let subject = try subject(openedAt: open)
        var filters: [Template.Output.Filter] = []
        var isRaw = false
        var count = 0
        while true {
            skipWhitespace()
            let bodyEnd = index
            if try closes(openedAt: open) {
                let dashed = source[bodyEnd] == 0x2D
                let body = source[bodyStart..<bodyEnd]
                let output = Template.Output(
                    subject: subject, filters: filters, isRaw: isRaw, line: countLine(to: open),
                    // The blanks keep a dash at either end of a name apart from the braces.
                    source: "{{ \(TemplateParser.trimmed(body)) }}")
                return (output, dashed)
            }
            guard source[index] == 0x7C else {
                throw unexpected(at: index)
            }
            count += 1
            guard count <= TemplateParser.mostFilters else {
                throw error(
                    at: index, "there are more than \(TemplateParser.mostFilters) filters in one expression",
                    "one of a kind is enough")
            }
            index += 1
            skipWhitespace()
            if let filter = try filter(openedAt: open) { filters.append(filter) } else { isRaw = true }
        }
    }

    /// Consumes `}}` or `-}}`; throws if the text ends here.
    private mutating func closes(openedAt open: Int) throws(TemplateError) -> Bool {
        guard index < source.count else { throw unclosed(open) }
        let braces = source[index] == 0x2D ? index + 1 : index
        guard byte(braces) == 0x7D, byte(braces + 1) == 0x7D else { return false }
        index = braces + 2
        return true
    }

    private mutating func subject(openedAt open: Int) throws(TemplateError) -> Template.Output.Subject {
        guard let first = byte(index) else { throw unclosed(open) }
        if first == 0x22 || first == 0x27 { return .text(try quoted(openedAt: open)) }
        let start = index
        let name = try takeName()
        guard !name.isEmpty else {
            if first == 0x7D || first == 0x2D {
                throw error(
                    at: open, "nothing between {{ and }}",
                    "put a field's name there; \(TemplateParser.literal("{{"))")
            }
            throw unexpected(at: start)
        }
        if byte(index) == 0x2E {
            throw error(
                at: index, "a dot after \(name)", "fields have no parts; write a field's name alone")
        }
        return .variable(VariableName(name))
    }

    /// A filter; `nil` for `raw`, which is no step of its own but lifts the escaping.
    private mutating func filter(openedAt open: Int) throws(TemplateError) -> Template.Output.Filter? {
        let start = index
        let name = takeWord()
        skipWhitespace()
        let hasArgument = byte(index) == 0x3A
        switch name {
        case "default":
            guard hasArgument else {
                throw error(at: start, "default has no text", "write | default: 'friend'")
            }
            index += 1
            skipWhitespace()
            return .standIn(try argument(openedAt: open))
        case "url_encode", "raw":
            guard !hasArgument else {
                throw error(at: index, "\(name) takes nothing after a colon", "write | \(name)")
            }
            return name == "raw" ? nil : .urlEncode
        case "":
            guard start < source.count else { throw unclosed(open) }
            throw error(at: start, "no filter after |", "the filters are default, url_encode and raw")
        default:
            throw error(
                at: start, "there is no filter \(name)", "the filters are default, url_encode and raw")
        }
    }

    private mutating func argument(openedAt open: Int) throws(TemplateError) -> String {
        guard let first = byte(index) else { throw unclosed(open) }
        if first == 0x22 || first == 0x27 { return try quoted(openedAt: open) }
        let start = index
        while let digit = byte(index), ASCII.isDigit(digit) || digit == 0x2E { index += 1 }
        guard index > start else {
            throw error(
                at: start, "the default is not in quotation marks", "write | default: 'friend'")
        }
        return String(decoding: source[start..<index], as: UTF8.self)
    }

    private mutating func quoted(openedAt open: Int) throws(TemplateError) -> String {
        let quote = source[index]
        guard let end = source[(index + 1)...].firstIndex(of: quote) else {
            throw error(
                at: index, "the quotation mark is not closed", "close the text before the }}")
        }
        defer { index = end + 1 }
        return String(decoding: source[(index + 1)..<end], as: UTF8.self)
    }

    /// Words with blanks between them, of which a line break is one. However many, one is left of them.
    private mutating func takeName() throws(TemplateError) -> String {
        let start = index
        var name = takeWord()
        while true {
            guard name.utf8.count <= VariableName.longest else {
                throw error(
                    at: start, "a name of more than \(VariableName.longest) characters",
                    "is a }} missing?")
            }
            let end = index
            skipWhitespace()
            let word = takeWord()
            guard !word.isEmpty else {
                index = end
                return name
            }
            name += " " + word
        }
    }

    /// The letters, digits, `_` and `-` that follow, but for a `-` that belongs to `-}}`.
    private mutating func takeWord() -> String {
        let start = index
        while let first = byte(index) {
            if first == 0x2D, byte(index + 1) == 0x7D, byte(index + 2) == 0x7D { break }
            guard index - start <= VariableName.longest, let scalar = scalar(at: index),
                VariableName.isWordPart(scalar)
            else { break }
            index += UTF8.width(scalar)
        }
        return String(decoding: source[start..<index], as: UTF8.self)
    }

    private func scalar(at position: Int) -> Unicode.Scalar? {
        let first = source[position]
        if first < 0x80 { return Unicode.Scalar(first) }
        let bytes = source[position..<min(position + 4, source.count)]
        return String(decoding: bytes, as: UTF8.self).unicodeScalars.first
    }

    /// Blanks, line ends, and the no-break space that word processors write.
    private mutating func skipWhitespace() {
        while let next = byte(index) {
            if TemplateParser.isWhitespace(next) {
                index += 1
            } else if next == 0xC2, byte(index + 1) == 0xA0 {
                index += 2
            } else {
                return
            }
        }
    }

    private static func trimmed(_ body: ArraySlice<UInt8>) -> String {
        var rest = body.drop(while: isWhitespace)
        while let last = rest.last, isWhitespace(last) { rest.removeLast() }
        return String(decoding: rest, as: UTF8.self)
    }

    private static func isWhitespace(_ byte: UInt8) -> Bool {
        byte == ASCII.space || 0x09...0x0D ~= byte
    }

    private func unclosed(_ open: Int) -> TemplateError {
        error(
            at: open, "{{ is not closed", "close it with }}; \(TemplateParser.literal("{{"))")
    }

    private func tag(at open: Int) -> TemplateError {
        error(
            at: open, "there are no tags such as {% if … %}",
            "write {{ name | default: 'friend' }} where a value may be missing; "
                + TemplateParser.literal("{%"))
    }

    /// How a mark is written that is meant as text; quotation marks of the other kind need no `\` in JSON.
    private static func literal(_ mark: String) -> String {
        "a literal \(mark) is written {{ \"\(mark)\" }}, in JSON {{ '\(mark)' }}"
    }

    private func unexpected(at position: Int) -> TemplateError {
        let rest = String(decoding: source[position..<min(position + 64, source.count)], as: UTF8.self)
        guard let character = rest.first else { return unclosed(position) }
        if character == "." {
            return error(
                at: position, "a dot in an expression", "fields have no parts; write a field's name alone")
        }
        return error(
            at: position, "\(character) cannot stand here",
            "names have letters, digits, blanks, _ and -; filters follow a |, as in {{ name | default: 'friend' }}"
        )
    }

    private func error(at offset: Int, _ message: String, _ hint: String) -> TemplateError {
        let place = position(of: offset)
        return TemplateError(line: place.line, column: place.column, message: message, hint: hint)
    }

    /// Counts on from the last expression, so that many of them cost one pass.
    private mutating func countLine(to offset: Int) -> Int {
        line += source[countedTo..<offset].count { $0 == ASCII.lineFeed }
        countedTo = offset
        return line
    }

    private func position(of offset: Int) -> (line: Int, column: Int) {
        let before = source[..<offset]
        let line = before.count { $0 == ASCII.lineFeed } + 1
        let lineStart = before.lastIndex(of: ASCII.lineFeed).map { $0 + 1 } ?? 0
        return (line, String(decoding: before[lineStart...], as: UTF8.self).count + 1)
    }
}
