@testable import SpoolSchedule
import Testing

extension Schedule {
    /// Whether a mailing is stopped for a failing mail system.
    func isStopped(_ id: ID, at moment: Moment) -> Bool {
        guard let slot = slot(of: id), let stop = lanes[slot].stop else { return false }
        return stop.until > moment.monotonic
    }
}

/// A tick that a test moves by hand.
struct TestTick {
    var schedule: Schedule<String>
    var moment: Moment
    var demands: [String: Demand] = [:]

    init(rate: Rate? = nil, concurrency: Int = 4, outage: Bool = false) {
        moment = Moment(wall: Timestamp(milliseconds: 1_795_460_400_000), monotonic: 5_000_000)
        schedule = Schedule(
            rate: rate, concurrency: concurrency, past: PastHandOvers(now: moment.wall),
            outage: outage ? moment.wall : nil,
            at: moment)
    }

    mutating func start(
        _ id: String, _ policy: MailingPolicy = MailingPolicy(), last: [Timestamp] = [],
        carried: [Int] = [], demand: Demand = .ready
    ) {
        var past = PastHandOvers(now: moment.wall)
        for time in last { past.record(time) }
        demands[id] = demand
        schedule.start(id, policy: policy, past: past, deferred: carried, at: moment)
    }

    mutating func next() -> Schedule<String>.Decision {
        let demands = demands
        return schedule.next(at: moment) { demands[$0] ?? .none }
    }

    /// Hands over what may be handed over at once, at most so many, and says whose.
    mutating func handOvers(most: Int = 100, accepted: Bool = true) -> [String] {
        var served: [String] = []
        while served.count < most, case .handOver(let id) = next() {
            schedule.handedOver(id, at: moment)
            served.append(id)
            if accepted { _ = schedule.ended(id, recipient: 0, outcome: .sent, at: moment) }
        }
        return served
    }

    mutating func end(
        _ id: String, _ recipient: Int, _ outcome: AttemptPolicy.Fate, deferredBefore: Bool = false
    ) -> Schedule<String>.Reaction {
        schedule.handedOver(id, at: moment)
        return schedule.ended(
            id, recipient: recipient, outcome: outcome, deferredBefore: deferredBefore, at: moment)
    }

    mutating func pass(_ interval: Interval, wallToo: Bool = true) {
        moment = Moment(
            wall: wallToo ? moment.wall + interval : moment.wall,
            monotonic: moment.monotonic + interval.microseconds)
    }
}

struct ScheduleTests {
    @Test func `mailings share the deliveries by message`() {
        var tick = TestTick()
        for id in ["a", "b", "c"] { tick.start(id) }
        let served = tick.handOvers(most: 300)
        for first in stride(from: 0, to: 300, by: 3) {
            #expect(Set(served[first..<first + 3]) == ["a", "b", "c"])
        }
    }

    @Test func `a hundred mailings at once share evenly`() {
        var tick = TestTick()
        for number in 0..<100 { tick.start("\(number)") }
        let served = tick.handOvers(most: 1000)
        let counts = Dictionary(grouping: served, by: \.self).mapValues(\.count)
        #expect(counts.count == 100 && counts.values.allSatisfy { $0 == 10 })
    }

    @Test func `a mailing that becomes due beside a long one has its turn at once`() {
        var tick = TestTick()
        tick.start("long")
        _ = tick.handOvers(most: 50)
        tick.start("short")
        #expect(tick.handOvers(most: 4) == ["short", "long", "short", "long"])
    }

    @Test func `a spool rate of one message a tick is shared across ticks`() {
        var tick = TestTick(rate: Rate(count: 1, per: .minute))
        tick.start("a", last: [tick.moment.wall - .minutes(2)])
        tick.start("b", last: [tick.moment.wall - .minutes(4)])
        tick.start("c", last: [tick.moment.wall - .minutes(3)])
        #expect(tick.handOvers() == ["b"])
    }

    @Test func `a mailing held back by its own rate delays no other`() {
        var tick = TestTick()
        tick.start("slow", MailingPolicy(rate: Rate(count: 1, per: .hour)))
        tick.start("fast")
        #expect(tick.handOvers(most: 10).filter { $0 == "fast" }.count == 9)
        tick.demands["fast"] = Demand.none
        tick.pass(.minutes(59))
        #expect(tick.next() == .wait(until: tick.moment.monotonic + 60_000_000))
        tick.pass(.seconds(60))
        #expect(tick.next() == .handOver("slow"))
    }

