/// Why a header field cannot be written.
struct HeaderFieldTooLong: Error {
    let name: String
}

/// Writes header fields: pure ASCII, folded, LF line ends (RFC 5322, 2.2).
enum HeaderField {
    /// RFC 5322, 2.1.1: lines should be no longer than this, and must not be longer than `hardLimit`.
    static let lineLimit = 78
    static let hardLimit = 998
    /// A field beyond this is refused: mail systems cut or reject such (Postfix's header_size_limit is 100 KB
    /// for the whole section).
    static let fieldLimit = 16_384
    /// Longer unbroken text is encoded, since encoded words can be folded anywhere. A subject is for people, who see
    /// no difference, and so it keeps to short lines; other fields are read by programs, too.
    static let longestPlainWord = 900
    private static let longestPlainSubjectWord = lineLimit - "Subject: ".utf8.count
    private static let longestPlainBlank = 20

    /// `Subject` and its like: free text.
    static func appendUnstructured(
        _ name: String, _ value: [UInt8], to output: inout [UInt8]
    ) throws(HeaderFieldTooLong) {
        let start = output.count
        var column = begin(name, &output)
        var text = value
        HeaderText.makeOneLine(&text)
        if !text.isEmpty {
            output.append(ASCII.space)
            column += 1
            let longest = name == "Subject" ? longestPlainSubjectWord : longestPlainWord
            appendText(text.span, longestWord: longest, to: &output, column: &column)
        }
        try finish(name, from: start, &output)
    }

    /// A field that a mailing brings along: free text, but for those that name a mailbox or a list, in which only
    /// the words before the `<` may be encoded, and the domain has to be in its ASCII form.
    static func appendGiven(
        _ name: String, _ value: [UInt8], to output: inout [UInt8]
    ) throws(HeaderFieldTooLong) {
        if value.contains(where: { $0 >= 0x80 }) {
            let key = name.lowercased()
            let text = String(decoding: value, as: UTF8.self)
            if mailboxFields.contains(key), let mailbox = try? Mailbox(text) {
                return try appendMailboxes(name, [mailbox], to: &output)
            }
            if key == "list-id", let list = try? ListIdentifier(text) {
                return try appendListIdentifier(name, list, to: &output)
            }
        }
        try appendUnstructured(name, value, to: &output)
    }

    private static let mailboxFields: Set<String> = [
        "sender", "errors-to", "disposition-notification-to", "return-receipt-to", "mail-followup-to",
        "mail-reply-to",
    ]

    private static func appendListIdentifier(
        _ name: String, _ list: ListIdentifier, to output: inout [UInt8]
    ) throws(HeaderFieldTooLong) {
        let start = output.count
        var column = begin(name, &output)
        if let phrase = list.phrase { Phrase.append(phrase, first: true, to: &output, column: &column) }
        let token = "<\(list.identifier)>".utf8
        appendBlank(before: token.count, first: list.phrase == nil, to: &output, column: &column)
        output.append(contentsOf: token)
        try finish(name, from: start, &output)
    }

    /// `From`, `To` and their like.
    static func appendMailboxes(
        _ name: String, _ mailboxes: [Mailbox], to output: inout [UInt8]
    ) throws(HeaderFieldTooLong) {
        let start = output.count
        var column = begin(name, &output)
        for (index, mailbox) in mailboxes.enumerated() {
            if index > 0 {
                output.append(0x2C)
                column += 1
            }
            appendMailbox(mailbox, first: index == 0, to: &output, column: &column)
        }
        try finish(name, from: start, &output)
    }

    /// A field whose value consists of tokens that must stay whole, one to a line where they are long.
    static func appendTokens(
        _ name: String, _ tokens: [[UInt8]], separator: String, to output: inout [UInt8]
    ) throws(HeaderFieldTooLong) {
        let start = output.count
        var column = begin(name, &output)
        for (index, token) in tokens.enumerated() {
            if index > 0 {
                output.append(contentsOf: separator.utf8)
                column += separator.utf8.count
            }
            appendBlank(before: token.count, first: index == 0, to: &output, column: &column)
            output.append(contentsOf: token)
            column += token.count
        }
        try finish(name, from: start, &output)
    }

    /// A field whose value is known to be short ASCII.
    static func appendPlain(_ name: String, _ value: String, to output: inout [UInt8]) {
        output.append(contentsOf: name.utf8)
        output.append(contentsOf: ": ".utf8)
        output.append(contentsOf: value.utf8)
        output.append(ASCII.lineFeed)
    }

    /// Ends the line; the next begins with a blank.
    static func fold(_ output: inout [UInt8], column: inout Int) {
        output.append(ASCII.lineFeed)
        output.append(ASCII.space)
        column = 1
    }

