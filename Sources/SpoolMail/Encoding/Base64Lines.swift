/// Base64 in lines of 76 characters with LF ends (RFC 2045, 6.8), from chunks of any size.
///
/// The encoded form of an attachment is the same for every recipient, so that it is made once:
/// `encode` for each chunk, then `finish`.
package struct Base64Lines: Sendable {
    private static let bytesPerLine = 57
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private var pending: [UInt8] = []

    /// Begins an encoding.
    package init() {
        pending.reserveCapacity(Base64Lines.bytesPerLine)
    }

    /// The length of the encoded form, line ends included.
    package static func encodedCount(of count: Int) -> Int {
        let lines = count / bytesPerLine
        let rest = count % bytesPerLine
        return lines * 77 + (rest == 0 ? 0 : (rest + 2) / 3 * 4 + 1)
    }

    /// Appends the whole lines that the input has made complete.
    package mutating func encode(_ chunk: Span<UInt8>, into output: inout [UInt8]) {
        var start = 0
        if !pending.isEmpty {
            while pending.count < Base64Lines.bytesPerLine, start < chunk.count {
                pending.append(chunk[start])
                start += 1
            }
            guard pending.count == Base64Lines.bytesPerLine else { return }
            Base64Lines.appendLines(pending.span, to: &output)
            pending.removeAll(keepingCapacity: true)
        }
        let whole = (chunk.count - start) / Base64Lines.bytesPerLine * Base64Lines.bytesPerLine
        Base64Lines.appendLines(chunk.extracting(start..<(start + whole)), to: &output)
        for index in (start + whole)..<chunk.count { pending.append(chunk[index]) }
    }

    /// Appends the last, shorter line, if one is left.
    package mutating func finish(into output: inout [UInt8]) {
        Base64Lines.appendLines(pending.span, to: &output)
        pending.removeAll(keepingCapacity: true)
    }

    /// Appends the input as lines, the last one shorter.
    static func appendLines(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        append(bytes, lineLength: bytesPerLine, count: encodedCount(of: bytes.count), to: &output)
    }

    /// Appends the input as one run without a line end.
    package static func appendUnbroken(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        append(bytes, lineLength: Int.max, count: (bytes.count + 2) / 3 * 4, to: &output)
    }

    private static func append(
        _ bytes: Span<UInt8>, lineLength: Int, count: Int, to output: inout [UInt8]
    ) {
        let start = output.count
        output.append(contentsOf: repeatElement(0, count: count))
        alphabet.withUnsafeBufferPointer { letters in
            output.withUnsafeMutableBufferPointer { target in
                var write = start
                var read = 0
                var inLine = 0
                while read < bytes.count {
                    let left = bytes.count - read
                    let one = UInt32(bytes[read])
                    let two = left > 1 ? UInt32(bytes[read + 1]) : 0
                    let three = left > 2 ? UInt32(bytes[read + 2]) : 0
                    let group = one << 16 | two << 8 | three
                    target[write] = letters[Int(group >> 18)]
                    target[write + 1] = letters[Int(group >> 12 & 63)]
                    target[write + 2] = left > 1 ? letters[Int(group >> 6 & 63)] : 0x3D
                    target[write + 3] = left > 2 ? letters[Int(group & 63)] : 0x3D
                    write += 4
                    read += 3
                    inLine += 3
                    if lineLength != Int.max, inLine == lineLength || read >= bytes.count {
                        target[write] = ASCII.lineFeed
                        write += 1
                        inLine = 0
                    }
                }
            }
        }
    }
}
