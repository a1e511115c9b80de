import Foundation
import Glibc
import Testing

@Suite(.timeLimit(.minutes(25)))
struct `Rates` {
    /// Checks that no span of `seconds` holds more than `count` of these moments.
    private func expectNoMore(
        than count: Int, in seconds: Double, _ times: [Date], location: SourceLocation = #_sourceLocation
    ) {
        for (first, later) in zip(times, times.dropFirst(count)) {
            let span = later.timeIntervalSince(first)
            #expect(span > seconds - 0.0015, "\(count + 1) in \(span) s", sourceLocation: location)
        }
    }

    /// By how much the first hand-over after a kill came later than half a second after it, in seconds.
    private func downtime(after kill: Int, _ starts: [Int]) -> Double {
        guard let next = starts.first(where: { $0 > kill }) else { return 0 }
        return max(0, Double(next - kill) / 1e9 - 0.5)
    }

    @Test func `120 a minute are held over a minute, alone and over kills`() throws {
        let calm = try ScratchSpool()
        let killed = try ScratchSpool()
        for spool in [calm, killed] {
            try spool.drop(Draft(200).with("rate", "120/minute"), as: "news", in: .active)
        }
        let undisturbed = try calm.startTick()
        let deadline = Date.now.addingTimeInterval(63)
        var kills: [Int] = []
        while Date.now < deadline {
            let tick = try killed.startTick()
            let end = min(deadline, Date.now.addingTimeInterval(kills.count % 2 == 0 ? 11.3 : 4.7))
            while Date.now < end { usleep(10_000) }
            try killed.kill(tick)
            kills.append(monotonicNanoseconds())
        }
        undisturbed.signal(SIGTERM)
        #expect(undisturbed.wait().isSilentSuccess)
        #expect(kills.count >= 6)
        for spool in [calm, killed] {
            let starts = try spool.sink.submissions.map(\.start).sorted()
            let first = try #require(starts.first)
            let inAMinute = starts.count { $0 - first < 60_000_000_000 }
            // What a busy machine takes to start a tick is not the pace's fault.
            let down = spool === killed ? kills.map { downtime(after: $0, starts) }.reduce(0, +) : 0
            print("120/minute: \(inAMinute) hand-overs in a minute, \(down) s too long without a tick")
            #expect(inAMinute <= 121 && Double(inAMinute) >= 114 - 2 * down)
            let tries = try spool.events(of: "news", "try").map(\.time)
            expectNoMore(than: 120, in: 60, tries)
            // A twentieth of a second is made up for.
            expectNoMore(than: 1, in: 0.45, tries)
        }
    }

    @Test func `a rate of the spool and one of a mailing hold at once, and whom one holds delays nobody`()
        throws
    {
        let spool = try ScratchSpool(settings: ["rate": "20/second"])
        try spool.drop(Draft(8).with("rate", "2/second"), as: "slow", in: .active)
        try spool.drop(Draft((0..<40).map { "f\($0)@example.com" }), as: "fast", in: .active)
        #expect(try spool.tick().isSilentSuccess)
        let slow = try spool.events(of: "slow", "try").map(\.time)
        let fast = try spool.events(of: "fast", "try").map(\.time)
        #expect(slow.count == 8 && fast.count == 40)
        // A hundredth of a second is made up for.
        expectNoMore(than: 1, in: 0.49, slow)
        expectNoMore(than: 2, in: 1, slow)
        expectNoMore(than: 1, in: 0.04, (slow + fast).sorted())
        expectNoMore(than: 20, in: 1, (slow + fast).sorted())
        let lastFast = try #require(fast.last)
        #expect(slow.count { $0 < lastFast } <= 7, "the fast one has not waited for the slow one")
        try expectDelivered(spool, to: Draft.addresses(8) + (0..<40).map { "f\($0)@example.com" })
    }

