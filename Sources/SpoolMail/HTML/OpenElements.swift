/// The elements that are open while HTML is read, as far as it takes to know what is hidden: a hidden element ends with
/// its end tag, or where HTML lets one leave that out (WHATWG HTML, 13.2.6.4.7, the insertion mode "in body").
struct OpenElements {
    /// Whether what stands in an element is seen.
    struct Sight {
        /// The element and all in it is not there at all.
        var isGone = false
        /// Letters have no size; an element inside can give them one.
        var isTiny = false
        /// Neither letters nor pictures; an element inside can be visible.
        var isInvisible = false

        var showsText: Bool { !isGone && !isTiny && !isInvisible }
        var showsPictures: Bool { !isGone && !isInvisible }
    }

    private struct Element {
        let name: String
        let sight: Sight
    }

    /// As deep as browsers go; deeper elements take the place of the last.
    private static let deepest = 512

    private var stack: [Element] = []
    private var counts: [String: Int] = [:]

    /// What holds for what stands here.
    var sight: Sight { stack.last?.sight ?? Sight() }

    /// Ends what a start tag of this name ends.
    mutating func prepare(for name: String) {
        if OpenElements.endsParagraph.contains(name) { pop(["p"], within: OpenElements.buttonScope) }
        if isOpen("svg"), OpenElements.leavesSVG.contains(name), !isOpen("foreignobject"), !isOpen("desc") {
            while isOpen("svg") { pop(["svg"], within: []) }
        }
        switch name {
        case "li": popItem(["li"])
        case "dd", "dt": popItem(["dd", "dt"])
        case "option": popTop(["option"])
        case "optgroup", "hr":
            popTop(["option"])
            popTop(["optgroup"])
        case "td", "th": pop(["td", "th"], within: ["table", "tr"])
        case "tr": pop(["tr"], within: ["table"])
        case "tbody", "thead", "tfoot", "caption", "colgroup":
            pop(["tbody", "thead", "tfoot", "caption", "colgroup"], within: ["table"])
        case "h1", "h2", "h3", "h4", "h5", "h6": popTop(OpenElements.headings)
        case "rt", "rp": popTop(["rt", "rp"])
        case "a": pop(["a"], within: OpenElements.special)
        case "body": pop(["head"], within: [])
        default: break
        }
    }

    mutating func push(_ name: String, _ sight: Sight) {
        if stack.count == OpenElements.deepest { removeLast() }
        stack.append(Element(name: name, sight: sight))
        counts[name, default: 0] += 1
    }

    /// Ends the element of an end tag and what is open inside it; what that element was, if there was one.
    mutating func close(_ name: String) -> Sight? {
        guard isOpen(name) else { return nil }
        switch name {
        case "p": return pop([name], within: OpenElements.buttonScope)
        case "li": return pop([name], within: OpenElements.itemScope)
        case "table": return pop([name], within: [])
        case "td", "th", "tr", "tbody", "thead", "tfoot", "caption": return pop([name], within: ["table"])
        default:
            if OpenElements.special.contains(name) { return pop([name], within: OpenElements.scope) }
            return closeInline(name)
        }
    }

    /// An inline end tag does not end a block. But one that ends what hides, and holds a block by mistake, ends it.
    private mutating func closeInline(_ name: String) -> Sight? {
        if let closed = pop([name], within: OpenElements.special) { return closed }
        guard let place = stack.lastIndex(where: { $0.name == name }), OpenElements.formatting.contains(name),
            stack[place].sight.isGone, place == 0 || !stack[place - 1].sight.isGone
        else { return nil }
        return pop([name], within: [])
    }

    /// Whether an element of this name is part of a drawing, or is one.
    func isInDrawing(_ name: String) -> Bool {
        name == "svg" || name == "math" || isOpen("svg") || isOpen("math")
    }

    private func isOpen(_ name: String) -> Bool { counts[name, default: 0] > 0 }

    private mutating func removeLast() {
        guard let last = stack.popLast() else { return }
        counts[last.name, default: 1] -= 1
    }

    private mutating func popTop(_ names: Set<String>) {
        if let last = stack.last, names.contains(last.name) { removeLast() }
    }

    /// Ends the innermost element of these names, but does not leave the barriers.
    @discardableResult
    private mutating func pop(_ names: Set<String>, within barriers: Set<String>) -> Sight? {
        guard names.contains(where: isOpen) else { return nil }
        for place in stack.indices.reversed() {
            if names.contains(stack[place].name) {
                let sight = stack[place].sight
                while stack.count > place { removeLast() }
                return sight
            }
            if barriers.contains(stack[place].name) { return nil }
        }
        return nil
    }

    /// Items end the item before, but not one that the list inside stands in.
    private mutating func popItem(_ names: Set<String>) {
        pop(names, within: OpenElements.holdsItems)
    }

    private static let headings: Set<String> = ["h1", "h2", "h3", "h4", "h5", "h6"]
    private static let scope: Set<String> = [
        "applet", "caption", "html", "table", "td", "th", "marquee", "object", "template",
    ]
    private static let itemScope = scope.union(["ul", "ol"])
    private static let buttonScope = scope.union(["button"])
    private static let endsParagraph: Set<String> = headings.union([
        "address", "article", "aside", "blockquote", "center", "details", "dialog", "dir", "div", "dl", "dd",
        "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "li", "main",
        "menu", "nav", "ol", "p", "pre", "search", "section", "summary", "table", "ul",
    ])
    private static let special: Set<String> = endsParagraph.union(scope).union([
        "body", "button", "col", "colgroup", "frameset", "head", "iframe", "noscript", "select", "tbody",
        "tfoot", "thead", "tr",
    ])
    /// An item inside any of these is none of the list around.
    private static let holdsItems = special.subtracting(["address", "div", "p", "li", "dd", "dt"])
    private static let formatting: Set<String> = [
        "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
    ]
    /// Elements that end a drawing, since no drawing holds them.
    private static let leavesSVG: Set<String> = headings.union([
        "b", "big", "blockquote", "body", "br", "center", "code", "dd", "div", "dl", "dt", "em", "embed",
        "head", "hr", "i", "img", "li", "menu", "meta", "nobr", "ol", "p", "pre", "ruby", "s", "small",
        "span", "strong", "strike", "sub", "sup", "table", "tt", "u", "ul", "var",
    ])
}
