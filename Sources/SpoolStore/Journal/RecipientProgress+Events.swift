package import SpoolMailing
package import SpoolSchedule

extension RecipientState {
    /// What a kill has left of a state: whoever was being handed over is in doubt. The one place that says so.
    package var leftByKill: RecipientState { self == .sending ? .inDoubt : self }
}

/// What happens to a recipient changes what is known of it here and nowhere else: in a delivery, when a journal is read
/// again, and for whoever looks on. What follows for it from what happens to others is ``RecipientLedger``'s business.
extension RecipientProgress {
    /// After so many timeouts a recipient waits for a person.
    package static let mostTimeouts = 2

    /// Takes in an event.
    ///
    /// - Parameters:
    ///   - time: when it happened, by the clock on the wall.
    ///   - skew: what a tick's steady time, in which it keeps the progress, is ahead of that clock.
    package mutating func apply(_ event: RecipientEvent, at time: Timestamp, skew: Interval = .zero) {
        if let (_, state) = event.transition { self.state = state }
        switch event {
        case .attempt:
            attempts += 1
            if firstAttempt == nil { firstAttempt = RecipientProgress.seconds(time + skew) }
        case .deferred(let until, let kind, _, _):
            nextRetry = RecipientProgress.seconds(until + skew)
            hasOwnDeferral = true
            if kind == .unclear { unclearAttempts += 1 }
        case .inDoubt(let until, let cause):
            nextRetry = RecipientProgress.seconds(until + skew)
            if cause == .timeout { timeouts += 1 }
        case .withdrew:
            attempts -= 1
            if !hasOwnDeferral, timeouts == 0 { firstAttempt = nil }
        case .excused(let kind, let isFirst):
            // What the deferral has counted is taken back; `giveUpAfter` runs from the next attempt on.
            if kind == .unclear { unclearAttempts -= 1 }
            if isFirst { (hasOwnDeferral, firstAttempt) = (false, nil) }
        case .resolved: nextRetry = RecipientProgress.seconds(time + skew)
        case .sent, .failed, .gaveUp, .skipped: break
        }
    }

    /// What has to be written down of somebody whom a killed tick was at; nil of anybody else.
    package func doubtAfterKill(at now: Timestamp) -> RecipientEvent? {
        state.leftByKill == state ? nil : .inDoubt(until: now, .killed)
    }

    /// Whether a recipient in doubt waits for a person to say what became of the message.
    ///
    /// - Parameter holdsInDoubt: whether config.json says so of everybody.
    package func isHeld(holdsInDoubt: Bool) -> Bool {
        state == .inDoubt && (holdsInDoubt || timeouts >= RecipientProgress.mostTimeouts)
    }

    /// The mailing goes out again to those who have not got it.
    mutating func beginAnew() {
        switch state {
        case .failed, .skipped(.late): self = RecipientProgress()
        case .deferred: self = RecipientProgress(state: .deferred, timeouts: timeouts, nextRetry: nextRetry)
        case .waiting, .sending, .inDoubt, .sent, .skipped(.suppressed): break
        }
    }

    /// Brings the times of the journal, which are those of the clock on the wall, into a tick's steady time.
    package mutating func shift(by skew: Interval) {
        firstAttempt = firstAttempt.map { RecipientProgress.seconds(Timestamp(seconds: Int64($0)) + skew) }
        nextRetry = nextRetry.map { RecipientProgress.seconds(Timestamp(seconds: Int64($0)) + skew) }
    }

    /// When the first attempt that counts was made.
    package var firstAttemptTime: Timestamp? { firstAttempt.map { Timestamp(seconds: Int64($0)) } }

    /// When the next attempt is due; the beginning of time if nothing was said.
    package var nextAttempt: Timestamp { Timestamp(seconds: Int64(nextRetry ?? 0)) }

    /// Whole seconds, rounded up: nobody is tried early because of it.
    private static func seconds(_ time: Timestamp) -> UInt32 {
        UInt32(clamping: (time + .milliseconds(999)).seconds)
    }
}
