/// The overview of a spool for people: a line a mailing, and what needs their attention below it.
struct Overview {
    private let status: SpoolStatus
    private let usesColor: Bool

    init(_ status: SpoolStatus, usesColor: Bool) {
        self.status = status
        self.usesColor = usesColor
    }

    /// The text, with a line feed at the end of each line.
    var text: String {
        var lines: [String] = []
        if status.mailings.isEmpty {
            lines.append("No mailings. To begin, put a document into \(Reply.clean(status.path))/scheduled/")
        }
        let names = status.mailings.map { Reply.clean($0.name) }
        let width = min(40, names.map(\.count).max() ?? 0)
        for (mailing, name) in zip(status.mailings, names) {
            let padding = String(repeating: " ", count: max(0, width - name.count))
            let state = mailing.isCancelled ? "cancelled" : mailing.state.rawValue
            let stateText = state + String(repeating: " ", count: max(0, 9 - state.count))
            lines.append("\(stateText)  \(name)\(padding)  \(numbers(of: mailing))")
            for problem in mailing.errors {
                lines.append(paint("           \(Reply.clean("\(problem)"))", red))
            }
            for problem in mailing.warnings where mailing.state == .scheduled || mailing.state == .paused {
                lines.append(paint("           \(Reply.clean("\(problem)"))", yellow))
            }
        }
        for entry in status.ignored {
            lines.append(paint("ignored    \(Reply.clean(entry.path)): \(Reply.clean(entry.reason))", yellow))
        }
        if let refusal = status.refusal {
            let reply = Reply.clean(refusal.reply)
            lines.append(
                paint("The mail system is not accepting messages since \(refusal.since): \(reply)", red))
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private var red: String { "31" }
    private var yellow: String { "33" }

    private func paint(_ text: String, _ color: String) -> String {
        usesColor ? "\u{1B}[\(color)m\(text)\u{1B}[0m" : text
    }

    private func numbers(of mailing: MailingStatus) -> String {
        guard let counts = mailing.counts else { return "not looked at yet" }
        let ended = counts.recipients - counts.left
        let percent = counts.recipients == 0 ? 100 : ended * 100 / counts.recipients
        var parts = ["\(percent) %", "\(counts.sent) of \(counts.recipients) sent"]
        for (count, what) in [
            (counts.failed, "failed"), (counts.deferred, "deferred"), (counts.inDoubt, "in doubt"),
            (counts.skipped, "skipped"), (counts.left, "left"),
        ] where count > 0 { parts.append("\(count) \(what)") }
        if let rate = mailing.perMinute, mailing.state == .active { parts.append("\(Int(rate))/min") }
        if let seconds = mailing.secondsLeft, counts.left > 0 { parts.append("\(seconds) s to go") }
        if let reason = mailing.waitingFor { parts.append("waiting for \(reason)") }
        if let next = mailing.next { parts.append("next \(next.rfc3339)") }
        return parts.joined(separator: ", ")
    }
}
