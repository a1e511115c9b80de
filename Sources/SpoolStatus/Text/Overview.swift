internal import SpoolConsole
internal import SpoolSchedule
internal import SpoolStore
internal import SpoolText

/// The overview of a spool for people: a line a mailing, and what needs their attention below it.
struct Overview {
    private let status: SpoolStatus
    private let style: TerminalStyle
    private let time: HumanTime
    private let showsAll: Bool

    /// So many mailings that have ended are shown unless all are wanted.
    static let fewDone = 10
    private static let fewProblems = 5
    private static let fewWarnings = 3
    private static let indent = 4

    /// - Parameter showsAll: all mailings that have ended, and not only the last ten.
    init(_ status: SpoolStatus, style: TerminalStyle, showsAll: Bool) {
        self.status = status
        self.style = style
        self.showsAll = showsAll
        time = HumanTime(now: status.at, zone: status.zone)
    }

    /// The lines, none of them wider than the style allows.
    var lines: [String] {
        var lines = status.attention.flatMap { $0.lines(time, of: status, style: style) }
        if !lines.isEmpty { lines.append("") }
        let (shown, hidden) = selection
        if shown.isEmpty {
            lines += beginning
        } else {
            let rows = table(shown).lines(style)
            lines.append(rows[0])
            for (mailing, row) in zip(shown, rows.dropFirst()) {
                lines.append(row)
                lines += problems(of: mailing)
            }
        }
        if hidden > 0 {
            let mailings = hidden == 1 ? "1 older mailing" : "\(hidden) older mailings"
            lines += [style.paint(style.fit("\(mailings) in done/: --all shows them", room), .quiet)]
        }
        lines += status.ignored.flatMap { entry in
            style.paragraph(
                "ignored: \(style.show(entry.path)): \(style.show(entry.reason))", mark: "!", indent: 0,
                tone: .warning)
        }
        return lines
    }

    private var room: Int { style.width ?? Int.max }

    /// The newest first; what is being delivered is newer than anything that is over.
    private var selection: (shown: [MailingStatus], hidden: Int) {
        var shown: [MailingStatus] = []
        var active = 0
        var hidden = 0
        var done = 0
        for index in status.mailings.indices {
            switch status.mailings[index].state {
            case .active:
                shown.insert(status.mailings[index], at: active)
                active += 1
            case .scheduled, .paused, .gone: shown.append(status.mailings[index])
            case .done:
                done += 1
                // Thousands of them are not even copied.
                if showsAll || done <= Overview.fewDone {
                    shown.append(status.mailings[index])
                } else {
                    hidden += 1
                }
            }
        }
        return (shown, hidden)
    }

    private var beginning: [String] {
        let commands = [
            ShellCommand("spool-check", "--spool", status.path, "news.json"),
            ShellCommand("mv", "news.json", "\(status.path)/scheduled/"),
        ]
        return [
            "No mailings in \(style.show(status.path)).",
            "To begin, write a document outside of it, judge it, and move it in:", "",
        ].map { style.fit($0, room) } + commands.map { "    " + style.line(Advice(command: $0)) }
    }

    // MARK: Problems

    private func problems(of mailing: MailingStatus) -> [String] {
        let held = mailing.heldAtFirstSight(holdsInDoubt: status.holdsInDoubt)
        let items = status.attention(about: mailing, held: held)
        var lines = items.prefix(Overview.fewProblems).flatMap {
            $0.lines(time, of: status, style: style, indent: Overview.indent)
        }
        lines += more(items.count - Overview.fewProblems, "error", of: mailing, .error)
        if mailing.state == .done { return lines }
        for warning in mailing.warnings.prefix(Overview.fewWarnings) {
            lines += style.paragraph(
                style.show("\(warning)"), mark: "!", indent: Overview.indent, tone: .warning)
        }
        return lines + more(mailing.warnings.count - Overview.fewWarnings, "warning", of: mailing, .warning)
    }

