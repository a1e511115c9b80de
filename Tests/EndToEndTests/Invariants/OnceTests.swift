import Foundation
import Testing

@Suite(.timeLimit(.minutes(25)))
struct `Invariant 2: with no crash and no timeout it is exactly one message each` {
    @Test func `one tick delivers one each, silently, and a second finds nothing to do`() throws {
        let spool = try ScratchSpool(concurrency: 4)
        try spool.drop(Draft(100), as: "news", in: .scheduled)
        let original = try spool.contents(of: "news", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        try expectDelivered(spool, to: Draft.addresses(100))
        #expect(try spool.tick().isSilentSuccess)
        try expectDelivered(spool, to: Draft.addresses(100))
        try expectDocument(spool, "news", in: .done, is: original)
    }

    @Test func `twenty ticks started at once deliver one each, all silently`() throws {
        let spool = try ScratchSpool(concurrency: 2)
        try spool.drop(Draft(200), as: "news", in: .scheduled)
        let ticks = try (0..<20).map { _ in try spool.startTick() }
        for tick in ticks {
            let outcome = tick.wait()
            #expect(outcome.isSilentSuccess, "\(outcome)")
        }
        try spool.tickUntilDone()
        try expectDelivered(spool, to: Draft.addresses(200))
    }

    @Test func `ticks that start all the time never add a message`() throws {
        let spool = try ScratchSpool(concurrency: 2)
        try spool.sink.behave("* before=5")
        try spool.drop(Draft(150), as: "news", in: .scheduled)
        var ticks: [Run] = []
        let deadline = Date.now.addingTimeInterval(60)
        while spool.folders(of: "news") != [.done], Date.now < deadline {
            ticks.append(try spool.startTick())
            ticks = ticks.filter(\.isRunning)
        }
        for tick in ticks { #expect(tick.wait().isSilentSuccess) }
        try spool.tickUntilDone()
        try expectDelivered(spool, to: Draft.addresses(150))
    }

    @Test func `an address that stands twice in the list is mailed once`() throws {
        let spool = try ScratchSpool()
        let draft = Draft([
            "a@example.com", "A@Example.COM", " a@example.com ", "no address", "b@example.com",
        ])
        try spool.drop(draft, as: "news", in: .scheduled)
        #expect(try spool.tick().ending == .exited(0))
        try expectDelivered(spool, to: ["a@example.com", "b@example.com"])
        let mailing = try spool.status(of: "news")
        #expect(mailing.recipients == 5 && mailing.sum == 5 && mailing.sent == 2)
        #expect(mailing.skipped["duplicate"] == 2 && mailing.skipped["invalid"] == 1)
    }
}
