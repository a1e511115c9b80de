internal import SpoolConsole
import SpoolMail
internal import SpoolMailing
internal import SpoolSchedule

/// What mail systems and readers take amiss. It forbids nothing.
enum Deliverability {
    /// So many recipients can do without a way to unsubscribe.
    static let unsubscribeLimit = 100

    /// The warnings about a mailing, of which every message has been rendered.
    ///
    /// - Parameter fields: what the list calls its fields.
    static func warnings(
        about mailing: Mailing, written: Document, defaults: Configuration.Defaults,
        findings: MessageSurvey.Findings, fields: [String]
    ) -> [Diagnostic] {
        var collector = Collector(mailing: mailing)
        addSubject(findings, to: &collector)
        addPlaceholders(fields, to: &collector)
        addSender(to: &collector)
        addHTML(written, to: &collector)
        if findings.messages > unsubscribeLimit, !hasUnsubscribe(written, defaults) {
            collector.warn(
                "listUnsubscribe",
                "\(HumanNumber.text(findings.messages)) recipients have no way to unsubscribe",
                "write a \"listUnsubscribe\"; large mail systems turn such mailings away")
        }
        if let first = findings.oversized.first, let largest = findings.largest {
            collector.warn(
                mailing.content.attachments.isEmpty ? mailing.bodyKey : "attachments",
                "\(HumanNumber.counted(findings.oversized.count, "message is", "messages are")) larger than "
                    + "\(HumanNumber.size(MessageSurvey.sizeLimit)) (first: \(first); "
                    + "the largest has \(HumanNumber.size(largest.bytes)))",
                "many mail systems refuse that; put large files on the web and link to them")
        }
        return collector.warnings
    }

    struct Collector {
        let mailing: Mailing
        private(set) var warnings: [Diagnostic] = []

        init(mailing: Mailing) {
            self.mailing = mailing
        }

        mutating func warn(_ key: String, _ message: String, _ hint: String) {
            warnings.append(
                Diagnostic(key: key, line: mailing.line(ofKey: key), message: message, hint: hint))
        }
    }

    private static func addSubject(_ findings: MessageSurvey.Findings, to collector: inout Collector) {
        if let reference = HTMLEntities.firstReference(in: collector.mailing.content.design.subject) {
            collector.warn(
                "subject", "a subject is no HTML: \(reference) is shown as it stands",
                "write the character itself")
        }
        guard let first = findings.longSubjects.first else { return }
        let who = HumanNumber.counted(findings.longSubjects.count, "recipient gets", "recipients get")
        collector.warn(
            "subject",
            "\(who) a subject of more than \(MessageSurvey.subjectLimit) characters (first: \(first))",
            "shorten it; readers show 40 to 70 of them")
    }

    /// SPF looks at the domain of the return path, and DMARC asks whether it is that of `from`; one below the other
    /// will do (RFC 7489, 3.1.2).
    private static func addSender(to collector: inout Collector) {
        let from = collector.mailing.content.design.from.address.domain
        let returnPath = collector.mailing.content.returnPath.domain
        if from == returnPath || from.hasSuffix("." + returnPath) || returnPath.hasSuffix("." + from) {
            return
        }
        let isWritten = collector.mailing.line(ofKey: "returnPath") != nil
        collector.warn(
            isWritten ? "returnPath" : "from",
            "the domain of from (\(from)) is another than that of the return path (\(returnPath))",
            "take both from one domain, else receivers doubt that the mail is yours (DMARC)")
    }

    private static func addHTML(_ written: Document, to collector: inout Collector) {
        let design = collector.mailing.content.design
        guard let html = design.html else { return }
        let key = collector.mailing.bodyKey
        let found = HTMLFindings(in: html)
        if written.text == nil, written.textFile == nil {
            if design.text == nil {
                collector.warn(
                    key, "there is no text part, and the HTML holds no text to derive one from",
                    "write a \"text\" for those who see no pictures; filters take pictures alone for spam")
            } else {
                collector.warn(
                    key, "there is no text part of your own; one is derived from the HTML",
                    "look at it with --preview, or write a \"text\"")
            }
        }
        addTags(found, key, to: &collector)
        let inline = Set(design.attachments.compactMap(\.contentID))
        for missing in found.contentIDs.subtracting(inline).sorted() {
            collector.warn(
                key, "the HTML shows cid:\(missing), and no attachment is named so",
                "write {\"path\": \"…\", \"inline\": \"\(missing)\"} in attachments")
        }
        for unused in inline.subtracting(found.contentIDs).sorted() {
            collector.warn(
                "attachments", "the inline attachment \(unused) is not shown in the HTML",
                "write <img src=\"cid:\(unused)\" alt=\"…\">, or leave inline out")
        }
    }

    private static func hasUnsubscribe(_ written: Document, _ defaults: Configuration.Defaults) -> Bool {
        let headers = written.headers.map { Array($0.keys) } ?? defaults.headers.map { $0.map(\.name) } ?? []
        return written.listUnsubscribe != nil || defaults.listUnsubscribe != nil
            || headers.contains { $0.lowercased() == "list-unsubscribe" }
    }
}
