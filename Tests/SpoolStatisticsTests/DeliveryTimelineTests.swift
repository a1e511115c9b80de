@testable import SpoolSchedule
@testable import SpoolStatistics
@testable import TestSupport
import Testing

struct DeliveryTimelineTests {
    private let one = DeliveryTimeline.Bucket(accepted: 1)

    @Test func `buckets grow with the span and lose nothing`() {
        var random = SeededRandom(seed: 5)
        for span in [1, 60, 3000, 86_400, 400_000, 40_000_000] as [Int64] {
            var timeline = DeliveryTimeline(limit: 100)
            let begin: Int64 = 1_795_485_601
            for _ in 0..<500 {
                let second = begin + Int64.random(in: 0...span, using: &random)
                timeline.record(one, at: Timestamp(seconds: second))
            }
            #expect(timeline.total.accepted == 500)
            #expect(timeline.buckets.count <= 100)
            #expect(timeline.buckets.first != .init() && timeline.buckets.last != .init())
            let coarse = timeline.coarsened(toAtMost: 7)
            #expect(coarse.total.accepted == 500 && coarse.buckets.count <= 7)
        }
    }

    @Test func `an event lies in the bucket that its time says`() {
        var timeline = DeliveryTimeline()
        let noon = Timestamp(seconds: 1_795_521_600)
        for minute in [0, 1, 60, 600, 3 * 1440] as [Int64] {
            timeline.record(one, at: noon + .minutes(minute))
        }
        #expect(timeline.width == 300)
        #expect(timeline.start == noon)
        #expect(timeline.buckets[0].accepted == 2 && timeline.buckets[12].accepted == 1)
        #expect(timeline.start(of: 120) == noon + .minutes(600) && timeline.buckets[120].accepted == 1)
        #expect(timeline.end == noon + .minutes(3 * 1440 + 5))
    }

    @Test func `a clock that was set back, or is quite wrong, costs width and no events`() {
        var timeline = DeliveryTimeline(limit: 10)
        for second in [1_795_521_600, 1_795_521_000, 0, 253_402_300_799] as [Int64] {
            timeline.record(one, at: Timestamp(seconds: second))
        }
        #expect(timeline.total.accepted == 4 && timeline.buckets.count <= 10)
    }
}
