internal import SpoolMail
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore

/// One recipient of a mailing, as `spool-status --recipients` lists it.
struct RecipientRow: Equatable, Sendable {
    /// The states that people ask for by name.
    enum State: String, CaseIterable, Sendable {
        case waiting, sending
        case inDoubt = "in-doubt"
        case sent, deferred, failed, skipped
    }

    /// As the list has it, or in the journal's form where there is no list.
    var address: String
    var state: State
    /// Why it is in this state: `duplicate`, `invalid`, `suppressed` or `late` for those skipped, `refused` or
    /// `gave-up` for failures, `not-now` or `unclear` for deferrals, `killed` or `timeout` for doubts.
    var reason: String?
    /// Hand-overs so far.
    var attempts = 0
    /// When something was last written about it.
    var at: Timestamp?
    /// What the mail system said last.
    var reply: String?

    /// A row of a list that is nobody's: never tried.
    init(skipped address: String, as reason: String) {
        self.address = address
        state = .skipped
        self.reason = reason
    }

    /// What table and journal say of a recipient.
    ///
    /// - Parameter progress: its state by the table.
    /// - Parameter isTicking: whether somebody is at it; otherwise what was being handed over is in doubt.
    init(_ address: String, _ progress: RecipientProgress, isTicking: Bool) {
        self.address = address
        attempts = progress.attempts
        switch isTicking ? progress.state : progress.state.leftByKill {
        case .waiting: state = .waiting
        case .sending: state = .sending
        case .inDoubt: state = .inDoubt
        case .sent: state = .sent
        case .deferred: state = .deferred
        case .failed: state = .failed
        case .skipped(let why):
            state = .skipped
            reason = RecipientState.skipped(why).word
        }
        if state == .inDoubt, progress.state != .inDoubt {
            reason = RecipientEvent.DoubtCause.killed.rawValue
        }
    }

    /// Takes in the last line about it.
    mutating func take(_ line: JournalLine) {
        at = line.time
        switch line.recipientEvent {
        case .sent(let reply): answered("0", reply)
        case .deferred(_, let kind, let status, let reply):
            answered(status, reply)
            if state == .deferred { reason = kind.rawValue }
            if state == .failed { reason = "gave-up" }
        case .failed(let status, let reply):
            answered(status, reply)
            reason = "refused"
        case .inDoubt(_, let cause):
            if state == .inDoubt { reason = cause.rawValue }
        // Nothing else says more of a recipient than its time.
        case .attempt, .withdrew, .excused, .gaveUp, .resolved, .skipped, nil: break
        }
    }

    private mutating func answered(_ status: String, _ text: String) {
        reply = text.isEmpty && status == "0" ? nil : Reply.words(text, status: status)
    }
}
