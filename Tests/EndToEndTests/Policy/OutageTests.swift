import Foundation
import Testing

@Suite(.timeLimit(.minutes(25)))
struct `A mail system that fails` {
    /// What it answers for a day, and how fast the mailing goes.
    struct Outage: Sendable, CustomTestStringConvertible {
        let answer: String
        let rate: String?
        var testDescription: String { "\(answer), \(rate ?? "no rate")" }
    }

    static let outages = [
        Outage(answer: "exit=75", rate: nil), Outage(answer: "exit=1", rate: nil),
        Outage(answer: "exit=1", rate: "12/hour"),
    ]

    @Test(arguments: outages)
    func `an outage of a day fails nobody, and is said once`(outage: Outage) throws {
        // Shorter than the outage: what it defers does not count.
        let spool = try ScratchSpool(
            settings: ["giveUpAfter": "2h", "retry": ["first": "40m", "most": "40m"]])
        let recipients = Draft.addresses(13)
        try spool.sink.behave("* \(outage.answer) stderr=451_the_disk_is_full")
        try spool.drop(Draft(recipients).with("rate", outage.rate), as: "news", in: .scheduled)
        let start = try SimulatedTime.date("2026-11-24T19:00:00Z")
        var said: [String] = []
        var endings: Set<Int32> = []
        for minute in stride(from: 0, to: 24 * 60, by: 42) {
            let time = start.addingTimeInterval(Double(minute) * 60)
            let outcome = try spool.tick(at: time)
            if !outcome.errors.isEmpty { said.append(outcome.errors) }
            if case .exited(let status) = outcome.ending { endings.insert(status) }
            guard minute % 210 == 168 else { continue }
            let mailing = try spool.status(of: "news", at: time)
            #expect(mailing.sum == 13 && mailing.failed == 0 && mailing.state == "active", "\(mailing)")
            #expect(["mail system", "rate"].contains(mailing.waitingFor), "\(mailing)")
            if outage.rate == nil {
                #expect(mailing.waitingFor == "mail system", "\(mailing)")
                #expect(mailing.warnings.contains { $0.message.contains("451 the disk is full") })
            }
        }
        #expect(said.count == 1, "\(said)")
        #expect(
            said.first?.contains("the mail system is not accepting messages: 451 the disk is full") == true)
        #expect(endings.isSubset(of: [0, 75]) && endings.contains(75))
        let overview = try Run.start(Installation.status, ["--spool", spool.path]).wait()
        #expect(overview.output.contains("451 the disk is full"), "\(overview)")

        try spool.sink.behave()
        let recovery = start.addingTimeInterval(86_400)
        let end = try spool.tickThroughTime("news", from: recovery, atMost: 40) { _, outcome in
            #expect(outcome.isSilentSuccess, "\(outcome)")
        }
        try expectDelivered(spool, to: recipients)
        let mailing = try spool.status(of: "news", at: end)
        #expect(mailing.failed == 0 && mailing.warnings.isEmpty, "\(mailing)")
    }

    @Test func `who is never accepted at the end of a list is given up, though they come in rows`() throws {
        let spool = try ScratchSpool(
            settings: ["giveUpAfter": "6h", "retry": ["first": "1h", "most": "1h"]])
        let bad = (1...8).map { "bad\($0)@example.com" }
        try spool.sink.behave("bad* exit=75 stderr=mailbox_full")
        // Each beside recipients who are accepted, and then eight in a row.
        let mixed = bad.enumerated().flatMap { [$1, "good\($0)@example.com"] }
        let row = (1...8).map { "bad-row\($0)@example.com" }
        try spool.drop(Draft(row + mixed), as: "news", in: .scheduled)
        let start = try SimulatedTime.date("2026-11-24T19:00:00Z")
        let end = try spool.tickThroughTime("news", from: start, atMost: 300) {
            #expect([.exited(0), .exited(75)].contains($1.ending), "\($1)")
        }
        let mailing = try spool.status(of: "news", at: end)
        #expect(mailing.sent == 8 && mailing.failed == 16 && mailing.sum == 24, "\(mailing)")
        for address in bad + row {
            let tries = try spool.events(of: "news", "try").filter { $0.address == address }.map(\.time)
            #expect(try #require(tries.last).timeIntervalSince(try #require(tries.first)) >= 6 * 3600)
        }
    }

    @Test func `a failure after something was accepted in between is said anew`() throws {
        let spool = try ScratchSpool(concurrency: 1)
        try spool.sink.behave("* exit=75 stderr=first")
        try spool.drop(Draft(30), as: "news", in: .active)
        let start = try SimulatedTime.date("2026-11-24T19:00:00Z")
        #expect(try spool.tick(at: start).errors.contains("first"))
        #expect(try spool.tick(at: start.addingTimeInterval(60)).errors.isEmpty)
        try spool.sink.behave("r11@* exit=0", "* exit=75 stderr=second")
        let third = try spool.tick(at: start.addingTimeInterval(120))
        #expect(third.ending == .exited(75) && third.errors.contains("second"), "\(third)")
        #expect(try spool.sink.accepted == ["r11@example.com"])
    }

    @Test func `a real Postfix that is stopped in the middle and started again delivers to everybody`() throws
    {
        let server = try PostfixServer()
        let spool = try ScratchSpool()
        let config = ["rate": "20/second", "retry": ["first": "1s", "most": "2s"]] as [String: Any]
        try spool.replace("config.json", with: try JSONSerialization.data(withJSONObject: config))
        try spool.drop(Draft(60), as: "news", in: .scheduled)
        func tick() throws -> Run {
            try Run.start(Installation.tick, ["--spool", spool.path], environment: server.environment)
        }
        let first = try tick()
        try eventually("some are delivered") { server.count >= 15 }
        // A stopped Postfix still takes mail into its queue, unless nobody may submit any: sendmail then answers 75.
        try tool("/usr/sbin/postconf", "-e", "authorized_submit_users=", environment: server.environment)
        try tool("/usr/sbin/postfix", "stop", environment: server.environment)
        let stopped = first.wait()
        #expect(stopped.ending == .exited(75), "\(stopped)")
        #expect(stopped.errors.contains("the mail system is not accepting messages"), "\(stopped)")
        #expect(stopped.errors.contains("not allowed to submit mail"), "\(stopped)")
        for _ in 0..<3 {
            let outcome = try tick().wait()
            #expect(
                [.exited(0), .exited(75)].contains(outcome.ending) && outcome.errors.isEmpty, "\(outcome)")
        }
        let down = try spool.status(of: "news")
        #expect(down.waitingFor == "mail system" && down.failed == 0 && down.sum == 60, "\(down)")
        #expect((down.sent ?? 0) < 60)

        try tool(
            "/usr/sbin/postconf", "-e", "authorized_submit_users=static:all", environment: server.environment)
        try tool("/usr/sbin/postfix", "start", environment: server.environment)
        for _ in 0..<20 where spool.folders(of: "news") != [.done] { _ = try tick().wait() }
        let up = try spool.status(of: "news")
        #expect(up.sent == 60 && up.failed == 0 && up.state == "done", "\(up)")
        try eventually("all are delivered", within: 60) { server.count >= 60 }
        let delivered = try server.messages.compactMap { $0["Delivered-To"] }
        #expect(Set(delivered) == Set(Draft.addresses(60)) && delivered.count == 60)
    }
}
