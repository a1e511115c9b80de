internal import SpoolMail

/// What a message says of one recipient, before it is judged.
struct RecipientReport {
    /// As the message spells it, in lower case.
    var address: String
    var action: DeliveryAction = .failed
    var status: StatusCode?
    /// The field Status as it stands there: sendmail says the reason in its comment.
    var statusField: [UInt8] = []
    /// What the mail system that refused it said.
    var words: [UInt8] = []
    /// What stands around them, the nearest first. Not needed for most.
    var context: () -> [[UInt8]] = { [] }
}

/// The field Action of RFC 3464, 2.3.3.
package enum DeliveryAction: String, Sendable {
    case failed
    case delayed
    case delivered
    case relayed
    case expanded

    /// Of the field's value; Postfix has two of its own for mail that only asks.
    init?(field value: String) {
        switch value {
        case "deliverable": self = .delivered
        case "undeliverable": self = .failed
        default: self.init(rawValue: value)
        }
    }
}
