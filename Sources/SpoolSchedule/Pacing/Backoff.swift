/// How long to wait before a deferred recipient is tried again.
package struct Backoff: Hashable, Sendable {
    /// The wait after the first attempt.
    package let first: Interval
    /// The longest wait.
    package let most: Interval

    /// The wait doubles from five minutes to four hours.
    static let standard = Backoff(first: .minutes(5), most: .hours(4))

    /// Makes a backoff; `first` is held to one millisecond at least, and `most` to `first`.
    package init(first: Interval, most: Interval) {
        self.first = max(first, .milliseconds(1))
        self.most = max(self.first, most)
    }

    /// The wait after an attempt, the same for the same random number.
    ///
    /// The base doubles with each attempt, from `first` to `most`. Jitter lengthens it by up to a half, so
    /// that recipients deferred together do not come back together, but never beyond `most`; a base that has
    /// come to `most` is shortened by up to a quarter instead. So a wait is never shorter than `first`, nor
    /// than three quarters of its base, nor longer than `most`.
    ///
    /// - Parameters:
    ///   - attempt: how many attempts have been made, the first being 1.
    ///   - random: at least 0 and below 1.
    func delay(afterAttempt attempt: Int, random: Double) -> Interval {
        let doublings = Int64(min(max(attempt - 1, 0), 62))
        let base = min(first * (1 << doublings), most)
        let isCapped = base == most
        let low = isCapped ? max(first, .milliseconds(most.milliseconds / 4 * 3)) : base
        let high = isCapped ? most : min(base + .milliseconds(base.milliseconds / 2), most)
        let share = random > 0 ? min(random, 1) : 0
        return low + .milliseconds(Int64(Double((high - low).milliseconds) * share))
    }

    /// When something is due again of which only that time is known, to the second.
    ///
    /// If it is further away than any wait, the clock has been set back since, and it is due at once. Times are kept in
    /// whole seconds, rounded up, so that a wait of ``most`` can seem to be longer by less than one.
    ///
    /// - Parameter now: not before the wait began.
    package func due(at retry: Timestamp, now: Timestamp) -> Timestamp {
        retry - now >= most + .seconds(1) ? now : retry
    }

    /// When a deferral of an earlier tick is due again.
    ///
    /// If it was written at a time that is yet to come, the clock has been set back since. It is then due
    /// at once: waiting for what the other clock had meant would take as long as the clock was set back.
    package static func due(at retry: Timestamp, deferredAt: Timestamp, now: Timestamp) -> Timestamp {
        deferredAt > now ? now : retry
    }
}
