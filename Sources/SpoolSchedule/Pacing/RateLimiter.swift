/// When a rate allows the next hand-over, by the monotonic clock in microseconds.
///
/// Nothing is saved up: after a pause the next hand-overs are spaced like all others. Only what came a moment late, by
/// no more than the rate's slack, is made up for, so that the rate does not drift.
struct RateLimiter: Sendable {
    var rate: Rate?
    private var last: Planned?
    private var beforeLast: Planned?
    private var ahead: Ahead?
    private var quota = Quota()

    /// A hand-over, and when it should have been: not later, and at most by the slack earlier.
    private struct Planned {
        let made: Int64
        let planned: Int64
    }

    /// A last hand-over that the journal puts into the future.
    private struct Ahead {
        /// When this tick began.
        let seen: Int64
        let distance: Int64
    }

    /// The longest time for which a tick waits for something to send.
    static let horizon: Int64 = 60_000_000

    /// Takes up the pace of earlier ticks.
    init(rate: Rate?, past: PastHandOvers, at moment: Moment) {
        self.rate = rate
        // The journal's times are cut to milliseconds; the hand-over may have been nearly one later.
        func monotonic(_ time: Timestamp) -> Int64 {
            min(moment.monotonic(atWall: time + .milliseconds(1)), moment.monotonic + 1000)
        }
        last = past.latest.map(monotonic).map { Planned(made: $0, planned: $0) }
        beforeLast = last
        for minute in past.minutes {
            let first = monotonic(Timestamp(milliseconds: minute.first))
            let last = monotonic(Timestamp(milliseconds: minute.last))
            quota.record(from: first, to: last, count: minute.count)
        }
        if past.countAhead > 0 {
            quota.record(from: moment.monotonic, to: moment.monotonic, count: past.countAhead)
        }
        ahead = past.nearestAhead.map {
            Ahead(seen: moment.monotonic, distance: ($0 - moment.wall).microseconds)
        }
    }

    /// The first moment at or after one at which another hand-over is allowed.
    func earliest(at now: Int64) -> Int64 {
        guard let rate else { return now }
        guard rate.unit != .day else {
            return quota.earliest(at: now, allowing: rate.count)
        }
        guard let start = lastThatCounts(for: rate) else { return now }
        return max(now, start + rate.pitch)
    }

    /// A hand-over in the future counts as made when the tick began, so that one spacing is waited for.
    ///
    /// But where that is longer than a tick waits, each tick would begin to wait anew until the clock has
    /// caught up; then one that lies further ahead than a spacing does not count.
    private func lastThatCounts(for rate: Rate) -> Int64? {
        guard let ahead, rate.spacing <= RateLimiter.horizon || ahead.distance < rate.spacing else {
            return last?.planned
        }
        return max(ahead.seen, last?.planned ?? .min)
    }

    /// When it last handed over as far as turns go: whoever did so longest ago comes first.
    var lastTurn: Int64 { max(ahead?.seen ?? .min, last?.made ?? .min) }

    mutating func record(at now: Int64) {
        beforeLast = last
        last = Planned(made: now, planned: planned(for: now))
        ahead = nil
        quota.record(from: now, to: now, count: 1)
    }

    private func planned(for now: Int64) -> Int64 {
        guard let rate, let last else { return now }
        return min(now, max(last.planned + rate.pitch, now - rate.slack))
    }

    /// Takes the latest hand-over back: it was not made after all.
    mutating func takeBack() {
        last = beforeLast
        quota.takeBack()
    }

    /// How many hand-overs of the last day count towards a quota, and when the first of them was made.
    func lastDay(at now: Int64) -> (count: Int, first: Int64)? {
        quota.lastDay(at: now)
    }
}

/// The hand-overs of the last 24 hours, those of one minute taken together and counted at its last.
///
/// So a quota is never exceeded in any 24 hours, and may come back up to a minute late; memory is bounded.
struct Quota: Sendable {
    private struct Entry {
        let first: Int64
        var last: Int64
        var count: Int
    }

    private static let day: Int64 = 86_400_000_000
    private static let minute: Int64 = 60_000_000

    private var entries: [Entry] = []
    /// Entries before this one were more than a day old when it was last looked.
    private var head = 0
    private var total = 0

    /// Adds hand-overs of a span that is not longer than a minute.
    mutating func record(from first: Int64, to last: Int64, count: Int) {
        forget(at: last)
        total += count
        if let newest = entries.last, head < entries.count, last - newest.first < Quota.minute {
            entries[entries.count - 1].last = max(newest.last, last)
            entries[entries.count - 1].count += count
        } else {
            entries.append(Entry(first: first, last: last, count: count))
        }
    }

    mutating func takeBack() {
        guard head < entries.count, entries[entries.count - 1].count > 0 else { return }
        total -= 1
        entries[entries.count - 1].count -= 1
    }

    private mutating func forget(at now: Int64) {
        while head < entries.count, entries[head].last + Quota.day <= now {
            total -= entries[head].count
            head += 1
        }
        guard head > 2000 || head == entries.count else { return }
        entries.removeFirst(head)
        head = 0
    }

    func earliest(at now: Int64, allowing count: Int) -> Int64 {
        var left = total
        var time = now
        for entry in entries[head...] {
            guard left >= count else { break }
            left -= entry.count
            time = entry.last + Quota.day
        }
        return max(now, time)
    }

    func lastDay(at now: Int64) -> (count: Int, first: Int64)? {
        var count = total
        for entry in entries[head...] {
            if entry.last + Quota.day > now { return (count, entry.last) }
            count -= entry.count
        }
        return nil
    }
}
