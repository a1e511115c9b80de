internal import SpoolSchedule
internal import SpoolText

/// What a JSON text consists of, and where: its syntax checked, its keys with their lines, its duplicate keys found.
///
/// Foundation decodes the values; this is what it hides: it takes the last of two equal keys without a word, and
/// does not say on which line a key stands. One pass without recursion, so that no nesting can exhaust the stack.
/// The elements of one array of the top level, `listKey`, are only counted and located: there may be a million.
struct JSONOutline {
    typealias Kind = JSONScanner.ValueKind

    /// A value that is not inside the list.
    struct Node {
        var kind: Kind
        /// Its key in its object, or empty for an element of an array.
        var key: String
        /// The bytes of the value.
        var value: Range<Int>
        /// The bytes from the beginning of its key, or of itself.
        var memberStart: Int
        var line: Int
        var children: [Int] = []
    }

    /// Deeper documents are refused.
    static let depthLimit = 100
    /// A document with more values outside its list, or with more keys in one object, is refused, so that none can take
    /// unlimited memory.
    static let nodeLimit = 20_000
    /// A list of more elements is refused, likewise.
    static let listLimit = 1_000_000
    /// An element of the list that has more bytes is refused, likewise.
    static let elementLimit = 8 << 20
    /// So many duplicate keys are reported by name.
    static let duplicateLimit = 20

    /// All values in the order of the text; the first is the top-level object.
    private(set) var nodes: [Node] = []
    /// The keys that appear twice in their object.
    private(set) var duplicates: [Diagnostic] = []
    /// Where the elements of the list begin.
    private(set) var listElements: [UInt32] = []
    let listKey: String?
    private let listLimit: Int

    private var frames: [Frame] = []
    private var keys: [JSONScanner.StringToken] = []
    /// The last string that was a value.
    private var lastText: JSONScanner.StringToken?

    /// An array or object that the pass is inside of.
    private struct Frame {
        let isObject: Bool
        /// Its node; `nil` where nothing is recorded.
        var node: Int?
        var isList = false
        var recordsChildren = false
        var line: Int
        var count = 0
        /// Where its keys begin in `keys`.
        var firstKey: Int
        /// The key of the member that the pass is in.
        var currentKey: JSONScanner.StringToken?
        /// The keys so far, once there are too many to compare one by one.
        var manyKeys: Set<String>?
    }

    /// Walks over `bytes`, which must be UTF-8, from `start`.
    init(
        _ bytes: [UInt8], from start: Int = 0, listKey: String? = nil, listLimit: Int = JSONOutline.listLimit
    ) throws(SourceError) {
        self.listKey = listKey
        self.listLimit = listLimit
        var scanner = JSONScanner(bytes, from: start)
        scanner.skipSpace()
        guard let first = scanner.current else {
            throw SourceError(
                offset: start, reason: "it is empty", hint: "write the JSON object into it, or remove it")
        }
        guard first == UInt8(ascii: "{") else {
            guard (try? scanner.kind()) != nil else { throw scanner.unexpected(expecting: "{") }
            throw SourceError(
                offset: scanner.position, reason: "it is not a JSON object",
                hint: "it begins with { and ends with }")
        }
        try value(&scanner, key: nil)
        while !frames.isEmpty { try member(&scanner) }
        scanner.skipSpace()
        guard scanner.current == nil else {
            throw SourceError(
                offset: scanner.position, reason: "something follows after the end of the object",
                hint: "remove it, or remove the } that closes the object too early")
        }
    }
}

// MARK: - Looking things up

extension JSONOutline {
    /// The node of a key of the top level.
    func member(_ key: String) -> Node? {
        nodes[0].children.lazy.map { nodes[$0] }.first { $0.key == key }
    }

    /// The line of a path such as `window.from` or `attachments[1].path`; of what encloses it, if it is not there.
    func line(of path: String) -> Int? {
        var node = nodes[0]
        var found: Int?
        for step in path.split(whereSeparator: { $0 == "." || $0 == "[" }) {
            let child =
                if step.hasSuffix("]"), let index = Int(step.dropLast()) {
                    node.kind == .array && index < node.children.count ? nodes[node.children[index]] : nil
                } else {
                    node.children.lazy.map { nodes[$0] }.first { $0.key == step }
                }
            guard let child else { break }
            node = child
            found = child.line
        }
        return found
    }
}

// MARK: - The pass

