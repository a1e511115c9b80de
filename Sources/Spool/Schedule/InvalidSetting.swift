/// A value in a document or in config.json that cannot be used, in the words that its writer will read.
public struct InvalidSetting: Error, Equatable, Sendable {
    /// What is wrong, without the key, which the caller knows.
    public let message: String
    /// What to write instead.
    public let hint: String

    /// Makes the error.
    public init(_ message: String, hint: String) {
        self.message = message
        self.hint = hint
    }
}

extension InvalidSetting: CustomStringConvertible {
    /// The message and the hint on one line.
    public var description: String { "\(message); \(hint)" }
}
