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
    /// The bodies that are too long, and how long they are. They are not decoded.
    let longBodies: [String: Int]

    /// Reads `bytes`; throws the one problem that keeps them from being JSON at all.
    ///
    /// - Parameters:
    ///   - bodyKeys: the keys of texts that have the limit of a body.
    ///   - restLimit: with more bytes outside its list and the user's own keys it is refused.
    init(
        _ bytes: [UInt8], shape: [String: JSONShape], listKey: String? = nil, bodyKeys: [String] = [],
        synonyms: [String: String] = [:], restLimit: Int = 32 << 20
    ) throws(Diagnostic) {
        let outline = try Self.outline(bytes, listKey: listKey)
        let check = JSONShapeCheck(outline, of: bytes, against: shape, synonyms: synonyms)
        self.outline = outline
        longBodies = Self.longBodies(bytes, outline, bodyKeys)
        rejected = check.rejected.union(longBodies.keys)
        let nodes = Self.decodable(outline, keys: Set(shape.keys), without: rejected)
        guard Self.size(of: nodes) <= restLimit else {
            throw Diagnostic(
                message:
                    "it has more than \(ByteCount(restLimit).text) outside recipients and your own keys",
                hint: "put long texts below files/ and name them in textFile or htmlFile")
        }
        do {
            value = try JSONDecoder().decode(Value.self, from: Self.text(of: nodes, in: bytes))
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
            let column = SourceText.column(of: error.offset, in: bytes)
            throw Diagnostic(
                line: SourceText.line(of: error.offset, in: bytes),
                message: error.isLimit ? error.reason : "no valid JSON: column \(column): \(error.reason)",
                hint: error.hint)
        }
    }

    private static func longBodies(
        _ bytes: [UInt8], _ outline: JSONOutline, _ keys: [String]
    ) -> [String: Int] {
        var counts: [String: Int] = [:]
        for key in keys {
            guard let node = outline.member(key), node.kind == .string,
                node.value.count - 2 > ReferredFile.textLimit
            else { continue }
            let content = (node.value.lowerBound + 1)..<(node.value.upperBound - 1)
            let count = JSONScanner(bytes).count(.init(content: content, hasEscapes: true))
            if count > ReferredFile.textLimit { counts[key] = count }
        }
        return counts
    }

    /// What is decoded: all but the list, the user's own keys and what is wrong.
    private static func decodable(
        _ outline: JSONOutline, keys: Set<String>, without rejected: Set<String>
    ) -> [JSONOutline.Node] {
        outline.nodes[0].children.map { outline.nodes[$0] }.filter {
            keys.contains($0.key) && $0.key != outline.listKey && !rejected.contains($0.key)
        }
    }

    private static func size(of nodes: [JSONOutline.Node]) -> Int {
        nodes.reduce(2) { $0 + $1.value.upperBound - $1.memberStart + 1 }
    }

    private static func text(of nodes: [JSONOutline.Node], in bytes: [UInt8]) -> Data {
        var text = Data(capacity: size(of: nodes))
        text.append(UInt8(ascii: "{"))
        for node in nodes {
            if text.count > 1 { text.append(UInt8(ascii: ",")) }
            text.append(contentsOf: bytes[node.memberStart..<node.value.upperBound])
        }
        text.append(UInt8(ascii: "}"))
        return text
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
    /// The bodies in it that are longer than a body may be, and how many bytes they have.
    let longBodies: [String: Int]

    /// Reads a document's bytes; throws the problem that keeps them from being read at all.
    ///
    /// What this throws may be a document that is still being written: while the file is younger than ten seconds
    /// it is no error yet.
    package init(_ bytes: [UInt8]) throws(Diagnostic) {
        guard bytes.count <= Self.sizeLimit else { throw Self.tooLarge }
        let json = try StrictJSON<Document>(
            bytes, shape: Document.shape, listKey: "recipients", bodyKeys: ["text", "html"],
            synonyms: Document.synonyms)
        document = json.value
        problems = json.problems
        outline = json.outline
        rejected = json.rejected
        longBodies = json.longBodies
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
