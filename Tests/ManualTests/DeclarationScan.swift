/// The declarations of a Swift file by their names as DocC writes them (`Type/member(label:)`), and the links in their
/// comments.
struct DeclarationScan {
    /// A symbol link, and where it stands.
    struct Link {
        /// Its parts between the slashes.
        let parts: [String]
        /// What the comment is about, from the outermost type inwards; of a comment before nothing, the type around it.
        var owner: [String]
        let line: Int
    }

    /// Every declaration that is not inside a function, by its names from the outermost type inwards.
    private(set) var declarations: Set<[String]> = []
    private(set) var links: [Link] = []

    private let pieces: [(piece: SourceScan.Piece, line: Int)]
    private var place = 0
    /// The braces that are open: of a type with its names, or of code.
    private var scopes: [[String]?] = []
    /// The type whose brace opens next.
    private var opening: [String]?
    /// How many of the last links wait for what their comment is about.
    private var waiting = 0

    init(_ scan: SourceScan) {
        pieces = scan.pieces
        while place < pieces.count { step() }
    }

    /// The types around; nil inside code.
    private var around: [String]? {
        var names: [String] = []
        for scope in scopes {
            guard let scope else { return nil }
            names += scope
        }
        return names
    }

    private func word(at index: Int) -> String? {
        guard index < pieces.count, case .word(let word) = pieces[index].piece else { return nil }
        return word
    }

    private func isSign(_ sign: Character, at index: Int) -> Bool {
        index >= 0 && index < pieces.count && pieces[index].piece == .sign(sign)
    }

    private mutating func step() {
        switch pieces[place].piece {
        case .documentation(let text): note(linksIn: text)
        case .sign("{"):
            scopes.append(opening)
            opening = nil
        case .sign("}"): scopes = scopes.dropLast()
        case .sign: break
        case .word(let word):
            if let around, !isSign(".", at: place - 1) { declare(word, in: around) }
        }
        place += 1
    }

    private mutating func note(linksIn text: String) {
        for match in text.matches(of: /``([^`]+)``/) {
            let parts = match.output.1.split(separator: "/").map(String.init)
            links.append(Link(parts: parts, owner: around ?? [], line: pieces[place].line))
            waiting += 1
        }
    }

    private mutating func add(_ name: [String]) {
        declarations.insert(name)
        for index in links.indices.suffix(waiting) { links[index].owner = name }
        waiting = 0
    }

    private mutating func declare(_ keyword: String, in around: [String]) {
        switch keyword {
        case "struct", "enum", "protocol", "actor", "extension", "class":
            // `class func`, `class var`.
            guard let first = word(at: place + 1), !["func", "var", "let"].contains(first) else { return }
            place += 1
            var names = [first]
            while isSign(".", at: place + 1), let next = word(at: place + 2) {
                names.append(next)
                place += 2
            }
            add(around + names)
            opening = names
        case "typealias", "associatedtype", "let", "var":
            guard let name = word(at: place + 1) else { return }
            place += 1
            add(around + [name])
            while isSign(",", at: place + 1), let next = word(at: place + 2) {
                place += 2
                add(around + [next])
            }
        case "func":
            guard let name = word(at: place + 1) else { return }
            place += 1
            add(around + [name + labels()])
        case "init", "subscript": add(around + [keyword + labels()])
        case "case":
            repeat {
                place += 1
                guard let name = word(at: place) else { return }
                add(around + [name + (isSign("(", at: place + 1) ? labels() : "")])
                skipValue()
                place += 1
            } while isSign(",", at: place)
            place -= 1
        default: break
        }
    }

    /// Behind a case's name: `= 3`, or `= "text"`.
    private mutating func skipValue() {
        guard isSign("=", at: place + 1) else { return }
        place += 2
        if isSign("-", at: place) { place += 1 }
        // A number of several digits.
        let line = pieces[place].line
        while place + 1 < pieces.count, pieces[place + 1].line == line, !isSign(",", at: place + 1),
            !isSign("}", at: place + 1)
        {
            place += 1
        }
    }

    /// The labels of the parameters that follow, as `(_:to:)`; ends at the closing parenthesis.
    private mutating func labels() -> String {
        place += 1
        if isSign("?", at: place) || isSign("!", at: place) { place += 1 }
        var angles = 0
        while place < pieces.count, angles > 0 || !isSign("(", at: place) {
            if isSign("<", at: place) { angles += 1 }
            if isSign(">", at: place) { angles -= 1 }
            place += 1
        }
        let isSubscript = place > 0 && word(at: place - 1) == "subscript"
        var labels = ""
        var depth = 0
        var isFirst = true
        while place < pieces.count {
            switch pieces[place].piece {
            case .sign("("), .sign("["), .sign("{"): depth += 1
            case .sign(")"), .sign("]"), .sign("}"): depth -= 1
            case .sign("<"): depth += 1
            // Not the arrow of a function type.
            case .sign(">") where !isSign("-", at: place - 1): depth -= 1
            case .sign(","): if depth == 1 { isFirst = true }
            case .word(let word):
                if depth == 1 && isFirst {
                    let isNamed = isSign(":", at: place + 1) ? !isSubscript : self.word(at: place + 1) != nil
                    labels += (isNamed && isLabel(at: place) ? word : "_") + ":"
                    isFirst = false
                }
            case .sign, .documentation: break
            }
            if depth == 0 { break }
            place += 1
        }
        return "(\(labels))"
    }

    /// Whether a parameter begins with a label here and not with its type, as in a case.
    private func isLabel(at index: Int) -> Bool {
        isSign(":", at: index + 1) || (word(at: index + 1) != nil && isSign(":", at: index + 2))
    }
}
