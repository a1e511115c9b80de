package import SpoolMail
package import SpoolSchedule

/// A mailing without fault: what is sent, when, and to whom.
///
/// Only ``MailingValidation`` makes one, so that what has not been validated cannot be delivered.
package struct Mailing: Sendable {
    /// The message that each recipient gets.
    package let content: MailingContent
    /// When and how fast.
    package let timing: MailingTiming
    /// Where the recipients are listed.
    package let recipients: MailingRecipients
    /// Who gets a report when the mailing has finished.
    package let reportTo: Mailbox?
    /// `timeZone`, as the document has it.
    package let zoneName: String?
    let outline: JSONOutline
    /// What no message may be larger than.
    let largestMessage: ByteCount

    /// The line of the document that a key stands on.
    package func line(ofKey key: String) -> Int? {
        outline.line(of: key)
    }

    /// The key of the body that counts most: of the HTML, if there is one.
    package var bodyKey: String {
        ["htmlFile", "html", "textFile"].first { outline.member($0) != nil } ?? "text"
    }

    /// What is to be said of those whose message is larger than a message may be.
    package var tooLarge: RecipientDiagnostic {
        let what = "a message of more than \(largestMessage.text)"
        return RecipientDiagnostic(
            key: bodyKey, one: "has \(what)", many: "have \(what)",
            hint:
                "shorten the body and the values in the list, or put what is large on the web and link to it; "
                + "delivery.largestMessage in config.json sets the limit")
    }
}

/// Everything that shapes what a recipient gets.
package struct MailingContent: Sendable {
    /// A file that goes along: where it is, and how the message names it.
    package struct AttachedFile: Equatable, Sendable {
        /// Where it is, and what it was when the document was validated.
        package let file: ReferredFile
        /// How the message names it.
        package let attachment: SpoolMail.AttachedFile
    }

    /// The messages, prepared.
    package let design: MessageDesign
    /// The address that bounces go to.
    package let returnPath: EmailAddress
    /// The files of `design.attachments`, in the same order.
    package let attachments: [AttachedFile]
    /// A hash of all of this, sixteen hexadecimal digits: the same for the same content, everywhere and always.
    ///
    /// Attachments count by their path, size and modification time.
    package let revision: String
    /// The part of it that makes one issue another than the last.
    package let wording: MailingWording
    /// Everything that is personalised, as it was written, with its keys.
    package let templates: [NamedTemplate]
    /// What the templates ask of the list.
    let variables: UsedVariables
}

/// What a mailing says, as far as it makes one issue another than the last: hashes of the subject and of the bodies as
/// they are written, sixteen hexadecimal digits each.
package struct MailingWording: Equatable, Sendable {
    package let subject: String
    package let bodies: String

    /// Takes hashes that were written down.
    package init(subject: String, bodies: String) {
        (self.subject, self.bodies) = (subject, bodies)
    }

    init(subject: Template, text: Template?, html: Template?) {
        var (line, bodies) = (ContentHash(), ContentHash())
        line.add(subject.source)
        for body in [text, html] {
            bodies.add(body == nil ? 0 : 1)
            bodies.add(body?.source ?? "")
        }
        self.init(subject: line.text, bodies: bodies.text)
    }
}

/// When and how fast a mailing is delivered.
package struct MailingTiming: Sendable {
    /// `sendAt`: not before this moment; `nil` for at once.
    package let sendAt: Timestamp?
    /// Window, zone, rate and `sendUntil`.
    package let policy: MailingPolicy
    /// How deferred recipients are tried again.
    package let attempts: AttemptPolicy
}

/// Where a mailing's recipients are listed: in the document, in a file, or in both.
package struct MailingRecipients: Sendable {
    /// `recipients`
    package let inline: InlineRecipients?
    /// `recipientsFile`
    package let file: ReferredFile?
    /// How the file is written.
    let kind: ListKind?
}
