/// A text or HTML body; one that is the same for everyone is encoded once.
struct BodyPlan: Sendable {
    private enum Content {
        case fixed(EncodedBody)
        case personal(Template)
    }

    struct EncodedBody: Sendable {
        let encoding: TransferEncoding
        let bytes: [UInt8]

        init(_ text: consuming [UInt8]) {
            var bytes = text
            TransferEncoding.canonicalize(&bytes)
            encoding = TransferEncoding.encode(&bytes)
            self.bytes = bytes
        }
    }

    private let type: StaticString
    private let escaping: Template.Escaping
    private let content: Content

    init(text: Template) {
        self.init(text, type: "text/plain; charset=utf-8", escaping: .none)
    }

    init(html: Template) {
        self.init(html, type: "text/html; charset=utf-8", escaping: .html)
    }

    private init(_ template: Template, type: StaticString, escaping: Template.Escaping) {
        self.type = type
        self.escaping = escaping
        var bytes: [UInt8] = []
        if template.isConstant,
            (try? template.render(escaping: escaping, into: &bytes, value: { _ in nil })) != nil
        {
            content = .fixed(EncodedBody(bytes))
        } else {
            content = .personal(template)
        }
    }

    /// Appends the part, from its Content-Type to its last line.
    ///
    /// - Parameter limit: a text of more bytes is broken off.
    func append(
        to output: inout [UInt8], limit: Int, value: (VariableName) -> String?
    ) throws(RenderError) {
        switch content {
        case .fixed(let body): append(body, to: &output)
        case .personal(let template):
            var text: [UInt8] = []
            do { try template.render(escaping: escaping, into: &text, limit: limit, value: value) } catch {
                throw .missingValue(variable: error.name.text)
            }
            if text.count > limit { throw .tooLarge }
            append(EncodedBody(text), to: &output)
        }
    }

    private func append(_ body: EncodedBody, to output: inout [UInt8]) {
        output.append(contentsOf: "Content-Type: ".utf8)
        type.withUTF8Buffer { output.append(contentsOf: $0) }
        output.append(contentsOf: "\nContent-Transfer-Encoding: ".utf8)
        output.append(contentsOf: body.encoding.rawValue.utf8)
        output.append(contentsOf: "\n\n".utf8)
        output.append(contentsOf: body.bytes)
    }
}