    private static func begin(_ name: String, _ output: inout [UInt8]) -> Int {
        output.append(contentsOf: name.utf8)
        output.append(0x3A)
        return name.utf8.count + 1
    }

    private static func finish(
        _ name: String, from start: Int, _ output: inout [UInt8]
    ) throws(HeaderFieldTooLong) {
        output.append(ASCII.lineFeed)
        let length = output.count - start
        guard length > hardLimit else { return }
        guard length <= fieldLimit else { throw HeaderFieldTooLong(name: name) }
        let lines = output[start...].split(separator: ASCII.lineFeed)
        guard lines.allSatisfy({ $0.count <= hardLimit }) else { throw HeaderFieldTooLong(name: name) }
    }

    /// A blank, or a fold where the next token would pass the limit; right behind the colon only if that helps.
    private static func appendBlank(
        before length: Int, first: Bool, to output: inout [UInt8], column: inout Int
    ) {
        if column + 1 + length > lineLimit, !first || 1 + length <= lineLimit {
            fold(&output, column: &column)
        } else {
            output.append(ASCII.space)
            column += 1
        }
    }

    private static func appendMailbox(
        _ mailbox: Mailbox, first: Bool, to output: inout [UInt8], column: inout Int
    ) {
        let address = mailbox.address.description.utf8
        guard let name = mailbox.name else {
            appendBlank(before: address.count, first: first, to: &output, column: &column)
            output.append(contentsOf: address)
            column += address.count
            return
        }
        Phrase.append(name, first: first, to: &output, column: &column)
        appendBlank(before: address.count + 2, first: false, to: &output, column: &column)
        output.append(0x3C)
        output.append(contentsOf: address)
        output.append(0x3E)
        column += address.count + 2
    }

    /// Free text: what is ASCII stays readable, the stretch from the first to the last word beyond ASCII is
    /// encoded.
    static func appendText(
        _ text: Span<UInt8>, longestWord: Int = longestPlainWord, to output: inout [UInt8], column: inout Int
    ) {
        let stretch = stretchToEncode(text, longestWord)
        appendWords(text.extracting(0..<stretch.lowerBound), to: &output, column: &column)
        guard !stretch.isEmpty else { return }
        if stretch.lowerBound > 0, column > lineLimit - 30 {
            // The blank that separates is already there: it becomes the fold.
            output.removeLast()
            fold(&output, column: &column)
        }
        EncodedWords.append(text.extracting(stretch), to: &output, column: &column)
        if stretch.upperBound < text.count {
            appendWords(text.extracting(stretch.upperBound..<text.count), to: &output, column: &column)
        }
    }

    /// The part that needs encoded words, without the one blank on either side that sets it off.
    private static func stretchToEncode(_ text: Span<UInt8>, _ longestWord: Int) -> Range<Int> {
        var first = text.count
        var last = 0
        var index = 0
        while index < text.count {
            let start = index
            var needed = false
            while index < text.count, text[index] != ASCII.space {
                needed = needed || text[index] >= 0x80
                if text[index] == 0x3D, index + 1 < text.count, text[index + 1] == 0x3F { needed = true }
                index += 1
            }
            let wordEnd = index
            while index < text.count, text[index] == ASCII.space { index += 1 }
            if index - wordEnd > longestPlainBlank || wordEnd - start > longestWord { needed = true }
            guard needed else { continue }
            first = min(first, start)
            last = wordEnd
            if index - wordEnd > longestPlainBlank { last = index }
        }
        guard first < last else { return text.count..<text.count }
        // Of several blanks at an end of the stretch all but one go into it, so that none gets lost.
        while first > 1, text[first - 1] == ASCII.space, text[first - 2] == ASCII.space { first -= 1 }
        while last + 1 < text.count, text[last] == ASCII.space, text[last + 1] == ASCII.space { last += 1 }
        if last < text.count, text[last] != ASCII.space { last -= 1 }
        return first..<last
    }

    /// ASCII words with their blanks, folded before a blank where the line would get too long.
    private static func appendWords(_ text: Span<UInt8>, to output: inout [UInt8], column: inout Int) {
        var index = 0
        while index < text.count {
            let start = index
            while index < text.count, text[index] == ASCII.space { index += 1 }
            let wordStart = index
            while index < text.count, text[index] != ASCII.space { index += 1 }
            if wordStart > start, wordStart < index, column + index - start > lineLimit {
                output.append(ASCII.lineFeed)
                column = 0
            }
            for position in start..<index { output.append(text[position]) }
            column += index - start
        }
    }
}
