internal import SpoolConsole
internal import SpoolMailing
internal import SpoolMail
internal import SpoolSchedule
internal import SpoolStatistics
internal import SpoolStore

/// Everything about one mailing, for people: times, numbers that add up, reasons, deliveries over time, domains, contents.
struct MailingPage {
    private let status: SpoolStatus
    private let mailing: MailingStatus
    private let details: MailingDetails
    private let style: TerminalStyle
    private let time: HumanTime

    private static let labelWidth = 12
    private static let mostReasons = 8
    private static let mostDomains = 5
    private static let mostInDoubt = 10

    /// - Parameter details: what the mailing's journal tells.
    init(_ mailing: MailingStatus, _ details: MailingDetails, of status: SpoolStatus, style: TerminalStyle) {
        self.mailing = mailing
        self.details = details
        self.status = status
        self.style = style
        time = HumanTime(now: status.at, zone: status.zone)
    }

    /// The lines, none of them wider than the style allows.
    var lines: [String] {
        let parts = [
            head, problems, numbers, TextPlot(timeline: details.timeline, time: time, style: style).lines,
            reasons("Failures by reason", details.failures),
            reasons("Deferrals by reason", details.deferrals),
            domains, contents, inDoubt, way,
        ]
        return Array(parts.filter { !$0.isEmpty }.joined(separator: [""]))
    }

    private var words: MailingWords { MailingWords(mailing: mailing, time: time) }
    private var room: Int { style.width ?? Int.max }

    private func heading(_ text: String) -> String { style.paint(style.fit(text, room), .heading) }

    private func row(_ label: String, _ text: String, _ tone: TerminalStyle.Tone? = nil) -> String {
        let left = "  " + DisplayWidth.pad(label, to: MailingPage.labelWidth) + " "
        return left + style.paint(style.fit(text, max(1, room - left.count)), tone)
    }

    // MARK: The parts

    private var head: [String] {
        let state = mailing.stateWord
        let name = style.fit(style.show(mailing.name), max(4, room - state.count - 2))
        var lines = [style.paint(name, .heading) + "  " + style.paint(state, words.tone)]
        func add(_ label: String, _ moment: Timestamp?) {
            if let moment { lines.append(row(label, time.full(moment))) }
        }
        if let subject = mailing.subject { lines.append(row("subject", style.show(subject))) }
        if let from = mailing.from { lines.append(row("from", style.show(from))) }
        add("planned", mailing.sendAt)
        add("begun", mailing.startedAt)
        add("again since", details.reopenedAt)
        if mailing.finishedAt == nil { add("last message", details.lastAttempt) }
        add(mailing.isCancelled ? "cancelled" : "finished", mailing.finishedAt)
        if let begun = mailing.startedAt, let end = mailing.finishedAt {
            lines.append(row("took", HumanTime.length((end - begun).seconds)))
        }
        if !words.rate.isEmpty { lines.append(row("speed", "\(words.rate) a minute")) }
        if !words.outlook.isEmpty {
            lines.append(row("next", next, mailing.errors.isEmpty ? nil : .error))
        }
        return lines
    }

    /// The next thing that will happen, and when.
    private var next: String {
        if mailing.waitingFor == .sendAt, let moment = mailing.next {
            return "goes out \(time.full(moment))"
        }
        var text = words.outlook
        if let moment = mailing.next { text += " (\(time.relative(moment)))" }
        if mailing.waitingFor != nil, mailing.state == .active, let seconds = mailing.secondsLeft {
            text += ", \(HumanTime.length(seconds)) to go"
        }
        return text
    }

    private var problems: [String] {
        let items = status.attention(
            about: mailing, held: mailing.held(holdsInDoubt: status.holdsInDoubt, details))
        let errors = items.flatMap { $0.lines(time, of: status, style: style) }
        let warnings = mailing.warnings.flatMap { warning in
            style.paragraph(style.show("\(warning)"), mark: "!", indent: 0, tone: .warning)
        }
        return errors + warnings
    }

