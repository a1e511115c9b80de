/// The MIME structure of a message, only as deep as its parts ask for:
/// mixed(related(alternative(text, html), inline…), attachments…).
indirect enum PartTree: Sendable {
    case body(BodyPlan)
    /// A file by its number, with its part's header section.
    case file(Int, header: [UInt8])
    case multipart(subtype: String, boundary: String, [PartTree])

    init(text: BodyPlan?, html: BodyPlan?, files: [AttachedFile]) {
        var inline: [PartTree] = []
        var attached: [PartTree] = []
        for (index, file) in files.enumerated() {
            let part = PartTree.file(index, header: file.header)
            if file.contentID != nil, html != nil { inline.append(part) } else { attached.append(part) }
        }
        let bodies = [text, html].compactMap(\.self).map(PartTree.body)
        let readable = PartTree.joined("alternative", bodies, "A")
        let related = PartTree.joined(
            bodies.count > 1 ? "related;\n type=\"multipart/alternative\"" : "related;\n type=\"text/html\"",
            [readable] + inline, "R")
        self = PartTree.joined("mixed", [related] + attached, "M")
    }

    /// The parts as one; a single part needs no multipart around it.
    private static func joined(_ subtype: String, _ parts: [PartTree], _ boundary: String) -> PartTree {
        if parts.count == 1, let only = parts.first { return only }
        return .multipart(subtype: subtype, boundary: boundary, parts)
    }

    /// Appends the part with its Content fields; `seed` makes its boundaries.
    ///
    /// - Parameter limit: see ``BodyPlan/append(to:limit:value:)``.
    func append(
        to message: inout MessageBytes, seed: String, limit: Int, value: (VariableName) -> String?
    ) throws(RenderError) {
        switch self {
        case .body(let body):
            try body.append(to: &message.bytes, limit: limit, value: value)
        case .file(let index, let header):
            message.bytes.append(contentsOf: header)
            message.insertFile(index)
        case .multipart(let subtype, let boundary, let parts):
            // Neither quoted-printable nor base64 can contain "=_", and a 7bit text with a line that begins
            // with "--=" is encoded; so no part can contain a boundary.
            let delimiter = "=_\(seed)\(boundary)"
            message.append("Content-Type: multipart/\(subtype);\n boundary=\"\(delimiter)\"\n\n")
            for (index, part) in parts.enumerated() {
                // The line end before a delimiter belongs to it (RFC 2046, 5.1.1): a text keeps its own.
                message.append(index == 0 ? "--\(delimiter)\n" : "\n--\(delimiter)\n")
                try part.append(to: &message, seed: seed, limit: limit, value: value)
            }
            message.append("\n--\(delimiter)--\n")
        }
    }
}

/// A message in the making.
struct MessageBytes {
    var bytes: [UInt8] = []
    private var segments: [RenderedMessage.Segment] = []

    mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    mutating func insertFile(_ index: Int) {
        segments.append(.bytes(bytes))
        segments.append(.attachment(index))
        bytes = []
    }

    consuming func finish() -> RenderedMessage {
        if !bytes.isEmpty { segments.append(.bytes(bytes)) }
        return RenderedMessage(segments: segments)
    }
}
