/// The name of a variable or of a list's field: as it is written, and as it is looked up where nothing is called
/// exactly so.
package struct VariableName: Hashable, Sendable, ExpressibleByStringLiteral {
    /// As it is written.
    package let text: String
    /// What is left of it once letter case, blanks, `-` and `_` do not count.
    package let loose: String

    package init(_ text: String) {
        self.text = text
        loose = VariableName.loosened(text)
    }

    package init(stringLiteral text: String) {
        self.init(text)
    }

    /// `firstname` for `First Name`, `first_name` and `firstName`.
    package static func loosened(_ text: String) -> String {
        String(text.lowercased().filter { $0 != "-" && $0 != "_" && !$0.isWhitespace })
    }

    /// Whether the name can stand between `{{` and `}}`; a column may be called anything.
    package var canBeWritten: Bool {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        return text.utf8.count <= VariableName.longest
            && words.allSatisfy { !$0.isEmpty && $0.unicodeScalars.allSatisfy(VariableName.isWordPart) }
    }

    /// In bytes.
    static let longest = 200

    /// Letters of any script with their marks, digits, `_` and `-`.
    static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            let byte = UInt8(scalar.value)
            return ASCII.isLetterOrDigit(byte) || byte == 0x5F || byte == 0x2D
        }
        let properties = scalar.properties
        return properties.isAlphabetic || properties.numericType != nil
            || properties.canonicalCombiningClass != .notReordered
    }
}
