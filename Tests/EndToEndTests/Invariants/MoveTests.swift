import Foundation
import Glibc
import Testing

@Suite(.serialized, .timeLimit(.minutes(25)))
struct `Invariant 5: a mailing that is moved out of active stops, and resumes without a copy` {
    @Test(arguments: [ScratchSpool.Folder.paused, .done, .scheduled])
    func `after mv returns only the messages in flight go out`(folder: ScratchSpool.Folder) throws {
        let spool = try ScratchSpool(concurrency: 3)
        try spool.sink.behave("* before=60")
        let late = rfc3339(Date.now.addingTimeInterval(7200))
        try spool.drop(Draft(100).with("sendAt", late), as: "news", in: .active)
        let original = try spool.contents(of: "news", in: .active)
        let tick = try spool.startTick()
        try eventually("some messages") { try spool.sink.count >= 12 }
        #expect(spool.move("news", from: .active, to: folder))
        let before = try spool.sink.count
        let outcome = tick.wait()
        #expect(outcome.isSilentSuccess, "\(outcome)")
        let after = try spool.sink.count
        #expect(after - before <= 3, "\(after - before) messages after the move")
        try expectDocument(spool, "news", in: folder, is: original)
        // Further ticks neither send nor bring the document back.
        #expect(try spool.tick().isSilentSuccess)
        #expect(try spool.sink.count == after)
        try expectDocument(spool, "news", in: folder, is: original)
        let mailing = try spool.status(of: "news")
        #expect(mailing.sent == after && mailing.sum == 100 && mailing.state == folder.rawValue)
        #expect(mailing.cancelled == (folder == .done))

        try spool.sink.behave()
        #expect(spool.move("news", from: folder, to: .active))
        #expect(try spool.tick().isSilentSuccess)
        try expectDelivered(spool, to: Draft.addresses(100))
        try expectDocument(spool, "news", in: .done, is: original)
    }

    @Test func `mv in and out in a tight loop costs nobody a message and nobody gets two`() throws {
        var numbers = SeededNumbers.announced("moves")
        let spool = try ScratchSpool(concurrency: 4)
        try spool.sink.behave("* before=3")
        try spool.drop(Draft(300), as: "news", in: .active)
        let original = try spool.contents(of: "news", in: .active)
        var moves = 0
        let deadline = Date.now.addingTimeInterval(40)
        var tick = try spool.startTick()
        while Date.now < deadline, spool.folders(of: "news") != [.done] {
            if spool.move("news", from: .active, to: .paused) {
                usleep(UInt32.random(in: 0...3000, using: &numbers))
                #expect(spool.move("news", from: .paused, to: .active))
                moves += 1
            }
            usleep(UInt32.random(in: 0...8000, using: &numbers))
            if !tick.isRunning {
                let outcome = tick.wait()
                #expect(outcome.isSilentSuccess, "\(outcome)")
                tick = try spool.startTick()
            }
        }
        print("moves: \(moves) in and out")
        #expect(moves > 50)
        #expect(tick.wait().isSilentSuccess)
        try spool.tickUntilDone()
        try expectDelivered(spool, to: Draft.addresses(300))
        try expectDocument(spool, "news", in: .done, is: original)
    }

    @Test func `a running mailing stops and another beside it goes on`() throws {
        let spool = try ScratchSpool(concurrency: 2)
        try spool.sink.behave("* before=30")
        try spool.drop(Draft((0..<60).map { "a\($0)@example.com" }), as: "a", in: .active)
        try spool.drop(Draft((0..<60).map { "b\($0)@example.com" }), as: "b", in: .active)
        let tick = try spool.startTick()
        try eventually("some messages") { try spool.sink.count >= 20 }
        #expect(spool.move("a", from: .active, to: .paused))
        let before = try spool.sink.accepted.count { $0.hasPrefix("a") }
        #expect(tick.wait().isSilentSuccess)
        #expect(try spool.sink.accepted.count { $0.hasPrefix("a") } - before <= 2)
        #expect(try spool.sink.accepted.count { $0.hasPrefix("b") } == 60)
        #expect(spool.folders(of: "a") == [.paused] && spool.folders(of: "b") == [.done])
    }

    @Test func `mailings share the deliveries evenly, and a short one is not delayed by a long one`() throws {
        let spool = try ScratchSpool(concurrency: 2)
        try spool.sink.behave("* before=15")
        try spool.drop(Draft((0..<400).map { "long\($0)@example.com" }), as: "long", in: .active)
        let tick = try spool.startTick()
        try eventually("the long one has begun") { try spool.sink.count >= 10 }
        try spool.drop(Draft((0..<10).map { "short\($0)@example.com" }), as: "short", in: .scheduled)
        try eventually("the short one is done") { spool.folders(of: "short") == [.done] }
        #expect(spool.folders(of: "long") == [.active])
        #expect(try spool.sink.accepted.count < 400)
        #expect(tick.wait().isSilentSuccess)
        let order = try spool.sink.accepted
        let first = try #require(order.firstIndex { $0.hasPrefix("short") })
        let last = try #require(order.lastIndex { $0.hasPrefix("short") })
        // Shared evenly, ten of one stand among about twenty of both.
        #expect(last - first < 40, "the short mailing took the places \(first) to \(last)")
        #expect(order.count == 410 && Set(order).count == 410)
    }
}
