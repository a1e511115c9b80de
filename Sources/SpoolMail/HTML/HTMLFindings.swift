/// What an HTML body holds that readers or spam filters stumble over.
package struct HTMLFindings: Hashable, Sendable {
    /// The number of links whose `href` is empty or only `#`.
    package private(set) var linksWithoutTarget = 0
    /// The number of `a` that are neither a link nor a place that one leads to.
    package private(set) var linksWithoutHref = 0
    /// The number of links that are to run a script.
    package private(set) var scriptLinks = 0
    /// The number of `script` elements.
    package private(set) var scripts = 0
    /// The number of forms.
    package private(set) var forms = 0
    /// The number of images without an `alt` (an empty one says that the picture is mere decoration).
    package private(set) var imagesWithoutAlt = 0
    /// What `cid:…` refers to, each of which needs an inline attachment.
    package private(set) var contentIDs: Set<String> = []
    /// The links that cannot work, in their order.
    package private(set) var brokenLinks: [HTMLAddress] = []
    /// The pictures that cannot be found, in their order.
    package private(set) var brokenPictures: [HTMLAddress] = []
    /// The character set that the HTML says it has, if that is not UTF-8.
    package private(set) var foreignCharset: String?

    /// Looks through the tags and style sheets of a template.
    package init(in html: Template) {
        var scanner = HTMLScanner(HTMLText.marked(html))
        while let token = scanner.next() {
            switch token {
            case .text: break
            case .tag(let tag): if !tag.isClosing { look(at: tag) }
            case .raw(let element, let content):
                if element == "style" { lookAtStyle(HidingRules.withoutComments(content)[...]) }
            }
        }
    }

    private mutating func look(at tag: HTMLScanner.Tag) {
        switch tag.name {
        case "a", "area": lookAtLink(tag)
        case "img": if tag.attributes["alt"] == nil { imagesWithoutAlt += 1 }
        case "meta": lookAtMeta(tag)
        case "script": scripts += 1
        case "form": forms += 1
        default: break
        }
        for name in ["src", "background"] {
            if let address = tag.attributes[name], tag.name != "script" { lookAtPicture(address) }
        }
        if let style = tag.attributes["style"] { lookAtStyle(style[...]) }
    }

    private mutating func lookAtLink(_ tag: HTMLScanner.Tag) {
        guard let href = tag.attributes["href"] else {
            if tag.name == "a", tag.attributes["name"] == nil, tag.attributes["id"] == nil {
                linksWithoutHref += 1
            }
            return
        }
        let target = href.filter { !HTMLScanner.isSpace($0) }
        if target.isEmpty || target == [0x23] {
            linksWithoutTarget += 1
        } else if let scheme = HTMLAddress.scheme(target), scheme == "javascript" || scheme == "vbscript" {
            scriptLinks += 1
        } else if let broken = HTMLAddress(target) {
            brokenLinks.append(broken)
        }
    }

    private mutating func lookAtPicture(_ address: some Sequence<UInt8>) {
        let address = address.filter { !HTMLScanner.isSpace($0) }
        if HTMLAddress.scheme(address) == "cid" {
            // RFC 2392: in an address the id is escaped where it has to be.
            contentIDs.insert(HTMLFindings.unescaped(address.dropFirst(4)))
        } else if let broken = HTMLAddress(address) {
            brokenPictures.append(broken)
        }
    }

    private mutating func lookAtMeta(_ tag: HTMLScanner.Tag) {
        var declared = tag.attributes["charset"]
        if let content = tag.attributes["content"] {
            let squeezed = content.filter { !HTMLScanner.isSpace($0) }.map(ASCII.lowercased)
            if let mark = squeezed.firstRange(of: "charset=".utf8) {
                declared = declared ?? Array(squeezed[mark.upperBound...])
            }
        }
        guard let declared else { return }
        let name = String(
            decoding: declared.filter { ASCII.isLetterOrDigit($0) || $0 == 0x2D || $0 == 0x5F }, as: UTF8.self
        )
        if !["utf-8", "utf8", "unicode-1-1-utf-8"].contains(name.lowercased()), !name.isEmpty {
            foreignCharset = foreignCharset ?? name
        }
    }

    /// Finds each `url(…)`.
    private mutating func lookAtStyle(_ style: ArraySlice<UInt8>) {
        var rest = style
        while let open = rest.firstIndex(of: 0x28) {
            let isAddress = rest[..<open].suffix(3).map(ASCII.lowercased).elementsEqual("url".utf8)
            rest = rest[(open + 1)...]
            guard isAddress else { continue }
            let address = rest.prefix { $0 != 0x29 && $0 != 0x3B && $0 != 0x7D }
            rest = rest[address.endIndex...]
            lookAtPicture(address.filter { $0 != 0x22 && $0 != 0x27 })
        }
    }

    private static func unescaped(_ text: ArraySlice<UInt8>) -> String {
        var result: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            if byte == 0x25, rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                result.append(value)
                rest = rest.dropFirst(2)
            } else {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
