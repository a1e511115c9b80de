internal import FoundationEssentials
package import SpoolSchedule

/// A JSON file read strictly: what could be decoded of it, and what was found wrong beside.
///
/// What is wrong in one key does not keep the others from being decoded, so that all can be judged in one go.
struct StrictJSON<Value: Decodable> {
    let value: Value
    let outline: JSONOutline
    let problems: [Diagnostic]
    /// The keys of the top level that are there but hold something wrong.
    let rejected: Set<String>

    /// Reads `bytes`; throws the one problem that keeps them from being JSON at all.
    init(
        _ bytes: [UInt8], shape: [String: JSONShape], listKey: String? = nil, synonyms: [String: String] = [:]
    ) throws(Diagnostic) {
        let outline = try Self.outline(bytes, listKey: listKey)
        let check = JSONShapeCheck(outline, of: bytes, against: shape, synonyms: synonyms)
        self.outline = outline
        rejected = check.rejected
        do {
            value = try JSONDecoder().decode(
                Value.self,
                from: Self.decodable(bytes, outline, keys: Set(shape.keys), without: check.rejected))
            problems = check.problems
        } catch {
            throw Diagnostic(
                message: "it cannot be read, though nothing wrong was found in it",
                hint: "report this with the document")
        }
    }

    private static func outline(_ bytes: [UInt8], listKey: String?) throws(Diagnostic) -> JSONOutline {
        let start: Int
        do {
            start = try SourceText.check(bytes)
        } catch {
            throw Diagnostic(
                line: SourceText.line(of: error.offset, in: bytes),
                message: "the file \(error.reason)", hint: error.hint)
        }
        do {
            return try JSONOutline(bytes, from: start, listKey: listKey)
        } catch {
            throw Diagnostic(
                line: SourceText.line(of: error.offset, in: bytes),
                message:
                    "no valid JSON: column \(SourceText.column(of: error.offset, in: bytes)): \(error.reason)",
                hint: error.hint)
        }
    }

    /// The text without its list, the user's own keys and what is wrong: small, whatever the document holds.
    private static func decodable(
        _ bytes: [UInt8], _ outline: JSONOutline, keys: Set<String>, without rejected: Set<String>
    ) -> Data {
        var text: [UInt8] = [UInt8(ascii: "{")]
        for node in outline.nodes[0].children.map({ outline.nodes[$0] })
        where keys.contains(node.key) && node.key != outline.listKey && !rejected.contains(node.key) {
            if text.count > 1 { text.append(UInt8(ascii: ",")) }
            text.append(contentsOf: bytes[node.memberStart..<node.value.upperBound])
        }
        text.append(UInt8(ascii: "}"))
        return Data(text)
    }
}

/// A document as it was read: decoded as far as it could be, with everything found wrong on the way.
package struct DocumentReading: Sendable {
    /// Larger documents are refused.
    package static let sizeLimit = 64 << 20

    /// The keys that could be decoded.
    package let document: Document
    /// Misspelt and duplicate keys, wrong types.
    let problems: [Diagnostic]
    /// The recipients that the document itself lists, `nil` without the key.
    let inlineRecipients: InlineRecipients?
    let outline: JSONOutline
    let rejected: Set<String>

    /// Reads a document's bytes; throws the problem that keeps them from being read at all.
    ///
    /// What this throws may be a document that is still being written: while the file is younger than ten seconds
    /// it is no error yet.
    package init(_ bytes: [UInt8]) throws(Diagnostic) {
        guard bytes.count <= Self.sizeLimit else { throw Self.tooLarge }
        let json = try StrictJSON<Document>(
            bytes, shape: Document.shape, listKey: "recipients", synonyms: Document.synonyms)
        document = json.value
        problems = json.problems
        outline = json.outline
        rejected = json.rejected
        if json.outline.member("recipients")?.kind == .array {
            inlineRecipients = InlineRecipients(bytes: bytes, offsets: json.outline.listElements)
        } else {
            inlineRecipients = nil
        }
    }

    /// The problem of a document over ``sizeLimit``, for a caller who sees its size before reading it.
    package static let tooLarge = Diagnostic(
        message: "the document is larger than \(sizeLimit >> 20) MiB",
        hint: "put the recipients into a list below files/ and name it in recipientsFile")
}

/// The `recipients` of a document: its text, and where each begins.
///
/// Nothing is decoded until it is wanted, so that a million recipients cost their text and four bytes each.
package struct InlineRecipients: Equatable, Sendable {
    /// The document.
    package let bytes: [UInt8]
    /// Where the elements begin.
    let offsets: [UInt32]
}
