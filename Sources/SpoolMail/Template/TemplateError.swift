/// Why a text is no template; it says where, and what to write instead.
package struct TemplateError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line within the template, from 1.
    package let line: Int
    /// The character within the line, from 1.
    package let column: Int
    /// What is wrong.
    package let message: String
    /// What to do about it.
    package let hint: String

    /// `line 3, column 7: …; …`
    package var description: String { "line \(line), column \(column): \(message); \(hint)" }
}

/// A recipient lacks a variable (or has it empty), and the template gives no default.
package struct MissingValue: Error, Hashable, Sendable, CustomStringConvertible {
    /// The variable's name.
    let name: VariableName

    /// Names the variable for a missing value.
    init(name: VariableName) {
        self.name = name
    }

    /// `no value for {{ name }}`
    package var description: String { "no value for {{ \(name.text) }}" }
}
