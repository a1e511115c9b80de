internal import SpoolConsole
internal import SpoolSchedule
internal import SpoolStore
internal import SpoolText

/// What needs a person, in words: what is wrong, and what to do.
extension AttentionItem {
    /// The mailing that it is about; nil if it is about the spool.
    var mailing: String? {
        switch self {
        case .neverTicked, .noTick, .hangingTick, .complaint, .refusal: nil
        case .error(let mailing, _), .held(let mailing, _), .heldReport(let mailing),
            .gone(let mailing, _), .standstill(let mailing, _):
            mailing
        }
    }

    /// One line: what is wrong, and behind it what to do.
    func text(_ time: HumanTime, of status: SpoolStatus, style: TerminalStyle = TerminalStyle()) -> String {
        let ways = ways(time, of: status).map(style.line).joined(separator: "; or ")
        return [complaint.map(style.show), ways].compactMap { $0 }.joined(separator: "; ")
    }

    /// What is wrong, where there are several ways out of it.
    private var complaint: String? {
        if case .error(_, let problem) = self, problem.ways != nil { problem.complaint } else { nil }
    }

    /// What can be done; where there is one way, with what is wrong before it.
    private func ways(_ time: HumanTime, of status: SpoolStatus) -> [Advice] {
        if case .error(_, let problem) = self, let ways = problem.ways { return ways }
        return [Advice(words(time), command: command(of: status))]
    }

    /// What is wrong and, where no command can be named, what to do.
    private func words(_ time: HumanTime) -> String {
        switch self {
        case .neverTicked: return "no tick has looked at this spool yet; add the crontab line"
        case .noTick(let since): return "no tick since \(time.full(since)): is the crontab line there?"
        case .hangingTick(let since):
            return "a tick is running and has not looked at the folders since \(time.full(since)); "
                + "is a disk or a network file system hanging?"
        case .complaint(let text): return text
        case .refusal(let refusal):
            let reply = refusal.reply.isEmpty ? "it says nothing" : refusal.reply
            return
                "the mail system is not accepting messages since \(time.full(refusal.since)): \(reply); look at its log, "
                + "spool-tick goes on by itself when it accepts again"
        case .error(_, let problem): return "\(problem)"
        case .held(_, let count):
            let who = count == 1 ? "1 recipient is" : "\(count) recipients are"
            return "\(who) in doubt: handed over, and nobody knows whether it arrived; "
                + "say so, with =sent or =resend:"
        case .heldReport:
            return "nobody knows whether the mail system has taken the report on it; "
                + "say so, with =sent or =resend:"
        case .gone(_, let counts):
            return
                "unfinished, and its document is in no folder: \(counts.sent) have got it, \(counts.left) have not; "
                + "put that document back where it was and it goes on, or end it:"
        case .standstill(_, let since):
            return
                "active, and nothing has happened since \(time.full(since)); look at the mail system's log, "
                + "and whether a sendmail hangs (delivery.timeout)"
        }
    }

    /// What to type, whole: a line that can be copied.
    private func command(of status: SpoolStatus) -> ShellCommand? {
        switch self {
        case .neverTicked, .noTick:
            ShellCommand(status.tickProgram, operand: status.path, isEveryMinute: true)
        case .held(let mailing, _), .heldReport(let mailing):
            ShellCommand("spool-tick", "--resolve", "\(mailing)=sent", "--spool", status.path)
        case .gone(let mailing, _): ShellCommand("spool-tick", "--forget", mailing, "--spool", status.path)
        case .hangingTick, .complaint, .refusal, .error, .standstill: nil
        }
    }

    /// The same as a paragraph of a terminal, broken to its width; a command stands on a line of its own, unbroken, and
    /// so does each of several ways out.
    func lines(
        _ time: HumanTime, of status: SpoolStatus, style: TerminalStyle, indent: Int = 0
    ) -> [String] {
        let mark = style.drawsBlocks && style.hasUTF8 ? "✗" : "!"
        if style.width == nil {
            let text = Advice(text(time, of: status, style: style))
            return style.paragraph(text, mark: mark, indent: indent, tone: .error)
        }
        let ways = ways(time, of: status)
        guard let complaint else {
            return ways.flatMap { style.paragraph($0, mark: mark, indent: indent, tone: .error) }
        }
        return style.paragraph(style.show(complaint + ":"), mark: mark, indent: indent, tone: .error)
            + ways.flatMap { style.paragraph($0, mark: "-", indent: indent + 2, tone: .error) }
    }
}
