internal import SpoolMail

/// A header field of a mailing's own, personalised.
package struct HeaderTemplate: Equatable, Sendable {
    /// The name of the field.
    package let name: String
    /// What stands behind the colon.
    let value: Template
}

/// Asks the mail room about single parts of a message, so that each mistake is found with its key, where the whole
/// design would stop at the first.
enum MessageParts {
    /// Whether a message with these parts, and otherwise without fault, could be made; says why not.
    static func isGood(
        _ key: String, _ headers: [HeaderTemplate], _ unsubscribe: ListUnsubscribe?,
        _ attachments: [AttachedFile],
        _ reader: inout SettingReader
    ) -> Bool {
        guard let from = try? Mailbox("a@example.org") else { return true }
        do throws(MessageDesignError) {
            _ = try MessageDesign(
                from: from, subject: Template(literal: "x"), text: Template(literal: "x"), html: nil,
                headers: headers.map { ($0.name, $0.value) }, listUnsubscribe: unsubscribe,
                attachments: attachments)
            return true
        } catch {
            reader.fail(key, error.description, hint: hint(error))
            return false
        }
    }

    /// What to do about a fault of the design.
    static func hint(_ error: MessageDesignError) -> String {
        switch error {
        case .noBody: "write a text, textFile, html or htmlFile"
        case .headerName: "use letters, digits and hyphens"
        case .headerNotAllowed: "remove it; the sender, subject and reply address have keys of their own"
        case .duplicateHeader: "remove one of the two"
        case .headerTooLong: "shorten it"
        case .unsubscribeEmpty: "write a url, a mailto, or both"
        case .unsubscribeURL: "begin it with https://"
        case .unsubscribeMailto: "write an address like leave@example.org"
        case .oneClickWithoutURL: "write the url that takes the POST, or remove oneClick"
        case .oneClickWithoutHTTPS: "begin the url with https://, or remove oneClick"
        case .attachmentName: "give it a shorter name"
        case .attachmentType: "write it like application/pdf, or leave the type out"
        case .attachmentTypeNotSent:
            "leave the type out, or write application/octet-stream: a message must be plain text to be sent as one"
        case .attachmentWithoutName: "write a name such as minutes.pdf, or leave it out"
        case .contentID: "use letters, digits, dots and hyphens"
        case .duplicateContentID: "give one of them another inline name"
        }
    }
}

extension SettingReader {
    /// `reportTo`: a mailbox that fits into a header field.
    mutating func reportTo(_ text: String?) -> Mailbox? {
        guard let mailbox = mailbox("reportTo", text) else { return nil }
        do throws(MessageDesignError) {
            _ = try MessageDesign(
                from: mailbox, subject: Template(literal: "x"), text: Template(literal: "x"), html: nil)
            return mailbox
        } catch {
            fail("reportTo", "is too long for a header field", hint: "shorten the name")
            return nil
        }
    }
}
