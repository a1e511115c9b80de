/// Turns a stream of tags and text into lines, as somebody would read them aloud.
struct HTMLReader {
    private static let void: Set<String> = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    ]
    /// Set off by an empty line.
    private static let paragraphs: Set<String> = [
        "p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table", "ul", "ol", "dl", "figure",
        "hr",
    ]
    /// On a line of their own.
    private static let blocks: Set<String> = [
        "div", "section", "article", "header", "footer", "main", "nav", "aside", "center", "address", "form",
        "fieldset", "figcaption", "caption", "tr", "li", "dt", "dd", "body", "option", "legend", "summary",
    ]

    /// Items whose end tag is left out do not reach beyond these.
    private static let itemBarriers: Set<String> = ["ul", "ol", "dl"]

    private struct Link {
        let target: [UInt8]
        let start: Int
    }

    private var lines = PlainLines()
    private var lists: [(ordered: Bool, next: Int)] = []
    private var link: Link?
    /// Where the last link ended: another that begins there stands beside it.
    private var linkEnd: Int?
    private var elements = OpenElements()
    private var rules = HidingRules()

    mutating func text(_ bytes: ArraySlice<UInt8>) {
        if elements.sight.showsText { lines.append(HTMLEntities.decoded(bytes)) }
    }

    mutating func raw(_ element: String, _ content: ArraySlice<UInt8>) {
        if element == "style" { rules.add(content) }
    }

    mutating func tag(_ tag: HTMLScanner.Tag) {
        // An end tag of `br` is a line break to every browser.
        if tag.isClosing, tag.name != "br" {
            // The end tag of what is hidden is no more than that; one that ends what is around it counts.
            if elements.close(tag.name)?.isGone ?? elements.sight.isGone { return }
            return close(tag.name)
        }
        elements.prepare(for: tag.name)
        let sight = sight(of: tag)
        let isEmpty =
            HTMLReader.void.contains(tag.name) || tag.isSelfClosing && elements.isInDrawing(tag.name)
        if !isEmpty { elements.push(tag.name, sight) }
        if !sight.isGone { open(tag, sight) }
    }

    private func sight(of tag: HTMLScanner.Tag) -> OpenElements.Sight {
        var sight = elements.sight
        if sight.isGone { return sight }
        let style = HTMLStyle(tag.attributes["style"] ?? []).over(rules.style(of: tag))
        sight.isGone =
            HTMLReader.notForReading.contains(tag.name) || tag.attributes["hidden"] != nil
            || style.isGone ?? false
        sight.isTiny =
            style.isTiny ?? (tag.name == "font" && tag.attributes["size"] != nil ? false : sight.isTiny)
        sight.isInvisible = style.isInvisible ?? sight.isInvisible
        return sight
    }

    private static let notForReading: Set<String> = ["template", "svg", "datalist"]

    mutating func finish() -> [UInt8] {
        closeLink()
        return lines.finish()
    }

    private mutating func open(_ tag: HTMLScanner.Tag, _ sight: OpenElements.Sight) {
        separate(tag.name)
        switch tag.name {
        case "br": lines.breakLine()
        case "hr" where sight.showsPictures:
            lines.append(Array("----------".utf8))
            lines.separate(by: 2)
        case "img" where sight.showsPictures: if let alt = tag.attributes["alt"] { lines.append(alt) }
        case "a" where sight.showsPictures: openLink(tag.attributes["href"] ?? [])
        case "td", "th": lines.separateCell()
        case "pre": lines.preformatted += 1
        case "blockquote": lines.push("blockquote", first: "> ", others: "> ")
        case "dl": lines.push("dl", first: "", others: "")
        case "dt": lines.pop("dd", within: HTMLReader.itemBarriers)
        case "dd":
            lines.pop("dd", within: HTMLReader.itemBarriers)
            lines.push("dd", first: "  ", others: "  ")
        case "ul", "ol":
            let start = tag.attributes["start"].flatMap { Int(String(decoding: $0, as: UTF8.self)) }
            lists.append((tag.name == "ol", start ?? 1))
            lines.push(tag.name, first: "", others: "")
        case "li": openItem()
        default: break
        }
    }

    private mutating func close(_ name: String) {
        switch name {
        case "a": closeLink()
        case "pre": lines.preformatted = max(0, lines.preformatted - 1)
        case "ul", "ol": if !lists.isEmpty { lists.removeLast() }
        default: break
        }
        // An empty line ends a paragraph, but not each of the lists inside a list.
        separate(name)
        lines.pop(name, within: name == "li" ? HTMLReader.itemBarriers : [])
    }

    private mutating func separate(_ name: String) {
        if HTMLReader.paragraphs.contains(name) {
            let nested = (name == "ul" || name == "ol") && !lists.isEmpty
            lines.separate(by: nested ? 1 : 2)
        } else if HTMLReader.blocks.contains(name) {
            lines.separate(by: 1)
        }
    }

    private mutating func openItem() {
        lines.pop("li", within: HTMLReader.itemBarriers)
        let marker: String
        if let list = lists.last, list.ordered {
            marker = "\(list.next). "
            lists[lists.count - 1].next &+= 1
        } else {
            marker = "- "
        }
        lines.push("li", first: marker, others: String(repeating: " ", count: marker.utf8.count))
    }

    private mutating func openLink(_ href: [UInt8]) {
        closeLink()
        if lines.written == linkEnd { lines.addBlank() }
        let target = HTMLReader.address(href)
        guard !target.isEmpty, target.first != 0x23,
            !target.prefix(11).map(ASCII.lowercased).starts(with: "javascript:".utf8)
        else { return }
        link = Link(target: target, start: lines.written)
    }

    /// As browsers read an address: without blanks around it and line ends inside, and other blanks escaped.
    private static func address(_ href: [UInt8]) -> [UInt8] {
        var rest = href.drop(while: HTMLScanner.isSpace)
        while let last = rest.last, HTMLScanner.isSpace(last) { rest.removeLast() }
        return rest.flatMap { byte -> [UInt8] in
            if byte == ASCII.space { return Array("%20".utf8) }
            return HTMLScanner.isSpace(byte) ? [] : [byte]
        }
    }

    private mutating func closeLink() {
        guard let link else { return }
        self.link = nil
        let text = lines.text(from: link.start)
        if HTMLReader.bare(text) != HTMLReader.bare(link.target) {
            lines.append(Array(" <".utf8) + link.target + Array(">".utf8))
        }
        linkEnd = lines.written
    }

    /// An address without what people leave out when they write it, and in whichever letter case.
    private static func bare(_ text: [UInt8]) -> [UInt8] {
        var rest = text.map(ASCII.lowercased)[...]
        for scheme in ["mailto:", "https://", "http://", "tel:"] where rest.starts(with: scheme.utf8) {
            rest = rest.dropFirst(scheme.utf8.count)
        }
        if rest.last == 0x2F { rest.removeLast() }
        return rest.filter { !HTMLScanner.isSpace($0) }
    }
}
