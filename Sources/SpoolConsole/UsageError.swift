/// What is wrong with the arguments, in words.
package struct UsageError: Error, CustomStringConvertible, Sendable {
    /// One sentence.
    package let description: String

    package init(description: String) {
        self.description = description
    }
}
