import Foundation
import Glibc
import Testing

@Suite(.serialized, .timeLimit(.minutes(25)))
struct `Invariant 1: after a kill everybody gets the message, and copies are few` {
    private static let concurrency = 2

    /// A spool with a small mailing. A number of a call may also fit the child that is about to become a sendmail;
    /// its recipient is then deferred, for a second.
    private func smallSpool() throws -> ScratchSpool {
        let spool = try ScratchSpool(
            concurrency: Self.concurrency, settings: ["retry": ["first": "1s", "most": "1s"]])
        try spool.drop(Draft(5), as: "news", in: .scheduled)
        return spool
    }

    /// The calls that a small tick makes from the moment when it first touches its spool.
    private func callsOfSmallTick() throws -> [KillPoint] {
        let spool = try smallSpool()
        return try KillPoint.all { call, _ in
            call.text.contains(spool.path)
        } run: { conditions in
            #expect(try spool.tick(under: conditions).isSilentSuccess)
            try expectDelivered(spool, to: Draft.addresses(5))
        }
    }

    @Test func `a tick may be killed at any system call`() throws {
        let points = try callsOfSmallTick()
        print("kill sweep: \(points.count) system calls")
        #expect(points.count > 40)
        for point in points {
            let spool = try smallSpool()
            let original = try spool.contents(of: "news", in: .scheduled)
            _ = try spool.tick(under: .killed(at: point))
            #expect(spool.folders(of: "news").count == 1, "killed at \(point)")
            try spool.tickUntilDone()
            try expectDelivered(spool, to: Draft.addresses(5), copies: Self.concurrency)
            try expectDocument(spool, "news", in: .done, is: original)
            let mailing = try spool.status(of: "news")
            #expect(mailing.sent == 5 && mailing.sum == 5, "killed at \(point): \(mailing)")
        }
    }

    @Test func `the tick that mends after a kill may be killed as well`() throws {
        let points = try callsOfSmallTick()
        var numbers = SeededNumbers.announced("double kills")
        for _ in 0..<60 {
            let spool = try smallSpool()
            let original = try spool.contents(of: "news", in: .scheduled)
            for _ in 0..<3 {
                let point = points[Int.random(in: points.indices, using: &numbers)]
                _ = try spool.tick(under: .killed(at: point))
            }
            try spool.tickUntilDone()
            try expectDelivered(spool, to: Draft.addresses(5), copies: 3 * Self.concurrency)
            try expectDocument(spool, "news", in: .done, is: original)
        }
    }

    @Test func `a tick that is asked to end, at whatever call, leaves nothing in doubt`() throws {
        let points = try callsOfSmallTick()
        var numbers = SeededNumbers.announced("requests to end")
        for point in points.shuffled(using: &numbers).prefix(60) {
            let spool = try smallSpool()
            let outcome = try spool.tick(
                under: .killed(at: point, signal: "TERM"))
            // Before it has begun to listen the signal ends it, as any program.
            let ended = outcome.ending == .signalled(SIGTERM)
            let handedOver = try spool.sink.count
            #expect(outcome.isSilentSuccess || ended && handedOver == 0, "\(point): \(outcome)")
            let mailing = try spool.status(of: "news")
            #expect(mailing.inDoubt == 0 && mailing.sending == 0 && mailing.sum == 5, "\(point): \(mailing)")
            try spool.tickUntilDone()
            try expectDelivered(spool, to: Draft.addresses(5))
        }
    }

    @Test func `a large mailing survives kills at random moments`() throws {
        var numbers = SeededNumbers.announced("random kills")
        let spool = try ScratchSpool(concurrency: 4)
        let recipients = Draft.addresses(1000)
        try spool.put("files/list.txt", recipients.joined(separator: "\n") + "\n")
        try spool.drop(Draft(file: "list.txt"), as: "news", in: .scheduled)
        let original = try spool.contents(of: "news", in: .scheduled)
        var kills = 0
        while kills < 25, spool.folders(of: "news") != [.done] {
            let wanted = try spool.sink.count + Int.random(in: 0...40, using: &numbers)
            let tick = try spool.startTick()
            // By messages and not by time: a busy machine would be killed before it has sent any.
            try eventually("\(wanted) messages") { try spool.sink.count >= wanted || !tick.isRunning }
            usleep(UInt32.random(in: 0...5_000, using: &numbers))
            guard tick.isRunning else { break }
            try spool.kill(tick)
            kills += 1
        }
        let before = try spool.sink.count
        print("random kills: \(kills), \(before) messages before the last tick")
        #expect(kills > 10 && before > 100)
        try spool.tickUntilDone()
        try expectDelivered(spool, to: recipients, copies: 4 * kills)
        try expectDocument(spool, "news", in: .done, is: original)
    }

    @Test func `several mailings survive a kill together`() throws {
        let spool = try ScratchSpool(concurrency: 3)
        try spool.sink.behave("* before=20")
        for name in ["a", "b", "c"] { try spool.drop(Draft(20), as: name, in: .scheduled) }
        let tick = try spool.startTick()
        try eventually("some messages") { try spool.sink.count >= 20 }
        try spool.kill(tick)
        try spool.tickUntilDone()
        try expectDelivered(spool, to: Draft.addresses(20), copies: 3, mailings: 3)
    }
}

@Suite(.timeLimit(.minutes(25)))
struct `Invariant 3: no truncated or empty message is ever submitted` {
    @Test func `a sendmail that reads late gets the whole message of a tick that is dead by then`() throws {
        let spool = try ScratchSpool(concurrency: 4)
        try spool.sink.behave("* before=1500 times=1")
        let long = String(repeating: "A line of a long letter to the members.\n", count: 8000)
        let draft = Draft(4).with("text", "{{ address }}\n" + long + Draft.lastWords + "\n")
        try spool.drop(draft, as: "news", in: .scheduled)
        let tick = try spool.startTick()
        try eventually("all are in flight") { try spool.sink.atWork.count == 4 }
        #expect(try spool.kill(tick).ending == .signalled(SIGKILL))
        #expect(try spool.sink.count == 0)
        try spool.tickUntilDone()
        try expectDelivered(spool, to: Draft.addresses(4), copies: 4)
        for submission in try spool.sink.submissions {
            #expect(try spool.sink.message(submission).body.utf8.count > long.utf8.count)
        }
    }
}
