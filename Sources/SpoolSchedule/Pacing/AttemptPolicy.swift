/// What one attempt makes of a recipient, when it is tried again, and when that ends.
package struct AttemptPolicy: Hashable, Sendable {
    /// The wait between attempts.
    package var backoff: Backoff
    /// How long after its first attempt a deferred recipient is still tried again.
    package var giveUpAfter: Interval

    /// How many attempts of unclear status a recipient has.
    static let mostUnclearAttempts = 5

    /// Makes a policy.
    package init(backoff: Backoff = .standard, giveUpAfter: Interval = .days(3)) {
        self.backoff = backoff
        self.giveUpAfter = giveUpAfter
    }

    /// What the mail system said to an attempt.
    package enum Verdict: Sendable {
        /// It took the message.
        case accepted
        /// It refused it for good.
        case refused
        /// It wants to be asked again.
        case notNow
        /// It said something that may mean either.
        case unclear
        /// It did not answer in time, and was stopped.
        case noAnswer
    }

    /// The attempts of one recipient, the one that is being judged included.
    package struct Attempts: Hashable, Sendable {
        /// How many were made.
        var made: Int
        /// How many of them were unclear and count, excused ones not included.
        var unclear: Int
        /// When the first that counts was made, excused ones not included; nil if that is the one being judged.
        var first: Timestamp?

        /// Makes the record of one recipient's attempts.
        package init(made: Int, unclear: Int, first: Timestamp?) {
            self.made = made
            self.unclear = unclear
            self.first = first
        }
    }

    /// What becomes of the recipient.
    package enum Fate: Equatable, Sendable {
        /// The mail system has the message.
        case sent
        /// Refused for good.
        case failed
        /// Tried again at a time.
        case deferred(until: Timestamp)
        /// The last attempt that it had, unless the mail system as a whole is failing; in that case, and
        /// until that is known, it is deferred like any other
        /// (``Schedule/ended(_:recipient:outcome:deferredBefore:at:)``).
        case wouldFail(until: Timestamp)
        /// Nobody knows whether the mail system has it; asked again at a time.
        case inDoubt(until: Timestamp)
    }

    /// Judges an attempt.
    ///
    /// An attempt never fails a recipient by `giveUpAfter` if it is the first that counts. Where the backoff
    /// would go past that end, the last attempt is made at the end, or after the shortest wait if that is later.
    ///
    /// - Parameters:
    ///   - verdict: what the mail system said.
    ///   - attempts: the recipient's attempts including this one.
    ///   - now: when the attempt ended, by the wall clock.
    ///   - random: at least 0 and below 1, for the jitter of the backoff.
    package func fate(of verdict: Verdict, attempts: Attempts, at now: Timestamp, random: Double) -> Fate {
        switch verdict {
        case .accepted: return .sent
        case .refused: return .failed
        case .notNow, .unclear, .noAnswer: break
        }
        let retry = now + backoff.delay(afterAttempt: attempts.made, random: random)
        if verdict == .noAnswer { return .inDoubt(until: retry) }
        let end = (attempts.first ?? now) + giveUpAfter
        if verdict == .unclear, attempts.unclear >= AttemptPolicy.mostUnclearAttempts {
            return .wouldFail(until: retry)
        }
        if attempts.first != nil, now >= end { return .wouldFail(until: retry) }
        return .deferred(until: min(retry, max(end, now + backoff.first)))
    }
}
