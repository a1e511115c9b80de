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
        switch progress.state {
        case .waiting: state = .waiting
        case .sending: state = isTicking ? .sending : .inDoubt
        case .inDoubt: state = .inDoubt
        case .sent: state = .sent
        case .deferred: state = .deferred
        case .failed: state = .failed
        case .skipped(let why):
            state = .skipped
            reason = RecipientState.skipped(why).word
        }
        if progress.state == .sending, !isTicking { reason = "killed" }
    }

    /// Takes in the last line about it.
    mutating func take(_ line: JournalLine) {
        at = line.time
        switch line.event {
        case .sent: answered("0", line.texts(2)[1])
        case .deferred:
            let texts = line.texts(5)
            answered(texts[3], texts[4])
            if state == .deferred { reason = texts[2] }
            if state == .failed { reason = "gave-up" }
        case .failed:
            let texts = line.texts(3)
            answered(texts[1], texts[2])
            reason = "refused"
        case .inDoubt:
            if state == .inDoubt { reason = line.texts(3)[2] }
        // Nothing else says more of a recipient than its time.
        default: break
        }
    }

    private mutating func answered(_ status: String, _ text: String) {
        reply = text.isEmpty ? (status == "0" ? nil : "exit status \(status), without a word") : text
    }
}
