/// A Swift file parted into what is code and what is comment, without a parser's knowledge: enough to find imports,
/// declarations and the comments above them.
struct SourceScan {
    /// A piece of the file.
    enum Piece: Equatable {
        /// A word, or a word in backticks without them.
        case word(String)
        /// Any other character of code but blanks; a literal is one `"`.
        case sign(Character)
        /// The text of a line behind `///`.
        case documentation(String)
    }

    /// The pieces, and the line that each begins in, counted from 1.
    private(set) var pieces: [(piece: Piece, line: Int)] = []
    private let text: [UInt8]
    private var place = 0
    private var line = 1

    init(_ source: String) {
        text = Array(source.utf8)
        while place < text.count { scan() }
    }

    private func byte(_ offset: Int = 0) -> UInt8 { place + offset < text.count ? text[place + offset] : 0 }

    private func starts(with prefix: StaticString, at offset: Int = 0) -> Bool {
        prefix.withUTF8Buffer { prefix in
            for index in prefix.indices where byte(offset + index) != prefix[index] { return false }
            return true
        }
    }

    /// Whether that many `#` follow.
    private func hasMarks(_ count: Int, at offset: Int) -> Bool {
        (0..<count).allSatisfy { byte(offset + $0) == UInt8(ascii: "#") }
    }

    private mutating func advance(_ count: Int = 1) {
        for _ in 0..<count where place < text.count {
            if text[place] == 0x0A { line += 1 }
            place += 1
        }
    }

    /// Letters, digits, the underscore, and all that is not ASCII.
    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    private mutating func scan() {
        let start = line
        if starts(with: "//") {
            let first = place
            while place < text.count, byte() != 0x0A { place += 1 }
            if text[first...].starts(with: "///".utf8) {
                let comment = String(decoding: text[(first + 3)..<place], as: UTF8.self)
                pieces.append((.documentation(comment), start))
            }
        } else if starts(with: "/*") {
            skipBlockComment()
        } else if let hashes = literalHashes() {
            skipLiteral(hashes: hashes)
            pieces.append((.sign("\""), start))
        } else if Self.isOfWord(byte()) || byte() == UInt8(ascii: "`") {
            let quoted = byte() == UInt8(ascii: "`")
            if quoted { advance() }
            let first = place
            while Self.isOfWord(byte()) { place += 1 }
            pieces.append((.word(String(decoding: text[first..<place], as: UTF8.self)), start))
            if quoted { advance() }
        } else {
            if byte() > 0x20 { pieces.append((.sign(Character(UnicodeScalar(byte()))), start)) }
            advance()
        }
    }

    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if starts(with: "/*") {
                depth += 1
                advance(2)
            } else if starts(with: "*/") {
                depth -= 1
                advance(2)
            } else {
                advance()
            }
        } while depth > 0 && place < text.count
    }

    /// How many `#` a literal begins with that begins here; nil if none begins.
    private func literalHashes() -> Int? {
        var hashes = 0
        while byte(hashes) == UInt8(ascii: "#") { hashes += 1 }
        return byte(hashes) == UInt8(ascii: "\"") ? hashes : nil
    }

    private mutating func skipLiteral(hashes: Int) {
        advance(hashes)
        let quotes = starts(with: "\"\"\"") ? 3 : 1
        advance(quotes)
        while place < text.count {
            let isQuote = quotes == 3 ? starts(with: "\"\"\"") : starts(with: "\"")
            if isQuote && hasMarks(hashes, at: quotes) {
                advance(quotes + hashes)
                return
            }
            if starts(with: "\\") && hasMarks(hashes, at: 1) {
                let isInterpolation = starts(with: "(", at: 1 + hashes)
                advance(isInterpolation ? 1 + hashes : 2 + hashes)
                if isInterpolation { skipInterpolation() }
            } else {
                advance()
            }
        }
    }

    private mutating func skipInterpolation() {
        var depth = 0
        repeat {
            if let hashes = literalHashes() {
                skipLiteral(hashes: hashes)
                continue
            }
            if starts(with: "(") { depth += 1 }
            if starts(with: ")") { depth -= 1 }
            advance()
        } while depth > 0 && place < text.count
    }
}

extension SourceScan {
    /// The modules that the file imports.
    var imports: [String] {
        let code = pieces.compactMap { piece, line -> (word: String?, line: Int)? in
            switch piece {
            case .word(let word): (word, line)
            case .sign: (nil, line)
            case .documentation: nil
            }
        }
        let kinds: Set = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias", "actor"]
        return code.indices.compactMap { index in
            guard code[index].word == "import" else { return nil }
            let rest = code[(index + 1)...].prefix { $0.line == code[index].line }.compactMap(\.word)
            return rest.first { !kinds.contains($0) }
        }
    }
}
