import Foundation
import Testing

@Suite(.timeLimit(.minutes(25)))
struct `What sendmail answers` {
    private static var quick: [String: Any] { ["retry": ["first": "1s", "most": "1s"]] }
    private static var slow: [String: Any] { ["retry": ["first": "1h", "most": "1h"]] }

    /// An answer and the state that it brings.
    struct Answer: Sendable {
        let rule: String
        let state: String
    }

    static let answers: [Answer] =
        [Answer(rule: "exit=0", state: "sent")]
        + [65, 67, 68].map { Answer(rule: "exit=\($0)", state: "failed") }
        + [71, 73, 74, 75, 76].map { Answer(rule: "exit=\($0)", state: "deferred") }
        + [1, 2, 64, 66, 69, 70, 72, 77, 78, 127, 255].map { Answer(rule: "exit=\($0)", state: "deferred") }
        + [6, 9, 11, 15].map { Answer(rule: "signal=\($0)", state: "deferred") }

    @Test(arguments: answers)
    func `the exit status decides what becomes of the recipient`(answer: Answer) throws {
        let spool = try ScratchSpool(settings: Self.slow)
        try spool.sink.behave("r1@* \(answer.rule) stderr=the_last_line")
        try spool.drop(Draft(2), as: "news", in: .scheduled)
        let outcome = try spool.tick()
        #expect(outcome.ending == .exited(0))
        let mailing = try spool.status(of: "news")
        #expect(mailing.sum == 2)
        #expect(mailing.sent == (answer.state == "sent" ? 2 : 1))
        #expect(mailing.failed == (answer.state == "failed" ? 1 : 0))
        #expect(mailing.deferred == (answer.state == "deferred" ? 1 : 0))
        #expect(mailing.state == (answer.state == "deferred" ? "active" : "done"))
        #expect(mailing.waitingFor == (answer.state == "deferred" ? "retry" : nil))
        #expect(try spool.sink.count == 2)
        // The reply is in the journal.
        let journal = try Data(
            contentsOf: URL(fileURLWithPath: try spool.journalFile(naming: "r1@example.com")))
        if answer.state != "sent" {
            #expect(String(decoding: journal, as: UTF8.self).contains(/the.last.line/))
        }
    }

