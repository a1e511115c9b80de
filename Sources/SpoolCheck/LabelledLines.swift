internal import SpoolConsole
internal import SpoolMail
internal import SpoolSchedule
internal import SpoolText

/// The lines of a report: labels, and beside each what is to be said.
struct LabelledLines {
    let style: TerminalStyle

    private static let labelWidth = 14

    func heading(_ text: String) -> [String] {
        [style.paint(PlainText.clean(text), .heading)]
    }

    func fact(_ label: String, _ value: String) -> [String] {
        labelled(label, wrapped(PlainText.clean(value)))
    }

    /// On a terminal the hint stands below, in no colour.
    func problem(_ label: String, _ place: String, _ problem: Diagnostic, _ tone: TerminalStyle.Tone)
        -> [String]
    {
        let message = PlainText.clean(place + problem.message)
        let hint = PlainText.clean(problem.hint)
        if style.width == nil { return labelled(label, ["\(message); \(hint)"], tone) }
        let ways = problem.ways ?? [Advice(hint)]
        return labelled(label, wrapped(message), tone)
            + ways.flatMap {
                style.paragraph($0, mark: "->", indent: LabelledLines.labelWidth, tone: nil)
            }
    }

    private func labelled(
        _ label: String, _ lines: [String], _ tone: TerminalStyle.Tone? = nil
    ) -> [String] {
        lines.enumerated().map { index, line in
            let name = index == 0 ? label : ""
            let blanks = String(repeating: " ", count: max(1, LabelledLines.labelWidth - 2 - name.count))
            return "  " + style.paint(name, tone) + blanks + style.paint(line, tone)
        }
    }

    private func wrapped(_ text: String) -> [String] {
        guard let width = style.width else { return [text] }
        return DisplayWidth.wrap(text, to: max(20, width - LabelledLines.labelWidth))
    }
}