extension JSONOutline {
    /// Steps over a scalar, or enters a container.
    private mutating func value(
        _ scanner: inout JSONScanner, key: (token: JSONScanner.StringToken, line: Int)?
    ) throws(SourceError) {
        lastText = nil
        let kind = try scanner.kind()
        let start = scanner.position
        let line = key?.line ?? scanner.line
        var node: Int?
        if frames.last?.recordsChildren ?? true {
            node = try record(
                Node(
                    kind: kind, key: key.map { scanner.value($0.token).clipped } ?? "",
                    value: start..<start,
                    memberStart: key.map { $0.token.content.lowerBound - 1 } ?? start, line: line),
                scanner)
        }
        guard kind == .array || kind == .object else {
            try scanner.skipScalar(kind)
            if kind == .string {
                lastText = .init(content: (start + 1)..<(scanner.position - 1), hasEscapes: false)
            }
            if let node { nodes[node].value = start..<scanner.position }
            return
        }
        guard frames.count < Self.depthLimit else {
            throw SourceError(
                offset: start, reason: "arrays and objects are nested more than \(Self.depthLimit) deep",
                hint: "a mailing needs no more than three levels")
        }
        var frame = Frame(isObject: kind == .object, node: node, line: line, firstKey: keys.count)
        frame.recordsChildren = node != nil
        if let node, frames.count == 1 {
            let name = nodes[node].key
            frame.isList = kind == .array && name == listKey
            frame.recordsChildren = !frame.isList && !name.hasPrefix("x-")
        }
        frames.append(frame)
        scanner.step()
    }

    private mutating func record(_ node: Node, _ scanner: JSONScanner) throws(SourceError) -> Int {
        guard nodes.count < Self.nodeLimit else {
            throw tooManyValues(at: node.memberStart, scanner)
        }
        nodes.append(node)
        if let parent = frames.last?.node { nodes[parent].children.append(nodes.count - 1) }
        return nodes.count - 1
    }

    /// Takes the next member or element of the innermost container, or leaves it.
    private mutating func member(_ scanner: inout JSONScanner) throws(SourceError) {
        let top = frames.count - 1
        let close = frames[top].isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
        if frames[top].isList { try checkLastElement(endingAt: scanner.position) }
        scanner.skipSpace()
        if scanner.current == close {
            leave(&scanner)
            return
        }
        if frames[top].count > 0 {
            guard scanner.current == UInt8(ascii: ",") else { throw missingSeparator(scanner) }
            scanner.step()
            scanner.skipSpace()
        }
        if frames[top].isList { try addElement(at: scanner.position) }
        frames[top].count += 1
        guard frames[top].isObject else {
            try value(&scanner, key: nil)
            return
        }
        guard scanner.current == UInt8(ascii: "\"") else {
            if let error = openExpression(scanner) { throw error }
            throw scanner.current == nil
                ? unfinished(scanner) : scanner.unexpected(expecting: "a key in double quotes")
        }
        let line = scanner.line
        let key = try scanner.string()
        guard frames[top].count <= Self.nodeLimit else { throw tooManyKeys(at: key.content.lowerBound) }
        note(key, line: line, scanner)
        frames[top].currentKey = key
        scanner.skipSpace()
        guard scanner.current == UInt8(ascii: ":") else {
            if let error = openExpression(scanner) { throw error }
            throw SourceError(
                offset: scanner.position,
                reason: "the key \(scanner.value(key).quoted) is not followed by a colon",
                hint: "write a colon and its value after it")
        }
        scanner.step()
        scanner.skipSpace()
        try value(&scanner, key: (key, line))
    }

    private mutating func leave(_ scanner: inout JSONScanner) {
        scanner.step()
        let frame = frames.removeLast()
        keys.removeSubrange(frame.firstKey...)
        if let node = frame.node { nodes[node].value = nodes[node].value.lowerBound..<scanner.position }
    }

    /// The mistake of a text that ends inside `{{ … }}`: its next quotation mark was meant to be part of it.
    private func openExpression(_ scanner: JSONScanner) -> SourceError? {
        guard let text = lastText?.content,
            let open = (text.lowerBound..<max(text.lowerBound, text.upperBound - 1)).last(where: {
                scanner.bytes[$0] == UInt8(ascii: "{")
                    && [UInt8(ascii: "{"), UInt8(ascii: "%")].contains(scanner.bytes[$0 + 1])
            }),
            !scanner.bytes[open..<text.upperBound].contains(UInt8(ascii: "}"))
        else { return nil }
        return SourceError(
            offset: text.upperBound, reason: "a quotation mark inside {{ … }} ends the text",
            hint: "write \\\" for it, or single ones: {{ name | default: 'friend' }}")
    }

