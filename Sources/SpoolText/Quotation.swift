extension String {
    /// So much of a text is quoted in a message, which may be of any length.
    package static let quotationLimit = 200

    /// The text as a message quotes it, without quotation marks: its beginning, on one line.
    package var clipped: String {
        String(PlainText.cleanScalars(PlainText.cut(self, to: Self.quotationLimit)))
    }

    /// The text as a message quotes it, between quotation marks.
    package var quoted: String { "\"\(clipped)\"" }
}
