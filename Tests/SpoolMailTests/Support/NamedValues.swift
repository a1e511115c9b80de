import SpoolMail

extension [String: String] {
    /// The value of a variable, as a list has it that names its fields exactly so.
    subscript(variable: VariableName) -> String? { self[variable.text] }
}
