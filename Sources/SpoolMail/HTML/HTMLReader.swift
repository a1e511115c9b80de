/// Turns a stream of tags and text into lines, as somebody would read them aloud.
struct HTMLReader {
    /// Elements whose content is not for reading.
    static let withoutText: Set<String> = ["script", "style", "title", "template", "svg"]
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

    private struct Link {
        let target: [UInt8]
        let start: Int
    }

    private var lines = PlainLines()
    private var lists: [(ordered: Bool, next: Int)] = []
    private var link: Link?
    /// The element that hides everything up to its end, and how many of its name are open.
    private var hidden: (name: String, depth: Int)?

    mutating func text(_ bytes: ArraySlice<UInt8>) {
        guard hidden == nil else { return }
        lines.append(HTMLEntities.decoded(bytes))
    }

    mutating func tag(_ tag: HTMLScanner.Tag) {
        if let (name, depth) = hidden {
            guard tag.name == name else { return }
            let open = tag.isClosing ? depth - 1 : depth + 1
            hidden = open == 0 ? nil : (name, open)
        } else if tag.isClosing {
            close(tag.name)
        } else if HTMLReader.isHidden(tag), !HTMLReader.void.contains(tag.name) {
            hidden = (tag.name, 1)
        } else {
            open(tag)
        }
    }

    mutating func finish() -> [UInt8] {
        closeLink()
        return lines.finish()
    }

    private mutating func open(_ tag: HTMLScanner.Tag) {
        separate(tag.name)
        switch tag.name {
        case "br": lines.breakLine()
        case "hr":
            lines.append(Array("----------".utf8))
            lines.separate(by: 2)
        case "img": if let alt = tag.attributes["alt"] { lines.append(alt) }
        case "a": openLink(tag.attributes["href"] ?? [])
        case "td", "th": lines.separateCell()
        case "pre": lines.preformatted += 1
        case "blockquote": lines.push("blockquote", first: "> ", others: "> ")
        case "dd": lines.push("dd", first: "  ", others: "  ")
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
        lines.pop(name, within: name == "li" ? ["ul", "ol"] : [])
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
        lines.pop("li", within: ["ul", "ol"])
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
        let target = href.filter { !HTMLScanner.isSpace($0) }
        guard !target.isEmpty, target.first != 0x23, !target.starts(with: "javascript:".utf8) else { return }
        link = Link(target: target, start: lines.written)
    }

    private mutating func closeLink() {
        guard let link else { return }
        self.link = nil
        let text = lines.text(from: link.start)
        if HTMLReader.bare(text) != HTMLReader.bare(link.target) {
            lines.append(Array(" <".utf8) + link.target + Array(">".utf8))
        }
    }

    /// An address without what people leave out when they write it.
    private static func bare(_ text: [UInt8]) -> [UInt8] {
        var rest = text[...]
        for scheme in ["mailto:", "https://", "http://", "tel:"] where rest.starts(with: scheme.utf8) {
            rest = rest.dropFirst(scheme.utf8.count)
        }
        if rest.last == 0x2F { rest.removeLast() }
        return rest.filter { !HTMLScanner.isSpace($0) }
    }

    /// Preheaders for the list of messages, and the like.
    private static func isHidden(_ tag: HTMLScanner.Tag) -> Bool {
        if tag.attributes["hidden"] != nil { return true }
        guard let style = tag.attributes["style"] else { return false }
        let squeezed = style.filter { !HTMLScanner.isSpace($0) }.map(ASCII.lowercased)
        return String(decoding: squeezed, as: UTF8.self).contains("display:none")
    }
}
