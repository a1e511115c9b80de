package import SpoolMailing
package import SpoolSchedule

/// How the events of a journal change what is known of a recipient: the same when they happen and when they are read
/// again.
extension RecipientProgress {
    /// After so many timeouts a recipient waits for a person.
    package static let mostTimeouts = 2

    /// A hand-over is announced.
    package mutating func beginAttempt(at time: Timestamp) {
        attempts += 1
        if firstAttempt == nil { firstAttempt = RecipientProgress.seconds(time) }
        state = .sending
    }

    /// The announced hand-over did not happen.
    package mutating func takeBackAttempt(to state: RecipientState) {
        attempts -= 1
        if !hasOwnDeferral, timeouts == 0 { firstAttempt = nil }
        self.state = state
    }

    /// The mail system did not take it now.
    package mutating func deferred(until time: Timestamp, isUnclear: Bool) {
        state = .deferred
        nextRetry = RecipientProgress.seconds(time)
        hasOwnDeferral = true
        if isUnclear { unclearAttempts += 1 }
    }

    /// The latest deferral was the mail system's fault: what it has counted is taken back.
    ///
    /// - Parameter isFirst: no deferral before it counted; `giveUpAfter` then runs from the next attempt on.
    package mutating func excused(isUnclear: Bool, isFirst: Bool) {
        if isUnclear { unclearAttempts -= 1 }
        guard isFirst else { return }
        hasOwnDeferral = false
        firstAttempt = nil
    }

    /// Nobody knows what became of it.
    package mutating func doubted(until time: Timestamp, isTimeout: Bool) {
        state = .inDoubt
        nextRetry = RecipientProgress.seconds(time)
        if isTimeout { timeouts += 1 }
    }

    /// A person says what became of it, or wants it sent again at once.
    package mutating func resolved(asSent: Bool, at time: Timestamp) {
        state = asSent ? .sent : .deferred
        nextRetry = RecipientProgress.seconds(time)
    }

    /// The mailing goes out again to those who have not got it.
    package mutating func beginAnew() {
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
