/// Everything about a mailing's messages that is the same for all recipients, prepared once.
package struct MessageDesign: Sendable {
    /// The sender that readers see.
    package let from: Mailbox
    /// The subject.
    package let subject: Template
    /// The files that go along, in the order by which segments refer to them.
    package let attachments: [AttachedFile]
    /// The plain text: the mailing's own, or the one derived from the HTML; `nil` if nothing is to be read there.
    package let text: Template?
    /// The HTML.
    package let html: Template?

    private let requiredVariables: [VariableName]
    private let fromField: [UInt8]
    private let headers: HeaderPlan
    private let parts: PartTree
    private let size: MessageSize

    /// Puts a design together; what cannot become a message is refused here.
    ///
    /// With HTML and no text a text is derived. `headers` are further fields, in their order.
    ///
    /// - Parameters:
    ///   - filesSize: how many bytes the attachments come to in their encoding.
    ///   - sizeLimit: no message may have more bytes.
    package init(
        from: Mailbox, replyTo: [Mailbox] = [], subject: Template, text: Template?, html: Template?,
        headers: [(name: String, value: Template)] = [], listUnsubscribe: ListUnsubscribe? = nil,
        attachments: [AttachedFile] = [], filesSize: Int = 0, sizeLimit: Int = .max
    ) throws(MessageDesignError) {
        guard text != nil || html != nil else { throw .noBody }
        try HeaderPlan.checkNames(headers.map(\.name) + (listUnsubscribe?.fieldNames ?? []))
        try listUnsubscribe?.check()
        try MessageDesign.check(attachments)

        self.from = from
        self.subject = subject
        self.attachments = attachments
        self.html = html
        self.text = text ?? html.flatMap(MessageDesign.derivedText)

        let own =
            [subject] + headers.map(\.value) + (listUnsubscribe?.templates ?? [])
            + [text, html].compactMap(\.self)
        let variables = own.flatMap(\.variables)
        var seen: Set<VariableName> = []
        requiredVariables = variables.filter { !$0.hasDefault && seen.insert($0.name).inserted }.map(\.name)

        var bytes: [UInt8] = []
        do { try HeaderField.appendMailboxes("From", [from], to: &bytes) } catch {
            throw .headerTooLong(field: error.name)
        }
        fromField = bytes
        self.headers = try HeaderPlan(replyTo: replyTo, headers: headers, listUnsubscribe: listUnsubscribe)
        parts = PartTree(
            text: self.text.map(BodyPlan.init(text:)), html: html.map(BodyPlan.init(html:)),
            files: attachments)
        size = MessageSize(
            limit: sizeLimit, files: filesSize, text: self.text, html: html,
            parts: 2 + attachments.count, fields: 8 + headers.count)
        if subject.isConstant {
            do {
                try HeaderPlan.appendText(
                    "Subject", subject, prefix: "", to: &bytes, limit: .max
                ) { _ in nil }
            } catch {
                throw .headerTooLong(field: "Subject")
            }
        }
    }

    /// Renders the message to one recipient.
    ///
    /// - Parameters:
    ///   - messageID: the Message-ID, with or without its angle brackets.
    ///   - date: the date as RFC 5322 writes it (3.3).
    ///   - subjectPrefix: goes before the subject, as `[test] ` does.
    ///   - value: the value of a field of the recipient; `address` and `name` need not be known to it.
    package func render(
        to recipient: Mailbox, messageID: String, date: String, subjectPrefix: String = "",
        value: (VariableName) -> String?
    ) throws(RenderError) -> RenderedMessage {
        let id = MessageDesign.token(messageID, keepingBlanks: false)
        return try render(
            to: recipient, id: id, date: MessageDesign.token(date, keepingBlanks: true),
            seed: MessageDesign.seed(id), subjectPrefix: subjectPrefix, value: value)
    }

    private func render(
        to recipient: Mailbox, id: String, date: String, seed: String, subjectPrefix: String,
        value: (VariableName) -> String?
    ) throws(RenderError) -> RenderedMessage {
        func lookUp(_ name: VariableName) -> String? { MessageDesign.value(of: name, recipient, value) }
        var message = MessageBytes()
        message.bytes.reserveCapacity(4096)
        message.bytes.append(contentsOf: fromField)
        try MessageDesign.appendTo(recipient, &message.bytes)
        try HeaderPlan.appendText(
            "Subject", subject, prefix: subjectPrefix, to: &message.bytes, limit: size.limit, value: lookUp)
        HeaderField.appendPlain("Date", date, to: &message.bytes)
        HeaderField.appendPlain("Message-ID", "<\(id)>", to: &message.bytes)
        try headers.append(to: &message.bytes, limit: size.limit, value: lookUp)
        try parts.append(to: &message, seed: seed, limit: size.limit, value: lookUp)
        let rendered = message.finish()
        if rendered.ownCount > size.limit - size.files { throw .tooLarge }
        return rendered
    }

    /// What would keep a recipient's message from being rendered, found without rendering its bodies, unless its size
    /// is so near the limit that their encoding decides.
    ///
    /// - Parameter longestValue: no value has more bytes.
    package func problems(
        for recipient: Mailbox, longestValue: Int = .max, value: (VariableName) -> String?
    ) -> [RenderError] {
        func lookUp(_ name: VariableName) -> String? { MessageDesign.value(of: name, recipient, value) }
        var problems: [RenderError] = []
        for name in requiredVariables where lookUp(name)?.isEmpty ?? true {
            problems.append(.missingValue(variable: name.text))
        }
        guard problems.isEmpty else { return problems }
        var bytes: [UInt8] = []
        do throws(RenderError) {
            if let name = recipient.name, name.utf8.count > 200 {
                try MessageDesign.appendTo(recipient, &bytes)
            }
            if !subject.isConstant {
                try HeaderPlan.appendText(
                    "Subject", subject, prefix: "", to: &bytes, limit: size.limit, value: lookUp)
            }
            try headers.appendPersonal(to: &bytes, limit: size.limit, value: lookUp)
            if try !fits(recipient, longestValue: longestValue, value: value) { throw .tooLarge }
        } catch {
            problems.append(error)
        }
        return problems
    }

    /// Whether the message to a recipient is no larger than it may be.
    private func fits(
        _ recipient: Mailbox, longestValue: Int, value: (VariableName) -> String?
    ) throws(RenderError) -> Bool {
        if size.fits(longestValue: longestValue) { return true }
        let verdict = size.verdict { MessageDesign.value(of: $0, recipient, value) }
        if let verdict { return verdict }
        do throws(RenderError) {
            // As long as one to anybody: what differs but in its letters is the Message-ID and the boundaries.
            _ = try render(
                to: recipient, id: String(repeating: "x", count: 34) + "@" + from.address.domain,
                date: "Tue, 24 Nov 2026 18:00:00 +0000", seed: String(repeating: "z", count: 13),
                subjectPrefix: "", value: value)
            return true
        } catch .tooLarge {
            return false
        }
    }

    private static func value(
        of name: VariableName, _ recipient: Mailbox, _ value: (VariableName) -> String?
    ) -> String? {
        switch name.text {
        case "address": recipient.address.description
        case "name": recipient.name ?? value(name)
        default: value(name)
        }
    }

    private static func appendTo(_ recipient: Mailbox, _ output: inout [UInt8]) throws(RenderError) {
        do { try HeaderField.appendMailboxes("To", [recipient], to: &output) } catch {
            throw .headerTooLong(field: error.name)
        }
    }

    private static func derivedText(_ html: Template) -> Template? {
        let text = HTMLText.plainText(from: html)
        return text.parts.isEmpty ? nil : text
    }

    private static func check(_ attachments: [AttachedFile]) throws(MessageDesignError) {
        var contentIDs: Set<String> = []
        for attachment in attachments {
            try attachment.check()
            if let id = attachment.contentID, !contentIDs.insert(id).inserted {
                throw .duplicateContentID(id)
            }
        }
    }

    /// A value of our own making, without anything that could leave its line.
    private static func token(_ text: String, keepingBlanks: Bool) -> String {
        let lowest: UInt8 = keepingBlanks ? 0x20 : 0x21
        let bytes = text.utf8.filter { $0 >= lowest && $0 < 0x7F && $0 != 0x3C && $0 != 0x3E }
        return String(decoding: bytes.prefix(900), as: UTF8.self)
    }

    /// FNV-1a of the Message-ID: boundaries differ between messages and not between attempts.
    private static func seed(_ messageID: String) -> String {
        var hash = FNV1a<UInt64>()
        hash.add(messageID.utf8)
        return String(hash.value, radix: 36)
    }
}
