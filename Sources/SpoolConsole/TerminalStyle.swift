package import SpoolSystem
package import SpoolText

/// What may be used on the way to a reader's eyes: how wide, which characters, whether colours.
package struct TerminalStyle: Equatable, Sendable {
    /// A meaning that a colour stands for.
    package enum Tone: String, Sendable {
        case error = "31"
        case warning = "33"
        case good = "32"
        case planned = "36"
        case quiet = "2"
        case heading = "1"
    }

    /// Cells in a line; nil where lines may have any length.
    package var width: Int?
    package var usesColor = false
    /// Whether bars and plots may be drawn with block characters.
    package var drawsBlocks = false
    /// Whether the reader's locale has UTF-8: without it everything is ASCII.
    package var hasUTF8 = true

    package init(width: Int? = nil, usesColor: Bool = false, drawsBlocks: Bool = false, hasUTF8: Bool = true)
    {
        self.width = width
        self.usesColor = usesColor
        self.drawsBlocks = drawsBlocks
        self.hasUTF8 = hasUTF8
    }

    /// What a locale's variables say of its characters: `LC_ALL`, else `LC_CTYPE`, else `LANG` (locale(7)).
    package static func isUTF8(_ variable: (String) -> String?) -> Bool {
        let names = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { variable($0) }
        guard let locale = names.first(where: { !$0.isEmpty })?.lowercased() else { return false }
        return locale.contains("utf-8") || locale.contains("utf8")
    }

    /// What stands where something was cut off, one cell wide.
    var ellipsis: String { hasUTF8 && drawsBlocks ? "…" : "~" }

    /// A text in the colour of its meaning.
    package func paint(_ text: String, _ tone: Tone?) -> String {
        guard usesColor, let tone, !text.isEmpty else { return text }
        return "\u{1B}[\(tone.rawValue)m\(text)\u{1B}[0m"
    }

    /// A text from outside, safe on this terminal: no control characters, nothing that turns the direction of what
    /// stands beside it; without UTF-8, letters without their marks, and `?` for what has no ASCII form.
    package func show(_ text: String) -> String {
        let clean = PlainText.clean(text)
        if hasUTF8 || clean.utf8.allSatisfy({ $0 < 0x80 }) { return clean }
        return clean.map { character in
            let plain = character.unicodeScalars.compactMap(TerminalStyle.withoutMarks)
            return plain.isEmpty ? "?" : String(String.UnicodeScalarView(plain))
        }.joined()
    }

    /// A letter without its marks, by its name in Unicode: `LATIN SMALL LETTER E WITH ACUTE`.
    private static func withoutMarks(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        if scalar.isASCII { return scalar }
        let words = (scalar.properties.name ?? "").split(separator: " ")
        guard words.count > 4, words[0] == "LATIN", words[2] == "LETTER", words[4] == "WITH",
            let letter = words[3].unicodeScalars.first, words[3].unicodeScalars.count == 1
        else { return nil }
        return words[1] == "SMALL" ? letter.properties.lowercaseMapping.unicodeScalars.first : letter
    }

    /// A text cut to a width.
    package func fit(_ text: String, _ width: Int) -> String {
        DisplayWidth.truncate(text, to: width, ellipsis: ellipsis)
    }

    /// A paragraph below a line, each line of it indented, the first with a mark.
    package func paragraph(_ text: String, mark: String, indent: Int, tone: Tone?) -> [String] {
        let blanks = String(repeating: " ", count: indent)
        guard let width else { return [paint(blanks + mark + " " + text, tone)] }
        let lines = DisplayWidth.wrap(text, to: max(10, width - indent - DisplayWidth.of(mark) - 1))
        let hanging = blanks + String(repeating: " ", count: DisplayWidth.of(mark) + 1)
        return lines.enumerated().map { index, line in
            paint((index == 0 ? blanks + mark + " " : hanging) + line, tone)
        }
    }

    /// A paragraph of advice. Where the line has no room for all of it, the command has one of its own, and is never
    /// broken, so that it can be copied.
    package func paragraph(_ advice: Advice, mark: String, indent: Int, tone: Tone?) -> [String] {
        let hanging = indent + DisplayWidth.of(mark) + 1
        var lines = [line(advice)]
        if let width, hanging + DisplayWidth.of(lines[0]) > width {
            lines = parts(of: advice).flatMap { part in
                part.isCommand ? [part.text] : DisplayWidth.wrap(part.text, to: max(10, width - hanging))
            }
        }
        return lines.enumerated().map { index, line in
            let blanks = String(repeating: " ", count: index == 0 ? indent : hanging)
            return paint(blanks + (index == 0 ? mark + " " : "") + line, tone)
        }
    }

    /// Advice on one line.
    package func line(_ advice: Advice) -> String {
        parts(of: advice).map(\.text).joined(separator: " ")
    }

    private func parts(of advice: Advice) -> [(text: String, isCommand: Bool)] {
        [
            (show(advice.words), false), (advice.command?.text(isASCII: !hasUTF8) ?? "", true),
            (show(advice.effect), false),
        ].filter { !$0.text.isEmpty }
    }

    /// A bar of so many cells, filled to a share from 0 to 1.
    package func bar(_ share: Double, cells: Int, tone: Tone?) -> String {
        let share = min(1, max(0, share))
        let full = Int(share * Double(cells))
        if drawsBlocks {
            let half = full < cells && share * Double(cells) - Double(full) >= 0.5
            let rest = cells - full - (half ? 1 : 0)
            return paint(String(repeating: "━", count: full) + (half ? "╸" : ""), tone)
                + paint(String(repeating: "─", count: rest), .quiet)
        }
        return paint(String(repeating: "#", count: full), tone) + String(repeating: "-", count: cells - full)
    }
}

extension StandardStream {
    /// Cells in a line: as the terminal says, which can change, else as `$COLUMNS` says, else 80 on a terminal; nil
    /// where lines may have any length.
    package var lineWidth: Int? {
        // Not the whole size: some terminals know their columns and not their rows.
        if let columns { return columns }
        if let columns = ProcessTable.environment("COLUMNS").flatMap({ Int($0) }), columns > 0 {
            return columns
        }
        return isTerminal ? 80 : nil
    }
}
