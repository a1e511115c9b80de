internal import SpoolConsole
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
internal import SpoolText

/// What `spool-check` says of one document, for people.
struct CheckReport {
    private let result: CheckResult
    private let page: LabelledLines

    /// - Parameter style: without a width every problem stands on one line.
    init(_ result: CheckResult, style: TerminalStyle) {
        self.result = result
        page = LabelledLines(style: style)
    }

    /// The text, with a line feed at the end of each line.
    var text: String {
        var lines = page.heading(result.path)
        for (label, value) in facts { lines += page.fact(label, value) }
        if !result.canBeSent || !result.warnings.isEmpty { lines.append("") }
        for problem in result.refusals { lines += page.problem("error", "", problem, .error) }
        for problem in result.errors { lines += page.problem("error", place(of: problem), problem, .error) }
        for problem in result.warnings {
            lines += page.problem("warning", place(of: problem), problem, .warning)
        }
        lines.append("")
        lines.append(verdict)
        return lines.map { $0 + "\n" }.joined()
    }

    private var verdict: String {
        let warnings = HumanNumber.counted(result.warnings.count, "warning", "warnings")
        if result.canBeSent {
            return page.style.paint(
                result.warnings.isEmpty ? "It can be sent." : "It can be sent; \(warnings).", .good)
        }
        let errors = HumanNumber.counted(result.refusals.count + result.errors.count, "error", "errors")
        let besides = result.warnings.isEmpty ? "" : ", \(warnings)"
        return page.style.paint("It cannot be sent: \(errors)\(besides).", .error)
    }

    /// `news.json:14: recipientsFile: `, as compilers do.
    private func place(of problem: Diagnostic) -> String {
        "\(result.fileName):" + (problem.line.map { "\($0):" } ?? "") + " "
            + (problem.key.map { "\($0): " } ?? "")
    }

    // MARK: The summary

    private var facts: [(String, String)] {
        var facts: [(String, String)] = []
        if let spool = result.spool { facts.append(("spool", spool)) }
        if let from = result.from { facts.append(("from", from)) }
        if let subject = result.subject { facts.append(("subject", subject)) }
        if let plan = result.plan { facts.append(("when", start(plan))) }
        if let plan = result.plan, let end = plan.sendUntil { facts.append(("until", exact(end, plan))) }
        if let recipients = result.recipients {
            facts.append(("recipients", CheckReport.numbers(recipients)))
            if let column = recipients.guessedColumn {
                facts.append(("addresses", "in the column \"\(column)\", which holds some"))
            }
        }
        if let counts = result.counts { facts.append(("so far", CheckReport.progress(counts))) }
        for (label, isAttached) in [("parts", false), ("attached", true)] {
            let parts = result.parts.filter { ($0.name != nil) == isAttached }
            if !parts.isEmpty { facts.append((label, parts.map(CheckReport.part).joined(separator: ", "))) }
        }
        if let largest = result.largest {
            facts.append(("message", "\(HumanNumber.size(largest.bytes)) at most"))
        }
        if let plan = result.plan, plan.hasWindow { facts.append(("window", window(plan))) }
        if let plan = result.plan, plan.remaining != nil { facts.append(("takes", duration(plan))) }
        if let delivery = result.delivery { facts.append(("delivery", CheckReport.words(delivery))) }
        return facts
    }

    private func clock(of plan: DeliveryPlan) -> HumanTime { HumanTime(now: result.at, zone: plan.zone) }

    private func moment(_ time: Timestamp, _ plan: DeliveryPlan) -> String {
        clock(of: plan).calendarDay(time)
    }

    private func exact(_ time: Timestamp, _ plan: DeliveryPlan) -> String {
        let clock = clock(of: plan)
        let zone = plan.zoneName.map { " \($0)" } ?? ""
        return
            "\(clock.calendarDay(time)), \(clock.relative(time, .rounded)) (\(clock.withOffset(time))\(zone))"
    }

    private func start(_ plan: DeliveryPlan) -> String {
        switch plan.start {
        case .atOnce:
            return plan.opens == result.at ? "at once" : "when the window opens: \(exact(plan.opens, plan))"
        case .at(let time): return exact(time, plan)
        case .begun(let time?): return "begun \(exact(time, plan))"
        case .begun(nil): return "at once, with the next tick"
        case .person(.done): return "when it is moved back to active/ or scheduled/"
        case .person: return "when it is moved to active/ or scheduled/"
        }
    }

    private static func numbers(_ recipients: ListSummary) -> String {
        "\(HumanNumber.text(recipients.rows)) in total: \(HumanNumber.text(recipients.unique)) unique, "
            + "\(HumanNumber.text(recipients.duplicates)) duplicate, \(HumanNumber.text(recipients.invalid)) invalid, "
            + "\(HumanNumber.text(recipients.suppressed)) suppressed"
    }

    static func progress(_ counts: MailingCounts) -> String {
        HumanNumber.list(
            [
                (counts.sent, "sent"), (counts.failed, "failed"), (counts.deferred, "deferred"),
                (counts.inDoubt + counts.sending, "in doubt or being sent"), (counts.left, "left"),
            ], always: ["sent", "left"])
    }

    private static func part(_ part: CheckResult.Part) -> String {
        if let name = part.name { return "\(name) \(HumanNumber.size(part.bytes))" }
        let size = HumanNumber.size(part.bytes)
        if part.type == "text/html" { return "HTML \(size)" }
        return part.isDerived ? "text \(size) (derived from the HTML)" : "text \(size)"
    }

    private static func words(_ delivery: CheckResult.Delivery) -> String {
        switch delivery {
        case .sendmail(let command): "by \(command.map(\.shellQuoted).joined(separator: " "))"
        case .maildir(let path): "into the Maildir \(path); no mail leaves the machine"
        case .smtp(let host, let port): "by SMTP to \(host), port \(port)"
        }
    }

    private func window(_ plan: DeliveryPlan) -> String {
        var earliest = result.at
        if case .at(let time) = plan.start { earliest = time }
        var text = plan.opens > earliest ? "opens \(moment(plan.opens, plan))" : "open then"
        if plan.opens == result.at { text = "open now" }
        return text + (plan.closes.map { ", closes \(moment($0, plan))" } ?? "")
    }

    private func duration(_ plan: DeliveryPlan) -> String {
        if plan.remaining == 0 { return "nobody is left to be mailed" }
        guard let seconds = plan.seconds, let ends = plan.ends else {
            return plan.rate == nil && plan.spoolRate == nil
                ? "as long as the mail system needs" : "more than a hundred years, or for ever"
        }
        let own = plan.rate.map { " at \($0)" } ?? ""
        let shared =
            plan.spoolRate.map { own.isEmpty ? " at the spool's \($0)" : ", the spool's rate is \($0)" } ?? ""
        let until =
            switch plan.start {
            case .person: ""
            case .atOnce, .at, .begun: ", until \(moment(ends, plan))"
            }
        return HumanTime.length(seconds, .rounded) + own + shared + until
    }
}
