internal import SpoolSchedule
internal import SpoolText

/// The types that a JSON value may have, with the closed set of keys that an object may hold.
///
/// Compared with an outline before anything is decoded, so that every misspelt key and every wrong type is found in
/// one go and with its line, where a decoder stops at the first.
indirect enum JSONShape: Sendable {
    case string
    /// A whole number in a range.
    case integer(ClosedRange<Int>)
    case boolean
    case array(JSONShape)
    /// An array whose elements somebody else checks.
    case list
    /// An object with these keys and no others, but for those that begin `x-`.
    case object([String: JSONShape])
    /// An object with any keys.
    case map(JSONShape)
    /// One of several shapes of different kinds.
    case either(JSONShape, JSONShape)

    /// What is accepted, for messages.
    var name: String {
        switch self {
        case .string: "a string"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .boolean: "true or false"
        case .array(.string): "an array of strings"
        case .array, .list: "an array"
        case .object, .map: "an object"
        case .either(let one, let other): "\(one.name) or \(other.name)"
        }
    }
}

/// Compares an outline with a shape and collects what does not fit.
struct JSONShapeCheck {
    let outline: JSONOutline
    let bytes: [UInt8]
    private(set) var problems: [Diagnostic] = []
    /// The keys of the top level that hold something wrong, and must not be decoded.
    private(set) var rejected: Set<String> = []

    init(
        _ outline: JSONOutline, of bytes: [UInt8], against keys: [String: JSONShape],
        synonyms: [String: String] = [:]
    ) {
        self.outline = outline
        self.bytes = bytes

        problems = outline.duplicates
        for child in outline.nodes[0].children {
            let before = problems.count
            let node = outline.nodes[child]
            member(node, path: node.key, of: keys, synonyms: synonyms)
            if problems.count > before { rejected.insert(node.key) }
        }
    }

    private mutating func member(
        _ node: JSONOutline.Node, path: String, of keys: [String: JSONShape], synonyms: [String: String] = [:]
    ) {
        if node.key.hasPrefix("x-") { return }
        if let shape = keys[node.key] {
            check(node, path: path, shape)
        } else {
            problems.append(
                Diagnostic(
                    key: path, line: node.line, message: "unknown key",
                    hint: Suggestion.hint(for: node.key, among: keys.keys, synonyms: synonyms)))
        }
    }

    private mutating func check(_ node: JSONOutline.Node, path: String, _ shape: JSONShape) {
        switch shape {
        case .string:
            expect(node, .string, path: path, shape)
        case .boolean:
            expect(node, .boolean, path: path, shape)
        case .list:
            expect(node, .array, path: path, shape)
        case .integer(let range):
            guard expect(node, .number, path: path, shape) else { return }
            let text = String(decoding: bytes[node.value], as: UTF8.self).clipped
            if let number = Int(text), range.contains(number) { return }
            wrong(node, path: path, message: "must be \(shape.name), not \(text)", shape)
        case .array(let element):
            guard expect(node, .array, path: path, shape) else { return }
            for (index, child) in node.children.enumerated() {
                check(outline.nodes[child], path: "\(path)[\(index)]", element)
            }
        case .object(let keys):
            guard expect(node, .object, path: path, shape) else { return }
            for child in node.children.map({ outline.nodes[$0] }) {
                member(child, path: "\(path).\(child.key)", of: keys)
            }
        case .map(let value):
            guard expect(node, .object, path: path, shape) else { return }
            for child in node.children.map({ outline.nodes[$0] }) {
                check(child, path: "\(path).\(child.key)", value)
            }
        case .either(let one, let other):
            if one.kind == node.kind {
                check(node, path: path, one)
            } else if other.kind == node.kind {
                check(node, path: path, other)
            } else {
                wrong(node, path: path, message: "must be \(shape.name), not \(node.kind.name)", shape)
            }
        }
    }

    @discardableResult
    private mutating func expect(
        _ node: JSONOutline.Node, _ kind: JSONOutline.Kind, path: String, _ shape: JSONShape
    ) -> Bool {
        if node.kind == kind { return true }
        wrong(node, path: path, message: "must be \(shape.name), not \(node.kind.name)", shape)
        return false
    }

    private mutating func wrong(_ node: JSONOutline.Node, path: String, message: String, _ shape: JSONShape) {
        let text = node.value.count <= 60 ? String(decoding: bytes[node.value], as: UTF8.self) : "…"
        problems.append(
            Diagnostic(key: path, line: node.line, message: message, hint: shape.hint(for: node.kind, text)))
    }
}

extension JSONShape {
    /// How to write what the shape accepts in the place of a value that it does not.
    ///
    /// - Parameter text: the value as it is written, quotation marks included, unless it is long.
    fileprivate func hint(for kind: JSONOutline.Kind, _ text: String) -> String {
        if kind == .null { return "leave the key out to have its default" }
        let bare = kind == .string ? String(text.dropFirst().dropLast()) : text
        switch self {
        case .string: return "write a text in double quotes"
        case .integer(let range):
            guard let number = Int(bare), range.contains(number) else { return "write \(name)" }
            return "write \(number), without quotation marks"
        case .boolean:
            return ["true", "false"].contains(bare)
                ? "write \(bare), without quotation marks" : "write true or false"
        case .array, .list:
            return kind == .string ? "write it in square brackets: [\(text)]" : "write it in square brackets"
        case .object(let keys):
            return "write it in braces, with the keys \(keys.keys.sorted().joined(separator: ", "))"
        case .map: return "write it in braces: {\"name\": \"value\"}"
        case .either: return "write \(name)"
        }
    }
}

extension JSONShape {
    /// The kind of value that the shape describes; shapes joined by `either` differ in it.
    fileprivate var kind: JSONOutline.Kind? {
        switch self {
        case .string: .string
        case .integer: .number
        case .boolean: .boolean
        case .array, .list: .array
        case .object, .map: .object
        case .either: nil
        }
    }
}
