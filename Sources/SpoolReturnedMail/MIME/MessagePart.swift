internal import SpoolMail

/// A message or one of its parts, read as mail really is: wrong and missing boundaries, missing ends, parts in parts.
///
/// Whatever the bytes, reading takes time in proportion to them: no byte is looked at by more than `deepest` parts.
struct MessagePart {
    private static let deepest = 8
    private static let mostParts = 300

    let fields: HeaderFields
    /// As `text/plain`, in lower case.
    let type: String
    /// Of the type, names in lower case.
    let parameters: [String: String]
    /// Encoded as it came.
    let body: ArraySlice<UInt8>
    /// Of a multipart, its parts; of a message in a message, that message.
    private(set) var parts: [MessagePart] = []

    /// Reads a whole message.
    init(message: ArraySlice<UInt8>) {
        var budget = MessagePart.mostParts
        self.init(message, isMessage: true, depth: 0, &budget)
    }

    private init(_ source: ArraySlice<UInt8>, isMessage: Bool, depth: Int, _ budget: inout Int) {
        (fields, body) = HeaderFields.read(source, ofMessage: isMessage)
        (type, parameters) = ContentType.read(fields.values("content-type").first ?? [])
        budget -= 1
        guard depth < MessagePart.deepest, budget > 0 else { return }
        if type.hasPrefix("multipart/") {
            for piece in Boundary.split(body, at: parameters["boundary"]) where budget > 0 {
                parts.append(MessagePart(piece, isMessage: false, depth: depth + 1, &budget))
            }
        } else if self.isMessage {
            parts = [MessagePart(decodedBody[...], isMessage: true, depth: depth + 1, &budget)]
        }
    }

    /// A message that was put into this one, whole or its header alone.
    var isMessage: Bool {
        switch type {
        case "message/rfc822", "message/global", "message/rfc822-headers", "text/rfc822-headers",
            "message/global-headers", "message/partial", "text/rfc822-header":
            true
        default: false
        }
    }

    /// The body without its transfer encoding.
    var decodedBody: [UInt8] {
        switch fields.text("content-transfer-encoding")?.lowercased() {
        case "base64": TransferDecoding.base64(body)
        case "quoted-printable": TransferDecoding.quotedPrintable(body)
        default: Array(body)
        }
    }

    /// The body as UTF-8, HTML as plain text.
    var text: [UInt8] {
        let text = Charset.utf8(decodedBody, declared: parameters["charset"])
        return type == "text/html" ? MarkupStripper.text(of: text) : text
    }

    /// All parts in order, without what stands inside messages that were put into this one.
    var ownParts: [MessagePart] {
        parts.isEmpty || isMessage ? [self] : parts.flatMap(\.ownParts)
    }
}