    @Test func `hand-overs are evenly spaced and a pause is not made up for`() {
        var tick = TestTick(rate: Rate(count: 600, per: .hour))
        tick.start("a")
        #expect(tick.handOvers() == ["a"])
        #expect(tick.next() == .wait(until: tick.moment.monotonic + 6_000_000))
        tick.pass(.milliseconds(5999))
        #expect(tick.handOvers().isEmpty)
        tick.pass(.milliseconds(1))
        #expect(tick.handOvers() == ["a"])
        tick.pass(.hours(1))
        #expect(tick.handOvers() == ["a"], "an hour of silence gives one message, not 600")
    }

    @Test func `a hand-over that was not made gives its place in the rate back`() {
        var tick = TestTick(rate: Rate(count: 1, per: .day))
        tick.start("a", MailingPolicy(rate: Rate(count: 1, per: .hour)))
        tick.schedule.handedOver("a", at: tick.moment)
        #expect(tick.next() != .handOver("a"))
        tick.schedule.withdrew("a")
        #expect(tick.schedule.inFlight == 0)
        #expect(tick.next() == .handOver("a"))
    }

    @Test func `a quota of the day goes out at once and comes back after 24 hours`() {
        var tick = TestTick()
        tick.start("a", MailingPolicy(rate: Rate(count: 3, per: .day)))
        #expect(tick.handOvers().count == 3)
        #expect(tick.next() == .nothing(next: tick.moment.wall + .days(1)))
        tick.pass(.days(1) - .milliseconds(1))
        #expect(tick.handOvers().isEmpty)
        tick.pass(.milliseconds(1))
        #expect(tick.handOvers().count == 3)
    }

    @Test func `a pace is taken up where the last tick left it`() {
        var tick = TestTick()
        let before = tick.moment.wall
        tick.start("hour", MailingPolicy(rate: Rate(count: 1, per: .hour)), last: [before - .minutes(50)])
        tick.start(
            "day", MailingPolicy(rate: Rate(count: 2, per: .day)),
            last: [before - .hours(23), before - .hours(2)])
        tick.start(
            "free", MailingPolicy(rate: Rate(count: 2, per: .day)),
            last: [before - .hours(25), before - .hours(2)])
        #expect(tick.handOvers() == ["free"])
        let waiting = tick.schedule.waiting(for: "hour", at: tick.moment, demand: .ready)
        #expect(waiting.reason == .rate && waiting.next == before + .minutes(10) + .milliseconds(1))
        let day = tick.schedule.waiting(for: "day", at: tick.moment, demand: .ready)
        #expect(day.reason == .rate && day.next == before + .hours(1) + .milliseconds(1))
    }

    @Test func `a last hand-over in the future holds a rate for one spacing at most`() {
        var tick = TestTick()
        let future = tick.moment.wall + .days(365)
        tick.start("minute", MailingPolicy(rate: Rate(count: 2, per: .minute)), last: [future])
        tick.start("hour", MailingPolicy(rate: Rate(count: 1, per: .hour)), last: [future])
        tick.start("day", MailingPolicy(rate: Rate(count: 1, per: .day)), last: [future])
        #expect(Set(tick.handOvers(most: 3)) == ["hour", "day"])
        tick.pass(.seconds(30))
        #expect(tick.handOvers() == ["minute"])
    }

    @Test func `no more are in flight than the concurrency`() {
        var tick = TestTick(concurrency: 3)
        tick.start("a")
        #expect(tick.handOvers(accepted: false).count == 3)
        #expect(tick.next() == .wait(until: tick.moment.monotonic + 60_000_000))
        _ = tick.schedule.ended("a", recipient: 1, outcome: .inDoubt(until: .latestWritable), at: tick.moment)
        #expect(tick.next() == .handOver("a"))
    }

    @Test func `the tick ends when nothing can be sent within the next minute`() {
        var tick = TestTick()
        #expect(tick.next() == .nothing(next: nil))
        let retry = tick.moment.wall + .seconds(60)
        tick.start("a", demand: Demand(readyNow: false, nextRetry: retry))
        #expect(tick.next() == .wait(until: tick.moment.monotonic + 60_000_000))
        tick.demands["a"] = Demand(readyNow: false, nextRetry: retry + .milliseconds(1))
        #expect(tick.next() == .nothing(next: retry + .milliseconds(1)))
        tick.schedule.handedOver("a", at: tick.moment)
        #expect(tick.next() == .wait(until: tick.moment.monotonic + 60_000_000), "something is in flight")
    }

