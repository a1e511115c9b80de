import Foundation
import Testing

@Suite(.timeLimit(.minutes(25)))
struct `Somebody is added when the mailing has all but ended` {
    private let longer = Draft(4)

    @Test func `while the last message is in flight`() throws {
        let spool = try ScratchSpool()
        try spool.sink.behave("r2@example.com before=400")
        try spool.drop(Draft(2), as: "news", in: .active)
        let tick = try spool.startTick()
        try eventually("the first is sent") { try spool.sink.count == 1 }
        try spool.overwrite("active/news.json", with: longer.json)
        #expect(tick.wait().isSilentSuccess)
        try spool.tickUntilDone()
        try expectDelivered(spool, to: Draft.addresses(4))
        let mailing = try spool.status(of: "news")
        #expect(mailing.recipients == 4 && mailing.sent == 4 && mailing.sum == 4, "\(mailing)")
    }

    @Test func `to its list while the last message is in flight`() throws {
        let spool = try ScratchSpool()
        try spool.sink.behave("r2@example.com before=400")
        try spool.put("files/list.txt", "r1@example.com\nr2@example.com\n")
        try spool.drop(Draft(file: "list.txt"), as: "news", in: .active)
        let tick = try spool.startTick()
        try eventually("the first is sent") { try spool.sink.count == 1 }
        try spool.put("files/list.txt", "r1@example.com\nr2@example.com\nr3@example.com\n")
        #expect(tick.wait().isSilentSuccess)
        try spool.tickUntilDone()
        try expectDelivered(spool, to: Draft.addresses(3))
    }

    @Test func `after a tick that was killed at whatever rename`() throws {
        var kills = 0
        for number in 1... {
            let spool = try ScratchSpool()
            try spool.sink.behave("r2@example.com exit=67")
            try spool.drop(Draft(2), as: "news", in: .active)
            let outcome = try spool.tick(under: .killed(call: "renameat2", number: number))
            if outcome.isSilentSuccess { break }
            kills += 1
            // In done/ it has ended; a person who adds somebody there has to send it again.
            guard spool.folders(of: "news") == [.active] else { continue }
            let hadFailed = try spool.sink.submissions.contains { $0.outcome == "67" }
            try spool.overwrite("active/news.json", with: longer.json)
            try spool.tickUntilDone()
            let reached = Draft.addresses(4).filter { !hadFailed || $0 != "r2@example.com" }
            try expectDelivered(spool, to: reached, copies: 2)
            let mailing = try spool.status(of: "news")
            #expect(mailing.recipients == 4 && mailing.sum == 4, "killed at rename \(number): \(mailing)")
            #expect(mailing.failed == (hadFailed ? 1 : 0), "killed at rename \(number): \(mailing)")
        }
        #expect(kills > 0)
    }
}
