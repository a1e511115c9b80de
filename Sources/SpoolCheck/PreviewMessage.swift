import SpoolMail
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem
internal import SpoolTransport

/// The message that one recipient will get, byte for byte.
enum PreviewMessage {
    /// Stands for the mailing in the Message-ID as long as it has not begun: its own is made when it begins.
    static let unbegun = "preview"

    /// The Message-ID of a recipient: that of the mailing's journal if it has begun.
    static func messageID(of recipient: Recipient, in mailing: Mailing, history: MailingHistory?) -> String {
        let own = history.map(\.mailing) ?? ""
        return MessageID.make(
            mailing: own.isEmpty ? unbegun : own, address: recipient.address.normalized,
            domain: mailing.content.design.from.address.domain)
    }

    /// The bytes that a tick would hand over at this moment.
    static func bytes(
        to recipient: Recipient, of mailing: Mailing, history: MailingHistory?, files: Directory,
        at now: Timestamp
    ) throws -> [UInt8] {
        let message = try mailing.render(
            recipient, messageID: messageID(of: recipient, in: mailing, history: history), at: now)
        return try EncodedAttachments(mailing, files).bytes(of: message)
    }
}
