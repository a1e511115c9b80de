/// Derives a readable plain text from HTML, for a mailing that has no text of its own.
enum HTMLText {
    /// The text of an HTML template, as a template: expressions stay where they are read, also in the
    /// addresses of links.
    static func plainText(from html: Template) -> Template {
        Template(parts: restored(convert(marked(html)), from: html.parts))
    }

    /// The HTML with each expression as a mark that no tag or entity can be mistaken for.
    static func marked(_ html: Template) -> [UInt8] {
        // 0xFF and 0xFE never occur in UTF-8: between them stands the number of an expression. Equal
        // expressions get the same, so that a link whose text is its address is recognised.
        var bytes: [UInt8] = []
        var numbers: [String: Int] = [:]
        for (index, part) in html.parts.enumerated() {
            switch part {
            case .literal(let text): bytes.append(contentsOf: text)
            case .output(let output):
                let number = numbers[output.source] ?? index
                numbers[output.source] = number
                bytes.append(contentsOf: [0xFF] + Array("\(number)".utf8) + [0xFE])
            }
        }
        return bytes
    }

    private static func restored(_ text: [UInt8], from parts: [Template.Part]) -> [Template.Part] {
        var result: [Template.Part] = []
        var rest = text[...]
        while let mark = rest.firstIndex(of: 0xFF), let end = rest[mark...].firstIndex(of: 0xFE) {
            if mark > rest.startIndex { result.append(.literal(Array(rest[..<mark]))) }
            let number = Int(String(decoding: rest[(mark + 1)..<end], as: UTF8.self))
            if let number, parts.indices.contains(number) { result.append(parts[number]) }
            rest = rest[(end + 1)...]
        }
        if !rest.isEmpty { result.append(.literal(Array(rest))) }
        return result
    }

    private static func convert(_ html: [UInt8]) -> [UInt8] {
        var scanner = HTMLScanner(html)
        var reader = HTMLReader()
        while let token = scanner.next() {
            switch token {
            case .text(let text): reader.text(text)
            case .tag(let tag): reader.tag(tag)
            case .raw(let element, let content): reader.raw(element, content)
            }
        }
        return reader.finish()
    }
}
