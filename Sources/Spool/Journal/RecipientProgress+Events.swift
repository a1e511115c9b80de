/// How the events of a journal change what is known of a recipient: the same when they happen and when they are read
/// again.
extension RecipientProgress {
    /// A hand-over is announced.
    mutating func beginAttempt(at time: Timestamp) {
        attempts += 1
        if firstAttempt == nil { firstAttempt = RecipientProgress.seconds(time) }
        state = .sending
    }

    /// The announced hand-over did not happen.
    mutating func takeBackAttempt(to state: RecipientState) {
        attempts -= 1
        if attempts == 0 { firstAttempt = nil }
        self.state = state
    }

    /// The mail system did not take it now.
    mutating func deferred(until time: Timestamp, isUnclear: Bool) {
        state = .deferred
        nextRetry = RecipientProgress.seconds(time)
        if isUnclear { unclearAttempts += 1 }
    }

    /// Nobody knows what became of it.
    mutating func doubted(until time: Timestamp, isTimeout: Bool) {
        state = .inDoubt
        nextRetry = RecipientProgress.seconds(time)
        if isTimeout { timeouts += 1 }
    }

    /// A person says what became of it, or wants it sent again at once.
    mutating func resolved(asSent: Bool, at time: Timestamp) {
        state = asSent ? .sent : .deferred
        nextRetry = RecipientProgress.seconds(time)
    }

    /// The mailing goes out again to those who have not got it.
    mutating func beginAnew() {
        switch state {
        case .failed, .skipped(.late): self = RecipientProgress()
        case .waiting, .sending, .inDoubt, .sent, .deferred, .skipped(.suppressed): break
        }
    }

    /// When the next attempt is due; the beginning of time if nothing was said.
    var nextAttempt: Timestamp { Timestamp(seconds: Int64(nextRetry ?? 0)) }

    /// Whole seconds, rounded up: nobody is tried early because of it.
    private static func seconds(_ time: Timestamp) -> UInt32 {
        UInt32(clamping: (time + .milliseconds(999)).seconds)
    }
}
