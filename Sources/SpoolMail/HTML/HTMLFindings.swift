/// What an HTML body holds that readers or spam filters stumble over.
package struct HTMLFindings: Hashable, Sendable {
    /// The number of links whose `href` is empty or only `#`.
    package private(set) var linksWithoutTarget = 0
    /// The number of images without an `alt` (an empty one says that the picture is mere decoration).
    package private(set) var imagesWithoutAlt = 0
    /// What `src="cid:…"` refers to, each of which needs an inline attachment.
    package private(set) var contentIDs: Set<String> = []

    /// Looks through the tags of a template.
    package init(in html: Template) {
        var scanner = HTMLScanner(HTMLText.marked(html))
        while let token = scanner.next() {
            guard case .tag(let tag) = token, !tag.isClosing else { continue }
            if HTMLReader.withoutText.contains(tag.name) { scanner.skipContent(of: tag.name) }
            look(at: tag)
        }
    }

    private mutating func look(at tag: HTMLScanner.Tag) {
        if tag.name == "a", let href = tag.attributes["href"] {
            let target = href.filter { !HTMLScanner.isSpace($0) }
            if target.isEmpty || target == [0x23] { linksWithoutTarget += 1 }
        }
        if tag.name == "img", tag.attributes["alt"] == nil { imagesWithoutAlt += 1 }
        for name in ["src", "background"] {
            guard let source = tag.attributes[name], source.starts(with: "cid:".utf8) else { continue }
            contentIDs.insert(String(decoding: source.dropFirst(4), as: UTF8.self))
        }
    }
}
