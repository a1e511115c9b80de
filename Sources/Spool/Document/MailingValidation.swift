public import SpoolMail
public import SpoolSystem

/// The judgement of a document: a mailing that can be sent, or everything that is wrong with it.
///
/// The recipients are judged by ``RecipientList``, as that takes longer.
public struct MailingValidation: Sendable {
    /// The mailing, or the problems that stop it.
    public let outcome: Result<Mailing, Problems>
    /// What should be known and stops nothing.
    public let warnings: [Problem]
    /// The files that the document names, those missing included: when one changes, the judgement is void.
    public let files: [ReferredFile]

    /// Judges a document.
    ///
    /// - Parameters:
    ///   - reading: the document, as it was read.
    ///   - configuration: gives what the document leaves out.
    ///   - directory: `files/` of the spool.
    ///   - mediaTypes: the types of attachments that do not name their own.
    ///   - lookUp: gives a time zone by its name.
    public init(
        _ reading: DocumentReading, configuration: Configuration, files directory: Directory,
        mediaTypes: MediaTypes = .builtIn, lookUp: TimeZoneLookup
    ) {
        var validator = MailingValidator(reading, configuration, directory, mediaTypes)
        let mailing = validator.mailing(lookUp: lookUp)
        outcome =
            if let mailing, validator.reader.problems.isEmpty {
                .success(mailing)
            } else {
                .failure(Problems(validator.reader.problems.inOrderOfLines))
            }
        warnings = validator.warnings
        files = validator.files
    }
}

extension [Problem] {
    /// As somebody mends them: from the top of the document to its end.
    fileprivate var inOrderOfLines: [Problem] {
        enumerated().sorted { ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset) }.map(
            \.element)
    }
}

/// Goes through a document key by key.
struct MailingValidator {
    private let document: Document
    private let reading: DocumentReading
    private let configuration: Configuration
    private let directory: Directory
    private let mediaTypes: MediaTypes
    private(set) var reader: SettingReader
    private(set) var warnings: [Problem] = []
    private(set) var files: [ReferredFile] = []

    init(
        _ reading: DocumentReading, _ configuration: Configuration, _ directory: Directory,
        _ mediaTypes: MediaTypes
    ) {
        self.reading = reading
        self.configuration = configuration
        self.directory = directory
        self.mediaTypes = mediaTypes
        document = reading.document
        let outline = reading.outline
        reader = SettingReader(reading.problems, lineOfKey: { outline.line(of: $0) })
    }

    /// The mailing, if nothing is wrong; in any case everything that is wrong is found.
    mutating func mailing(lookUp: TimeZoneLookup) -> Mailing? {
        let content = content()
        let timing = timing(lookUp: lookUp)
        let recipients = recipients()
        let reportTo = reader.mailbox("reportTo", document.reportTo) ?? configuration.reportTo
        if document.reportTo != nil {
            reader.fail("reportTo", "is not supported yet", hint: "leave the key out; see spool-status")
        }
        guard let content, let timing, let recipients, reader.problems.isEmpty else { return nil }
        return Mailing(
            content: content, timing: timing, recipients: recipients, reportTo: reportTo,
            lines: KeyLines(reading.outline))
    }

    /// Says that a key is missing, unless it is there with a value of the wrong type, which has been said.
    private mutating func require(_ key: String, _ message: String, hint: String) {
        if reading.rejected.contains(key) { return }
        reader.fail(key, message, hint: hint)
    }

    private func isThere(_ key: String) -> Bool {
        reading.outline.member(key) != nil
    }
}

// MARK: - Content

