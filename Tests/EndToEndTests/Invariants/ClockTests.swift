import Foundation
import Testing

@Suite(.timeLimit(.minutes(25)))
struct `Invariant 9: whatever the clock does, nothing is early and nobody is mailed twice` {
    @Test(arguments: [
        ["+0", "-1h", "+1h"], ["+0", "+1h", "-1h"], ["-1h", "+0", "-25h"], ["+400d", "+0", "+1h"],
    ])
    func `the clock may jump between ticks`(clocks: [String]) throws {
        let spool = try ScratchSpool(settings: ["retry": ["first": "30m", "most": "40m"]])
        try spool.sink.behave("r1@* exit=75 times=1", "r2@* exit=75 times=2")
        try spool.drop(Draft(6), as: "news", in: .active)
        for clock in clocks {
            #expect(try spool.tick(under: .clock(clock)).ending == .exited(0), "at \(clock)")
            let mailing = try spool.status(of: "news")
            #expect(mailing.sum == 6)
        }
        for clock in ["+401d", "+402d", "+403d"] { _ = try spool.tick(under: .clock(clock)) }
        try expectDelivered(spool, to: Draft.addresses(6))
        #expect(spool.folders(of: "news") == [.done])
    }

    @Test(arguments: ["+3600", "-3600", "+86400"])
    func `the clock may jump in the middle of a tick`(jump: String) throws {
        let spool = try ScratchSpool()
        try spool.sink.behave("* before=30")
        try spool.drop(Draft(60), as: "news", in: .active)
        let later = rfc3339(Date.now.addingTimeInterval(500_000))
        try spool.drop(Draft(["early@example.com"]).with("sendAt", later), as: "later", in: .scheduled)
        let clock = try SettableClock()
        let tick = try spool.startTick(by: clock)
        try eventually("some messages") { try spool.sink.count >= 15 }
        try clock.set(jump)
        let outcome = tick.wait()
        #expect(outcome.isSilentSuccess, "\(outcome)")
        _ = try spool.tick()
        try expectDelivered(spool, to: Draft.addresses(60))
        #expect(spool.folders(of: "later") == [.scheduled])
    }

    /// A time at which nothing is sent, and one after it at which it is, each by UTC.
    struct Moment: Sendable, CustomTestStringConvertible {
        let sendAt: String
        let zone: String?
        let before: String
        let after: String
        var testDescription: String { "\(sendAt) in \(zone ?? "its own offset")" }
    }

    static let moments = [
        // In the hour that summer time leaves out, 02:30 is 00:30 or 01:30 in UTC: never before the first.
        Moment(
            sendAt: "2026-03-29T02:30", zone: "Europe/Berlin", before: "2026-03-29 00:20:00",
            after: "2026-03-29 01:31:00"),
        // In the hour that comes twice, 02:30 is 00:30 and 01:30 in UTC.
        Moment(
            sendAt: "2026-10-25T02:30", zone: "Europe/Berlin", before: "2026-10-25 00:20:00",
            after: "2026-10-25 01:31:00"),
        Moment(
            sendAt: "2027-03-29T09:00", zone: "Europe/Berlin", before: "2027-03-29 06:50:00",
            after: "2027-03-29 07:00:01"),
        Moment(
            sendAt: "2027-01-29T09:00", zone: "Asia/Kathmandu", before: "2027-01-29 03:05:00",
            after: "2027-01-29 03:15:01"),
        Moment(
            sendAt: "2027-06-01T12:00:00-09:30", zone: nil, before: "2027-06-01 21:20:00",
            after: "2027-06-01 21:30:01"),
        Moment(
            sendAt: "2038-01-19T03:14:10Z", zone: nil, before: "2038-01-19 03:05:00",
            after: "2038-01-19 03:14:11"),
        Moment(
            sendAt: "2039-12-31T23:59:00Z", zone: nil, before: "2038-01-20 00:00:00",
            after: "2040-01-01 00:00:00"),
    ]

    @Test(arguments: moments)
    func `a mailing is sent at its time and not before`(moment: Moment) throws {
        let spool = try ScratchSpool()
        var draft = Draft(2).with("sendAt", moment.sendAt)
        if let zone = moment.zone { draft = draft.with("timeZone", zone) }
        try spool.drop(draft, as: "news", in: .scheduled)
        for _ in 0..<2 {
            let outcome = try spool.tick(under: .clock("@" + moment.before))
            #expect(outcome.isSilentSuccess, "\(outcome)")
            #expect(try spool.sink.count == 0, "early")
            #expect(spool.folders(of: "news") == [.scheduled])
        }
        let mailing = try spool.status(under: .clock("@" + moment.before))["news"]
        #expect(mailing.waitingFor == "sendAt" && mailing.waiting == 2)
        for _ in 0..<2 {
            let outcome = try spool.tick(under: .clock("@" + moment.after))
            #expect(outcome.isSilentSuccess, "\(outcome)")
            try expectDelivered(spool, to: Draft.addresses(2))
        }
        // And once more with the clock back before the time.
        _ = try spool.tick(under: .clock("@" + moment.before))
        try expectDelivered(spool, to: Draft.addresses(2))
    }

    @Test func `a delivery across the end of 32 bit time goes on`() throws {
        let spool = try ScratchSpool()
        try spool.sink.behave("* before=150")
        try spool.drop(Draft(60), as: "news", in: .active)
        #expect(try spool.tick(under: .clock("@2038-01-19 03:14:06")).isSilentSuccess)
        try expectDelivered(spool, to: Draft.addresses(60))
        let mailing = try spool.status(under: .clock("@2038-01-19 03:15:00"))["news"]
        #expect(mailing.sent == 60)
        #expect(
            mailing.startedAt?.hasPrefix("2038-01-19T03:14:") == true,
            "\(String(describing: mailing.startedAt))")
        #expect(mailing.finishedAt?.hasPrefix("2038-01-19T03:14:") == true)
    }
}
