internal import SpoolMail
internal import SpoolSchedule
internal import SpoolSystem

extension MailingValidator {
    mutating func content() -> MailingContent? {
        let subject = subject()
        let from =
            reader.mailbox("from", document.from) ?? (isThere("from") ? nil : configuration.defaults.from)
        if from == nil, !isThere("from") {
            require("from", "the key is missing", hint: "write \"from\": \"Name <address@example.org>\"")
        }
        let replyTo = reader.mailboxes("replyTo", document.replyTo) ?? configuration.defaults.replyTo ?? []
        let returnPath =
            reader.address("returnPath", document.returnPath) ?? configuration.defaults.returnPath
            ?? from?.address
        var text = body(key: "text", document.text, fileKey: "textFile", document.textFile)
        let html = body(key: "html", document.html, fileKey: "htmlFile", document.htmlFile)
        if !["text", "textFile", "html", "htmlFile"].contains(where: isThere) {
            require(
                "text", "there is no body",
                hint: "write a \"text\", or name a file below files/ in \"textFile\"")
        }
        // An empty text beside HTML is none, and is derived like one that is not there.
        if html != nil, text?.template.isBlank == true { text = nil }
        for body in [text, html].compactMap(\.self) where body.template.isBlank {
            reader.fail(body.key, "the body is empty", hint: "write what recipients are to read")
        }
        let headers = reader.headers("headers", document.headers) ?? configuration.defaults.headers ?? []
        let unsubscribe =
            reader.unsubscribe("listUnsubscribe", document.listUnsubscribe)
            ?? configuration.defaults.listUnsubscribe
        let attachments = attachments()
        guard reader.problems.isEmpty, let subject, let from, let returnPath else { return nil }
        do throws(MessageDesignError) {
            let design = try MessageDesign(
                from: from, replyTo: replyTo, subject: subject, text: text?.template, html: html?.template,
                headers: headers.map { ($0.name, $0.value) }, listUnsubscribe: unsubscribe,
                attachments: attachments.map(\.attachment), filesSize: encodedSize(attachments),
                sizeLimit: configuration.largestMessage.bytes)
            var named = [NamedTemplate(key: "subject", template: subject)]
            named += [text, html].compactMap(\.self)
            named += headers.map { NamedTemplate(key: "headers.\($0.name)", template: $0.value) }
            named += [
                ("listUnsubscribe.url", unsubscribe?.url), ("listUnsubscribe.mailto", unsubscribe?.mailto),
            ].compactMap { key, template in template.map { NamedTemplate(key: key, template: $0) } }
            return MailingContent(
                design: design, returnPath: returnPath, attachments: attachments,
                revision: Self.revision(from, replyTo, returnPath, named, unsubscribe, attachments),
                wording: MailingWording(subject: subject, text: text?.template, html: html?.template),
                templates: named, variables: UsedVariables(named))
        } catch {
            fail(error)
            return nil
        }
    }

    /// A fault that shows only when all parts are together.
    private mutating func fail(_ error: MessageDesignError) {
        let key =
            switch error {
            case .noBody: "text"
            case .headerName(let name), .headerNotAllowed(let name), .duplicateHeader(let name):
                "headers.\(name)"
            case .headerTooLong(let field):
                HeaderKey.key(ofField: field)
            case .unsubscribeEmpty, .unsubscribeURL, .unsubscribeMailto, .oneClickWithoutURL,
                .oneClickWithoutHTTPS:
                "listUnsubscribe"
            case .attachmentName, .attachmentType, .attachmentTypeNotSent, .attachmentWithoutName, .contentID,
                .duplicateContentID:
                "attachments"
            }
        reader.fail(key, error.description, hint: MessageParts.hint(error))
    }

    private mutating func subject() -> Template? {
        guard let subject = document.subject else {
            require("subject", "the key is missing", hint: "write \"subject\": \"…\"")
            return nil
        }
        if subject.allSatisfy(\.isWhitespace) {
            reader.fail("subject", "is empty", hint: "write what the mailing is about")
        }
        return reader.lineTemplate("subject", subject)
    }

    private mutating func body(
        key: String, _ inline: String?, fileKey: String, _ path: String?
    ) -> NamedTemplate? {
        if inline != nil, path != nil {
            reader.fail(fileKey, "there is a \"\(key)\" too", hint: "remove one of the two")
        }
        if let count = reading.longBodies[key] ?? inline?.utf8.count, isTooLong(count, key) { return nil }
        if let inline {
            return reader.template(key, inline).map { NamedTemplate(key: key, template: $0) }
        }
        guard let path, let opened = open(fileKey, path) else { return nil }
        var failure: SystemError?
        let template = reader.read(fileKey, path) { path throws(Diagnostic) in
            let text = try ReferredFile.text(path, opened.file, failure: &failure)
            return try SettingReader.template(text, place: "files/\(path): ")
        }
        note(failure)
        return template.map { NamedTemplate(key: fileKey, template: $0) }
    }

