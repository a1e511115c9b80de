internal import SpoolMail

/// The text of HTML from strangers, without a layout: what stands between the tags, a line for each block.
enum MarkupStripper {
    static func text(of html: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index < html.count {
            guard html[index] == 0x3C, let end = html[index...].firstIndex(of: 0x3E) else {
                // Without an end to come nothing else is a tag.
                let next = html[(index + 1)...].firstIndex(of: 0x3C) ?? html.count
                let isLast = html[index] == 0x3C
                result += HTMLEntities.decoded(html[index..<(isLast ? html.count : next)])
                index = isLast ? html.count : next
                continue
            }
            let name = html[(index + 1)..<end].prefix { ASCII.isLetterOrDigit($0) || $0 == 0x2F }
            result.append(isBlock(name) ? ASCII.lineFeed : ASCII.space)
            index = end + 1
            if let closing = hidden(name) { index = skip(html, from: index, to: closing) }
        }
        return result
    }

    private static func isBlock(_ name: ArraySlice<UInt8>) -> Bool {
        let name = String(decoding: name.map(ASCII.lowercased).filter { $0 != 0x2F }, as: UTF8.self)
        return ["p", "br", "div", "tr", "li", "table", "h1", "h2", "h3", "h4", "pre", "hr", "ul"].contains(
            name)
    }

    /// What ends an element whose content nobody reads.
    private static func hidden(_ name: ArraySlice<UInt8>) -> [UInt8]? {
        switch String(decoding: name.map(ASCII.lowercased), as: UTF8.self) {
        case "style": Array("</style".utf8)
        case "script": Array("</script".utf8)
        default: nil
        }
    }

    private static func skip(_ html: [UInt8], from start: Int, to closing: [UInt8]) -> Int {
        var index = start
        while index + closing.count <= html.count {
            if html[index] == 0x3C, zip(closing, html[index...]).allSatisfy({ $0 == ASCII.lowercased($1) }) {
                return index
            }
            index += 1
        }
        return html.count
    }
}
