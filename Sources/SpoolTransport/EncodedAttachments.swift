package import SpoolMail
package import SpoolMailing
package import SpoolSchedule
package import SpoolSystem
package import SpoolWriting

/// The attachments of a mailing in their transfer encoding, each file encoded once and copied by the kernel into every
/// message.
package struct EncodedAttachments: Sendable {
    private var files: [MessageFile] = []

    private static let chunk = 57 * 4096

    /// Encodes the files of a mailing; throws ESTALE if one of them is not, or does not stay, what it was when the
    /// mailing was judged.
    package init(_ mailing: Mailing, _ directory: Directory) throws(SystemError) {
        for attached in mailing.content.attachments {
            // The same file under another name or path, or named twice; under another type it may be sent otherwise.
            let same = mailing.content.attachments.prefix(files.count).firstIndex {
                $0.file.status == attached.file.status
                    && $0.attachment.encoding == attached.attachment.encoding
            }
            if let same {
                files.append(files[same])
                continue
            }
            let source = try directory.openBeneath(attached.file.path)
            guard try source.status() == attached.file.status else { throw .stale(source.path) }
            let encoded = try MessageFile()
            var encoder = FileEncoder(attached.attachment)
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

    /// None: of a message without files.
    package init() {}

    /// Bytes, as each message has them.
    var size: Int { files.reduce(0) { $0 + $1.size } }

    /// Writes a whole message into a file that nobody can change any more.
    package func file(of message: RenderedMessage) throws(SystemError) -> MessageFile {
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

    /// The bytes of a whole message.
    package func bytes(of message: RenderedMessage) throws(SystemError) -> [UInt8] {
        try file(of: message).contents()
    }
}

extension Mailing {
    /// The message to one recipient.
    ///
    /// - Parameter subjectPrefix: goes before the subject, as `[test] ` does.
    package func render(
        _ recipient: Recipient, messageID: String, at now: Timestamp, subjectPrefix: String = ""
    ) throws(RenderError) -> RenderedMessage {
        try content.design.render(
            to: Mailbox(name: recipient.name, address: recipient.address), messageID: messageID,
            date: now.rfc5322(utcOffset: timing.policy.zone.utcOffset(at: now)),
            subjectPrefix: subjectPrefix, value: recipient.value)
    }
}
