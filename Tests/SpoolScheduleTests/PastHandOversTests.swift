@testable import SpoolSchedule
@testable import TestSupport
import Testing

struct PastHandOversTests {
    private let now = Timestamp(milliseconds: 1_795_460_400_000)

    private func pace(_ rate: Rate, _ past: PastHandOvers) -> RateLimiter {
        RateLimiter(rate: rate, past: past, at: Moment(wall: now, monotonic: 200_000_000_000))
    }

    /// How long after `now` the next hand-over is allowed, in microseconds.
    private func wait(_ rate: Rate, _ past: PastHandOvers) -> Int64 {
        pace(rate, past).earliest(at: 200_000_000_000) - 200_000_000_000
    }

    @Test func `the order of the journal's lines does not matter`() {
        var random = SeededRandom(seed: 5)
        let times = (0..<500).map { _ in now - .milliseconds(random.number(Int64(0)...172_800_000)) }
        var forward = PastHandOvers(now: now)
        for time in times.sorted() { forward.record(time) }
        var shuffled = PastHandOvers(now: now)
        for time in times.shuffled(using: &random) { shuffled.record(time) }
        for count in [1, 50, 200, 250, 400] {
            let rate = Rate(count: count, per: .day)
            #expect(wait(rate, forward) == wait(rate, shuffled))
        }
        #expect(forward.latest == shuffled.latest)
    }

    @Test func `a hand-over that was taken back counts for no rate`() {
        var past = PastHandOvers(now: now)
        past.record(now - .minutes(50))
        past.record(now - .minutes(10))
        past.takeBack()
        past.takeBack()
        #expect(wait(Rate(count: 2, per: .day), past) == 0)
        #expect(wait(Rate(count: 1, per: .hour), past) == 600_001_000)
        var ahead = PastHandOvers(now: now)
        ahead.record(now + .hours(1))
        ahead.takeBack()
        #expect(wait(Rate(count: 1, per: .day), ahead) == 0)
    }

    @Test func `hand-overs less than a day ahead count towards a quota, those further ahead do not`() {
        var past = PastHandOvers(now: now)
        past.record(now + .hours(1))
        past.record(now + .hours(25))
        #expect(wait(Rate(count: 2, per: .day), past) == 0)
        #expect(wait(Rate(count: 1, per: .day), past) == 86_400_000_000)
    }

    @Test func `a quota comes back within a minute of 24 hours after each hand-over, and never sooner`() {
        var random = SeededRandom(seed: 8)
        for _ in 0..<200 {
            let ages = (0..<random.number(1...40)).map { _ in random.number(Int64(0)...86_399_000) }.sorted()
            var past = PastHandOvers(now: now)
            for age in ages { past.record(now - .milliseconds(age)) }
            let count = random.number(1...ages.count)
            // It is used up by the latest `count`; the oldest of them has to be forgotten.
            let exact = (86_400_000 - ages[count - 1]) * 1000
            let found = wait(Rate(count: count, per: .day), past)
            #expect(found >= exact && found <= exact + 61_000_000, "ages \(ages), \(count) a day")
        }
    }

    @Test func `a quota over weeks is never exceeded in any 24 hours`() {
        var random = SeededRandom(seed: 9)
        let rate = Rate(count: 37, per: .day)
        var pace = pace(rate, PastHandOvers(now: now))
        var handOvers: [Int64] = []
        var time: Int64 = 200_000_000_000
        for _ in 0..<3000 {
            time = max(time + random.number(Int64(0)...100_000_000), pace.earliest(at: time))
            pace.record(at: time)
            handOvers.append(time)
        }
        for (first, later) in zip(handOvers, handOvers.dropFirst(37)) {
            #expect(later - first >= 86_400_000_000)
        }
    }
}
