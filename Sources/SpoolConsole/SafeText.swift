internal import SpoolMail

/// Text from outside, for a page or a label: names and replies may hold anything.
package enum SafeText {
    /// The text with a visible sign for each control character: ␛ for ESC, ␊ for a line feed.
    ///
    /// Two different texts stay different where U+2400 to U+2421 do not stand in them.
    static func visible(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0..<0x20: scalars.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
            case 0x7F: scalars.append("\u{2421}")
            // C1, separators of lines, marks that turn the direction of what follows, tags.
            case 0x80...0x9F, 0x2028...0x202E, 0x2066...0x2069, 0xFFF9...0xFFFB, 0xE0000...0xE007F:
                scalars.append("\u{FFFD}")
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }

    /// The text for an element's content or an attribute in double quotes.
    package static func html(_ text: String) -> String { HTMLEscaping.escaped(visible(text)) }

    /// The text for the value of a label in Prometheus's text format, between double quotes.
    package static func label(_ text: String) -> String {
        visible(text).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }
}