    /// Whether an inline body has more bytes than it may have; says so.
    private mutating func isTooLong(_ count: Int, _ key: String) -> Bool {
        let largest = configuration.largestMessage
        let limit: String
        if count > largest.bytes {
            limit = "a message may have \(largest.text)"
        } else if count > ReferredFile.textLimit {
            limit = "a body may have \(ByteCount(ReferredFile.textLimit).text)"
        } else {
            return false
        }
        reader.fail(
            key, "the body has \(ByteCount(count).text), and \(limit)",
            hint: "bodies are text; attach what is large, or put it on the web and link to it")
        return true
    }

    /// More files go with no message.
    private static let mostAttachments = 100

    private mutating func attachments() -> [MailingContent.AttachedFile] {
        let given = document.attachments ?? []
        if given.count > Self.mostAttachments {
            reader.fail(
                "attachments",
                "there are \(given.count) of them, and no more than \(Self.mostAttachments) go with a message",
                hint: "put them into one archive, or on the web and link to them")
            return []
        }
        let attachments = attached(given)
        if encodedSize(attachments) > configuration.largestMessage.bytes {
            let size = ByteCount(encodedSize(attachments)).text
            reader.fail(
                "attachments",
                "encoded for mail they have \(size), and a message may have \(configuration.largestMessage.text)",
                hint:
                    "put large files on the web and link to them; delivery.largestMessage in config.json sets the limit"
            )
        }
        return attachments
    }

    /// What attachments come to in their encoding, told by their sizes; those that say more than there is are held to
    /// what a file system can have.
    private func encodedSize(_ attachments: [MailingContent.AttachedFile]) -> Int {
        attachments.reduce(0) { sum, attached in
            sum + Base64Lines.encodedCount(of: Int(min(attached.file.status?.size ?? 0, 1 << 48)))
        }
    }

    private mutating func attached(_ given: [Document.Attachment]) -> [MailingContent.AttachedFile] {
        given.enumerated().compactMap { index, given in
            let key = "attachments[\(index)]"
            guard let path = given.path else {
                reader.fail(key, "the path is missing", hint: "write \"path\": and a path below files/")
                return nil
            }
            guard let opened = open(key, path) else { return nil }
            let name = given.name ?? path
            let isNameGood =
                reader.read("\(key).name", name) { name throws(Diagnostic) -> Void in
                    try SettingReader.requireOneLine(name)
                    try SettingReader.requireFixed(name)
                } != nil
            let derived = mediaTypes.type(ofFile: path)
            let text = text(of: opened, given.type ?? derived, key)
            let type =
                given.type
                ?? (SpoolMail.AttachedFile.canBeSent(as: derived, text) ? derived : MediaTypes.unknown)
            let attachment = SpoolMail.AttachedFile(
                name: name, type: type, contentID: given.inline, content: text)
            guard isNameGood, MessageParts.isGood(key, [], nil, [attachment], &reader) else { return nil }
            return MailingContent.AttachedFile(file: opened.reference, attachment: attachment)
        }
    }

    /// What the content of an attachment says, where that decides how it is sent.
    private mutating func text(
        of opened: (file: File, reference: ReferredFile), _ type: String, _ key: String
    ) -> FileText? {
        guard SpoolMail.AttachedFile.dependsOnContent(type),
            let size = opened.reference.status?.size, size <= FileText.limit
        else { return nil }
        var failure: SystemError?
        defer { note(failure) }
        return reader.read(key, opened.reference.path) { path throws(Diagnostic) in
            do throws(SystemError) {
                return FileText(try opened.file.contents(limit: FileText.limit))
            } catch {
                failure = error
                throw Diagnostic(
                    "files/\(path) cannot be read: \(error.reason)", hint: "see to it that it can")
            }
        }
    }

    private static func revision(
        _ from: Mailbox, _ replyTo: [Mailbox], _ returnPath: EmailAddress, _ templates: [NamedTemplate],
        _ unsubscribe: ListUnsubscribe?, _ attachments: [MailingContent.AttachedFile]
    ) -> String {
        var hash = ContentHash()
        func add(_ mailbox: Mailbox) {
            hash.add(mailbox.name ?? "")
            hash.add(mailbox.address.description)
        }
        add(from)
        hash.add(replyTo.count)
        replyTo.forEach(add)
        hash.add(returnPath.description)
        hash.add(templates.count)
        for named in templates {
            // Whether a body stands in the document or in a file makes no difference to its reader.
            hash.add(named.key.hasSuffix("File") ? String(named.key.dropLast(4)) : named.key)
            hash.add(named.template.source)
        }
        hash.add(unsubscribe?.oneClick == true ? 1 : 0)
        for attached in attachments {
            hash.add(attached.file.path)
            hash.add(Int(attached.file.status?.size ?? 0))
            hash.add(Int(attached.file.status?.modified.seconds ?? 0))
            hash.add(Int(attached.file.status?.modified.nanoseconds ?? 0))
            hash.add(attached.attachment.name)
            hash.add(attached.attachment.type)
            hash.add(attached.attachment.contentID ?? "")
        }
        return hash.text
    }
}
