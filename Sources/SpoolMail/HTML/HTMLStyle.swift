/// What the declarations of a `style` attribute, or of a rule in a style sheet, say about being seen.
struct HTMLStyle {
    /// Whether the element and all in it is not there, as a preheader for the list of messages mostly is not; nil where
    /// nothing is said of that.
    let isGone: Bool?
    /// Whether letters have no size; nil where the size is that of the element around, or a share of it.
    let isTiny: Bool?
    /// `visibility`, nil where it is that of the element around.
    let isInvisible: Bool?

    init(_ declarations: some Collection<UInt8>) {
        var values: [String: String] = [:]
        declarations.forEachPart(between: { $0 == 0x3B }) { declaration in
            let squeezed = declaration.filter { !HTMLScanner.isSpace($0) }.map(ASCII.lowercased)
            guard let colon = squeezed.firstIndex(of: 0x3A) else { return true }
            let property = String(decoding: squeezed[..<colon], as: UTF8.self)
            guard HTMLStyle.properties.contains(property) else { return true }
            var value = String(decoding: squeezed[(colon + 1)...], as: UTF8.self)
            if let important = value.firstRange(of: "!important") { value.removeSubrange(important) }
            values[property] = value
            return true
        }
        func isZero(_ property: String) -> Bool { values[property].map(HTMLStyle.isZero) ?? false }
        let clips = values["overflow"] == "hidden" || values["overflow"] == "clip"
        let hasNoBox = ["height", "width", "max-width"].contains(where: isZero)
        let hides = isZero("max-height") || isZero("opacity") || clips && hasNoBox
        isGone = hides ? true : values["display"].map { $0 == "none" }
        isTiny = HTMLStyle.isTiny(size: values["font-size"], font: values["font"])
        isInvisible =
            switch values["visibility"] {
            case "hidden", "collapse": true
            case "visible": false
            default: nil
            }
    }

    /// What is asked for; nothing else is kept.
    private static let properties: Set<String> = [
        "display", "overflow", "height", "width", "max-width", "max-height", "opacity", "font-size", "font",
        "visibility",
    ]

    private init(isGone: Bool?, isTiny: Bool?, isInvisible: Bool?) {
        self.isGone = isGone
        self.isTiny = isTiny
        self.isInvisible = isInvisible
    }

    /// These declarations, and others that count where these say nothing.
    func over(_ other: HTMLStyle) -> HTMLStyle {
        HTMLStyle(
            isGone: isGone ?? other.isGone, isTiny: isTiny ?? other.isTiny,
            isInvisible: isInvisible ?? other.isInvisible)
    }

    private static func isTiny(size: String?, font: String?) -> Bool? {
        if let size {
            if isZero(size) { return true }
            let isShare = size.hasSuffix("em") && !size.hasSuffix("rem") || size.hasSuffix("%")
            return isShare || ["inherit", "unset", "smaller", "larger"].contains(size) ? nil : false
        }
        guard let font, font != "inherit" else { return nil }
        return font.hasPrefix("0/") || font.hasPrefix("0px/")
    }

    /// `0`, `0px`, `0.0em`, `0%`.
    private static func isZero(_ value: String) -> Bool {
        let number = value.utf8.prefix { ASCII.isDigit($0) || $0 == 0x2E }
        return !number.isEmpty && number.allSatisfy { $0 == 0x30 || $0 == 0x2E }
            && value.utf8.dropFirst(number.count).allSatisfy { $0 | 0x20 &- 0x61 < 26 || $0 == 0x25 }
    }
}

/// What the rules of a message's own style sheets say about being seen, where a class, an id or an element's name alone
/// decides. What counts for some screens only (`@media`) is passed over.
struct HidingRules {
    private var styles: [String: HTMLStyle] = [:]

    mutating func add(_ sheet: ArraySlice<UInt8>) {
        var rest = HidingRules.withoutComments(sheet)[...]
        while let end = rest.firstIndex(where: { $0 == 0x7B || $0 == 0x3B || $0 == 0x7D }) {
            let prelude = rest[..<end]
            let isBlock = rest[end] == 0x7B
            rest = rest[(end + 1)...]
            guard isBlock else { continue }
            if prelude.first(where: { !HTMLScanner.isSpace($0) }) == 0x40 {
                HidingRules.skipBlock(&rest)
            } else {
                let block = rest.prefix { $0 != 0x7D }
                note(prelude, HTMLStyle(block))
                rest = rest[block.endIndex...].dropFirst()
            }
        }
    }

    /// What the rules say of an element: those of an id before those of a class, and these before its name's.
    func style(of tag: HTMLScanner.Tag) -> HTMLStyle {
        var found = HTMLStyle([])
        guard !styles.isEmpty else { return found }
        func consider(_ selector: String) {
            if let style = styles[selector] { found = style.over(found) }
        }
        func consider(mark: String) {
            consider(mark)
            consider(tag.name + mark)
        }
        consider(tag.name)
        tag.attributes["class"]?.forEachPart(between: HTMLScanner.isSpace) { name in
            consider(mark: "." + String(decoding: name, as: UTF8.self))
            return true
        }
        if let id = tag.attributes["id"] { consider(mark: "#" + String(decoding: id, as: UTF8.self)) }
        return found
    }

    private mutating func note(_ prelude: ArraySlice<UInt8>, _ style: HTMLStyle) {
        prelude.forEachPart(between: { $0 == 0x2C }) { selector in
            var word = selector.drop(while: HTMLScanner.isSpace)
            while let last = word.last, HTMLScanner.isSpace(last) { word.removeLast() }
            guard !word.isEmpty, word.allSatisfy(HidingRules.isSimple) else { return true }
            let name = String(
                decoding: word.prefix { $0 != 0x2E && $0 != 0x23 }.map(ASCII.lowercased), as: UTF8.self)
            let key = name + String(decoding: word.dropFirst(name.utf8.count), as: UTF8.self)
            styles[key] = styles[key].map(style.over) ?? style
            return true
        }
    }

    private static func isSimple(_ byte: UInt8) -> Bool {
        ASCII.isLetterOrDigit(byte) || byte >= 0x80 || [0x2E, 0x23, 0x2D, 0x5F].contains(byte)
    }

    private static func skipBlock(_ rest: inout ArraySlice<UInt8>) {
        var depth = 1
        while depth > 0, let byte = rest.popFirst() {
            if byte == 0x7B { depth += 1 } else if byte == 0x7D { depth -= 1 }
        }
    }

    /// Comments, and the marks by which old browsers took a sheet for a comment of HTML, fall away.
    static func withoutComments(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var rest = text
        while let byte = rest.first {
            if rest.starts(with: "/*".utf8) {
                rest = rest.dropFirst(2)
                while !rest.isEmpty, !rest.starts(with: "*/".utf8) { rest.removeFirst() }
                rest = rest.dropFirst(2)
            } else if rest.starts(with: "<!--".utf8) {
                rest = rest.dropFirst(4)
            } else if rest.starts(with: "-->".utf8) {
                rest = rest.dropFirst(3)
            } else {
                result.append(byte)
                rest.removeFirst()
            }
        }
        return result
    }
}

extension Collection<UInt8> {
    /// Gives the parts that are not empty to `body`, one by one and until it returns false: there may be millions.
    fileprivate func forEachPart(between isSeparator: (UInt8) -> Bool, _ body: (SubSequence) -> Bool) {
        var rest = self[...]
        while let start = rest.firstIndex(where: { !isSeparator($0) }) {
            rest = rest[start...]
            let part = rest.prefix { !isSeparator($0) }
            if !body(part) { return }
            rest = rest[part.endIndex...]
        }
    }
}
