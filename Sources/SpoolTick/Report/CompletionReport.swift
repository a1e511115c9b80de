internal import SpoolConsole
internal import SpoolMail
internal import SpoolSchedule
internal import SpoolStatistics
internal import SpoolStore
internal import SpoolText

/// The report that a person gets by mail when a mailing has finished: how it went, in a few lines.
struct CompletionReport {
    /// The mailing's name, by which the commands at the end find it.
    var name: String
    var subject: String?
    var counts: MailingCounts
    /// What the journal tells beyond the numbers.
    var details: MailingDetails
    var startedAt: Timestamp
    var finishedAt: Timestamp
    /// The mailing's.
    var zone: TimeZoneRules
    /// The spool's absolute path.
    var spool: String

    private static let mostReasons = 10
    private static let longestReason = 200

    /// The subject of the report: name and outcome.
    var subjectLine: String { "\(shownName): finished, \(outcome)" }

    /// The body, with a line feed at the end of each line.
    var text: String {
        let sections = [
            ["The mailing \"\(shownName)\" has finished: \(outcome)."], facts, numbers, remarks, reasons,
            commands,
        ]
        return sections.filter { !$0.isEmpty }.map { $0.map { $0 + "\n" }.joined() }.joined(separator: "\n")
    }

    private var shownName: String { PlainText.clean(name) }

    private var outcome: String {
        var parts = ["\(counts.sent) of \(counts.recipients) sent"]
        if counts.failed > 0 { parts.append("\(counts.failed) failed") }
        if counts.late > 0 { parts.append("\(counts.late) too late") }
        return parts.joined(separator: ", ")
    }

    private var facts: [String] {
        var rows: [(String, String)] = []
        if let subject { rows.append(("Subject", PlainText.clean(subject))) }
        rows.append(("Started", text(of: startedAt)))
        if let again = details.reopenedAt { rows.append(("Sent again", text(of: again))) }
        rows.append(("Finished", text(of: finishedAt)))
        let seconds = (finishedAt - (details.reopenedAt ?? startedAt)).seconds
        rows.append(("Took", seconds < 1 ? "less than a second" : HumanTime.length(seconds)))
        return rows.map { "  " + DisplayWidth.pad($0.0, to: 12) + $0.1 }
    }

    private func text(of time: Timestamp) -> String { time.rfc5322(utcOffset: zone.utcOffset(at: time)) }

    /// Every state that anybody is in, and their sum.
    private var numbers: [String] {
        let rows = [
            ("Sent", counts.sent), ("Failed", counts.failed), ("Skipped, too late", counts.late),
            ("Skipped, suppressed", counts.suppressed), ("Skipped, not valid", counts.invalid),
            ("Skipped, duplicate", counts.duplicate), ("In doubt", counts.inDoubt),
            ("Left", counts.waiting + counts.sending + counts.deferred),
        ].filter { $0.1 > 0 }
        let width = max(6, String(counts.recipients).count)
        func line(_ label: String, _ number: String) -> String {
            "  " + DisplayWidth.pad(label, to: 22) + DisplayWidth.pad(number, to: width, onTheLeft: true)
        }
        return rows.map { line($0.0, String($0.1)) } + [
            line("", String(repeating: "-", count: width)), line("Recipients", String(counts.recipients)),
        ]
    }

    private var remarks: [String] {
        var lines: [String] = []
        if counts.formerSent > 0 {
            lines.append("Besides, \(counts.formerSent) got it who are not in the list any more.")
        }
        if details.timeouts > 0 {
            let what = details.timeouts == 1 ? "1 hand-over was" : "\(details.timeouts) hand-overs were"
            lines.append("\(what) not answered in time; whoever was meant may have got two copies.")
        }
        return lines
    }

    private var reasons: [String] {
        if details.failures.total == 0 { return [] }
        var lines = ["Why \(details.failures.total) failed:"]
        let reasons = details.failures.sorted
        for reason in reasons.prefix(CompletionReport.mostReasons) {
            let count = DisplayWidth.pad(String(reason.count), to: 5, onTheLeft: true)
            lines.append("  \(count)  \(words(of: reason))")
            let more = reason.count > reason.examples.count ? ", …" : ""
            lines.append("         " + reason.examples.map(PlainText.clean).joined(separator: ", ") + more)
        }
        let named = reasons.prefix(CompletionReport.mostReasons).reduce(0) { $0 + $1.count }
        if details.failures.total > named {
            lines.append("  and \(details.failures.total - named) for other reasons")
        }
        return lines
    }

    private func words(of reason: Reason) -> String {
        let text = Reply.words(PlainText.clean(reason.text), status: reason.status)
        return text.count > CompletionReport.longestReason
            ? text.prefix(CompletionReport.longestReason) + "…" : text
    }

    /// What to do next.
    private var commands: [String] {
        let path = spool.shellQuoted
        let quoted = name.shellOperand
        var lines: [String] = []
        if counts.failed > 0 {
            lines += [
                "To see who failed:", "  spool-status --spool \(path) --recipients --state failed \(quoted)",
            ]
        } else {
            lines += ["To see more:", "  spool-status --spool \(path) \(quoted)"]
        }
        if counts.failed + counts.late > 0 {
            let document = "\(spool)/done/\(name).json".shellQuoted
            let target = "\(spool)/active/".shellQuoted
            let first = counts.late > 0 ? ", once it has a later sendUntil" : ""
            lines += ["To send it again to whoever has not got it\(first):", "  mv \(document) \(target)"]
        }
        return lines
    }
}
