/// How readers leave the list: RFC 2369, and with one click RFC 8058.
package struct ListUnsubscribe: Hashable, Sendable {
    /// A page, `https://…` (or `http://…` without one click).
    package let url: Template?
    /// An address, with or without `mailto:` before it.
    package let mailto: Template?
    /// Whether a mail program may unsubscribe the reader by itself, with a POST to the page.
    package let oneClick: Bool

    /// Names at least one way out.
    package init(url: Template?, mailto: Template?, oneClick: Bool) {
        self.url = url
        self.mailto = mailto
        self.oneClick = oneClick
    }

    var fieldNames: [String] {
        oneClick ? ["List-Unsubscribe", "List-Unsubscribe-Post"] : ["List-Unsubscribe"]
    }

    var templates: [Template] { [url, mailto].compactMap(\.self) }

    /// Judges what is the same for everyone; the rest is seen when a message is rendered.
    func check() throws(MessageDesignError) {
        guard !templates.isEmpty else { throw .unsubscribeEmpty }
        guard !oneClick || url != nil else { throw .oneClickWithoutURL }
        if let url, case .literal(let start)? = url.parts.first {
            guard ListUnsubscribe.isWebAddress(start) else { throw .unsubscribeURL }
            guard !oneClick || ListUnsubscribe.isSecure(start) else { throw .oneClickWithoutHTTPS }
        }
        if let mailto, mailto.isConstant, let text = try? mailto.rendered(value: { _ in nil }) {
            let address = text.hasPrefix("mailto:") ? text.dropFirst(7) : text[...]
            do { _ = try EmailAddress(String(address.prefix { $0 != "?" })) } catch {
                throw .unsubscribeMailto(error)
            }
        }
    }

    /// Appends the fields for one recipient.
    ///
    /// - Parameter limit: a text of more bytes is broken off.
    func append(
        to output: inout [UInt8], limit: Int, value: (VariableName) -> String?
    ) throws(RenderError) {
        var tokens: [[UInt8]] = []
        if let mailto {
            var address = try rendered(mailto, limit, value)
            if !address.starts(with: "mailto:".utf8) { address.insert(contentsOf: "mailto:".utf8, at: 0) }
            tokens.append(ListUnsubscribe.bracketed(address))
        }
        if let url {
            let address = try rendered(url, limit, value)
            guard ListUnsubscribe.isWebAddress(address) else { throw .unsubscribeURL }
            guard !oneClick || ListUnsubscribe.isSecure(address) else { throw .oneClickWithoutHTTPS }
            tokens.append(ListUnsubscribe.bracketed(address))
        }
        do {
            try HeaderField.appendTokens("List-Unsubscribe", tokens, separator: ",", to: &output)
        } catch {
            throw .headerTooLong(field: error.name)
        }
        if oneClick {
            HeaderField.appendPlain("List-Unsubscribe-Post", "List-Unsubscribe=One-Click", to: &output)
        }
    }

    private func rendered(
        _ template: Template, _ limit: Int, _ value: (VariableName) -> String?
    ) throws(RenderError) -> [UInt8] {
        var text: [UInt8] = []
        do { try template.render(escaping: .none, into: &text, limit: limit, value: value) } catch {
            throw .missingValue(variable: error.name.text)
        }
        if text.count > limit { throw .headerTooLong(field: "List-Unsubscribe") }
        HeaderText.makeOneLine(&text)
        return text
    }

    /// In angle brackets, with everything escaped that could end them or the field.
    private static func bracketed(_ address: [UInt8]) -> [UInt8] {
        var result: [UInt8] = [0x3C]
        for byte in address {
            if byte > 0x20, byte < 0x7F, !"<>\"\\^`{|}".utf8.contains(byte) {
                result.append(byte)
            } else {
                result.appendEscaped(byte, mark: 0x25)
            }
        }
        result.append(0x3E)
        return result
    }

    private static func isSecure(_ address: [UInt8]) -> Bool {
        address.prefix(8).map(ASCII.lowercased).starts(with: "https://".utf8)
    }

    private static func isWebAddress(_ address: [UInt8]) -> Bool {
        isSecure(address) || address.prefix(7).map(ASCII.lowercased).starts(with: "http://".utf8)
    }
}
