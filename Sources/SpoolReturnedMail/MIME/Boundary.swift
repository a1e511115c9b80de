internal import SpoolMail

/// The lines that part a multipart.
enum Boundary {
    /// The parts between the lines of that boundary; the last needs no end. A boundary that is not named, or that stands
    /// nowhere, is guessed from the first line that looks like one.
    static func split(_ body: ArraySlice<UInt8>, at named: String?) -> [ArraySlice<UInt8>] {
        if let named, !named.isEmpty {
            let parts = split(body, line: Array("--\(named)".utf8))
            if !parts.isEmpty { return parts }
        }
        guard let line = guess(in: body) else { return [] }
        return split(body, line: line)
    }

    private static func split(_ body: ArraySlice<UInt8>, line boundary: [UInt8]) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start: Int?
        var lines = Lines(body)
        while true {
            let lineStart = lines.rest.startIndex
            guard let line = lines.next() else { break }
            // Some indent the line, or end it in blanks.
            guard line.count >= boundary.count, line.contains(0x2D) else { continue }
            let text = Lines.trimmed(line)
            guard text.starts(with: boundary) else { continue }
            let tail = text.dropFirst(boundary.count)
            let isEnd = tail.elementsEqual([0x2D, 0x2D])
            guard tail.isEmpty || isEnd else { continue }
            if let start { parts.append(body[start..<Swift.max(start, lineStart)]) }
            start = isEnd ? nil : lines.rest.startIndex
        }
        if let start { parts.append(body[start...]) }
        return parts
    }

    /// A line of two hyphens and more that a Content-… field follows.
    private static func guess(in body: ArraySlice<UInt8>) -> [UInt8]? {
        var candidate: ArraySlice<UInt8> = []
        for line in Lines(body) {
            if !candidate.isEmpty, line.prefix(8).map(ASCII.lowercased).elementsEqual("content-".utf8) {
                return Array(candidate)
            }
            candidate = line.count > 3 && line.starts(with: "--".utf8) ? Lines.trimmed(line) : []
        }
        return nil
    }
}
