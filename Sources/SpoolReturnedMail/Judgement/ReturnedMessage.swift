package import SpoolMail
internal import SpoolText

/// A message that lay in the returns, read and judged from its bytes alone; without any check of a token.
///
/// Reading takes time and memory in proportion to the bytes, at most `limit` of them, whatever they hold.
package struct ReturnedMessage {
    /// Of a longer message this much is judged.
    package static let limit = 1 << 20

    /// The kinds of messages, as `--explain` says them.
    package enum Kind: String, Sendable {
        case bounce
        case complaint
        case unsubscribe
        case autoReply = "auto-reply"
        case other
    }

    /// What the message says of one recipient.
    package struct Recipient: Sendable {
        /// In lower case; one that our own grammar refuses is possible.
        package let address: String
        package let action: DeliveryAction
        package let meaning: ReturnClass
        /// As `5.1.1`.
        package let code: String?
        /// As `550`.
        package let reply: String?
        /// What the mail system said, on one line and without control characters.
        package let words: String
        /// Which rule spoke.
        package let rule: String
    }

    package let kind: Kind
    /// Which rule said what the message is.
    package let rule: String
    /// In the order of the message; of a complaint or an unsubscription without codes.
    package let recipients: [Recipient]
    /// The address of the sender, in lower case, and the subject: for a person who looks at what nobody understood.
    package let from: String
    package let subject: String
    /// Words that have the form of a token, in the order in which they count.
    package let tokens: TokenWords
    /// Addresses to which the message that came back went, beside those of `recipients`.
    package let originalRecipients: [String]

    package init(_ bytes: [UInt8]) {
        let source = bytes.prefix(ReturnedMessage.limit)
        let message = MessagePart(message: source)
        let isDaemonMailbox =
            source.starts(with: "From MAILER-DAEMON".utf8) || source.starts(with: "From <>".utf8)
        let judge = Judge(message, Sender(message.fields, isDaemonMailbox: isDaemonMailbox))
        let verdict = judge.verdict()
        kind = verdict.kind
        rule = verdict.rule
        recipients = verdict.recipients
        from = judge.sender.address
        subject = OneLine.text(Array(judge.subject.utf8))
        tokens = TokenWords(message.fields, returned: judge.returned)
        originalRecipients = judge.returned.flatMap { $0.values("to") }.flatMap {
            AddressSearch.all(in: $0[...]).map(\.address)
        }
    }
}

/// Text of strangers for one line.
enum OneLine {
    /// Blanks collapsed, cut, without control characters.
    static func text(_ bytes: [UInt8]) -> String {
        // As much as may be shown, and some blanks.
        let text = String(decoding: bytes.prefix(8 * String.quotationLimit), as: UTF8.self)
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ").clipped
    }
}
