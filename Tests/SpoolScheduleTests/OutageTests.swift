@testable import SpoolSchedule
import Testing

struct OutageTests {
    @Test func `five deferrals in a row of different recipients stop a mailing and are excused`() {
        var tick = TestTick(concurrency: 10)
        tick.start("a")
        for recipient in 1...4 {
            #expect(tick.end("a", recipient, .deferred(until: .latestWritable)) == .none)
        }
        tick.schedule.handedOver("a", at: tick.moment)
        tick.schedule.handedOver("a", at: tick.moment)
        let fifth = tick.schedule.ended(
            "a", recipient: 5, outcome: .deferred(until: .latestWritable), at: tick.moment)
        #expect(fifth == .init(stopped: true, excused: [1, 2, 3, 4, 5]))
        #expect(tick.schedule.isStopped("a", at: tick.moment))
        let late = tick.schedule.ended(
            "a", recipient: 6, outcome: .wouldFail(until: .latestWritable), at: tick.moment)
        #expect(late == .init(excused: [6]), "it was in flight when the mailing stopped")
        #expect(tick.next() == .nothing(next: tick.moment.wall + .seconds(60)))
        let waiting = tick.schedule.waiting(for: "a", at: tick.moment, demand: .ready)
        #expect(waiting == (.mailSystem, tick.moment.wall + .seconds(60)))
    }

