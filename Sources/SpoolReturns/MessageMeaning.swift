internal import SpoolMail
internal import SpoolReturnedMail
internal import SpoolStore
internal import SpoolSystem
internal import SpoolText

/// What a returned message means for the spool, once it is known which of its words are tokens. Nothing in it counts that
/// no token proves.
struct MessageMeaning {
    /// A recipient of a mailing, as a token names one.
    struct Recipient: Hashable {
        let mailing: String
        /// Normalised.
        let address: String
    }

    /// Of which mailing it is written down; nil for none.
    let mailing: String?
    let entry: ReturnsEntry
    /// Whether it is for a person to look at.
    var isFlagged: Bool {
        switch entry {
        case .flagged: true
        case .returned, .refused, .unsigned, .other, .unproven, .held, .settled, .counts: false
        }
    }

    /// Whose a word is that has the form of a token, for a purpose; nil if it proves nothing.
    typealias Proof = (RecipientToken, RecipientToken.Purpose) throws(SystemError) -> Recipient?

    init(
        _ message: ReturnedMessage, _ source: ReturnSource, prove: Proof
    ) throws(SystemError) {
        let tokens = message.tokens
        func proved(
            _ words: [RecipientToken], _ purpose: RecipientToken.Purpose
        ) throws(SystemError) -> [Recipient] {
            var found: [Recipient] = []
            for word in words {
                if let recipient = try prove(word, purpose), !found.contains(recipient) {
                    found.append(recipient)
                }
            }
            return found
        }
        let bounced = try proved(tokens.delivery + tokens.returned, .bounce)
        let leaving = try proved(tokens.delivery + tokens.subject, .unsubscribe)
        // What came back proves no bounce by it, and makes a complaint a departure.
        let complained = try proved(tokens.returned, .unsubscribe)
        let all = Set(bounced + leaving + complained)
        let flagged = ReturnsEntry.flagged(source, from: message.from, subject: message.subject)

        func of(_ recipient: Recipient, _ meaning: ReturnClass, rule: String) -> (String?, ReturnsEntry) {
            (recipient.mailing, .returned(.init(recipient.address, meaning, source, rule: rule)))
        }

        (mailing, entry) =
            if all.count > 1 {
                (bounced.first?.mailing ?? all.first?.mailing, flagged)
            } else if let recipient = bounced.first {
                switch message.kind {
                case .bounce: (recipient.mailing, MessageMeaning.bounce(message, of: recipient, source))
                case .complaint: of(recipient, .complaint, rule: message.rule)
                case .unsubscribe: of(recipient, .unsubscribed, rule: message.rule)
                case .autoReply: of(recipient, .autoReply, rule: message.rule)
                case .other:
                    leaving.isEmpty
                        ? (recipient.mailing, flagged) : of(recipient, .unsubscribed, rule: "leave-by-mail")
                }
            } else if let recipient = leaving.first {
                switch message.kind {
                case .autoReply: of(recipient, .autoReply, rule: message.rule)
                case .bounce: (recipient.mailing, flagged)
                case .complaint, .unsubscribe: of(recipient, .unsubscribed, rule: message.rule)
                case .other: of(recipient, .unsubscribed, rule: "leave-by-mail")
                }
            } else if let recipient = complained.first {
                switch message.kind {
                case .complaint, .unsubscribe: of(recipient, .unsubscribed, rule: message.rule)
                case .autoReply: of(recipient, .autoReply, rule: message.rule)
                case .bounce:
                    (nil, .unsigned(source, from: message.from, subject: message.subject))
                case .other: (recipient.mailing, flagged)
                }
            } else {
                (nil, MessageMeaning.unproved(message, source))
            }
    }

    private static func bounce(
        _ message: ReturnedMessage, of recipient: Recipient, _ source: ReturnSource
    ) -> ReturnsEntry {
        // We mail one at a time: whoever else is named has it forwarded.
        let own = message.recipients.first { AddressKey.normalized($0.address) == recipient.address }
        guard let report = own ?? message.recipients.first else {
            return .flagged(source, from: message.from, subject: message.subject)
        }
        return .returned(
            .init(
                recipient.address, report.meaning, source, code: report.code, rule: report.rule,
                forwarded: own == nil && !report.address.isEmpty ? report.address.clipped : nil,
                reply: report.words))
    }

    private static func unproved(_ message: ReturnedMessage, _ source: ReturnSource) -> ReturnsEntry {
        switch message.kind {
        case .bounce, .complaint, .unsubscribe:
            .unsigned(source, from: message.from, subject: message.subject)
        case .autoReply: .other(source)
        case .other:
            message.tokens.isToLeaveAddress
                ? .flagged(source, from: message.from, subject: message.subject) : .other(source)
        }
    }
}

/// An address as journals and tokens have it.
enum AddressKey {
    /// One that our own grammar refuses is nobody's whom we have mailed; it stays as it is.
    static func normalized(_ text: String) -> String {
        (try? EmailAddress(text).normalized) ?? text
    }
}
