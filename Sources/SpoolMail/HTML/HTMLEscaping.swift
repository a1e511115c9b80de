/// HTML's own characters as entities: so a text is safe as an element's content and as an attribute in quotes.
package enum HTMLEscaping {
    package static func escaped(_ text: String) -> String {
        var output: [UInt8] = []
        append(text, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// So many bytes one byte becomes at most.
    static let mostGrowth = 6

    /// - Parameter limit: where the output comes to more bytes, it is broken off there.
    static func append(_ text: String, to output: inout [UInt8], limit: Int = .max) {
        guard text.utf8.contains(where: isMarkup) else {
            output.append(contentsOf: text.utf8)
            return
        }
        let bytes = text.utf8.span
        for index in 0..<bytes.count {
            if output.count > limit { return }
            switch bytes[index] {
            case 0x26: output.append(contentsOf: "&amp;".utf8)
            case 0x3C: output.append(contentsOf: "&lt;".utf8)
            case 0x3E: output.append(contentsOf: "&gt;".utf8)
            case 0x22: output.append(contentsOf: "&quot;".utf8)
            case 0x27: output.append(contentsOf: "&#39;".utf8)
            case let byte: output.append(byte)
            }
        }
    }

    @inline(__always)
    private static func isMarkup(_ byte: UInt8) -> Bool {
        byte == 0x26 || byte == 0x3C || byte == 0x3E || byte == 0x22 || byte == 0x27
    }
}
