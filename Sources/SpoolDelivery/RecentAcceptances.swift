/// When messages were accepted in the last minute.
package struct RecentAcceptances {
    private var times: ArraySlice<Int64> = []
    private static let minute: Int64 = 60_000_000

    mutating func add(_ time: Int64) {
        times.append(time)
        if times.count > 100_000 { times.removeFirst(50_000) }
    }

    /// Messages a minute, by the last minute or what of it there is; nil before the second.
    package mutating func perMinute(at now: Int64) -> Double? {
        while let first = times.first, now - first > RecentAcceptances.minute { times.removeFirst() }
        guard let first = times.first, times.count > 1, now > first else { return nil }
        return Double(times.count) * Double(RecentAcceptances.minute) / Double(max(now - first, 1_000_000))
    }
}
