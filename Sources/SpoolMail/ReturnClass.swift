/// What becomes of the recipient of a message that came back.
package enum ReturnClass: String, Sendable, CaseIterable {
    case hard
    case soft
    case refused
    case delayed
    case delivered
    case complaint
    case unsubscribed
    case autoReply = "auto-reply"
}
