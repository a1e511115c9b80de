/// How many cells of a terminal text takes: by grapheme cluster, as terminals draw them.
///
/// Combining marks take none, East Asian wide characters and emoji two (Unicode Standard Annex 11), a cluster of several
/// emoji joined to one picture two as well.
package enum DisplayWidth {
    /// The cells of a text without control characters.
    static func of(_ text: some StringProtocol) -> Int {
        // ASCII is what most text is.
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.reduce(0) { $0 + of($1) }
    }

    /// The cells of a character.
    static func of(_ character: Character) -> Int {
        let scalars = character.unicodeScalars
        guard let first = scalars.first else { return 0 }
        if first.value < 0x300, scalars.count == 1 { return 1 }
        if first.properties.isEmojiPresentation { return 2 }
        if first.properties.isEmoji, scalars.contains("\u{FE0F}") { return 2 }
        return scalars.reduce(0) { $0 + of($1) }
    }

    private static func of(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        // The vowels and finals of Hangul join the consonant before them.
        if (0x1160...0x11FF).contains(scalar.value) { return 0 }
        return isWide(scalar) ? 2 : 1
    }

    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x1100 { return false }
        if scalar.properties.isEmojiPresentation { return true }
        return wide.contains { $0.contains(scalar.value) }
    }

    /// Wide and full-width, without the emoji, by EastAsianWidth.txt.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF,
        0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60,
        0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F2FF, 0x20000...0x3FFFD,
    ]

    /// The longest beginning of a text that takes at most so many cells; what is left out is shown by `ellipsis`.
    static func truncate(_ text: String, to width: Int, ellipsis: String) -> String {
        if of(text) <= width { return text }
        let mark = of(ellipsis) <= width ? ellipsis : ""
        var room = width - of(mark)
        var end = text.startIndex
        for index in text.indices {
            room -= of(text[index])
            if room < 0 { break }
            end = text.index(after: index)
        }
        return text[..<end] + mark
    }

    /// A text with blanks behind it, or before it, up to a width.
    package static func pad(_ text: String, to width: Int, onTheLeft: Bool = false) -> String {
        let blanks = String(repeating: " ", count: max(0, width - of(text)))
        return onTheLeft ? blanks + text : text + blanks
    }

    /// The lines into which a text is broken at blanks; a word that is too long for a line is cut.
    package static func wrap(_ text: String, to width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        var used = 0
        for word in text.split(separator: " ", omittingEmptySubsequences: true) {
            var word = word
            while true {
                let length = of(word)
                if used > 0, used + 1 + length <= width {
                    line += " " + word
                    used += 1 + length
                    break
                }
                if used > 0 {
                    lines.append(line)
                    (line, used) = ("", 0)
                }
                if length <= max(1, width) {
                    (line, used) = (String(word), length)
                    break
                }
                let head = max(1, truncate(String(word), to: max(1, width), ellipsis: "").count)
                lines.append(String(word.prefix(head)))
                word = word.dropFirst(head)
            }
        }
        if used > 0 || lines.isEmpty { lines.append(line) }
        return lines
    }
}
