/// How a text part travels (RFC 2045, 6), chosen by what it holds.
package enum TransferEncoding: String, Sendable {
    case sevenBit = "7bit"
    case quotedPrintable = "quoted-printable"
    case base64 = "base64"

    /// Lines up to this go as they are: far below SMTP's 998, and no reader minds.
    static let longestPlainLine = 200

    /// Turns CR LF and a lone CR, the line end of old files, into LF, drops NUL, and makes sure that the text ends with a
    /// line end. What is on the way decodes parts, and neither CR nor NUL goes through all of it.
    static func canonicalize(_ text: inout [UInt8]) {
        if text.contains(where: { $0 == ASCII.carriageReturn || $0 == 0 }) {
            var write = 0
            for read in text.indices {
                var byte = text[read]
                if byte == 0 { continue }
                if byte == ASCII.carriageReturn {
                    if read + 1 < text.count, text[read + 1] == ASCII.lineFeed { continue }
                    byte = ASCII.lineFeed
                }
                text[write] = byte
                write += 1
            }
            text.removeLast(text.count - write)
        }
        if text.last != ASCII.lineFeed { text.append(ASCII.lineFeed) }
    }

    /// Encodes a canonical text in place, as 7bit where that is safe, else as whichever other is smaller.
    static func encode(_ text: inout [UInt8]) -> TransferEncoding {
        let survey = Survey(text.span)
        guard !survey.isPlain else { return .sevenBit }
        var encoded: [UInt8] = []
        let base64Count = Base64Lines.encodedCount(of: text.count)
        if text.count + 2 * survey.escapes <= base64Count {
            encoded.reserveCapacity(min(text.count + 2 * survey.escapes + text.count / 16, base64Count) + 80)
            QuotedPrintable.append(text.span, to: &encoded)
            if encoded.count <= base64Count {
                text = encoded
                return .quotedPrintable
            }
            encoded.removeAll(keepingCapacity: true)
        }
        Base64Lines.appendLines(text.span, to: &encoded)
        text = encoded
        return .base64
    }

    /// How an ASCII file without CR travels. Nobody wrote it for mail, so its lines may be as long as lines can be.
    static func ofASCII(_ text: [UInt8]) -> TransferEncoding {
        let survey = Survey(text.span)
        if survey.isSafe, survey.longest <= HeaderField.hardLimit { return .sevenBit }
        // A soft line break for each line's worth, and a bit more where they fall badly.
        let quoted = text.count + 2 * survey.escapes + text.count / 32 + 64
        return quoted <= Base64Lines.encodedCount(of: text.count) ? .quotedPrintable : .base64
    }

    static func startsWithFrom(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        text[index] == 0x46 && index + 4 < text.count && text[index + 1] == 0x72 && text[index + 2] == 0x6F
            && text[index + 3] == 0x6D && text[index + 4] == ASCII.space
    }

    /// What one pass over a text finds.
    private struct Survey {
        /// The number of bytes that quoted-printable escapes wherever they stand.
        private(set) var escapes = 0
        private(set) var longest = 0
        private var beyondText = false
        private var hazards = false

        var isPlain: Bool { isSafe && longest <= longestPlainLine }
        /// Nothing on the way could take a part of it for something else.
        var isSafe: Bool { !beyondText && !hazards }

        init(_ text: Span<UInt8>) {
            text.withUnsafeBufferPointer { take($0) }
        }

        private mutating func take(_ text: UnsafeBufferPointer<UInt8>) {
            var equals = 0
            var others = 0
            var index = 0
            while index < text.count {
                let lineStart = index
                hazards = hazards || Survey.isHazard(text, at: index)
                while index < text.count, text[index] != ASCII.lineFeed {
                    let byte = text[index]
                    if byte == 0x3D { equals += 1 }
                    if byte >= 0x7F || byte < 0x20 && byte != ASCII.tab { others += 1 }
                    index += 1
                }
                longest = max(longest, index - lineStart)
                index += 1
            }
            beyondText = others > 0
            escapes = equals + others
        }

        /// A line that something on the way might take for a separator: mbox's, SMTP's, or our boundary.
        private static func isHazard(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
            switch text[index] {
            case 0x46: startsWithFrom(text, at: index)
            case 0x2E: index + 1 == text.count || text[index + 1] == ASCII.lineFeed
            case 0x2D: text.count - index > 2 && text[index + 1] == 0x2D && text[index + 2] == 0x3D
            default: false
            }
        }
    }
}