extension MailingValidator {
    private mutating func content() -> MailingContent? {
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
        let text = body(key: "text", document.text, fileKey: "textFile", document.textFile)
        let html = body(key: "html", document.html, fileKey: "htmlFile", document.htmlFile)
        if !["text", "textFile", "html", "htmlFile"].contains(where: isThere) {
            require(
                "text", "there is no body",
                hint: "write a \"text\", or name a file below files/ in \"textFile\"")
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
                attachments: attachments.map(\.attachment))
            var named = [NamedTemplate(key: "subject", template: subject)]
            named += [text, html].compactMap(\.self)
            named += headers.map { NamedTemplate(key: "headers.\($0.name)", template: $0.value) }
            named += [
                ("listUnsubscribe.url", unsubscribe?.url), ("listUnsubscribe.mailto", unsubscribe?.mailto),
            ].compactMap { key, template in template.map { NamedTemplate(key: key, template: $0) } }
            return MailingContent(
                design: design, returnPath: returnPath, attachments: attachments,
                revision: Self.revision(from, replyTo, returnPath, named, unsubscribe, attachments),
                requiredVariables: Self.required(named))
        } catch {
            fail(error)
            return nil
        }
    }

    private struct NamedTemplate {
        var key: String
        var template: Template
    }

    /// A fault that shows only when all parts are together.
    private mutating func fail(_ error: MessageDesignError) {
        let key =
            switch error {
            case .noBody: "text"
            case .headerName(let name), .headerNotAllowed(let name), .duplicateHeader(let name):
                "headers.\(name)"
            case .headerTooLong(let field):
                switch field {
                case "Subject": "subject"
                case "From": "from"
                case "Reply-To": "replyTo"
                default: "headers.\(field)"
                }
            case .unsubscribeEmpty, .unsubscribeURL, .unsubscribeMailto, .oneClickWithoutURL,
                .oneClickWithoutHTTPS:
                "listUnsubscribe"
            case .attachmentName, .attachmentType, .contentID, .duplicateContentID: "attachments"
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
        if let inline {
            return reader.template(key, inline).map { NamedTemplate(key: key, template: $0) }
        }
        guard let path, let opened = open(fileKey, path) else { return nil }
        let template = reader.read(fileKey, path) { path throws(InvalidSetting) in
            try SettingReader.template(try ReferredFile.text(path, opened.file), place: "files/\(path): ")
        }
        return template.map { NamedTemplate(key: fileKey, template: $0) }
    }

    private mutating func attachments() -> [MailingContent.AttachedFile] {
        (document.attachments ?? []).enumerated().compactMap { index, given in
            let key = "attachments[\(index)]"
            guard let path = given.path else {
                reader.fail(key, "the path is missing", hint: "write \"path\": and a path below files/")
                return nil
            }
            guard let opened = open(key, path) else { return nil }
            let name = given.name ?? path
            let isNameGood =
                reader.read("\(key).name", name) { name throws(InvalidSetting) in
                    try SettingReader.requireOneLine(name)
                } != nil
            let attachment = Attachment(
                name: name, type: given.type ?? mediaTypes.type(ofFile: path), contentID: given.inline)
            guard isNameGood, MessageParts.isGood(key, [], nil, [attachment], &reader) else { return nil }
            return MailingContent.AttachedFile(file: opened.reference, attachment: attachment)
        }
    }

    /// Opens a file that the document names and keeps what it is, or that it is not there.
    private mutating func open(_ key: String, _ path: String) -> (file: File, reference: ReferredFile)? {
        let directory = directory
        let opened = reader.read(key, path) { path throws(InvalidSetting) in
            try ReferredFile.open(path, in: directory)
        }
        let reference = ReferredFile(key: key, path: path, status: opened?.status)
        files.append(reference)
        return opened.map { ($0.file, reference) }
    }

    private static func required(_ templates: [NamedTemplate]) -> [RequiredVariable] {
        var required: [RequiredVariable] = []
        for named in templates {
            for variable in named.template.variables where !variable.hasDefault {
                if required.contains(where: { $0.name == variable.name }) { continue }
                required.append(RequiredVariable(name: variable.name, key: named.key))
            }
        }
        return required
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

// MARK: - Timing and recipients

extension MailingValidator {
    private mutating func timing(lookUp: TimeZoneLookup) -> MailingTiming? {
        let zone = reader.read("timeZone", document.timeZone, lookUp) ?? configuration.zone
        let sendAt = time("sendAt", document.sendAt, zone)
        let sendUntil = time("sendUntil", document.sendUntil, zone)
        if document.sendUntil == "now" {
            reader.fail("sendUntil", "is now, so that nobody would be mailed", hint: "write a later time")
        }
        if let sendAt, let sendUntil, sendUntil <= sendAt {
            reader.fail(
                "sendUntil", "is not after sendAt, so that nobody would be mailed", hint: "write a later time"
            )
        }
        let window = reader.window("window", document.window)
        let rate = reader.read("rate", document.rate) { text throws(InvalidSetting) in try Rate(text) }
        var attempts = configuration.attempts
        let giveUpAfter = reader.read("giveUpAfter", document.giveUpAfter) { text throws(InvalidSetting) in
            try Interval(text)
        }
        if let giveUpAfter { attempts.giveUpAfter = giveUpAfter }
        guard reader.problems.isEmpty else { return nil }
        return MailingTiming(
            sendAt: sendAt,
            policy: MailingPolicy(
                window: window.map(\.hours) ?? configuration.window, zone: zone, rate: rate,
                sendUntil: sendUntil),
            attempts: attempts)
    }

    private mutating func time(_ key: String, _ text: String?, _ zone: TimeZoneRules) -> Timestamp? {
        let time = reader.read(key, text) { text throws(InvalidSetting) in try SendTime(text) }
        guard let (moment, adjustment) = time?.resolve(in: zone) else { return nil }
        func warn(_ message: String, _ hint: String) {
            warnings.append(
                Problem(key: key, line: reading.outline.line(of: key), message: message, hint: hint))
        }
        switch adjustment {
        case .none: break
        case .repeatedHour:
            warn(
                "the clocks show this time twice; the first is taken", "write it with its offset to be exact")
        case .missingHour:
            warn(
                "the clocks skip this time; the moment of the change is taken",
                "write it with its offset to be exact")
        }
        return moment
    }

    private mutating func recipients() -> MailingRecipients? {
        if !isThere("recipients"), !isThere("recipientsFile") {
            require(
                "recipients", "the key is missing",
                hint:
                    "write \"recipients\": [\"anna@example.org\"], or name a list below files/ in \"recipientsFile\""
            )
        }
        guard let path = document.recipientsFile else {
            return reading.inlineRecipients.map { MailingRecipients(inline: $0, file: nil, kind: nil) }
        }
        let opened = open("recipientsFile", path)
        guard let kind = ListKind(fileName: path) else {
            reader.fail(
                "recipientsFile", "\(SettingReader.quoted(path)) is not named like a list",
                hint: "lists end in .csv, .jsonl, .ndjson or .txt; spreadsheets are saved as CSV")
            return nil
        }
        return opened.map {
            MailingRecipients(inline: reading.inlineRecipients, file: $0.reference, kind: kind)
        }
    }
}
