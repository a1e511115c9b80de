/// The header fields from Reply-To to List-Unsubscribe-Post: those that are the same for everyone are
/// rendered once.
struct HeaderPlan: Sendable {
    private enum Step {
        case fixed([UInt8])
        case text(name: String, Template)
        case unsubscribe(ListUnsubscribe)
    }

    private var steps: [Step] = []

    init(
        replyTo: [Mailbox], headers: [(name: String, value: Template)], listUnsubscribe: ListUnsubscribe?
    ) throws(MessageDesignError) {
        var fixed: [UInt8] = []
        do {
            if !replyTo.isEmpty { try HeaderField.appendMailboxes("Reply-To", replyTo, to: &fixed) }
        } catch {
            throw .headerTooLong(field: error.name)
        }
        HeaderField.appendPlain("MIME-Version", "1.0", to: &fixed)
        steps = [.fixed(fixed)]
        for (name, value) in headers { try add(.text(name: name, value), isConstant: value.isConstant) }
        if !headers.contains(where: { ASCII.equalIgnoringCase($0.name, "Precedence") }) {
            var precedence: [UInt8] = []
            HeaderField.appendPlain("Precedence", "bulk", to: &precedence)
            steps.append(.fixed(precedence))
        }
        if let listUnsubscribe {
            let isConstant = listUnsubscribe.templates.allSatisfy(\.isConstant)
            try add(.unsubscribe(listUnsubscribe), isConstant: isConstant)
        }
    }

    /// Appends all of the fields.
    ///
    /// - Parameter limit: a text of more bytes is broken off.
    func append(
        to output: inout [UInt8], limit: Int, value: (VariableName) -> String?
    ) throws(RenderError) {
        for step in steps { try HeaderPlan.append(step, to: &output, limit: limit, value: value) }
    }

    /// Appends only the fields that differ between recipients.
    func appendPersonal(
        to output: inout [UInt8], limit: Int, value: (VariableName) -> String?
    ) throws(RenderError) {
        for step in steps {
            if case .fixed = step { continue }
            try HeaderPlan.append(step, to: &output, limit: limit, value: value)
        }
    }

    private mutating func add(_ step: Step, isConstant: Bool) throws(MessageDesignError) {
        guard isConstant else {
            steps.append(step)
            return
        }
        var bytes: [UInt8] = []
        do { try HeaderPlan.append(step, to: &bytes, limit: .max) { _ in nil } } catch {
            switch error {
            case .headerTooLong(let field): throw .headerTooLong(field: field)
            case .oneClickWithoutHTTPS: throw .oneClickWithoutHTTPS
            case .unsubscribeURL, .missingValue, .tooLarge: throw .unsubscribeURL
            }
        }
        steps.append(.fixed(bytes))
    }

    private static func append(
        _ step: Step, to output: inout [UInt8], limit: Int, value: (VariableName) -> String?
    ) throws(RenderError) {
        switch step {
        case .fixed(let bytes): output.append(contentsOf: bytes)
        case .text(let name, let template):
            try appendText(name, template, prefix: "", to: &output, limit: limit, value: value)
        case .unsubscribe(let listUnsubscribe):
            try listUnsubscribe.append(to: &output, limit: limit, value: value)
        }
    }

    /// Renders a field of free text for one recipient.
    static func appendText(
        _ name: String, _ template: Template, prefix: String, to output: inout [UInt8], limit: Int,
        value: (VariableName) -> String?
    ) throws(RenderError) {
        var text = Array(prefix.utf8)
        do { try template.render(escaping: .none, into: &text, limit: limit, value: value) } catch {
            throw .missingValue(variable: error.name.text)
        }
        if text.count > limit { throw .headerTooLong(field: name) }
        do { try HeaderField.appendGiven(name, text, to: &output) } catch {
            throw .headerTooLong(field: error.name)
        }
    }

    /// Checks the names that a mailing brings along (RFC 5322, 3.6.8, and the fields that are not its own).
    static func checkNames(_ names: [String]) throws(MessageDesignError) {
        var seen: Set<String> = []
        for name in names {
            guard !name.isEmpty, name.utf8.count <= 70,
                name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x3A })
            else { throw .headerName(name) }
            let key = name.lowercased()
            guard !reserved.contains(key), !key.hasPrefix("content-"), !key.hasPrefix("resent-") else {
                throw .headerNotAllowed(name)
            }
            guard seen.insert(key).inserted else { throw .duplicateHeader(name) }
        }
    }

    private static let reserved: Set<String> = [
        "from", "to", "cc", "bcc", "subject", "date", "message-id", "reply-to", "return-path", "received",
        "mime-version",
    ]
}