    @Test func `a mailing that leaves and comes back keeps its pace and its messages in flight`() {
        var tick = TestTick(concurrency: 1)
        tick.start("a", MailingPolicy(rate: Rate(count: 1, per: .minute)))
        tick.schedule.handedOver("a", at: tick.moment)
        tick.schedule.stop("a")
        tick.start("a", MailingPolicy(rate: Rate(count: 1, per: .minute)))
        #expect(tick.next() == .wait(until: tick.moment.monotonic + 60_000_000))
        _ = tick.schedule.ended("a", recipient: 1, outcome: .sent, at: tick.moment)
        #expect(tick.schedule.inFlight == 0)
        tick.pass(.seconds(59))
        #expect(tick.handOvers().isEmpty)
        tick.pass(.seconds(1))
        #expect(tick.handOvers() == ["a"])
    }

    @Test func `a stopped mailing is not served`() {
        var tick = TestTick()
        tick.start("a")
        tick.schedule.stop("a")
        #expect(tick.next() == .nothing(next: nil))
    }

    @Test func `an edited policy holds at once`() throws {
        var tick = TestTick()
        tick.start("a")
        #expect(tick.next() == .handOver("a"))
        // 2026-11-23T19:00:00Z
        let window = try DeliveryWindow(from: "19:30", until: "20:00")
        tick.schedule.update("a", policy: MailingPolicy(window: window))
        #expect(tick.next() == .nothing(next: tick.moment.wall + .minutes(30)))
        tick.schedule.update("a", policy: MailingPolicy())
        #expect(tick.next() == .handOver("a"))
    }

    @Test func `nobody is mailed from sendUntil on`() {
        var tick = TestTick()
        tick.start("a", MailingPolicy(sendUntil: tick.moment.wall + .seconds(10)))
        #expect(!tick.schedule.isLate("a", at: tick.moment))
        #expect(tick.next() == .handOver("a"))
        tick.pass(.seconds(10))
        #expect(tick.schedule.isLate("a", at: tick.moment))
        #expect(tick.next() == .nothing(next: nil))
    }

    @Test func `of several reasons to wait the longest is named`() throws {
        var tick = TestTick()
        let window = try DeliveryWindow(from: "20:00", until: "21:00")
        tick.start("a", MailingPolicy(window: window))
        func waiting(retryAfter: Interval) -> (reason: WaitReason?, next: Timestamp?) {
            tick.schedule.waiting(
                for: "a", at: tick.moment,
                demand: Demand(readyNow: false, nextRetry: tick.moment.wall + retryAfter))
        }
        #expect(waiting(retryAfter: .minutes(30)) == (.window, tick.moment.wall + .hours(1)))
        #expect(waiting(retryAfter: .minutes(90)) == (.retry, tick.moment.wall + .minutes(90)))
        #expect(waiting(retryAfter: .hours(3)) == (.window, tick.moment.wall + .hours(25)))
        let none = tick.schedule.waiting(for: "a", at: tick.moment, demand: .none)
        #expect(none == (nil, nil))
    }

    @Test func `setting the clock neither hurries nor holds up a rate or a retry`() {
        for jump in [Interval.hours(-1), .hours(1)] {
            var tick = TestTick()
            tick.start("rate", MailingPolicy(rate: Rate(count: 1, per: .minute)))
            tick.start("retry", demand: Demand(readyNow: false, nextRetry: tick.moment.wall + .seconds(40)))
            #expect(tick.handOvers() == ["rate"])
            tick.moment = Moment(wall: tick.moment.wall + jump, monotonic: tick.moment.monotonic)
            #expect(tick.next() == .wait(until: tick.moment.monotonic + 40_000_000))
            tick.pass(.seconds(40))
            let steady = tick.schedule.steadyTime(at: tick.moment)
            #expect(steady == Timestamp(milliseconds: 1_795_460_440_000))
            tick.demands["retry"] = Demand.none
            #expect(tick.next() == .wait(until: tick.moment.monotonic + 20_000_000))
            tick.pass(.seconds(20))
            #expect(tick.next() == .handOver("rate"))
        }
    }

    @Test func `a window follows the clock on the wall when that is set`() throws {
        var tick = TestTick()
        tick.start("a", MailingPolicy(window: try DeliveryWindow(from: "19:30", until: "20:00")))
        #expect(tick.next() == .nothing(next: tick.moment.wall + .minutes(30)))
        tick.moment = Moment(wall: tick.moment.wall + .minutes(45), monotonic: tick.moment.monotonic)
        #expect(tick.next() == .handOver("a"))
        tick.moment = Moment(wall: tick.moment.wall - .minutes(45), monotonic: tick.moment.monotonic)
        #expect(tick.next() == .nothing(next: tick.moment.wall + .minutes(30)))
    }
}
