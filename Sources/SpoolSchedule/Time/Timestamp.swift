/// A moment of the wall clock: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
package struct Timestamp: Comparable, Hashable, Sendable {
    /// Milliseconds since 1970 in UTC.
    package let milliseconds: Int64

    /// Makes the moment so many milliseconds after the beginning of 1970.
    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Makes the moment so many seconds after the beginning of 1970.
    package init(seconds: Int64) {
        milliseconds = saturatingProduct(seconds, 1000)
    }

    /// Whole seconds since 1970, rounded down.
    package var seconds: Int64 { floorDivision(milliseconds, 1000) }

    /// The second that it lies in, without its fraction.
    package var wholeSecond: Timestamp { Timestamp(seconds: seconds) }

    /// The first moment that can be written and read again: 1970-01-01T00:00:00.000Z.
    static let earliestWritable = Timestamp(milliseconds: 0)

    /// The last moment that can be written and read again: 9999-12-31T23:59:59.999Z.
    static let latestWritable = Timestamp(milliseconds: 253_402_300_799_999)

    /// Compares by time.
    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The moment a length of time later.
    package static func + (left: Timestamp, right: Interval) -> Timestamp {
        Timestamp(milliseconds: saturatingSum(left.milliseconds, right.milliseconds))
    }

    /// The moment a length of time earlier.
    package static func - (left: Timestamp, right: Interval) -> Timestamp {
        Timestamp(milliseconds: saturatingDifference(left.milliseconds, right.milliseconds))
    }

    /// The length of time from the right moment to the left.
    package static func - (left: Timestamp, right: Timestamp) -> Interval {
        Interval(milliseconds: saturatingDifference(left.milliseconds, right.milliseconds))
    }
}
