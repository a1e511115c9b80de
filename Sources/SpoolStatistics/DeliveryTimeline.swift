package import SpoolSchedule

/// How many messages were accepted, refused and deferred over time, in buckets whose width fits the span.
///
/// The width grows with the span along steps that people read (seconds, minutes, hours, days), so that there are never
/// more than ``limit`` buckets, whatever the number of recipients or the length of the delivery.
package struct DeliveryTimeline: Equatable, Sendable {
    /// What happened in one stretch of time.
    package struct Bucket: Equatable, Sendable {
        /// Messages that the mail system took.
        package var accepted = 0
        /// Recipients refused for good or given up.
        package var failed = 0
        /// Attempts that are to be made again.
        package var deferred = 0

        package init(accepted: Int = 0, failed: Int = 0, deferred: Int = 0) {
            self.accepted = accepted
            self.failed = failed
            self.deferred = deferred
        }

        static func += (left: inout Bucket, right: Bucket) {
            left.accepted += right.accepted
            left.failed += right.failed
            left.deferred += right.deferred
        }
    }

    /// The most buckets there may be; at the width of a minute they reach over two days.
    let limit: Int
    /// Seconds that a bucket covers. All widths divide the ones above them, and buckets begin at their multiples in
    /// UTC.
    package private(set) var width: Int64 = 1
    /// From the first to the last event without a gap; empty if nothing has happened.
    package private(set) var buckets: [Bucket] = []
    private var firstIndex: Int64 = 0

    private static let widths: [Int64] = [
        1, 5, 10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800,
    ]

    /// - Parameter limit: the most buckets, at least 1.
    init(limit: Int = 3000) {
        self.limit = max(1, limit)
    }

    /// The beginning of a bucket.
    package func start(of index: Int) -> Timestamp {
        Timestamp(seconds: saturatingProduct(firstIndex + Int64(index), width))
    }

    /// The beginning of the first bucket; nil if there is none.
    package var start: Timestamp? { buckets.isEmpty ? nil : start(of: 0) }

    /// The end of the last bucket; nil if there is none.
    package var end: Timestamp? { buckets.isEmpty ? nil : start(of: buckets.count) }

    /// All buckets together.
    package var total: Bucket { buckets.reduce(into: Bucket()) { $0 += $1 } }

    /// Notes something that happened at a time. Times need not be in order: a clock may have been set back.
    mutating func record(_ event: Bucket, at time: Timestamp) {
        var index = floorDivision(time.seconds, width)
        if buckets.isEmpty { firstIndex = index }
        while max(index, firstIndex + Int64(buckets.count) - 1) - min(index, firstIndex) >= Int64(limit) {
            widen()
            index = floorDivision(time.seconds, width)
        }
        if index < firstIndex {
            buckets.insert(contentsOf: repeatElement(Bucket(), count: Int(firstIndex - index)), at: 0)
            firstIndex = index
        }
        let place = Int(index - firstIndex)
        if place >= buckets.count {
            buckets.append(contentsOf: repeatElement(Bucket(), count: place + 1 - buckets.count))
        }
        buckets[place] += event
    }

    /// The same with at most so many buckets, for a plot of that many columns.
    package func coarsened(toAtMost count: Int) -> DeliveryTimeline {
        var coarse = self
        while coarse.buckets.count > max(1, count) { coarse.widen() }
        return coarse
    }

    private mutating func widen() {
        let next = DeliveryTimeline.widths.first { $0 > width } ?? width * 2
        let factor = next / width
        let newFirst = floorDivision(firstIndex, factor)
        var merged: [Bucket] = []
        for (place, bucket) in buckets.enumerated() {
            let index = Int(floorDivision(firstIndex + Int64(place), factor) - newFirst)
            if index == merged.count { merged.append(Bucket()) }
            merged[index] += bucket
        }
        (buckets, firstIndex, width) = (merged, newFirst, next)
    }
}
