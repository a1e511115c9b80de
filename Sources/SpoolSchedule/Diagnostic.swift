package import SpoolText

/// One thing that is wrong with a document, a list, config.json or a value in them, in words for the person who mends
/// it.
///
/// An entry of `errors` and `warnings` in `spool-status --json`. A value that is not known is written `null`.
package struct Diagnostic: Error, Hashable, Sendable, Codable {
    /// The key it is about, with its path: `attachments[1].path`; `nil` if it is about the whole file.
    package var key: String?
    /// The line of the document that the key stands on, from 1.
    ///
    /// For a problem inside a recipients file this is the line of the key that names the file; the line in the
    /// list is part of the message.
    package var line: Int?
    /// What is wrong.
    package var message: String
    /// What to do about it.
    package var hint: String
    /// The same where there are several ways out, one by one.
    package private(set) var ways: [Advice]?

    private static let messageLimit = 1000
    private static let hintLimit = 2000

    /// Makes a problem from its parts, on one line each and of a length that can be read, whatever was quoted in them.
    ///
    /// The words of the hint are left whole: a command that stands in it is to be copied.
    package init(key: String? = nil, line: Int? = nil, message: String, hint: String) {
        self.key = key?.clipped
        self.line = line
        self.message = PlainText.clean(
            PlainText.cut(
                PlainText.cuttingWords(message, to: String.quotationLimit + 2), to: Self.messageLimit))
        self.hint = PlainText.clean(PlainText.cut(hint, to: Self.hintLimit))
    }

    /// Makes a problem that there are several ways out of, the hint of which names them all.
    package init(message: String, ways: [Advice]) {
        self.init(message: message, hint: ways.map(\.text).joined(separator: "; or "))
        self.ways = ways
    }

    /// Makes the diagnostic of a value whose key and line the caller knows.
    package init(_ message: String, hint: String) {
        self.init(message: message, hint: hint)
    }

    private enum CodingKeys: String, CodingKey {
        case key, line, message, hint, ways
    }

    /// Writes all keys but the ways, the unknown ones as `null`.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(key, forKey: .key)
        try container.encode(line, forKey: .line)
        try container.encode(message, forKey: .message)
        try container.encode(hint, forKey: .hint)
        try container.encodeIfPresent(ways, forKey: .ways)
    }
}

extension Diagnostic: CustomStringConvertible {
    /// The problem on one line: `line 4: sendat: unknown key; did you mean "sendAt"?`.
    package var description: String { complaint + "; " + hint }

    /// What is wrong and where, without what to do.
    package var complaint: String {
        var text = ""
        if let line { text += "line \(line): " }
        if let key { text += "\(key): " }
        return text + message
    }
}

/// Everything that is wrong with one file, thrown together so that it can be mended in one go.
package struct Diagnostics: Error, Equatable, Sendable {
    /// The problems, at least one.
    package let all: [Diagnostic]

    /// Wraps what was found.
    package init(_ all: [Diagnostic]) {
        self.all = all
    }
}
