extension Template {
    /// Appends the text with the values of one recipient to a buffer.
    ///
    /// `value` gives a variable's value; `nil` and an empty text both count as missing.
    package func render(
        escaping: Escaping, into output: inout [UInt8], value: (String) -> String?
    ) throws(MissingValue) {
        for part in parts {
            switch part {
            case .literal(let bytes): output.append(contentsOf: bytes)
            case .output(let place): try place.render(escaping: escaping, into: &output, value: value)
            }
        }
    }

    /// The text with the values of one recipient.
    package func rendered(
        escaping: Escaping = .none, value: (String) -> String?
    ) throws(MissingValue) -> String {
        var output: [UInt8] = []
        try render(escaping: escaping, into: &output, value: value)
        return String(decoding: output, as: UTF8.self)
    }
}

extension Template.Output {
    package func render(
        escaping: Template.Escaping, into output: inout [UInt8], value: (String) -> String?
    ) throws(MissingValue) {
        var text: String
        switch subject {
        case .text(let literal): text = literal
        case .variable(let name):
            text = value(name) ?? ""
            if text.isEmpty, !hasDefault { throw MissingValue(name: name) }
        }
        for filter in filters {
            switch filter {
            case .standIn(let other): if text.isEmpty { text = other }
            case .urlEncode: text = Template.Output.urlEncoded(text)
            }
        }
        if escaping == .html, !isRaw {
            Template.Output.appendHTML(text, to: &output)
        } else {
            output.append(contentsOf: text.utf8)
        }
    }

    private static func urlEncoded(_ text: String) -> String {
        guard !text.utf8.allSatisfy(ASCII.isUnreserved) else { return text }
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if ASCII.isUnreserved(byte) { bytes.append(byte) } else { bytes.appendEscaped(byte, mark: 0x25) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func appendHTML(_ text: String, to output: inout [UInt8]) {
        guard text.utf8.contains(where: isMarkup) else {
            output.append(contentsOf: text.utf8)
            return
        }
        let bytes = text.utf8.span
        for index in 0..<bytes.count {
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