    @Test
    func `a tick leaves when its next message is more than a minute off, and the next takes up the pace`()
        throws
    {
        let spool = try ScratchSpool()
        try spool.drop(Draft(10).with("rate", "30/hour"), as: "news", in: .active)
        #expect(try spool.tick(at: "2026-11-24T12:00:00Z").isSilentSuccess)
        #expect(try spool.sink.count == 1)
        let mailing = try spool.status(of: "news", at: "2026-11-24T12:00:02Z")
        #expect(
            mailing.waitingFor == "rate" && mailing.next?.hasPrefix("2026-11-24T12:02:0") == true,
            "\(mailing)")
        #expect(mailing.secondsLeft.map { (900...1200).contains($0) } == true, "\(mailing)")
        #expect(try spool.tick(at: "2026-11-24T12:00:30Z").isSilentSuccess)
        #expect(try spool.sink.count == 1, "the tick that finds nothing within the minute leaves")
        #expect(try spool.tick(at: "2026-11-24T12:01:58Z").isSilentSuccess)
        #expect(try spool.sink.count == 2, "it has waited for the two seconds")
        #expect(try spool.tick(at: "2026-11-24T13:30:00Z").isSilentSuccess)
        #expect(try spool.sink.count == 3, "a pause is not made up for")
        expectNoMore(than: 1, in: 120, try spool.events(of: "news", "try").map(\.time))
    }

    @Test func `a quota of the day counts any 24 hours, of one mailing`() throws {
        let spool = try ScratchSpool()
        try spool.drop(Draft(12).with("rate", "5/day"), as: "news", in: .active)
        for (time, count) in [
            ("24T08:00:00Z", 5), ("24T20:00:00Z", 5), ("25T07:58:00Z", 5), ("25T08:01:30Z", 10),
            ("25T23:00:00Z", 10), ("26T09:00:00Z", 12),
        ] {
            #expect(try spool.tick(at: "2026-11-\(time)").isSilentSuccess)
            #expect(try spool.sink.count == count, "at \(time)")
            guard count < 12 else { continue }
            let mailing = try spool.status(of: "news", at: "2026-11-\(time)")
            #expect(mailing.waitingFor == "rate", "\(mailing)")
            #expect(mailing.next?.hasPrefix("2026-11-2\(count == 5 ? 5 : 6)T08:0") == true, "\(mailing)")
        }
        try expectDelivered(spool, to: Draft.addresses(12))
    }

    @Test func `a quota of the spool counts mailings that have finished, and is shared`() throws {
        let spool = try ScratchSpool(settings: ["rate": "6/day"])
        try spool.drop(Draft(["a1@example.com", "a2@example.com"]), as: "a", in: .active)
        #expect(try spool.tick(at: "2026-11-24T08:00:00Z").isSilentSuccess)
        #expect(spool.folders(of: "a") == [.done])
        for name in ["b", "c"] {
            try spool.drop(Draft((0..<4).map { "\(name)\($0)@example.com" }), as: name, in: .paused)
        }
        #expect(try spool.tick(at: "2026-11-24T08:59:00Z").isSilentSuccess)
        for name in ["b", "c"] { spool.move(name, from: .paused, to: .active) }
        #expect(try spool.tick(at: "2026-11-24T09:00:00Z").isSilentSuccess)
        #expect(try spool.sink.count == 6)
        #expect(try spool.tick(at: "2026-11-25T08:02:00Z").isSilentSuccess)
        #expect(try spool.sink.count == 8)
        #expect(try spool.tick(at: "2026-11-25T10:00:00Z").isSilentSuccess)
        #expect(try spool.sink.count == 10)
        #expect(spool.folders(of: "b") == [.done] && spool.folders(of: "c") == [.done])
    }

    @Test(arguments: ["+3600", "-3600"])
    func `setting the clock during a delivery neither stops nor hurries rates and retries`(jump: String)
        throws
    {
        let spool = try ScratchSpool(settings: ["retry": ["first": "2s", "most": "3s"]])
        try spool.sink.behave("r2@* exit=75 times=2", "r3@* exit=75 times=1")
        try spool.drop(Draft(20).with("rate", "4/second"), as: "news", in: .active)
        let clock = try SettableClock()
        let tick = try spool.startTick(by: clock)
        try eventually("some messages") { try spool.sink.count >= 6 }
        try clock.set(jump)
        let outcome = tick.wait()
        #expect(outcome.isSilentSuccess, "\(outcome)")
        try expectDelivered(spool, to: Draft.addresses(20))
        #expect(spool.folders(of: "news") == [.done], "one tick was enough")
        let submissions = try spool.sink.submissions
        for (one, other) in zip(submissions, submissions.dropFirst()) {
            #expect(other.start - one.start > 150_000_000, "two at once")
        }
        let second = submissions.filter { $0.recipient == "r2@example.com" }
        for (one, other) in zip(second, second.dropFirst()) {
            #expect(other.start - one.end > 1_900_000_000, "a retry came early")
        }
        // The next tick reads the journal by the clock as it is then.
        for event in try spool.events(of: "news", "deferred") {
            let retry = try SimulatedTime.date(String(event.rest.prefix { $0 != " " }))
            #expect((1.9...3.1).contains(retry.timeIntervalSince(event.time)))
        }
    }

    @Test func `a hundred mailings at once take turns by message`() throws {
        let spool = try ScratchSpool(concurrency: 4)
        let names = (1...100).map { "m\($0)" }
        // All are there before the first may send.
        let window = ["from": "12:00", "until": "13:00"]
        for name in names {
            let draft = Draft((1...4).map { "\(name)-\($0)@example.com" })
            try spool.drop(draft.with("window", window).with("timeZone", "UTC"), as: name, in: .active)
        }
        #expect(try spool.tick(at: "2026-11-24T11:50:00Z").isSilentSuccess)
        #expect(try spool.tick(at: "2026-11-24T11:59:53Z").isSilentSuccess)
        try expectDelivered(
            spool, to: names.flatMap { name in (1...4).map { "\(name)-\($0)@example.com" } })
        var counts: [Substring: Int] = [:]
        for (number, submission) in try spool.sink.submissions.enumerated() {
            counts[submission.recipient.prefix { $0 != "-" }, default: 0] += 1
            // A round is a hundred, and four are in flight.
            if number >= 104 { #expect(counts.count == 100) }
            #expect((counts.values.max() ?? 0) <= (number + 4) / 100 + 1)
        }
        for name in names { #expect(spool.folders(of: name) == [.done]) }
    }
}
