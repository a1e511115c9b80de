/// The hand-overs of the last 24 hours as the journals tell of them, from which rates take up their pace.
///
/// Filled while journals are replayed, a line a hand-over, in any order.
package struct PastHandOvers: Sendable {
    /// Hand-overs of one minute.
    struct Minute: Sendable {
        var first: Int64
        var last: Int64
        var count: Int
    }

    private static let day: Int64 = 86_400_000

    private let now: Int64
    /// The latest that is not in the future.
    private(set) var latest: Timestamp?
    private var beforeLatest: Timestamp?
    /// The earliest that is in the future: written by a clock that has been set back since.
    private(set) var nearestAhead: Timestamp?
    /// What was added last, until it is taken back.
    private var added: Timestamp?
    /// How many lie less than a day in the future.
    private(set) var countAhead = 0
    /// By age in minutes; empty until a hand-over of the last day is known.
    private var byAge: [Minute] = []

    /// Makes an empty history as seen from the beginning of a tick.
    package init(now: Timestamp) {
        self.now = now.milliseconds
    }

    /// Adds a hand-over.
    package mutating func record(_ time: Timestamp) {
        beforeLatest = latest
        added = time
        let age = saturatingDifference(now, time.milliseconds)
        if age < 0 {
            nearestAhead = nearestAhead.map { min($0, time) } ?? time
            if age > -PastHandOvers.day { countAhead += 1 }
            return
        }
        latest = latest.map { max($0, time) } ?? time
        guard age < PastHandOvers.day else { return }
        if byAge.isEmpty { byAge = Array(repeating: Minute(first: .max, last: .min, count: 0), count: 1440) }
        let index = Int(age / 60_000)
        byAge[index].first = min(byAge[index].first, time.milliseconds)
        byAge[index].last = max(byAge[index].last, time.milliseconds)
        byAge[index].count += 1
    }

    /// Takes back the hand-over that was added last: it was announced and not made.
    package mutating func takeBack() {
        guard let last = added else { return }
        added = nil
        let age = saturatingDifference(now, last.milliseconds)
        if age < 0 {
            if age > -PastHandOvers.day { countAhead -= 1 }
            return
        }
        latest = beforeLatest
        if age < PastHandOvers.day { byAge[Int(age / 60_000)].count -= 1 }
    }

    /// The hand-overs of the last day by minutes, the oldest first.
    var minutes: [Minute] {
        byAge.reversed().filter { $0.count > 0 }
    }
}
