@testable import SpoolSchedule
import Testing

struct DeliveryEstimateTests {
    /// A Monday, 19:00 UTC.
    private let now = Timestamp(milliseconds: 1_795_460_400_000)

    private func estimate(_ rate: Rate?, window: (String, String)? = nil) throws -> DeliveryEstimate {
        let window = try window.map { try DeliveryWindow(from: $0.0, until: $0.1) }
        return DeliveryEstimate(policy: MailingPolicy(window: window, rate: rate))
    }

    @Test func `without a rate or a measurement nobody can tell`() throws {
        #expect(try estimate(nil).secondsLeft(remaining: 10, at: now) == nil)
        #expect(try estimate(nil).secondsLeft(remaining: 0, at: now) == 0)
    }

    @Test func `the slowest of mail system, own rate and share of the spool's decides`() throws {
        var estimate = try estimate(Rate(count: 600, per: .hour))
        #expect(estimate.secondsLeft(remaining: 300, at: now) == 1800)
        estimate.measuredPerSecond = 0.1
        #expect(estimate.secondsLeft(remaining: 300, at: now) == 3000)
        estimate.spoolRate = Rate(count: 1, per: .minute)
        estimate.sharing = 2
        #expect(estimate.secondsLeft(remaining: 300, at: now) == 36_000)
    }

    @Test func `hours outside the window are waited for`() throws {
        let estimate = try estimate(Rate(count: 60, per: .hour), window: ("20:00", "22:00"))
        #expect(estimate.secondsLeft(remaining: 60, at: now) == Int64(2 * 3600))
        #expect(estimate.secondsLeft(remaining: 120, at: now) == Int64(3 * 3600))
        #expect(estimate.secondsLeft(remaining: 180, at: now) == Int64(26 * 3600))
        #expect(estimate.secondsLeft(remaining: 120 * 365, at: now) == Int64((364 * 24 + 3) * 3600))
    }

    @Test func `a quota of the day takes days`() throws {
        var estimate = try estimate(Rate(count: 100, per: .day))
        estimate.measuredPerSecond = 10
        #expect(estimate.secondsLeft(remaining: 50, at: now) == 5)
        #expect(estimate.secondsLeft(remaining: 250, at: now) == Int64(2 * 86_400 + 5))
        estimate.lastDay = (100, now - .hours(20))
        #expect(estimate.secondsLeft(remaining: 50, at: now) == Int64(4 * 3600 + 5))
    }

    @Test func `nothing takes longer than until sendUntil, or more than a hundred years`() throws {
        var estimate = try estimate(Rate(count: 1, per: .day))
        #expect(estimate.secondsLeft(remaining: 1_000_000, at: now) == nil)
        estimate.policy.sendUntil = now + .days(2)
        #expect(estimate.secondsLeft(remaining: 100, at: now) == Int64(2 * 86_400))
    }

    @Test func `nobody has ended before the last retry, and who waits outside a window shares no rate`()
        throws
    {
        var tick = TestTick(rate: Rate(count: 60, per: .hour))
        tick.start("a")
        tick.start("closed", MailingPolicy(window: try DeliveryWindow(from: "03:00", until: "04:00")))
        tick.start("retries", demand: Demand(readyNow: false, nextRetry: tick.moment.wall + .hours(1)))
        func left(_ id: String, _ remaining: Int, lastRetry: Interval? = nil) -> Int64? {
            tick.schedule.secondsLeft(
                for: id, remaining: remaining, lastRetry: lastRetry.map { tick.moment.wall + $0 },
                measuredPerSecond: nil, demand: { tick.demands[$0] ?? .none }, at: tick.moment)
        }
        #expect(left("a", 30) == 1800)
        tick.start("b")
        #expect(left("a", 30) == 3600)
        #expect(left("retries", 1, lastRetry: .hours(2)) == 7200)
        tick.schedule.rate = nil
        #expect(left("a", 30, lastRetry: .hours(2)) == nil, "nobody knows how fast the others go")
        #expect(left("retries", 1, lastRetry: .hours(2)) == 7200)
        #expect(left("a", 0) == 0)
    }

    @Test func `a schedule knows what its mailing has used of a quota`() {
        var tick = TestTick()
        let policy = MailingPolicy(rate: Rate(count: 2, per: .day))
        tick.start("a", policy, last: [tick.moment.wall - .hours(20), tick.moment.wall - .hours(19)])
        let left = tick.schedule.secondsLeft(
            for: "a", remaining: 1, measuredPerSecond: 1, demand: { _ in .ready }, at: tick.moment)
        #expect(left.map { (4 * 3600...4 * 3600 + 2).contains($0) } == true)
    }
}
