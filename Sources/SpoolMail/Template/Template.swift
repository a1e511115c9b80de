/// A text with `{{ variable }}`s, parsed once and rendered for each recipient.
///
/// The output part of Liquid: `{{ firstName }}`, `{{ firstName | default: "friend" }}`,
/// `{{ address | url_encode }}`, `{{ note | raw }}`, and `{{ "{{" }}` for literal braces. Tags, `{% … %}`, there are
/// none, and so they are errors. Values are put in as they are; they are never read as templates.
package struct Template: Hashable, Sendable {
    /// What is done to a value where it is put in.
    package enum Escaping: Hashable, Sendable {
        /// Nothing.
        case none
        /// `& < > " '` become entities, unless the expression says `raw`.
        case html
    }

    /// A variable as the template uses it.
    package struct Variable: Hashable, Sendable {
        /// The name between the braces.
        package let name: VariableName
        /// Whether something stands in where a recipient has no value.
        package let hasDefault: Bool
        /// The line where it stands, from 1.
        let line: Int
    }

    /// A text in quotation marks inside an expression.
    package struct QuotedText: Hashable, Sendable {
        /// What stands between the marks.
        package let text: String
        /// Whether it is a default; else it is put out by itself.
        package let isDefault: Bool
    }

    /// A stretch of the template: text of its own, or a place to fill.
    enum Part: Hashable, Sendable {
        case literal([UInt8])
        case output(Output)
    }

    /// `{{ variable | filter | filter: "argument" }}`
    struct Output: Hashable, Sendable {
        enum Subject: Hashable, Sendable {
            case variable(VariableName)
            case text(String)
        }

        enum Filter: Hashable, Sendable {
            case standIn(String)
            case urlEncode
        }

        let subject: Subject
        let filters: [Filter]
        let isRaw: Bool
        let line: Int
        /// The expression as it was written, without dashes beside the braces.
        let source: String

        var hasDefault: Bool {
            filters.contains { if case .standIn = $0 { true } else { false } }
        }
    }

    let parts: [Part]

    /// Whether it renders to blanks and line ends alone, whoever it is for.
    package var isBlank: Bool {
        parts.allSatisfy { part in
            guard case .literal(let bytes) = part else { return false }
            return bytes.allSatisfy { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        }
    }

    /// Parses a text.
    package init(_ source: String) throws(TemplateError) {
        var parser = TemplateParser(source)
        parts = try parser.parse()
    }

    /// Takes a text as it is: nothing in it is an expression.
    package init(literal text: String) {
        parts = text.isEmpty ? [] : [.literal(Array(text.utf8))]
    }

    init(parts: [Part]) {
        self.parts = parts
    }

    /// Every use of a variable, in the order of the text.
    package var variables: [Variable] {
        parts.compactMap { part in
            guard case .output(let output) = part, case .variable(let name) = output.subject else {
                return nil
            }
            return Variable(name: name, hasDefault: output.hasDefault, line: output.line)
        }
    }

    /// Every text in quotation marks, in the order of the text.
    package var quotedTexts: [QuotedText] {
        var texts: [QuotedText] = []
        for case .output(let output) in parts {
            if case .text(let text) = output.subject {
                texts.append(QuotedText(text: text, isDefault: false))
            }
            for case .standIn(let text) in output.filters {
                texts.append(QuotedText(text: text, isDefault: true))
            }
        }
        return texts
    }

    /// Whether the text is the same for everyone.
    var isConstant: Bool {
        parts.allSatisfy { part in
            guard case .output(let output) = part, case .variable = output.subject else { return true }
            return false
        }
    }

    /// A text that parses to this template again (dashes beside braces have had their effect).
    package var source: String {
        var result = ""
        for part in parts {
            switch part {
            case .literal(let bytes): result += Template.escaped(String(decoding: bytes, as: UTF8.self))
            case .output(let output): result += output.source
            }
        }
        return result
    }

    /// The text with its opening braces written so that they stay text.
    private static func escaped(_ text: String) -> String {
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == 0x7B, let next = rest.first, next == 0x7B || next == 0x25 {
                rest.removeFirst()
                result.append(contentsOf: (next == 0x7B ? #"{{ "{{" }}"# : #"{{ "{%" }}"#).utf8)
            } else {
                result.append(byte)
            }
        }
        // A brace at the very end would join the braces of an expression after it, or a percent sign.
        if result.last == 0x7B {
            result.removeLast()
            result.append(contentsOf: #"{{ "{" }}"#.utf8)
        }
        return String(decoding: result, as: UTF8.self)
    }
}