    @Test func `a deferred recipient is tried again, under the same Message-ID`() throws {
        let spool = try ScratchSpool(settings: Self.quick)
        try spool.sink.behave("r2@* exit=75 times=2", "r3@* exit=1 times=4")
        try spool.drop(Draft(4), as: "news", in: .scheduled)
        try spool.tickUntilDone(atMost: 20)
        try expectDelivered(spool, to: Draft.addresses(4))
        let groups = Dictionary(grouping: try spool.sink.submissions, by: \.recipient)
        #expect(groups["r2@example.com"]?.count == 3 && groups["r3@example.com"]?.count == 5)
        for group in groups.values { #expect(Set(group.map(\.messageID)).count == 1) }
    }

    @Test func `an unclear answer fails the recipient after five attempts`() throws {
        let spool = try ScratchSpool(settings: Self.quick)
        try spool.sink.behave("r2@* exit=1 stderr=unclear")
        try spool.drop(Draft(3), as: "news", in: .scheduled)
        try spool.tickUntilDone(atMost: 20)
        #expect(try spool.sink.submissions.count { $0.recipient == "r2@example.com" } == 5)
        let mailing = try spool.status(of: "news")
        #expect(mailing.failed == 1 && mailing.sent == 2 && mailing.state == "done")
    }

    @Test func `whoever is accepted after all, before his last deferral was judged, has not failed`() throws {
        let spool = try ScratchSpool(concurrency: 2, settings: Self.quick)
        // While r2 is in flight nothing is judged.
        try spool.sink.behave("r1@* exit=1 times=5 stderr=unclear", "r2@* before=9000")
        try spool.drop(Draft(2), as: "news", in: .scheduled)
        try spool.tickUntilDone(atMost: 20)
        let attempts = try spool.sink.submissions.filter { $0.recipient == "r1@example.com" }
        #expect(attempts.count == 6 && attempts.last?.isAccepted == true)
        let mailing = try spool.status(of: "news")
        #expect(mailing.sent == 2 && mailing.failed == 0 && mailing.sum == 2, "\(mailing)")
    }

    @Test func `a deferral goes on beyond five attempts until giveUpAfter, and then fails`() throws {
        let spool = try ScratchSpool(settings: Self.quick)
        try spool.sink.behave("r2@* exit=75 stderr=greylisted")
        try spool.drop(Draft(3).with("giveUpAfter", "9s"), as: "news", in: .scheduled)
        try spool.tickUntilDone(atMost: 30)
        #expect(try spool.sink.submissions.count { $0.recipient == "r2@example.com" } > 5)
        let mailing = try spool.status(of: "news")
        #expect(mailing.failed == 1 && mailing.sent == 2)
    }

    @Test func `the first attempt never fails a deferred recipient, however long it took`() throws {
        let spool = try ScratchSpool(settings: Self.slow)
        try spool.sink.behave("r2@* exit=75 before=2500")
        try spool.drop(Draft(3).with("giveUpAfter", "1s"), as: "news", in: .scheduled)
        #expect(try spool.tick().ending == .exited(0))
        let mailing = try spool.status(of: "news")
        #expect(mailing.deferred == 1 && mailing.failed == 0)
    }

    @Test(arguments: ["exit=75", "exit=1"])
    func `five deferrals in a row stop the mailing, say so once and exit 75`(rule: String) throws {
        let spool = try ScratchSpool(concurrency: 1, settings: Self.slow)
        try spool.sink.behave("* \(rule) stderr=451_the_disk_is_full")
        try spool.drop(Draft(12), as: "news", in: .scheduled)
        let first = try spool.tick()
        #expect(first.ending == .exited(75))
        #expect(first.errors.contains("the mail system is not accepting messages"), "\(first.errors)")
        #expect(first.errors.contains("451 the disk is full"), "\(first.errors)")
        #expect(try spool.sink.count == 5)
        let mailing = try spool.status(of: "news")
        #expect(mailing.sum == 12 && mailing.failed == 0 && mailing.deferred == 5 && mailing.waiting == 7)

        // The next tick begins with others, and says nothing again.
        let second = try spool.tick()
        #expect(second.ending == .exited(75) && second.errors.isEmpty, "\(second)")
        #expect(try Set(spool.sink.submissions.map(\.recipient)).count == 10)
        // When it accepts again and then fails again, that is said anew.
        try spool.sink.behave()
        #expect(try spool.tick().ending == .exited(0))
        #expect(try spool.sink.accepted.count == 2)
        try spool.sink.behave("* \(rule) stderr=452_once_more")
        try spool.drop(Draft(6), as: "other", in: .scheduled)
        let third = try spool.tick()
        #expect(third.ending == .exited(75) && third.errors.contains("452 once more"), "\(third)")
    }

    @Test func `such deferrals do not count towards the five attempts`() throws {
        let spool = try ScratchSpool(concurrency: 1, settings: Self.quick)
        try spool.sink.behave("* exit=1 stderr=down")
        try spool.drop(Draft(5), as: "news", in: .scheduled)
        for _ in 0..<8 {
            _ = try spool.tick()
            try spool.awaitRetries(of: "news")
        }
        #expect(try spool.sink.count > 25)
        let mailing = try spool.status(of: "news")
        #expect(mailing.failed == 0 && mailing.sum == 5, "\(mailing)")
        try spool.sink.behave()
        try spool.tickUntilDone(atMost: 20)
        try expectDelivered(spool, to: Draft.addresses(5))
    }

    @Test func `a mailing that is stopped so does not stop another`() throws {
        let spool = try ScratchSpool(concurrency: 1, settings: Self.slow)
        try spool.sink.behave("bad* exit=75")
        try spool.drop(Draft((0..<12).map { "bad\($0)@example.com" }), as: "bad", in: .active)
        try spool.drop(Draft(30), as: "good", in: .active)
        let outcome = try spool.tick()
        #expect(outcome.ending == .exited(0), "\(outcome)")
        #expect(try spool.sink.accepted.count == 30)
        #expect(spool.folders(of: "good") == [.done] && spool.folders(of: "bad") == [.active])
    }

    @Test func `a sendmail that cannot be started touches nobody`() throws {
        let spool = try ScratchSpool(delivery: ["command": ["/nonexistent/sendmail"]])
        try spool.drop(Draft(3), as: "news", in: .scheduled)
        let first = try spool.tick()
        #expect(first.ending == .exited(75))
        #expect(first.errors.contains("the mail system is not accepting messages"), "\(first.errors)")
        #expect(first.errors.contains("/nonexistent/sendmail"), "\(first.errors)")
        let mailing = try spool.status(of: "news")
        #expect(mailing.waiting == 3 && mailing.waitingFor == "mail system", "\(mailing)")
        let second = try spool.tick()
        #expect(second.ending == .exited(75) && second.errors.isEmpty, "\(second)")
        try spool.configure()
        #expect(try spool.tick().isSilentSuccess)
        try expectDelivered(spool, to: Draft.addresses(3))
    }
}

extension ScratchSpool {
    /// The one file of the journal directory that names an address.
    func journalFile(naming address: String) throws -> String {
        let files = try names(in: .journal).map { "\(path)/journal/\($0)" }.filter {
            FileManager.default.contents(atPath: $0)?.firstRange(of: Data(address.utf8)) != nil
        }
        guard files.count == 1, let file = files.first else {
            throw HarnessError("\(address) is named in \(files)")
        }
        return file
    }
}
