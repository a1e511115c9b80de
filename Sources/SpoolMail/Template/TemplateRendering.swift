extension Template {
    /// Appends the text with the values of one recipient to a buffer.
    ///
    /// `value` gives a variable's value; `nil` and an empty text both count as missing.
    func render(
        escaping: Escaping, into output: inout [UInt8], value: (VariableName) -> String?
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
        escaping: Escaping = .none, value: (VariableName) -> String?
    ) throws(MissingValue) -> String {
        var output: [UInt8] = []
        try render(escaping: escaping, into: &output, value: value)
        return String(decoding: output, as: UTF8.self)
    }
}

extension Template.Output {
    func render(
        escaping: Template.Escaping, into output: inout [UInt8], value: (VariableName) -> String?
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
            HTMLEscaping.append(text, to: &output)
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
}
