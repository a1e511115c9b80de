internal import SpoolMail
internal import SpoolMailing
internal import SpoolSchedule

/// How a report looks on its medium.
struct Page {
    /// The colours of a terminal (ECMA-48, SGR).
    enum Color: String {
        case red = "31"
        case yellow = "33"
        case green = "32"
        case bold = "1"
    }

    let usesColor: Bool
    let columns: Int?

    private static let labelWidth = 14

    func paint(_ text: String, _ color: Color) -> String {
        usesColor ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
    }

    func heading(_ text: String) -> [String] {
        [paint(Reply.clean(text), .bold)]
    }

    func fact(_ label: String, _ value: String) -> [String] {
        labelled(label, wrapped(Reply.clean(value)))
    }

    /// On a terminal the hint stands below, in no colour.
    func problem(_ label: String, _ place: String, _ problem: Diagnostic, _ color: Color) -> [String] {
        let message = Reply.clean(place + problem.message)
        let hint = Reply.clean(problem.hint)
        if columns == nil { return labelled(label, ["\(message); \(hint)"], color) }
        return labelled(label, wrapped(message), color) + labelled("", wrapped("-> " + hint))
    }

    private func labelled(_ label: String, _ lines: [String], _ color: Color? = nil) -> [String] {
        lines.enumerated().map { index, line in
            let name = index == 0 ? label : ""
            let painted = color.map { paint(line, $0) } ?? line
            let padding = String(repeating: " ", count: max(1, Page.labelWidth - 2 - name.count))
            return "  " + (name.isEmpty ? "" : color.map { paint(name, $0) } ?? name) + padding + painted
        }
    }

    /// A text in lines that fit beside the labels; a word that is longer than a line is left whole.
    private func wrapped(_ text: String) -> [String] {
        guard let columns else { return [text] }
        let width = max(20, columns - Page.labelWidth)
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = String(word)
            } else {
                line += line.isEmpty ? String(word) : " " + word
            }
        }
        return lines + [line]
    }
}
