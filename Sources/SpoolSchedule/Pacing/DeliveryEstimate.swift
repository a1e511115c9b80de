/// How long a mailing will take: an estimate for people, which knows rates and windows.
package struct DeliveryEstimate: Sendable {
    /// The mailing's own window, rate and end.
    var policy: MailingPolicy
    /// The rate of the whole spool.
    var spoolRate: Rate?
    /// How many mailings share the spool's rate, this one included.
    var sharing = 1
    /// The messages a second that the mail system was seen to take from this mailing; nil if not known.
    var measuredPerSecond: Double?
    /// What a quota of the day has been used for already, and when its first hand-over was made.
    var lastDay: (count: Int, first: Timestamp)?

    /// Makes an estimate that knows a mailing's policy, and nothing else yet.
    package init(policy: MailingPolicy, spoolRate: Rate? = nil) {
        self.policy = policy
        self.spoolRate = spoolRate
    }

    /// Seconds from a moment until so many recipients have been mailed, rounded up.
    ///
    /// Nil if there is nothing to reckon with (no rate, nothing measured), if it would take more than a
    /// hundred years, or if the window never opens. With a `sendUntil`, never more than until then.
    package func secondsLeft(remaining: Int, at now: Timestamp) -> Int64? {
        guard remaining > 0 else { return 0 }
        guard let end = end(remaining: Double(remaining), from: now) else { return nil }
        let last = policy.sendUntil.map { min($0, end) } ?? end
        return max(0, ((last - now).milliseconds + 999) / 1000)
    }

    /// The steady speed inside a window, before quotas.
    private var perSecond: Double? {
        let share = Double(max(1, sharing))
        let speeds = [
            measuredPerSecond.flatMap { $0 > 0 && $0.isFinite ? $0 : nil },
            policy.rate.flatMap { $0.unit == .day ? nil : $0.perSecond },
            spoolRate.flatMap { $0.unit == .day ? nil : $0.perSecond / share },
        ]
        if let slowest = speeds.compactMap({ $0 }).min() { return slowest }
        // A quota alone: its messages go out as fast as the mail system takes them, which is soon.
        return quota == nil ? nil : 100
    }

    private var quota: Double? {
        let own = policy.rate.flatMap { $0.unit == .day ? Double($0.count) : nil }
        let share = spoolRate.flatMap { $0.unit == .day ? Double($0.count) / Double(max(1, sharing)) : nil }
        return [own, share].compactMap { $0 }.min()
    }

    private func end(remaining: Double, from now: Timestamp) -> Timestamp? {
        guard let perSecond else { return nil }
        var left = remaining
        var time = now
        var day = (used: Double(lastDay?.count ?? 0), begins: lastDay?.first ?? now)
        let limit = now + .days(36_525)
        // Each turn goes to the end of an opening or of a day's quota.
        for _ in 0..<100_000 {
            guard let opening = nextOpening(after: time), opening < limit else { return nil }
            time = opening
            if time >= day.begins + .days(1) { day = (0, time) }
            let allowed = quota.map { max(0, $0 - day.used) } ?? .infinity
            if allowed < min(1, left) {
                time = day.begins + .days(1)
                continue
            }
            let closing = policy.window.flatMap { $0.closes(after: time, in: policy.zone) } ?? limit
            let capacity = Double((closing - time).milliseconds) / 1000 * perSecond
            let sent = min(left, allowed, capacity)
            left -= sent
            day.used += sent
            let sentUntil = time + .milliseconds(Int64(sent / perSecond * 1000))
            if left < 0.001 { return sentUntil }
            time = sent == capacity ? closing : sentUntil
        }
        return nil
    }

    private func nextOpening(after time: Timestamp) -> Timestamp? {
        guard let window = policy.window else { return time }
        return window.nextOpening(after: time, in: policy.zone)
    }
}

extension Schedule {
    /// Seconds until so many recipients of a mailing have been mailed; nil if nobody can tell.
    ///
    /// - Parameters:
    ///   - lastRetry: when the last of its deferred recipients is due, in steady time.
    ///   - measuredPerSecond: what the mail system was seen to take from this mailing.
    ///   - demand: what the lists of recipients say; mailings with somebody ready share the spool's rate.
    package func secondsLeft(
        for id: ID, remaining: Int, lastRetry: Timestamp? = nil, measuredPerSecond: Double?,
        demand: (ID) -> Demand, at moment: Moment
    ) -> Int64? {
        guard remaining > 0, let slot = slot(of: id) else { return remaining > 0 ? nil : 0 }
        let lane = lanes[slot]
        var estimate = DeliveryEstimate(policy: lane.policy, spoolRate: rate)
        if rate != nil {
            estimate.sharing = turns.count {
                $0 == slot || isOpen(lanes[$0].id, at: moment.wall) && demand(lanes[$0].id).readyNow
            }
        }
        estimate.measuredPerSecond = measuredPerSecond
        let pace = lane.policy.rate?.unit == .day ? lane.pace : spoolPace
        estimate.lastDay = pace.lastDay(at: moment.monotonic).map {
            ($0.count, moment.wall(atMonotonic: $0.first))
        }
        let left = estimate.secondsLeft(remaining: remaining, at: moment.wall)
        guard let lastRetry else { return left }
        let wait = lastRetry - steadyTime(at: moment)
        // Nobody has to be ready for the last retry to be known.
        guard left != nil || !demand(id).readyNow else { return nil }
        let untilRetry = max(0, (wait.milliseconds + 999) / 1000)
        let untilEnd = lane.policy.sendUntil.map { max(0, ($0 - moment.wall).milliseconds / 1000) } ?? .max
        return max(left ?? 0, min(untilRetry, untilEnd))
    }
}
