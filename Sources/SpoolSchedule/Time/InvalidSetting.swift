/// A value in a document or in config.json that cannot be used, in the words that its writer will read.
package struct InvalidSetting: Error, Equatable, Sendable {
    /// What is wrong, without the key, which the caller knows.
    package let message: String
    /// What to write instead.
    package let hint: String

    /// Makes the error.
    package init(_ message: String, hint: String) {
        self.message = message
        self.hint = hint
    }
}

extension InvalidSetting: CustomStringConvertible {
    /// The message and the hint on one line.
    package var description: String { "\(message); \(hint)" }
}
