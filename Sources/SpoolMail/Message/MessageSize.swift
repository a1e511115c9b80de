/// How large messages may be, and how large they come to, told by the lengths of their parts.
struct MessageSize: Sendable {
    /// Bytes; no message may have more.
    let limit: Int
    /// What the attachments come to in their encoding.
    let files: Int
    private let text: Template?
    private let html: Template?
    private let bounds: [Template.LengthBound]
    /// What else stands in a message, at most.
    private let frame: Int

    /// What the fields of a part and its boundaries come to, at most: a long file name stands in them twice, escaped.
    private static let partFrame = 16_384

    /// - Parameters:
    ///   - parts: how many there are, bodies and files.
    ///   - fields: how many header fields there are.
    init(limit: Int, files: Int, text: Template?, html: Template?, parts: Int, fields: Int) {
        self.limit = limit
        self.files = files
        self.text = text
        self.html = html
        bounds = [text, html].compactMap { $0?.bound }
        frame = parts * MessageSize.partFrame + fields * HeaderField.fieldLimit
    }

    /// Whether every message fits in which no value has more bytes than this.
    func fits(longestValue: Int) -> Bool {
        limit == .max || fits(bounds.map { $0.most(longestValue: longestValue) })
    }

    /// Whether the message with these values fits; nil if the encoding of its bodies decides.
    func verdict(value: (VariableName) -> String?) -> Bool? {
        var counts: [Int] = []
        for (body, escaping) in [(text, Template.Escaping.none), (html, .html)] {
            guard let body else { continue }
            // A value that is missing is found elsewhere.
            guard let count = try? body.count(escaping: escaping, limit: limit, value: value) else {
                return true
            }
            if count > limit { return false }
            counts.append(count)
        }
        // No encoding makes a text shorter; but CR LF becomes LF.
        if counts.reduce(0, +) / 2 > limit - files { return false }
        return fits(counts) ? true : nil
    }

    /// Whether bodies of so many bytes fit, whatever they hold: none is encoded into more than base64 comes to.
    private func fits(_ counts: [Int]) -> Bool {
        var left = limit - files - frame
        for count in counts {
            if count >= left { return false }
            left -= Base64Lines.encodedCount(of: count + 1)
        }
        return left >= 0
    }
}
