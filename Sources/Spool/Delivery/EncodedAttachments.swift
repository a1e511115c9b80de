internal import SpoolMail
internal import SpoolSystem

/// The attachments of a mailing in their transfer encoding, encoded once and copied by the kernel into every message.
struct EncodedAttachments {
    private var files: [MessageFile] = []

    private static let chunk = 57 * 4096

    /// Encodes the files of a mailing; throws ESTALE if one of them is not, or does not stay, what it was when the
    /// mailing was judged.
    init(_ mailing: Mailing, _ directory: Directory) throws(SystemError) {
        for attached in mailing.content.attachments {
            let source = try directory.openBeneath(attached.file.path)
            guard try source.status() == attached.file.status else { throw .stale(source.path) }
            let encoded = try MessageFile()
            var encoder = Base64Lines()
            var offset = 0
            while true {
                let bytes = try source.contents(from: offset, limit: EncodedAttachments.chunk)
                if bytes.isEmpty { break }
                offset += bytes.count
                var output: [UInt8] = []
                encoder.encode(bytes.span, into: &output)
                try encoded.append(output)
            }
            var output: [UInt8] = []
            encoder.finish(into: &output)
            try encoded.append(output)
            guard try source.status() == attached.file.status else { throw .stale(source.path) }
            files.append(encoded)
        }
    }

    /// Writes a whole message into a file that nobody can change any more.
    func file(of message: RenderedMessage) throws(SystemError) -> MessageFile {
        let file = try MessageFile()
        for segment in message.segments {
            switch segment {
            case .bytes(let bytes): try file.append(bytes)
            case .attachment(let index): try file.append(files[index])
            }
        }
        try file.seal()
        return file
    }
}

extension MailingRun {
    var design: MessageDesign { mailing.content.design }

    /// The message to one recipient.
    func render(
        _ recipient: Recipient, messageID: String, at now: Timestamp
    ) throws(RenderError) -> RenderedMessage {
        try design.render(
            to: Mailbox(name: recipient.name, address: recipient.address), messageID: messageID,
            date: now.rfc5322(utcOffset: mailing.timing.policy.zone.utcOffset(at: now)),
            value: recipient.value)
    }

    /// The message as a file for a mail system to read.
    func file(of message: RenderedMessage) throws(SystemError) -> MessageFile {
        try attachments.file(of: message)
    }
}
