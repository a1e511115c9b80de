import Foundation
import Glibc
import Testing

@Suite(.serialized, .timeLimit(.minutes(25)))
struct `Recipients in doubt` {
    private func isAlive(_ process: pid_t) -> Bool {
        // A dead process that nobody has waited for yet is a zombie, and dead all the same.
        let state = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        guard let rest = state?.split(separator: ")").last else { return false }
        return !rest.hasPrefix(" Z")
    }

    /// A spool in which a tick was killed with `count` messages in flight, which are accepted after that.
    private func killed(count: Int, inDoubt: String) throws -> ScratchSpool {
        let spool = try ScratchSpool(concurrency: count, settings: ["inDoubt": inDoubt])
        try spool.sink.behave("* after=1000 times=1")
        try spool.drop(Draft(count), as: "news", in: .active)
        let tick = try spool.startTick()
        try eventually("all are in flight") {
            try FileManager.default.contentsOfDirectory(atPath: spool.sink.path + "/messages").count == count
        }
        try spool.kill(tick)
        try eventually("sendmail has accepted them") { try spool.sink.count == count }
        return spool
    }

    @Test func `they are sent again first thing in the next tick, under the same Message-ID`() throws {
        let spool = try killed(count: 2, inDoubt: "resend")
        let status = try spool.status(of: "news")
        #expect(status.sum == 2)
        #expect((status.inDoubt ?? 0) + (status.sending ?? 0) == 2, "\(status)")
        try spool.tickUntilDone(atMost: 1)
        try expectDelivered(spool, to: Draft.addresses(2), copies: 2)
        #expect(try spool.sink.count == 4)
    }

    @Test(arguments: ["sent", "resend"])
    func `with hold they wait until a person resolves them all`(decision: String) throws {
        let spool = try killed(count: 2, inDoubt: "hold")
        for _ in 0..<2 {
            let outcome = try spool.tick()
            #expect(outcome.ending == .exited(0), "\(outcome)")
        }
        #expect(try spool.sink.count == 2)
        let held = try spool.status(of: "news")
        #expect(held.inDoubt == 2 && held.waitingFor == "person" && held.state == "active" && held.sum == 2)
        let resolving = try spool.tick("--resolve", "news=\(decision)")
        #expect(resolving.ending == .exited(0), "\(resolving)")
        try spool.tickUntilDone(atMost: 2)
        #expect(try spool.sink.count == (decision == "sent" ? 2 : 4))
        let mailing = try spool.status(of: "news")
        #expect(mailing.sent == 2 && mailing.inDoubt == 0 && mailing.state == "done")
        try expectDelivered(spool, to: Draft.addresses(2), copies: 2)
    }

    @Test func `one address may be resolved by itself`() throws {
        let spool = try killed(count: 3, inDoubt: "hold")
        #expect(try spool.tick().ending == .exited(0))
        #expect(try spool.tick("--resolve", "news:r1@example.com=sent").ending == .exited(0))
        #expect(try spool.tick("--resolve", "news:R2@example.com=resend").ending == .exited(0))
        #expect(try spool.tick().ending == .exited(0))
        let mailing = try spool.status(of: "news")
        #expect(mailing.inDoubt == 1 && mailing.sent == 2 && mailing.sum == 3, "\(mailing)")
        let counts = Dictionary(grouping: try spool.sink.submissions, by: \.recipient).mapValues(\.count)
        #expect(counts == ["r1@example.com": 1, "r2@example.com": 2, "r3@example.com": 1])
    }

    @Test(arguments: ["nothing=sent", "news:stranger@example.com=sent", "news=maybe", "news"])
    func `what cannot be resolved is refused with a word`(request: String) throws {
        let spool = try killed(count: 1, inDoubt: "hold")
        #expect(try spool.tick().ending == .exited(0))
        let outcome = try spool.tick("--resolve", request)
        #expect(outcome.ending != .exited(0) && !outcome.errors.isEmpty, "\(outcome)")
        #expect(try spool.status(of: "news").inDoubt == 1)
    }

    @Test func `a hung sendmail is killed with its group, and its recipient is in doubt`() throws {
        let spool = try ScratchSpool(
            delivery: ["timeout": 2], settings: ["retry": ["first": "1h", "most": "1h"]])
        try spool.sink.behave("r1@* hang=120000")
        try spool.drop(Draft(4), as: "news", in: .scheduled)
        let outcome = try spool.tick(seconds: 60)
        #expect(outcome.ending == .exited(0), "\(outcome)")
        #expect(spool.sink.hanging.count == 2)
        try eventually("both are dead") { !spool.sink.hanging.contains(where: isAlive) }
        #expect(try spool.sink.accepted.sorted() == ["r2", "r3", "r4"].map { "\($0)@example.com" })
        let mailing = try spool.status(of: "news")
        #expect(mailing.inDoubt == 1 && mailing.sent == 3 && mailing.sum == 4 && mailing.state == "active")
        // It has its backoff: no further message in the next tick.
        #expect(try spool.tick().ending == .exited(0))
        #expect(try spool.sink.count == 4)
    }

    @Test func `a hand-over that timed out once is tried again`() throws {
        let spool = try ScratchSpool(
            delivery: ["timeout": 2], settings: ["retry": ["first": "1s", "most": "1s"]])
        try spool.sink.behave("r1@* hang=120000 times=1")
        try spool.drop(Draft(2), as: "news", in: .scheduled)
        try spool.tickUntilDone()
        #expect(try spool.sink.accepted.sorted() == Draft.addresses(2))
        #expect(try Set(spool.sink.submissions.map(\.messageID)).count == 2)
    }

    @Test func `one that timed out twice is held for a person`() throws {
        let spool = try ScratchSpool(
            delivery: ["timeout": 2], settings: ["retry": ["first": "1s", "most": "1s"]])
        try spool.sink.behave("r1@* hang=120000")
        try spool.drop(Draft(2), as: "news", in: .scheduled)
        for _ in 0..<4 {
            _ = try spool.tick(seconds: 60)
            try spool.awaitRetries(of: "news")
        }
        #expect(try spool.sink.submissions.count { $0.recipient == "r1@example.com" } == 2)
        let held = try spool.status(of: "news")
        #expect(held.inDoubt == 1 && held.waitingFor == "person" && held.state == "active", "\(held)")
        try spool.sink.behave()
        #expect(try spool.tick("--resolve", "news=resend").ending == .exited(0))
        try spool.tickUntilDone()
        #expect(try spool.status(of: "news").sent == 2)
    }
}
