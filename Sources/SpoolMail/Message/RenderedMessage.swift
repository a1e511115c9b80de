/// A complete message to one recipient: LF line ends, ASCII throughout, no line over 998 octets.
package struct RenderedMessage: Hashable, Sendable {
    /// A stretch of the message.
    package enum Segment: Hashable, Sendable {
        /// Bytes of its own.
        case bytes([UInt8])
        /// The encoded form (`Base64Lines`) of the attachment with this number in the design's list.
        case attachment(Int)
    }

    /// The message in the order in which it is written.
    package let segments: [Segment]
}
