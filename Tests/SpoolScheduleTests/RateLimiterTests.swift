@testable import SpoolSchedule
@testable import TestSupport
import Testing

struct RateLimiterTests {
    private static let rates: [Rate] = [
        Rate(count: 100, per: .second), Rate(count: 3, per: .second), Rate(count: 120, per: .minute),
        Rate(count: 7, per: .minute), Rate(count: 36_000, per: .hour), Rate(count: 600, per: .hour),
    ]

    /// Times of hand-overs each of which comes up to `lateness` microseconds after it is allowed.
    private func handOvers(_ rate: Rate, count: Int, lateness: Int64, seed: UInt64) -> [Int64] {
        let moment = Moment(wall: Timestamp(seconds: 1_795_485_600), monotonic: 5_000_000)
        var random = SeededRandom(seed: seed)
        var pace = RateLimiter(rate: rate, past: PastHandOvers(now: moment.wall), at: moment)
        var times: [Int64] = []
        var now = moment.monotonic
        for _ in 0..<count {
            now = pace.earliest(at: now) + random.number(0...lateness)
            pace.record(at: now)
            times.append(now)
        }
        return times
    }

    @Test(arguments: rates)
    func `no span of the unit holds more than the rate, however late each comes`(rate: Rate) {
        for seed in UInt64(1)...20 {
            for lateness in [0, rate.slack / 2, rate.slack, 3 * rate.slack, 5 * rate.spacing] {
                let times = handOvers(
                    rate, count: 3 * rate.count.clamped(to: 10...1000), lateness: lateness, seed: seed)
                for (first, last) in zip(times, times.dropFirst(rate.count)) {
                    #expect(last - first >= rate.unit.microseconds, "seed \(seed), lateness \(lateness)")
                }
            }
        }
    }

    @Test(arguments: rates.filter { $0.slack > 0 })
    func `a rate does not drift by what comes a moment late`(rate: Rate) {
        let times = handOvers(rate, count: 2001, lateness: rate.slack * 9 / 10, seed: 7)
        let ideal = Double(2000) / rate.perSecond * 1_000_000
        let taken = Double((times.last ?? 0) - (times.first ?? 0))
        #expect(taken >= ideal && taken <= ideal * 1.011, "\(taken / ideal)")
    }

    @Test(arguments: rates)
    func `after a pause the next are spaced like all others`(rate: Rate) {
        let moment = Moment(wall: Timestamp(seconds: 1_795_485_600), monotonic: 5_000_000)
        var pace = RateLimiter(rate: rate, past: PastHandOvers(now: moment.wall), at: moment)
        pace.record(at: moment.monotonic)
        var now = moment.monotonic + 3_600_000_000
        for _ in 0..<5 {
            now = pace.earliest(at: now)
            pace.record(at: now)
            #expect(pace.earliest(at: now) >= now + rate.pitch - rate.slack)
        }
    }
}

extension Int {
    fileprivate func clamped(to range: ClosedRange<Int>) -> Int {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
