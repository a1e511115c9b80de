internal import SpoolConsole
internal import SpoolSchedule
internal import SpoolStatistics

/// Deliveries over time as a small plot of a terminal: a column a bucket, times below, the highest number beside it.
struct TextPlot {
    let timeline: DeliveryTimeline
    let time: HumanTime
    let style: TerminalStyle

    private static let rows = 6
    private static let widest = 100
    private static let blocks = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    private static let indent = 2

    /// The lines; none if nothing was accepted.
    var lines: [String] {
        guard timeline.total.accepted > 0 else { return [] }
        let label = String(timeline.total.accepted).count
        let room = min(TextPlot.widest, (style.width ?? 80) - TextPlot.indent - label - 2)
        guard room >= 8 else { return [] }
        let coarse = timeline.coarsened(toAtMost: room)
        let cells = max(1, min(4, room / coarse.buckets.count))
        let top = coarse.buckets.map(\.accepted).max() ?? 1
        let labels = String(top).count
        let blanks = String(repeating: " ", count: TextPlot.indent)
        var lines: [String] = []
        for row in (0..<TextPlot.rows).reversed() {
            let name = row == TextPlot.rows - 1 ? String(top) : row == 0 ? "0" : ""
            let bars = coarse.buckets.map {
                String(repeating: cell($0.accepted, of: top, row: row), count: cells)
            }
            let edge = style.drawsBlocks ? "┤" : "|"
            lines.append(
                blanks + DisplayWidth.pad(name, to: labels, onTheLeft: true) + style.paint(edge, .quiet)
                    + style.paint(TextPlot.trimmed(bars.joined()), .good))
        }
        lines.append(
            String(repeating: " ", count: TextPlot.indent + labels + 1)
                + style.paint(axis(coarse, width: coarse.buckets.count * cells), .quiet))
        let each = HumanTime.length(coarse.width)
        let heading = style.fit("Accepted, in each \(each)", style.width ?? Int.max)
        return [style.paint(heading, .heading)] + lines
    }

    private func cell(_ value: Int, of top: Int, row: Int) -> String {
        // In eighths of a cell, and at least one where there is anything.
        let eighths = max(value > 0 ? 1 : 0, value * TextPlot.rows * 8 / max(1, top))
        let here = min(8, max(0, eighths - row * 8))
        if style.drawsBlocks { return TextPlot.blocks[here] }
        return here >= 4 || (row == 0 && here > 0) ? "#" : " "
    }

    /// The time of the first column, and of the last where there is room for it.
    private func axis(_ coarse: DeliveryTimeline, width: Int) -> String {
        let first = label(coarse.start(of: 0), coarse)
        let last = label(coarse.start(of: coarse.buckets.count - 1), coarse)
        guard coarse.buckets.count > 1, first.count + last.count + 2 <= width else { return first }
        return first + String(repeating: " ", count: width - first.count - last.count) + last
    }

    private func label(_ moment: Timestamp, _ coarse: DeliveryTimeline) -> String {
        coarse.width < 60 ? String(time.exact(moment).suffix(8)) : time.day(moment)
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
