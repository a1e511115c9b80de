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

    /// Its own bytes, without those of the attachments.
    var ownCount: Int {
        segments.reduce(0) { sum, segment in
            switch segment {
            case .bytes(let bytes): sum + bytes.count
            case .attachment: sum
            }
        }
    }
}
