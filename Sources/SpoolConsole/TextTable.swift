/// A table of a terminal: columns as wide as what stands in them, of which one gives way when room is short.
package struct TextTable {
    /// A cell's text, without control characters, and its tone.
    package struct Cell {
        var text = ""
        var tone: TerminalStyle.Tone?
        /// Already painted text that stands for `text`, of the same width.
        var painted: String?

        package init(text: String = "", tone: TerminalStyle.Tone? = nil, painted: String? = nil) {
            self.text = text
            self.tone = tone
            self.painted = painted
        }
    }

    /// What a column is.
    package struct Column {
        let title: String
        var isNumber = false
        /// The fewest cells to which it may be cut; nil for a column that is never cut.
        var minimum: Int?
        var cells: [Cell] = []

        package init(title: String, isNumber: Bool = false, minimum: Int? = nil, cells: [Cell] = []) {
            self.title = title
            self.isNumber = isNumber
            self.minimum = minimum
            self.cells = cells
        }

        /// The widest of its cells and its title.
        var natural: Int {
            max(DisplayWidth.of(title), cells.map { DisplayWidth.of($0.text) }.max() ?? 0)
        }
    }

    package var columns: [Column]
    /// Cells between two columns.
    var gap = 2

    package init(columns: [Column], gap: Int = 2) {
        self.columns = columns
        self.gap = gap
    }

    /// The cells that the table takes if every column is cut to its minimum.
    package var leastWidth: Int {
        columns.reduce(gap * max(0, columns.count - 1)) {
            $0 + min($1.natural, $1.minimum ?? Int.max)
        }
    }

    /// The lines, the titles first, none of them wider than the style allows.
    package func lines(_ style: TerminalStyle) -> [String] {
        let widths = widths(style.width)
        let rows = columns.map(\.cells.count).max() ?? 0
        var lines = [line(columns.map { Cell(text: $0.title, tone: .quiet) }, widths, style)]
        for row in 0..<rows { lines.append(line(columns.map { $0.cells[row] }, widths, style)) }
        return lines
    }

    /// What is missing is taken from the columns that may be cut, the first of them first.
    private func widths(_ limit: Int?) -> [Int] {
        var widths = columns.map(\.natural)
        guard let limit else { return widths }
        var excess = widths.reduce(gap * max(0, columns.count - 1), +) - limit
        for index in columns.indices where excess > 0 {
            guard let minimum = columns[index].minimum, widths[index] > minimum else { continue }
            let taken = min(excess, widths[index] - minimum)
            widths[index] -= taken
            excess -= taken
        }
        return widths
    }

    private func line(_ cells: [Cell], _ widths: [Int], _ style: TerminalStyle) -> String {
        var text = ""
        var blanks = 0
        var room = style.width ?? Int.max
        for (index, cell) in cells.enumerated() {
            let isNumber = columns[index].isNumber
            let shown = style.fit(cell.text, max(0, min(widths[index], isNumber ? Int.max : room - blanks)))
            let width = DisplayWidth.of(shown)
            let rest = max(0, widths[index] - width)
            let before = blanks + (isNumber ? rest : 0)
            // On a terminal that is narrower than all of this, no part of a number is shown.
            if before + width > room { break }
            // Blanks at the end of a line would be drawn for nothing.
            if width > 0 {
                let isWhole = shown == cell.text
                text += String(repeating: " ", count: before)
                text +=
                    isWhole ? cell.painted ?? style.paint(shown, cell.tone) : style.paint(shown, cell.tone)
                room -= before + width
                blanks = (isNumber ? 0 : rest) + gap
            } else {
                blanks += rest + gap
            }
        }
        return text
    }
}
