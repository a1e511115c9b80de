import Foundation
import Testing

@Suite(.timeLimit(.minutes(25)))
struct `A last time for a mailing` {
    private let before = "2026-11-24T19:00:00Z"
    private let end = "2026-11-24T20:00:00Z"
    private let after = "2026-11-24T20:00:30Z"

    private var draft: Draft { Draft(6).with("sendUntil", end).with("sendAt", "2026-11-24T18:00:00Z") }

    private func expectLate(
        _ spool: ScratchSpool, late: Int, sent: Int, location: SourceLocation = #_sourceLocation
    ) throws {
        #expect(spool.folders(of: "news") == [.done], sourceLocation: location)
        let mailing = try spool.status(of: "news", at: after)
        #expect(
            mailing.skipped["late"] == late && mailing.sent == sent, "\(mailing)", sourceLocation: location)
        #expect(mailing.sum == 6 && mailing.failed == 0 && !mailing.cancelled, sourceLocation: location)
        #expect(mailing.finishedAt != nil && mailing.secondsLeft == nil, sourceLocation: location)
    }

    @Test(arguments: [ScratchSpool.Folder.scheduled, .active])
    func `who waits when it passes without a tick is skipped, and the mailing finishes`(
        folder: ScratchSpool.Folder
    ) throws {
        let spool = try ScratchSpool()
        try spool.drop(draft, as: "news", in: folder)
        #expect(try spool.tick(at: after).isSilentSuccess)
        #expect(try spool.sink.count == 0)
        try expectLate(spool, late: 6, sent: 0)
    }

    @Test func `who was deferred is skipped too, and the last second before is still used`() throws {
        let spool = try ScratchSpool()
        try spool.sink.behave("r2@* exit=75", "r4@* exit=1")
        try spool.drop(draft, as: "news", in: .scheduled)
        #expect(try spool.tick(at: before).isSilentSuccess)
        #expect(try spool.status(of: "news", at: before).deferred == 2)
        #expect(try spool.tick(at: after).isSilentSuccess)
        #expect(try spool.sink.count == 6, "nobody was tried again")
        try expectLate(spool, late: 2, sent: 4)
    }

    @Test func `it ends a delivery that is under way`() throws {
        let spool = try ScratchSpool(concurrency: 1)
        try spool.drop(draft.with("rate", "1/second"), as: "news", in: .active)
        let last = try SimulatedTime.date(end)
        #expect(try spool.tick(at: last.addingTimeInterval(-2)).isSilentSuccess)
        let sent = try spool.sink.count
        #expect(sent > 0 && sent < 6)
        #expect(try spool.events(of: "news", "try").allSatisfy { $0.time < last })
        _ = try spool.tick(at: after)
        try expectLate(spool, late: 6 - sent, sent: sent)
    }

    @Test(arguments: [ScratchSpool.Folder.active, .scheduled])
    func `a mailing stopped before it and started after it finishes without another message`(
        back: ScratchSpool.Folder
    ) throws {
        let spool = try ScratchSpool()
        try spool.drop(draft.with("rate", "2/day"), as: "news", in: .scheduled)
        #expect(try spool.tick(at: before).isSilentSuccess)
        #expect(try spool.sink.count == 2)
        spool.move("news", from: .active, to: .paused)
        #expect(try spool.tick(at: after).isSilentSuccess)
        #expect(spool.folders(of: "news") == [.paused], "what a person has stopped stays where it is")
        #expect(try spool.status(of: "news", at: after).waiting == 4)
        spool.move("news", from: .paused, to: back)
        #expect(try spool.tick(at: after).isSilentSuccess)
        #expect(try spool.sink.count == 2)
        try expectLate(spool, late: 4, sent: 2)
    }
}
