package import SpoolMail

/// A line of a web server's log, of which no format is known: the request is the first method of HTTP that stands as a
/// word of its own, and the target behind it.
package enum WebLogLine {
    private static let methods: Set<String> = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
    ]

    /// Longer targets are nobody's, and a log line may hold anything.
    private static let longestTarget = 8192

    /// The words in the target of a POST that have the form of a token. A GET, which scanners send as well, has none;
    /// nor has what stands elsewhere, since a browser chooses what it calls itself and where it says it comes from.
    package static func tokens(in line: ArraySlice<UInt8>) -> [RecipientToken] {
        var words = line.split { $0 <= ASCII.space || $0 == 0x22 }[...]
        while let word = words.popFirst() {
            let method = String(decoding: word.prefix(8), as: UTF8.self)
            guard methods.contains(method) else { continue }
            guard method == "POST" else { return [] }
            // The format that the manual gives for nginx has the status before the target.
            if let next = words.first, next.count == 3, next.allSatisfy(ASCII.isDigit) { words.removeFirst() }
            return words.first.map { TokenWords.tokens(in: decoded($0.prefix(longestTarget))) } ?? []
        }
        return []
    }

    /// Without percent encoding, so that what stands before a token does not run into it.
    private static func decoded(_ target: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var index = target.startIndex
        while index < target.endIndex {
            if target[index] == 0x25, index + 2 < target.endIndex,
                let high = ASCII.hexValue(target[index + 1]),
                let low = ASCII.hexValue(target[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(target[index])
                index += 1
            }
        }
        return result
    }
}
