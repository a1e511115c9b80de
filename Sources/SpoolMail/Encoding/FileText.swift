/// What the content of a file says about how it travels as text.
package struct FileText: Hashable, Sendable {
    /// Whether it is text in UTF-8, of which ASCII is a part.
    package let isUTF8: Bool
    /// How it travels as text: base64 wherever a byte of it could get lost otherwise.
    let encoding: TransferEncoding
    /// The `METHOD` of a calendar.
    let calendarMethod: String?

    /// Larger files are taken as they are, and travel in base64.
    package static let limit = 25 << 20

    package init(_ bytes: [UInt8]) {
        isUTF8 = FileText.isUTF8(bytes)
        encoding = FileText.encoding(of: bytes)
        calendarMethod = isUTF8 ? FileText.calendarMethod(bytes) : nil
    }

    /// NUL is in UTF-16, and ESC in ISO 2022, which otherwise look like UTF-8.
    private static func isUTF8(_ bytes: [UInt8]) -> Bool {
        !bytes.contains(0) && !bytes.contains(0x1B) && (try? UTF8Span(validating: bytes.span)) != nil
    }

    private static func encoding(of bytes: [UInt8]) -> TransferEncoding {
        var feeds = 0
        var pairs = 0
        var returns = 0
        var previous: UInt8 = 0
        for byte in bytes {
            guard byte < 0x7F, byte >= ASCII.space || 0x09...0x0D ~= byte, byte != 0x0B, byte != 0x0C else {
                return .base64
            }
            if byte == ASCII.carriageReturn { returns += 1 }
            if byte == ASCII.lineFeed {
                feeds += 1
                if previous == ASCII.carriageReturn { pairs += 1 }
            }
            previous = byte
        }
        // A message has line ends of one kind: others, or two kinds in one file, would not come back.
        guard returns == pairs, pairs == 0 || pairs == feeds else { return .base64 }
        return TransferEncoding.ofASCII(pairs == 0 ? bytes : bytes.filter { $0 != ASCII.carriageReturn })
    }

    /// Of the calendar itself, not of an event in it (RFC 5545, 3.7.2).
    private static func calendarMethod(_ bytes: [UInt8]) -> String? {
        var depth = 0
        for line in bytes.prefix(64 << 10).split(whereSeparator: {
            $0 == ASCII.lineFeed || $0 == ASCII.carriageReturn
        }) {
            let name = line.prefix { $0 != 0x3A && $0 != 0x3B }
            guard let colon = line.firstIndex(of: 0x3A) else { continue }
            let value = line[(colon + 1)...].filter { $0 != ASCII.space }
            switch String(decoding: name, as: UTF8.self).uppercased() {
            case "METHOD" where depth == 1:
                let isToken = value.allSatisfy { ASCII.isLetterOrDigit($0) || $0 == 0x2D }
                return isToken && 1...40 ~= value.count
                    ? String(decoding: value, as: UTF8.self).uppercased() : nil
            case "BEGIN":
                if depth == 0, String(decoding: value, as: UTF8.self).uppercased() != "VCALENDAR" {
                    return nil
                }
                depth += 1
            case "END": depth -= 1
            default: break
            }
        }
        return nil
    }
}

/// Brings a file into its transfer encoding, from chunks of any size: `encode` for each, then `finish`.
package struct FileEncoder: Sendable {
    private enum Form {
        case base64(Base64Lines)
        case sevenBit
        /// With the line that has not ended yet.
        case quotedPrintable([UInt8])
    }

    private var form: Form

    /// Begins the encoding of a file.
    package init(_ file: AttachedFile) {
        switch file.encoding {
        case .base64: form = .base64(Base64Lines())
        case .sevenBit: form = .sevenBit
        case .quotedPrintable: form = .quotedPrintable([])
        }
    }

    /// Appends as much as the input has made complete.
    package mutating func encode(_ chunk: Span<UInt8>, into output: inout [UInt8]) {
        switch form {
        case .base64(var encoder):
            encoder.encode(chunk, into: &output)
            form = .base64(encoder)
        case .sevenBit: FileEncoder.append(chunk, to: &output)
        case .quotedPrintable(var line):
            form = .sevenBit
            FileEncoder.append(chunk, to: &line)
            if let end = line.lastIndex(of: ASCII.lineFeed) {
                QuotedPrintable.append(line.span.extracting(0..<(end + 1)), to: &output)
                line.removeFirst(end + 1)
            }
            form = .quotedPrintable(line)
        }
    }

    /// Appends what is left.
    package mutating func finish(into output: inout [UInt8]) {
        switch form {
        case .base64(var encoder): encoder.finish(into: &output)
        case .sevenBit: break
        case .quotedPrintable(let line): QuotedPrintable.append(line.span, to: &output)
        }
    }

    /// What travels as text has one kind of line end, and no other CR.
    private static func append(_ chunk: Span<UInt8>, to output: inout [UInt8]) {
        chunk.withUnsafeBufferPointer { bytes in
            output.append(contentsOf: bytes.lazy.filter { $0 != ASCII.carriageReturn })
        }
    }
}
