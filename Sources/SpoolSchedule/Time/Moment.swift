/// One reading of both clocks, taken together.
///
/// The wall clock decides what people mean (`sendAt`, windows, `sendUntil`, `giveUpAfter`) and is what the
/// journal keeps; it can be set. The monotonic clock measures what must not jump with it: rates, waits and
/// backoff inside one tick.
package struct Moment: Hashable, Sendable {
    /// The wall clock, cut to milliseconds.
    package let wall: Timestamp
    /// Microseconds from any fixed beginning, never set back.
    package let monotonic: Int64

    /// Makes a reading of both clocks.
    package init(wall: Timestamp, monotonic: Int64) {
        self.wall = wall
        self.monotonic = monotonic
    }

    /// What the monotonic clock shows when the wall clock shows a time, if nobody sets it before.
    func monotonic(atWall time: Timestamp) -> Int64 {
        saturatingSum(monotonic, (time - wall).microseconds)
    }

    /// What the wall clock shows when the monotonic clock shows a time, rounded up to the millisecond.
    func wall(atMonotonic time: Int64) -> Timestamp {
        let microseconds = saturatingDifference(time, monotonic)
        let milliseconds = floorDivision(saturatingSum(microseconds, 999), 1000)
        return wall + Interval(milliseconds: milliseconds)
    }

    /// What the wall clock would show now if nobody had set it since an earlier reading.
    package func steadyWall(since earlier: Moment) -> Timestamp {
        let passed = floorDivision(saturatingDifference(monotonic, earlier.monotonic), 1000)
        return earlier.wall + Interval(milliseconds: passed)
    }
}