    private var numbers: [String] {
        guard let counts = mailing.counts else { return [heading("Recipients: not counted yet")] }
        let width = String(counts.recipients).count
        func line(_ label: String, _ count: Int, _ tone: TerminalStyle.Tone?, _ note: String = "") -> String {
            let number = DisplayWidth.pad(String(count), to: width, onTheLeft: true)
            return row(label, note.isEmpty ? number : "\(number)  \(note)", count > 0 ? tone : nil)
        }
        let skipped = [
            (counts.duplicate, "duplicate"), (counts.invalid, "invalid"), (counts.suppressed, "suppressed"),
            (counts.late, "late"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        var lines = [heading("Recipients"), line("sent", counts.sent, .good)]
        lines += [
            line("failed", counts.failed, .error), line("deferred", counts.deferred, .warning),
            line("in doubt", counts.inDoubt, .warning), line("sending", counts.sending, nil),
            line("waiting", counts.waiting, nil), line("skipped", counts.skipped, nil, skipped),
            line("together", counts.recipients, nil),
        ]
        if let share = words.share, room >= 24 {
            let cells = max(1, min(40, room - MailingPage.labelWidth - 9))
            let left = "  " + DisplayWidth.pad("ended", to: MailingPage.labelWidth) + " "
            lines.append(
                left + style.bar(share, cells: cells, tone: words.tone ?? .good) + " " + words.percent)
        }
        if counts.formerSent > 0 {
            lines.append(row("besides", "\(counts.formerSent) got it who are not in the list any more"))
        }
        if details.attempts > 0 {
            var text = "\(details.attempts)"
            if details.repeatedAttempts > 0 { text += ", \(details.repeatedAttempts) of them not the first" }
            if details.timeouts > 0 { text += ", \(details.timeouts) hung" }
            lines.append(row("attempts", text))
        }
        return lines
    }

    private func reasons(_ title: String, _ tally: ReasonTally) -> [String] {
        let sorted = tally.sorted
        if sorted.isEmpty { return [] }
        let width = String(sorted.first?.count ?? 0).count
        var lines = [heading(title)]
        for reason in sorted.prefix(MailingPage.mostReasons) {
            let count = DisplayWidth.pad(String(reason.count), to: width, onTheLeft: true)
            let said = reason.text.isEmpty ? "nothing was said" : reason.text
            lines += style.paragraph(
                style.show("\(said) (\(Reply.ending(reason.status)))"), mark: count, indent: 2,
                tone: nil)
            let examples =
                reason.examples.joined(separator: ", ") + (reason.count > reason.examples.count ? ", …" : "")
            let indent = String(repeating: " ", count: width + 3)
            let text =
                "\(examples.replacing("…", with: style.drawsBlocks ? "…" : "...")); last \(time.day(reason.latest))"
            lines.append(style.paint(style.fit(indent + style.show(text), room), .quiet))
        }
        let rest = sorted.dropFirst(MailingPage.mostReasons).reduce(tally.others) { $0 + $1.count }
        if rest > 0 { lines.append(style.fit("  \(rest) for other reasons", room)) }
        return lines
    }

    private var domains: [String] {
        let failing = details.mostFailing(MailingPage.mostDomains)
        // A domain that takes every message at once is not slow, however the others fare.
        let slow = details.slowest(MailingPage.mostDomains).filter { ($0.mean ?? 0) >= 1000 }
        let failures = table("Domains with the most failures", failing, "deferrals") { String($0.deferrals) }
        let slowness = table("Slowest domains", slow, "first attempt to acceptance") {
            "\(HumanTime.length(($0.mean ?? 0) / 1000)), at most \(HumanTime.length($0.longest / 1000))"
        }
        let others = details.byDomain.others.failed
        let rest = others > 0 ? [style.fit("  and \(others) in domains with few recipients", room)] : []
        return failures + rest + (failures.isEmpty || slowness.isEmpty ? [] : [""]) + slowness
    }

    private func table(
        _ title: String, _ domains: [DomainFigures], _ last: String, _ text: (DomainFigures) -> String
    ) -> [String] {
        if domains.isEmpty { return [] }
        typealias Column = TextTable.Column
        typealias Cell = TextTable.Cell
        let table = TextTable(columns: [
            Column(title: "", cells: domains.map { _ in Cell() }),
            Column(title: "domain", minimum: 10, cells: domains.map { Cell(text: style.show($0.domain)) }),
            Column(
                title: "failed", isNumber: true,
                cells: domains.map { Cell(text: String($0.failed), tone: $0.failed > 0 ? .error : nil) }),
            Column(title: "sent", isNumber: true, cells: domains.map { Cell(text: String($0.sent)) }),
            Column(title: last, minimum: 6, cells: domains.map { Cell(text: text($0)) }),
        ])
        return [heading(title)] + table.lines(style)
    }

    private var contents: [String] {
        if details.revisions.isEmpty { return [] }
        let width = String(details.revisions.map(\.sent).max() ?? 0).count
        return [heading("Content")]
            + details.revisions.map { revision in
                let count = DisplayWidth.pad(String(revision.sent), to: width, onTheLeft: true)
                let since = time.full(revision.since)
                return style.fit("  \(count) got revision \(style.show(revision.hash)), since \(since)", room)
            }
    }

    private var inDoubt: [String] {
        if details.inDoubt.isEmpty || mailing.state == .done { return [] }
        let shown = details.inDoubt.prefix(MailingPage.mostInDoubt)
        var lines = shown.map { recipient in
            let hung = MailingPage.hung(recipient.timeouts)
            return style.fit(
                "  \(style.show(recipient.address)) since \(time.full(recipient.since))\(hung)", room)
        }
        let rest = details.inDoubtCount - shown.count
        if rest > 0 { lines.append("  and \(rest) more") }
        return [heading("In doubt")] + lines
    }

    private static func hung(_ count: Int) -> String {
        switch count {
        case 0: ""
        case 1: ", hung once"
        default: ", hung \(count) times"
        }
    }

    private var way: [String] {
        guard details.moves.count > 1 else { return [] }
        return [heading("Way")]
            + details.moves.map { move in
                style.fit(
                    "  \(time.exact(move.at))  \(move.folder?.rawValue ?? "gone from every folder")", room)
            }
    }
}