    private func missingSeparator(_ scanner: JSONScanner) -> SourceError {
        if let error = openExpression(scanner) { return error }
        guard let current = scanner.current else { return unfinished(scanner) }
        let inObject = frames.last?.isObject ?? false
        if current == UInt8(ascii: "]") || current == UInt8(ascii: "}") {
            let line = frames.last?.line ?? 1
            return SourceError(
                offset: scanner.position,
                reason: "\(inObject ? "an object" : "an array") that begins on line \(line) "
                    + "is closed with \(inObject ? "]" : "}")",
                hint: "close it with \(inObject ? "}" : "]")")
        }
        if current == UInt8(ascii: "\"") || (try? scanner.kind()) != nil {
            return SourceError(
                offset: scanner.position, reason: "a comma is missing before this",
                hint: "put a comma between \(inObject ? "one key and the next" : "the elements")")
        }
        return scanner.unexpected(expecting: "a comma or \(inObject ? "}" : "]")")
    }

    private func unfinished(_ scanner: JSONScanner) -> SourceError {
        let frame = frames.last
        return SourceError(
            offset: scanner.position,
            reason: "it ends inside \(frame?.isObject ?? true ? "an object" : "an array") "
                + "that begins on line \(frame?.line ?? 1)",
            hint: "complete it; was it only half copied?")
    }
}

// MARK: - Limits

extension JSONOutline {
    private mutating func addElement(at offset: Int) throws(SourceError) {
        guard listElements.count < listLimit else {
            throw SourceError(
                offset: offset,
                reason: "there are more than \(listLimit) \(listKey ?? "elements") in the document",
                hint: "put them into a list below files/ and name it in recipientsFile", isLimit: true)
        }
        listElements.append(UInt32(offset))
    }

    private func checkLastElement(endingAt end: Int) throws(SourceError) {
        guard let start = listElements.last, end - Int(start) > Self.elementLimit else { return }
        throw SourceError(
            offset: Int(start), reason: "a recipient has more than \(ByteCount(Self.elementLimit).text)",
            hint: "shorten its values, or put what is the same for everybody into the body", isLimit: true)
    }

    private func tooManyValues(at offset: Int, _ scanner: JSONScanner) -> SourceError {
        let key = frames.first?.currentKey.map { scanner.value($0).quoted }
        return SourceError(
            offset: offset,
            reason: "there are more than \(Self.nodeLimit) values"
                + (key.map { ", the last of them in \($0)" } ?? ""),
            hint: listKey == nil
                ? "remove what does not belong there"
                : "at most 100 attachments go with a message; recipients stand in recipients or in a recipientsFile, "
                    + "and what is yours in a key that begins with x-",
            isLimit: true)
    }

    private func tooManyKeys(at offset: Int) -> SourceError {
        SourceError(
            offset: offset, reason: "an object has more than \(Self.nodeLimit) keys",
            hint: "write it as an array, or remove what does not belong there", isLimit: true)
    }
}

// MARK: - Duplicate keys

extension JSONOutline {
    /// More keys than this in one object are looked up in a set.
    private static let fewKeys = 32

    private mutating func note(_ key: JSONScanner.StringToken, line: Int, _ scanner: JSONScanner) {
        let top = frames.count - 1
        let first = frames[top].firstKey
        let isDuplicate: Bool
        if frames[top].manyKeys == nil, keys.count - first < Self.fewKeys {
            isDuplicate = keys[first...].contains { scanner.areEqual($0, key) }
            keys.append(key)
        } else {
            if frames[top].manyKeys == nil { frames[top].manyKeys = Set(keys[first...].map(scanner.value)) }
            isDuplicate = frames[top].manyKeys?.insert(scanner.value(key)).inserted == false
        }
        guard isDuplicate, duplicates.count < Self.duplicateLimit else { return }
        duplicates.append(
            Diagnostic(
                key: path(to: key, scanner), line: line, message: "the key appears twice in its object",
                hint: "remove one of the two"))
    }

    /// The path of a key in the innermost object.
    private func path(to key: JSONScanner.StringToken, _ scanner: JSONScanner) -> String {
        var path = ""
        for frame in frames.dropLast() {
            if frame.isObject {
                let name = (frame.currentKey.map(scanner.value) ?? "…").clipped
                path += path.isEmpty ? name : "." + name
            } else {
                path += "[\(frame.count - 1)]"
            }
        }
        let name = scanner.value(key).clipped
        return path.isEmpty ? name : path + "." + name
    }
}