    private func more(
        _ count: Int, _ what: String, of mailing: MailingStatus, _ tone: TerminalStyle.Tone
    ) -> [String] {
        if count <= 0 { return [] }
        let command = ShellCommand("spool-status", "--spool", status.path, operand: mailing.name)
        return style.paragraph(
            Advice("and \(count) more \(what)\(count == 1 ? "" : "s"):", command: command), mark: " ",
            indent: Overview.indent, tone: tone)
    }

    // MARK: The table

    /// How a time is told.
    private enum When {
        case full, day, brief, never
    }

    /// How much is shown of each mailing where the terminal is so wide and no wider.
    private struct Detail {
        var when = When.brief
        var bar = 10
        /// Titles and outlook in few cells, and one cell between two columns.
        var isBrief = false
        var hasRate = true
        var name = 20
        var outlook = 24
    }

    /// From the richest to the poorest.
    private static let details = [
        Detail(when: .full, bar: 20), Detail(when: .full), Detail(when: .day, name: 16),
        Detail(bar: 8, isBrief: true, name: 16, outlook: 10),
        Detail(bar: 5, isBrief: true, name: 11, outlook: 11),
        Detail(bar: 4, isBrief: true, name: 10, outlook: 9),
        Detail(bar: 4, isBrief: true, hasRate: false, name: 8, outlook: 5),
        Detail(when: .never, bar: 0, isBrief: true, hasRate: false, name: 6, outlook: 0),
    ]

    private func table(_ mailings: [MailingStatus]) -> TextTable {
        let words = mailings.map { MailingWords(mailing: $0, time: time) }
        guard let width = style.width else {
            return table(words, Detail(when: .full))
        }
        let tables = Overview.details.lazy.map { table(words, $0) }
        return tables.first { $0.leastWidth <= width }
            ?? table(words, Overview.details[Overview.details.count - 1])
    }

    private func table(_ words: [MailingWords], _ detail: Detail) -> TextTable {
        typealias Cell = TextTable.Cell
        var table = TextTable(columns: [], gap: detail.isBrief ? 1 : 2)
        func add(
            _ title: String, isNumber: Bool = false, minimum: Int? = nil, _ cell: (MailingWords) -> Cell
        ) {
            table.columns.append(
                TextTable.Column(title: title, isNumber: isNumber, minimum: minimum, cells: words.map(cell)))
        }
        func count(
            _ long: String, _ short: String, _ tone: TerminalStyle.Tone?,
            _ value: @escaping (MailingCounts) -> Int
        ) {
            add(detail.isBrief ? short : long, isNumber: true) { words in
                guard let counts = words.mailing.counts else { return Cell(text: "-", tone: .quiet) }
                let number = value(counts)
                return Cell(text: String(number), tone: number > 0 ? tone : nil)
            }
        }
        add("state") { Cell(text: $0.mailing.stateWord, tone: $0.tone) }
        add("name", minimum: detail.name) { Cell(text: style.show($0.mailing.name)) }
        switch detail.when {
        case .full: add("when") { Cell(text: $0.when.map(time.full) ?? "") }
        case .day: add("when") { Cell(text: $0.when.map(time.day) ?? "") }
        case .brief: add("when") { Cell(text: $0.when.map(time.brief) ?? "") }
        case .never: break
        }
        if detail.bar > 0 {
            add(detail.bar < 8 ? "" : "progress") { words in
                guard let share = words.share else { return Cell() }
                let painted = style.bar(share, cells: detail.bar, tone: words.tone ?? .good)
                return Cell(text: String(repeating: "#", count: detail.bar), painted: painted)
            }
        }
        add("", isNumber: true) { Cell(text: $0.percent) }
        count("sent", "sent", nil) { $0.sent }
        count("failed", "fail", .error) { $0.failed }
        count("deferred", "defer", .warning) { $0.deferred }
        count("left", "left", nil) { $0.left }
        if detail.hasRate { add("/min", isNumber: true) { Cell(text: $0.rate) } }
        add("", minimum: detail.outlook) { words in
            let isSaid = detail.when == .full && words.mailing.waitingFor == .sendAt
            let text = detail.isBrief ? words.briefOutlook : isSaid ? "" : words.outlook
            return Cell(text: text, tone: words.mailing.errors.isEmpty ? nil : .error)
        }
        return table
    }
}
