@testable import SpoolSchedule
@testable import TestSupport
import Testing

struct AttemptPolicyTests {
    private let policy = AttemptPolicy(
        backoff: Backoff(first: .minutes(5), most: .hours(4)), giveUpAfter: .days(3))
    private let start = Timestamp(seconds: 1_800_000_000)

    private func fate(
        _ verdict: AttemptPolicy.Verdict, made: Int, unclear: Int = 0, after: Interval, random: Double = 0
    ) -> AttemptPolicy.Fate {
        policy.fate(
            of: verdict, attempts: .init(made: made, unclear: unclear, first: made > 1 ? start : nil),
            at: start + after, random: random)
    }

    @Test func `accepted is sent and refused has failed, however many attempts it took`() {
        #expect(fate(.accepted, made: 1, after: .zero) == .sent)
        #expect(fate(.accepted, made: 9, unclear: 8, after: .days(9)) == .sent)
        #expect(fate(.refused, made: 1, after: .zero) == .failed)
        #expect(fate(.refused, made: 9, after: .days(9)) == .failed)
    }

    @Test func `not now is tried again after the backoff`() {
        #expect(fate(.notNow, made: 1, after: .zero) == .deferred(until: start + .minutes(5)))
        #expect(fate(.notNow, made: 2, after: .hours(1)) == .deferred(until: start + .minutes(70)))
        #expect(
            fate(.notNow, made: 50, unclear: 0, after: .hours(1), random: 1)
                == .deferred(until: start + .hours(5)))
    }

    @Test func `the first attempt never fails by the time, whenever it ended`() {
        #expect(fate(.notNow, made: 1, after: .days(4)) == .deferred(until: start + .days(4) + .minutes(5)))
    }

    @Test func `attempts that were excused do not begin the time after which a recipient is given up`() {
        let late = policy.fate(
            of: .notNow, attempts: .init(made: 30, unclear: 0, first: nil), at: start, random: 0)
        #expect(late == .deferred(until: start + .hours(3)))
    }

    @Test func `the last attempt is made at the end, though not before the shortest wait, and fails`() {
        let nearEnd = Interval.days(3) - .hours(1)
        #expect(fate(.notNow, made: 20, after: nearEnd) == .deferred(until: start + .days(3)))
        #expect(
            fate(.notNow, made: 20, after: .days(3) - .minutes(1))
                == .deferred(until: start + .days(3) + .minutes(4)))
        #expect(fate(.notNow, made: 21, after: .days(3)) == .wouldFail(until: start + .days(3) + .hours(3)))
        #expect(
            fate(.unclear, made: 2, unclear: 2, after: .days(3))
                == .wouldFail(until: start + .days(3) + .minutes(10)))
    }

    @Test func `the fifth unclear attempt fails, and excused ones do not count`() {
        #expect(
            fate(.unclear, made: 4, unclear: 4, after: .hours(1)) == .deferred(until: start + .minutes(100)))
        #expect(
            fate(.unclear, made: 5, unclear: 5, after: .hours(2)) == .wouldFail(until: start + .minutes(200)))
        #expect(fate(.unclear, made: 9, unclear: 4, after: .hours(2)) == .deferred(until: start + .hours(5)))
        #expect(fate(.notNow, made: 9, unclear: 5, after: .hours(2)) == .deferred(until: start + .hours(5)))
    }

    @Test func `the wait doubles within its bounds, and is the same for the same random number`() {
        let backoff = Backoff(first: .minutes(5), most: .hours(4))
        var random = SeededRandom(seed: 3)
        for attempt in 1...80 {
            var lengths: Set<Interval> = []
            for _ in 0..<50 {
                let share = Double.random(in: 0..<1, using: &random)
                let delay = backoff.delay(afterAttempt: attempt, random: share)
                let base = min(Interval.minutes(5 << Int64(min(attempt - 1, 20))), .hours(4))
                #expect(delay >= backoff.first && delay <= backoff.most)
                #expect(delay >= .milliseconds(base.milliseconds * 3 / 4))
                #expect(delay <= .milliseconds(base.milliseconds * 3 / 2))
                #expect(delay == backoff.delay(afterAttempt: attempt, random: share))
                lengths.insert(delay)
            }
            #expect(lengths.count > 40, "recipients deferred together come back one by one")
        }
    }

    @Test func `five unclear attempts take more than an hour of the standard backoff`() {
        let waits = (1...4).map { Backoff.standard.delay(afterAttempt: $0, random: 0) }
        #expect(waits.reduce(.zero, +) == .minutes(75))
    }

    @Test func `a backoff without room has no jitter and no end below its beginning`() {
        let fixed = Backoff(first: .seconds(1), most: .seconds(1))
        #expect(fixed.delay(afterAttempt: 1, random: 0.9) == .seconds(1))
        #expect(fixed.delay(afterAttempt: 99, random: 0) == .seconds(1))
        #expect(Backoff(first: .minutes(5), most: .seconds(1)).most == .minutes(5))
        #expect(fixed.delay(afterAttempt: 0, random: .nan) >= .seconds(1))
    }

    @Test func `a deferral from the future is due at once`() {
        let now = start
        #expect(Backoff.due(at: now + .hours(2), deferredAt: now + .hours(1), now: now) == now)
        #expect(Backoff.due(at: now + .hours(2), deferredAt: now - .hours(1), now: now) == now + .hours(2))
    }
}
