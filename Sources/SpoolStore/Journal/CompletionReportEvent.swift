package import SpoolMailing
package import SpoolSchedule

/// What a `report` line of a journal says: the report goes through the states of a recipient, in the same words.
package enum CompletionReportEvent: Equatable {
    /// It is to be sent: `due JSON`.
    case due(CompletionReportOrder)
    /// It is about to be handed over: `try ATTEMPT`.
    case attempt(Int)
    /// The mail system accepted it: `sent REPLY`.
    case sent(reply: String)
    /// Not now: `deferred RETRY-TIME VERDICT STATUS REPLY`.
    case deferred(until: Timestamp, isUnclear: Bool, status: String, reply: String)
    /// Refused for good, or not tried again: `failed STATUS REPLY`.
    case failed(status: String, reply: String)
    /// Handed over, outcome unknown: `in-doubt RETRY-TIME CAUSE`.
    case inDoubt(until: Timestamp, isTimeout: Bool)
    /// A person has said what became of it: `resolved sent|resend`.
    case resolved(asSent: Bool)
    /// The announced hand-over did not happen: `withdrew TO-STATE`.
    case withdrew(to: RecipientState)
    /// It is not sent, since its address is suppressed: `skipped suppressed`.
    case skipped

    /// All behind the line's event.
    package var fields: String {
        switch self {
        case .due(let order): "due \(order.json)"
        case .attempt(let number): "try \(number)"
        case .sent(let reply): reply.isEmpty ? "sent" : "sent \(reply)"
        case .deferred(let until, let isUnclear, let status, let reply):
            "deferred \(until.rfc3339Milliseconds) \(isUnclear ? "unclear" : "not-now") \(status) \(reply)"
        case .failed(let status, let reply): "failed \(status) \(reply)"
        case .inDoubt(let until, let isTimeout):
            "in-doubt \(until.rfc3339Milliseconds) \(isTimeout ? "timeout" : "killed")"
        case .resolved(let asSent): "resolved \(asSent ? "sent" : "resend")"
        case .withdrew(let state): "withdrew \(state.word)"
        case .skipped: "skipped suppressed"
        }
    }

    /// Reads a line; nil if it says nothing that is known here.
    package init?(_ line: JournalLine) {
        let texts = line.texts(2)
        switch texts[0] {
        case "due":
            guard let order = CompletionReportOrder(json: texts[1]) else { return nil }
            self = .due(order)
        case "try": self = .attempt(Int(texts[1]) ?? 1)
        case "sent": self = .sent(reply: texts[1])
        case "deferred":
            let parts = line.texts(5)
            self = .deferred(
                until: Timestamp(text: parts[1]) ?? line.time, isUnclear: parts[2] == "unclear",
                status: parts[3],
                reply: parts[4])
        case "failed":
            let parts = line.texts(3)
            self = .failed(status: parts[1], reply: parts[2])
        case "in-doubt":
            let parts = line.texts(3)
            self = .inDoubt(until: Timestamp(text: parts[1]) ?? line.time, isTimeout: parts[2] == "timeout")
        case "resolved": self = .resolved(asSent: texts[1] == "sent")
        case "withdrew": self = .withdrew(to: RecipientState(word: texts[1]) ?? .waiting)
        case "skipped": self = .skipped
        default: return nil
        }
    }
}

/// The report in what a journal says of its mailing as a whole.
extension MailingHistory {
    /// The report that is still to be sent, or of which nobody knows whether it was; nil if there is none, or it has
    /// ended. Only a mailing that has finished has one.
    package var pendingReport: RecipientProgress? {
        guard closing == .finished, let report else { return nil }
        switch report.state {
        case .waiting, .sending, .inDoubt, .deferred: return report
        case .sent, .failed, .skipped: return nil
        }
    }

    /// Takes in what has happened to the report: the same when it happens and when it is read again.
    package mutating func takeReport(_ event: CompletionReportEvent, at time: Timestamp) {
        if case .due = event { report = RecipientProgress() }
        switch event {
        case .due: break
        case .attempt: report?.beginAttempt(at: time)
        case .sent: report?.state = .sent
        case .deferred(let until, let isUnclear, _, _): report?.deferred(until: until, isUnclear: isUnclear)
        case .failed: report?.state = .failed
        case .inDoubt(let until, let isTimeout): report?.doubted(until: until, isTimeout: isTimeout)
        case .resolved(let asSent): report?.resolved(asSent: asSent, at: time)
        case .withdrew(let state): report?.takeBackAttempt(to: state)
        case .skipped: report?.state = .skipped(.suppressed)
        }
    }

    /// The report's part of a `counts` line, with a blank before it; empty if there is none.
    package var reportFields: String {
        guard let report else { return "" }
        var text = " report=\(report.state.word)"
        for (key, number) in [
            ("tries", report.attempts), ("unclear", report.unclearAttempts), ("timeouts", report.timeouts),
            ("deferred", report.hasOwnDeferral ? 1 : 0),
        ] where number > 0 { text += " report-\(key)=\(number)" }
        for (key, second) in [("first", report.firstAttempt), ("next", report.nextRetry)] {
            if let second { text += " report-\(key)=\(Timestamp(seconds: Int64(second)).rfc3339)" }
        }
        return text
    }

    /// Reads one `key=value` of a `counts` line, if it is about the report; they may come in any order.
    package mutating func readReport(key: String, value: String) {
        guard key == "report" || key.hasPrefix("report-") else { return }
        var progress = report ?? RecipientProgress()
        let number = Int(value) ?? 0
        let second = Timestamp(text: value).map { UInt32(clamping: $0.seconds) }
        switch key {
        case "report": progress.state = RecipientState(word: value) ?? .waiting
        case "report-tries": progress.attempts = number
        case "report-unclear": progress.unclearAttempts = number
        case "report-timeouts": progress.timeouts = number
        case "report-deferred": progress.hasOwnDeferral = number > 0
        case "report-first": progress.firstAttempt = second
        case "report-next": progress.nextRetry = second
        default: return
        }
        report = progress
    }
}
