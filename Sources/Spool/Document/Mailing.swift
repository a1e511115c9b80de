public import SpoolMail

/// A mailing without fault: what is sent, when, and to whom.
///
/// Only ``MailingValidation`` makes one, so that what has not been validated cannot be delivered.
public struct Mailing: Sendable {
    /// The message that each recipient gets.
    public let content: MailingContent
    /// When and how fast.
    public let timing: MailingTiming
    /// Where the recipients are listed.
    public let recipients: MailingRecipients
    /// Who gets a report when the mailing has finished.
    public let reportTo: Mailbox?
    /// `timeZone`, as the document has it.
    public let zoneName: String?
    let lines: KeyLines

    /// The line of the document that a key stands on.
    public func line(ofKey key: String) -> Int? {
        lines.line(of: key)
    }
}

/// Everything that shapes what a recipient gets.
public struct MailingContent: Sendable {
    /// A file that goes along: where it is, and how the message names it.
    public struct AttachedFile: Equatable, Sendable {
        /// Where it is, and what it was when the document was validated.
        public let file: ReferredFile
        /// How the message names it.
        public let attachment: SpoolMail.AttachedFile
    }

    /// The messages, prepared.
    public let design: MessageDesign
    /// The address that bounces go to.
    public let returnPath: EmailAddress
    /// The files of `design.attachments`, in the same order.
    public let attachments: [AttachedFile]
    /// A hash of all of this, sixteen hexadecimal digits: the same for the same content, everywhere and always.
    ///
    /// Attachments count by their path, size and modification time.
    public let revision: String
    /// The variables that every recipient needs a value for.
    let requiredVariables: [RequiredVariable]
}

/// When and how fast a mailing is delivered.
public struct MailingTiming: Sendable {
    /// `sendAt`: not before this moment; `nil` for at once.
    public let sendAt: Timestamp?
    /// Window, zone, rate and `sendUntil`.
    public let policy: MailingPolicy
    /// How deferred recipients are tried again.
    public let attempts: AttemptPolicy
}

/// Where a mailing's recipients are listed: in the document, in a file, or in both.
public struct MailingRecipients: Sendable {
    /// `recipients`
    public let inline: InlineRecipients?
    /// `recipientsFile`
    public let file: ReferredFile?
    /// How the file is written.
    public let kind: ListKind?
}

/// A variable without default, and a key in which it stands.
struct RequiredVariable: Equatable, Sendable {
    var name: String
    var key: String

    /// What is to be said if a recipient has no value for it.
    func complaints(about recipient: Recipient) -> [RecipientComplaint] {
        if recipient.hasValue(of: name) { return [] }
        return [
            RecipientComplaint(
                key: key, one: "has no value for {{ \(name) }}", many: "have no value for {{ \(name) }}",
                hint: "give a default: {{ \(name) | default: \"…\" }}, or complete the list", variable: name)
        ]
    }
}

/// The lines of a document's keys.
struct KeyLines: Sendable {
    private let outline: JSONOutline

    init(_ outline: JSONOutline) {
        self.outline = outline
    }

    func line(of key: String) -> Int? {
        outline.line(of: key)
    }
}