    @Test func `an acceptance ends the row, a refusal and a hang do not`() {
        var tick = TestTick()
        tick.start("a")
        for recipient in 1...4 { _ = tick.end("a", recipient, .deferred(until: .latestWritable)) }
        _ = tick.end("a", 5, .sent)
        for recipient in 1...3 {
            #expect(tick.end("a", recipient, .deferred(until: .latestWritable)) == .none)
        }
        #expect(tick.end("a", 6, .failed) == .none)
        #expect(tick.end("a", 7, .inDoubt(until: .latestWritable)) == .none)
        #expect(tick.end("a", 8, .deferred(until: .latestWritable)) == .none)
        #expect(
            tick.end("a", 9, .deferred(until: .latestWritable))
                == .init(stopped: true, excused: [1, 2, 3, 8, 9]))
    }

    @Test func `the same recipients over and over are no row`() {
        var tick = TestTick()
        tick.start("a")
        for round in 0..<20 { #expect(tick.end("a", round % 4, .deferred(until: .latestWritable)) == .none) }
    }

    @Test func `five who had all been deferred on their own stop the mailing but are not excused`() {
        var tick = TestTick()
        tick.start("a")
        for recipient in 1...3 {
            _ = tick.end("a", recipient, .deferred(until: .latestWritable), deferredBefore: true)
        }
        _ = tick.end("a", 4, .wouldFail(until: .latestWritable), deferredBefore: true)
        #expect(
            tick.end("a", 5, .deferred(until: .latestWritable), deferredBefore: true)
                == .init(stopped: true, failed: [4]))
        tick.schedule.handedOver("a", at: tick.moment)
        let late = tick.schedule.ended(
            "a", recipient: 6, outcome: .wouldFail(until: .latestWritable), deferredBefore: true,
            at: tick.moment)
        #expect(late == .init(failed: [6]))
    }

    @Test func `one newcomer among the five excuses them all`() {
        var tick = TestTick()
        tick.start("a")
        for recipient in 1...4 {
            _ = tick.end("a", recipient, .wouldFail(until: .latestWritable), deferredBefore: true)
        }
        #expect(
            tick.end("a", 5, .deferred(until: .latestWritable))
                == .init(stopped: true, excused: [1, 2, 3, 4, 5]))
    }

    @Test func `a stop concerns one mailing, and ends after a minute if others keep the tick going`() {
        var tick = TestTick()
        tick.start("a")
        tick.start("b")
        for recipient in 1...5 { _ = tick.end("a", recipient, .deferred(until: .latestWritable)) }
        #expect(Set(tick.handOvers(most: 10)) == ["b"])
        tick.pass(.seconds(59))
        #expect(Set(tick.handOvers(most: 10)) == ["b"])
        tick.pass(.seconds(1))
        #expect(Set(tick.handOvers(most: 10)) == ["a", "b"])
    }

    @Test func `a last attempt fails once the mail system accepts another message`() {
        var tick = TestTick()
        tick.start("a")
        #expect(tick.end("a", 1, .wouldFail(until: .latestWritable)) == .none)
        #expect(tick.schedule.unsettled == ["a"])
        #expect(tick.schedule.settle("a", demand: .ready, at: tick.moment) == .none, "others can be mailed")
        #expect(tick.end("a", 2, .sent) == .init(failed: [1]))
        #expect(tick.schedule.unsettled.isEmpty)
    }

    @Test func `a last attempt fails when nobody else can be mailed`() {
        var tick = TestTick()
        tick.start("a")
        _ = tick.end("a", 1, .wouldFail(until: .latestWritable))
        tick.schedule.handedOver("a", at: tick.moment)
        #expect(tick.schedule.settle("a", demand: .none, at: tick.moment) == .none, "another is in flight")
        _ = tick.schedule.ended(
            "a", recipient: 2, outcome: .deferred(until: .latestWritable), at: tick.moment)
        #expect(tick.schedule.settle("a", demand: .none, at: tick.moment) == .init(failed: [1]))
        #expect(tick.schedule.settle("a", demand: .none, at: tick.moment) == .none)
    }

    @Test func `a last attempt fails when the rate allows nobody else in this tick`() {
        var tick = TestTick()
        tick.start("a", MailingPolicy(rate: Rate(count: 1, per: .hour)))
        tick.start("b", MailingPolicy(rate: Rate(count: 1, per: .minute)))
        _ = tick.end("a", 1, .wouldFail(until: .latestWritable))
        _ = tick.end("b", 1, .wouldFail(until: .latestWritable))
        #expect(tick.schedule.settle("a", demand: .ready, at: tick.moment) == .init(failed: [1]))
        #expect(tick.schedule.settle("b", demand: .ready, at: tick.moment) == .none)
    }

    @Test func `a last attempt is excused while another mailing is stopped and nothing accepted since`() {
        var tick = TestTick()
        for id in ["a", "b", "c"] { tick.start(id) }
        for recipient in 1...5 { _ = tick.end("a", recipient, .deferred(until: .latestWritable)) }
        #expect(tick.end("b", 1, .wouldFail(until: .latestWritable)) == .init(excused: [1]))
        #expect(tick.schedule.unsettled.isEmpty)
        _ = tick.end("c", 1, .sent)
        _ = tick.end("b", 1, .wouldFail(until: .latestWritable))
        #expect(tick.schedule.settle("b", demand: .none, at: tick.moment) == .init(failed: [1]))
        var later = TestTick(outage: true)
        later.start("b")
        #expect(
            later.end("b", 1, .wouldFail(until: .latestWritable), deferredBefore: true) == .init(excused: [1])
        )
        for recipient in 2...4 {
            #expect(
                later.end("b", recipient, .deferred(until: .latestWritable)) == .init(excused: [recipient]))
        }
        #expect(
            later.end("b", 5, .deferred(until: .latestWritable)) == .init(stopped: true, excused: [5]),
            "nobody twice")
    }

    @Test func `last attempts that came before the outage are excused by it`() {
        var tick = TestTick()
        tick.start("a")
        tick.start("b")
        _ = tick.end("b", 9, .wouldFail(until: .latestWritable), deferredBefore: true)
        for recipient in 1...5 { _ = tick.end("a", recipient, .deferred(until: .latestWritable)) }
        #expect(tick.schedule.settle("b", demand: .none, at: tick.moment) == .init(excused: [9]))
    }

    @Test func `three days after the last row of an outage the few who are left answer for themselves`() {
        var tick = TestTick(outage: true)
        tick.start("a")
        tick.pass(.days(2))
        for recipient in 1...5 { _ = tick.end("a", recipient, .deferred(until: .latestWritable)) }
        tick.schedule.stop("a")
        tick.start("a")
        tick.pass(.days(3) - .milliseconds(1))
        #expect(
            tick.end("a", 1, .wouldFail(until: .latestWritable), deferredBefore: true) == .init(excused: [1]))
        tick.pass(.milliseconds(1))
        #expect(tick.end("a", 2, .deferred(until: .latestWritable)) == .none)
        #expect(tick.end("a", 3, .wouldFail(until: .latestWritable), deferredBefore: true) == .none)
        #expect(tick.schedule.settle("a", demand: .none, at: tick.moment) == .init(failed: [3]))
    }

    @Test func `a row of newcomers goes over several ticks`() {
        var tick = TestTick()
        tick.start("a", carried: [1, 2, 3, 4])
        #expect(tick.end("a", 4, .deferred(until: .latestWritable)) == .none, "one of them again")
        #expect(
            tick.end("a", 5, .deferred(until: .latestWritable))
                == .init(stopped: true, excused: [1, 2, 3, 4, 5]))
        var other = TestTick()
        other.start("a", carried: [1, 2, 3, 4])
        #expect(other.end("a", 5, .deferred(until: .latestWritable), deferredBefore: true) == .none)
        #expect(
            other.end("a", 6, .deferred(until: .latestWritable)) == .none,
            "one who had been deferred before ends it")
        var whole = TestTick()
        whole.start("a", carried: Array(1...9))
        #expect(
            whole.next() == .handOver("a"), "the row that a killed tick has left needs another to stop it")
        #expect(
            whole.end("a", 10, .deferred(until: .latestWritable))
                == .init(stopped: true, excused: [6, 7, 8, 9, 10]))
    }

    @Test func `a mailing that a person stops leaves its last attempts undecided`() {
        var tick = TestTick()
        tick.start("a")
        _ = tick.end("a", 1, .wouldFail(until: .latestWritable))
        tick.schedule.handedOver("a", at: tick.moment)
        tick.schedule.stop("a")
        #expect(tick.schedule.ended("a", recipient: 2, outcome: .sent, at: tick.moment) == .none)
        #expect(tick.schedule.unsettled.isEmpty)
    }

    @Test func `the mail system is said not to accept when every mailing that could send is stopped`() throws
    {
        var tick = TestTick()
        func isSaid() -> Bool {
            tick.schedule.everyMailingThatCouldSendIsStopped(at: tick.moment) { tick.demands[$0] ?? .none }
        }
        for id in ["a", "b"] { tick.start(id) }
        tick.start("closed", MailingPolicy(window: try DeliveryWindow(from: "03:00", until: "04:00")))
        tick.start("retries", demand: Demand(readyNow: false, nextRetry: tick.moment.wall + .hours(1)))
        tick.start("late", MailingPolicy(sendUntil: tick.moment.wall))
        #expect(!isSaid())
        for recipient in 1...5 { _ = tick.end("a", recipient, .deferred(until: .latestWritable)) }
        #expect(!isSaid(), "b could send")
        for recipient in 1...5 { _ = tick.end("b", recipient, .deferred(until: .latestWritable)) }
        #expect(isSaid())
        _ = tick.end("b", 6, .sent)
        #expect(!isSaid())
        tick.pass(.seconds(60))
        _ = tick.next()
        for id in ["a", "b"] {
            for recipient in 1...5 { _ = tick.end(id, recipient, .deferred(until: .latestWritable)) }
        }
        #expect(isSaid(), "what was accepted before the stop says nothing")
    }
}
