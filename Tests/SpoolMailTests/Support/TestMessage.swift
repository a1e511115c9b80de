import Testing

@testable import SpoolMail

extension RenderedMessage {
    /// The whole message, with the files' contents encoded where they belong.
    func bytes(files: [[UInt8]] = [], as attachments: [AttachedFile] = []) -> [UInt8] {
        segments.flatMap { segment in
            switch segment {
            case .bytes(let bytes):
                return bytes
            case .attachment(let index):
                var encoded: [UInt8] = []
                var encoder = FileEncoder(
                    attachments.isEmpty
                        ? AttachedFile(name: "x", type: MediaTypes.unknown) : attachments[index])
                let file = files[index]
                encoder.encode(file.span, into: &encoded)
                encoder.finish(into: &encoded)
                return encoded
            }
        }
    }
}

enum WireRules {
    /// What every sendmail needs (contract, section 5), of a whole message.
    static func violations(_ message: [UInt8]) -> [String] {
        var found: [String] = []
        if message.contains(0) { found.append("NUL") }
        if message.contains(0x0D) { found.append("CR") }
        if message.contains(where: { $0 >= 0x80 }) { found.append("a byte beyond ASCII") }
        if message.last != 0x0A { found.append("no line end at the end") }
        for (index, line) in message.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            if line.count > 998 { found.append("line \(index + 1) has \(line.count) octets") }
            if line.elementsEqual([0x2E]) { found.append("line \(index + 1) is a lone dot") }
            if line.starts(with: "From ".utf8) { found.append("line \(index + 1) begins with From") }
        }
        return found
    }

    /// The lines over 78 octets in the header section and in those of the parts.
    static func longHeaderLines(_ message: [UInt8]) -> [String] {
        var found: [String] = []
        var isHeader = true
        for line in message.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if line.isEmpty { isHeader = false }
            if line.starts(with: "--=_".utf8) { isHeader = true }
            if isHeader, line.count > 78 { found.append(String(decoding: line, as: UTF8.self)) }
        }
        return found
    }
}
