internal import SpoolMail

/// Bytes cut into lines that end in LF or CRLF; the last one may lack its end.
struct Lines: Sequence, IteratorProtocol {
    private(set) var rest: ArraySlice<UInt8>
    /// How many lines have been taken.
    private(set) var count = 0

    init(_ source: ArraySlice<UInt8>) {
        rest = source
    }

    mutating func next() -> ArraySlice<UInt8>? {
        guard !rest.isEmpty else { return nil }
        count += 1
        let end = rest.firstIndex(of: ASCII.lineFeed) ?? rest.endIndex
        var line = rest[..<end]
        rest = rest[Swift.min(end + 1, rest.endIndex)...]
        if line.last == ASCII.carriageReturn { line = line.dropLast() }
        return line
    }

    /// The bytes without the blanks on either side.
    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let first = bytes.first, first <= ASCII.space { bytes.removeFirst() }
        while let last = bytes.last, last <= ASCII.space { bytes.removeLast() }
        return bytes
    }
}
