/// Why a text is no template; it says where, and what to write instead.
public struct TemplateError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line within the template, from 1.
    public let line: Int
    /// The character within the line, from 1.
    public let column: Int
    /// What is wrong.
    public let message: String
    /// What to do about it.
    public let hint: String

    /// `line 3, column 7: …; …`
    public var description: String { "line \(line), column \(column): \(message); \(hint)" }
}

/// A recipient lacks a variable (or has it empty), and the template gives no default.
public struct MissingValue: Error, Hashable, Sendable, CustomStringConvertible {
    /// The variable's name.
    public let name: String

    /// Names the variable for a missing value.
    public init(name: String) {
        self.name = name
    }

    /// `no value for {{ name }}`
    public var description: String { "no value for {{ \(name) }}" }
}
