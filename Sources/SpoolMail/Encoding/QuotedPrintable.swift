/// Quoted-printable (RFC 2045, 6.7) for texts with LF line ends.
///
/// Beyond what the RFC asks for, a line never begins with `From ` (mbox files) or with a dot (SMTP, and
/// sendmails that take a lone dot for the end), also not after a soft line break.
enum QuotedPrintable {
    /// A soft line break comes before what would pass this column, so that its `=` is the 76th at most.
    private static let lastColumn = 75

    static func append(_ text: Span<UInt8>, to output: inout [UInt8]) {
        text.withUnsafeBufferPointer { append($0, to: &output) }
    }

    private static func append(_ text: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        var column = 0
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte == ASCII.lineFeed {
                output.append(byte)
                column = 0
                index += 1
                continue
            }
            let startsLine = column == 0 || column >= lastColumn
            let escaped = !isPlain(text, at: index) || (startsLine && mustEscapeAtStart(text, at: index))
            if column + (escaped ? 3 : 1) > lastColumn {
                output.append(0x3D)
                output.append(ASCII.lineFeed)
                column = 0
            }
            if escaped {
                output.appendEscaped(byte, mark: 0x3D)
                column += 3
                index += 1
            } else {
                let limit = min(text.count, index + lastColumn - column)
                var end = index + 1
                while end < limit, isPlain(text, at: end) { end += 1 }
                output.append(contentsOf: UnsafeBufferPointer(rebasing: text[index..<end]))
                column += end - index
                index = end
            }
        }
    }

    @inline(__always)
    private static func isPlain(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        let byte = text[index]
        if byte > ASCII.space { return byte < 0x7F && byte != 0x3D }
        guard byte == ASCII.space || byte == ASCII.tab else { return false }
        // A blank at the end of a line would get lost on the way.
        return index + 1 < text.count && text[index + 1] != ASCII.lineFeed
    }

    private static func mustEscapeAtStart(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        text[index] == 0x2E || TransferEncoding.startsWithFrom(text, at: index)
    }
}
