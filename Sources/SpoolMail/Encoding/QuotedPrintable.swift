/// Quoted-printable (RFC 2045, 6.7) for texts with LF line ends.
///
/// Beyond what the RFC asks for, a line never begins with `From ` (mbox files) or with a dot (SMTP, and
/// sendmails that take a lone dot for the end), also not after a soft line break.
enum QuotedPrintable {
    static func append(_ text: Span<UInt8>, to output: inout [UInt8]) {
        var writer = Writer()
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte == ASCII.lineFeed {
                output.append(byte)
                writer.column = 0
            } else if isPlain(text, at: index) {
                writer.append(byte, escaped: writer.startsLine && mustEscapeAtStart(text, at: index), &output)
            } else {
                writer.append(byte, escaped: true, &output)
            }
            index += 1
        }
    }

    @inline(__always)
    private static func isPlain(_ text: Span<UInt8>, at index: Int) -> Bool {
        let byte = text[index]
        if byte > ASCII.space { return byte < 0x7F && byte != 0x3D }
        guard byte == ASCII.space || byte == ASCII.tab else { return false }
        // A blank at the end of a line would get lost on the way.
        return index + 1 < text.count && text[index + 1] != ASCII.lineFeed
    }

    private static func mustEscapeAtStart(_ text: Span<UInt8>, at index: Int) -> Bool {
        text[index] == 0x2E || TransferEncoding.startsWithFrom(text, at: index)
    }

    private struct Writer {
        var column = 0

        /// A soft break comes before what would pass column 75, so that its `=` is the 76th at most.
        var startsLine: Bool { column == 0 || column >= 75 }

        @inline(__always)
        mutating func append(_ byte: UInt8, escaped: Bool, _ output: inout [UInt8]) {
            if column + (escaped ? 3 : 1) > 75 {
                output.append(0x3D)
                output.append(ASCII.lineFeed)
                column = 0
            }
            if escaped {
                output.appendEscaped(byte, mark: 0x3D)
                column += 3
            } else {
                output.append(byte)
                column += 1
            }
        }
    }
}
