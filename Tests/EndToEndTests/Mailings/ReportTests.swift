import Foundation
import Glibc
import Testing

/// A spool whose mailings report to an office.
struct ReportingSpool {
    static let office = "office@example.net"
    let spool: ScratchSpool

    init(concurrency: Int = 2, _ settings: [String: Any] = [:]) throws {
        let all = settings.merging(["reportTo": "The Office <\(Self.office)>"]) { own, _ in own }
        spool = try ScratchSpool(concurrency: concurrency, settings: all)
    }

    /// The reports that were handed over, whatever became of them.
    var reports: [Submission] {
        get throws { try spool.sink.submissions.filter { $0.recipient == Self.office } }
    }

    func journal(_ name: String = "news") throws -> String {
        try String(contentsOfFile: "\(spool.path)/journal/\(name).journal", encoding: .utf8)
    }

    /// How many lines of a journal hold all of these words.
    func lines(with words: String..., of name: String = "news") throws -> Int {
        try journal(name).split(separator: "\n").count { line in words.allSatisfy { line.contains($0) } }
    }

    /// Waits until the n-th message has reached the fake sendmail, which has not decided yet.
    func awaitMessage(_ number: Int) throws {
        try eventually("message \(number) is in flight") {
            try FileManager.default.contentsOfDirectory(atPath: spool.sink.path + "/messages").count >= number
        }
    }

    /// Checks that a mailing is done with everybody having got it, whatever became of its report.
    func expectDone(
        _ name: String = "news", sent: Int, failed: Int = 0, location: SourceLocation = #_sourceLocation
    ) throws {
        #expect(spool.folders(of: name) == [.done], sourceLocation: location)
        let mailing = try spool.status(of: name)
        #expect(
            mailing.sent == sent && mailing.failed == failed && mailing.recipients == sent + failed
                && mailing.sum == sent + failed && mailing.inDoubt == 0 && mailing.sending == 0,
            "\(mailing)", sourceLocation: location)
        #expect(
            mailing.state == "done" && !mailing.cancelled && mailing.waitingFor == nil && mailing.next == nil
                && mailing.secondsLeft == nil && mailing.errors.isEmpty && mailing.finishedAt != nil,
            "\(mailing)", sourceLocation: location)
    }
}

@Suite(.serialized, .timeLimit(.minutes(10)))
struct `The report on a mailing that has finished` {
    @Test func `it is sent once, with the numbers and the reasons`() throws {
        let reporting = try ReportingSpool()
        let spool = reporting.spool
        try spool.sink.behave("r2@* exit=67 stderr=550_5.1.1_<r2@example.com>:_user_unknown")
        let draft = Draft(3).with("returnPath", "bounce@example.org").with("timeZone", "Asia/Tokyo")
        try spool.drop(draft, as: "news", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        try reporting.expectDone(sent: 2, failed: 1)
        for _ in 0..<2 { #expect(try spool.tick().isSilentSuccess) }
        let report = try #require(try reporting.reports.first)
        #expect(try reporting.reports.count == 1 && spool.sink.count == 4)
        #expect(report.returnPath == "bounce@example.org" && report.verdict == "ok" && report.intent == "yes")
        let message = try spool.sink.message(report)
        #expect(message["From"] == "The Club <club@example.org>")
        #expect(message["To"] == "The Office <\(ReportingSpool.office)>")
        #expect(message["Subject"] == "news: finished, 2 of 3 sent, 1 failed")
        #expect(message["Auto-Submitted"] == "auto-generated")
        #expect(message["Date"]?.hasSuffix("+0900") == true)
        #expect(message["In-Reply-To"] == nil)
        for part in [
            "2 of 3 sent, 1 failed", "Why 1 failed:", "550 5.1.1 <*>: user unknown", "r2@example.com",
            "spool-status --spool \(spool.path) --recipients --state failed news",
            "mv \(spool.path)/done/news.json \(spool.path)/active/", "+0900",
        ] { #expect(message.body.contains(part), "\(part) in \(message.body)") }
        let ids = try spool.sink.submissions.map(\.messageID)
        #expect(Set(ids).count == 4)
    }

    @Test func `nothing of it is in the numbers of the mailing`() throws {
        let reporting = try ReportingSpool(["rate": "2/day"])
        let spool = reporting.spool
        try spool.drop(Draft(2), as: "a", in: .scheduled)
        try spool.drop(Draft(1).with("reportTo", nil), as: "b", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        // The quota is used up by recipients: the third waits, and the report does not.
        let done = spool.folders(of: "a") == [.done] ? "a" : "b"
        #expect(try spool.sink.count == 3 && reporting.reports.count == 1)
        try reporting.expectDone(done, sent: done == "a" ? 2 : 1)
        let tries = try reporting.lines(with: " try r", of: "a") + reporting.lines(with: " try r", of: "b")
        #expect(tries == 2)
    }

    @Test func `a document's own address replaces that of config.json`() throws {
        let reporting = try ReportingSpool()
        let spool = reporting.spool
        try spool.drop(Draft(1).with("reportTo", "Åsa <own@example.net>"), as: "årsmöte", in: .scheduled)
        try spool.drop(Draft(1), as: "news", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        let submissions = try spool.sink.submissions
        let own = submissions.filter { $0.recipient == "own@example.net" }
        #expect(own.count == 1 && submissions.count == 4)
        let subjects = try (own + reporting.reports).map { try spool.sink.message($0)["Subject"] }
        #expect(
            subjects == ["=?UTF-8?B?w6Vyc23DtnRlOg==?= finished, 1 of 1 sent", "news: finished, 1 of 1 sent"])
    }

    @Test func `neither the window nor a suppressed list of recipients holds it`() throws {
        let hour = Calendar(identifier: .gregorian).dateComponents(in: .gmt, from: .now).hour ?? 0
        func time(_ hours: Int) -> String {
            let text = String((hour + hours) % 24)
            return (text.count < 2 ? "0" : "") + text + ":00"
        }
        let window = ["from": time(3), "until": time(5)]
        let reporting = try ReportingSpool(["window": window, "timeZone": "UTC"])
        let spool = reporting.spool
        try spool.put("suppressed.txt", "@example.com\n")
        try spool.drop(Draft(2), as: "news", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        let report = try #require(try reporting.reports.first)
        #expect(try spool.sink.count == 1)
        #expect(try spool.sink.message(report)["Subject"] == "news: finished, 0 of 2 sent")
        #expect(try spool.sink.message(report).body.contains("Skipped, suppressed        2"))
    }

    @Test func `nobody is reported to who is suppressed`() throws {
        let reporting = try ReportingSpool()
        try reporting.spool.put("suppressed.txt", ReportingSpool.office + "\n")
        try reporting.spool.drop(Draft(1), as: "news", in: .scheduled)
        for _ in 0..<2 { #expect(try reporting.spool.tick().isSilentSuccess) }
        #expect(try reporting.reports.isEmpty)
        #expect(try reporting.lines(with: " report skipped suppressed") == 1)
        try reporting.expectDone(sent: 1)
    }

    @Test func `a mailing that was cancelled gets none`() throws {
        let reporting = try ReportingSpool()
        let spool = reporting.spool
        try spool.drop(Draft(1).with("sendAt", "2099-01-01T00:00"), as: "news", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        spool.move("news", from: .scheduled, to: .done)
        for _ in 0..<2 { #expect(try spool.tick().isSilentSuccess) }
        #expect(try spool.status(of: "news").cancelled && spool.sink.count == 0)
    }

    @Test func `a mailing that is sent again and finishes anew is reported on anew`() throws {
        let reporting = try ReportingSpool()
        let spool = reporting.spool
        try spool.sink.behave("r1@* exit=67 times=1")
        try spool.drop(Draft(2), as: "news", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        try reporting.expectDone(sent: 1, failed: 1)
        spool.move("news", from: .done, to: .active)
        for _ in 0..<2 { #expect(try spool.tick().isSilentSuccess) }
        try reporting.expectDone(sent: 2)
        let reports = try reporting.reports
        #expect(reports.count == 2 && Set(reports.map(\.messageID)).count == 2)
        let subjects = try reports.map { try spool.sink.message($0)["Subject"] }
        #expect(subjects == ["news: finished, 1 of 2 sent, 1 failed", "news: finished, 2 of 2 sent"])
        #expect(try spool.sink.message(reports[1]).body.contains("Sent again"))
    }

    @Test func `into a Maildir it goes as well`() throws {
        let reporting = try ReportingSpool()
        let spool = reporting.spool
        try spool.configure(
            delivery: ["via": "maildir"], settings: ["reportTo": ReportingSpool.office])
        try spool.drop(Draft(2), as: "news", in: .scheduled)
        for _ in 0..<2 { #expect(try spool.tick().isSilentSuccess) }
        try reporting.expectDone(sent: 2)
        let folder = spool.path + "/outbox/new/"
        let messages = try FileManager.default.contentsOfDirectory(atPath: folder).map {
            Message(try Data(contentsOf: URL(fileURLWithPath: folder + $0)))
        }
        let reports = messages.filter { $0["Delivered-To"] == ReportingSpool.office }
        #expect(messages.count == 3 && reports.count == 1)
        #expect(reports.first?["Return-Path"] == "<club@example.org>")
        #expect(reports.first?["Subject"] == "news: finished, 2 of 2 sent")
    }
}

@Suite(.serialized, .timeLimit(.minutes(10)))
struct `A report that is not taken at once` {
    @Test func `it is tried again by a later tick, when its time has come`() throws {
        let reporting = try ReportingSpool()
        let spool = reporting.spool
        try spool.sink.behave("office@* exit=75 stderr=come_back_later times=2")
        try spool.drop(Draft(1), as: "news", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        try reporting.expectDone(sent: 1)
        #expect(try spool.tick().isSilentSuccess)
        #expect(try reporting.reports.map(\.outcome) == ["75"])
        for hours in [1, 6, 24] { #expect(try spool.tick(under: .clock("+\(hours)h")).isSilentSuccess) }
        #expect(try reporting.reports.map(\.outcome) == ["75", "75", "0"])
        #expect(Set(try reporting.reports.map(\.messageID)).count == 1)
        #expect(try reporting.journal().contains("not-now 75 come back later"))
        try reporting.expectDone(sent: 1)
    }

    @Test(arguments: ["exit=67 stderr=no_such_office", "exit=75"])
    func `it is given up as recipients are, which is said once and marks nothing`(rule: String) throws {
        let reporting = try ReportingSpool(["giveUpAfter": "2h"])
        let spool = reporting.spool
        try spool.sink.behave("office@* \(rule)")
        try spool.drop(Draft(1), as: "news", in: .scheduled)
        var said: [String] = []
        for clock in ["+0s", "+1h", "+6h", "+24h", "+48h"] {
            let outcome = try spool.tick(under: .clock(clock))
            #expect(outcome.ending == .exited(0), "\(outcome)")
            if !outcome.errors.isEmpty { said.append(outcome.errors) }
            try reporting.expectDone(sent: 1)
        }
        #expect(
            said.count == 1
                && said.first?.contains("news: the report to office@example.net was not taken") == true)
        let isRefused = rule.hasPrefix("exit=67")
        #expect(try reporting.reports.count == (isRefused ? 1 : 3))
        #expect(try reporting.lines(with: " report failed ") == 1)
    }

    @Test func `a sendmail that cannot be started defers it, and the tick ends well`() throws {
        let reporting = try ReportingSpool()
        let spool = reporting.spool
        try spool.sink.behave("office@* exit=75")
        try spool.drop(Draft(1), as: "news", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        try spool.configure(
            delivery: ["command": ["/nowhere/sendmail"]], settings: ["reportTo": ReportingSpool.office])
        #expect(try spool.tick(under: .clock("+1h")).isSilentSuccess)
        #expect(try reporting.journal().contains("not-now not-started cannot start"))
        try reporting.expectDone(sent: 1)
    }

    @Test func `it outlives that its mailing makes room for another of its name`() throws {
        let reporting = try ReportingSpool()
        let spool = reporting.spool
        try spool.sink.behave("office@* exit=75 times=1")
        try spool.drop(Draft(1), as: "news", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        try spool.drop(Draft(2), as: "news", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        try reporting.expectDone(sent: 2)
        #expect(try spool.tick(under: .clock("+1h")).isSilentSuccess)
        let reports = try reporting.reports.filter(\.isAccepted)
        let subjects = try reports.map { try spool.sink.message($0)["Subject"] ?? "" }
        #expect(subjects.count == 2 && subjects[0] == "news: finished, 2 of 2 sent")
        #expect(subjects.last?.wholeMatch(of: /news\.\d{4}-\d\d-\d\d: finished, 1 of 1 sent/) != nil)
    }

    @Test func `a slow one delays no other mailing`() throws {
        let reporting = try ReportingSpool(concurrency: 1)
        let spool = reporting.spool
        try spool.sink.behave("office@* after=20000")
        try spool.drop(Draft(1), as: "first", in: .scheduled)
        let tick = try spool.startTick()
        try reporting.awaitMessage(2)
        #expect(spool.folders(of: "first") == [.done])
        try spool.drop(Draft(["second@example.com"]).with("reportTo", nil), as: "second", in: .scheduled)
        try eventually("the second is done") { spool.folders(of: "second") == [.done] }
        #expect(try reporting.reports.isEmpty)
        #expect(try spool.sink.accepted == ["r1@example.com", "second@example.com"])
        try spool.kill(tick)
    }

    @Test func `a mailing that is sent again meanwhile waits for its outcome`() throws {
        let reporting = try ReportingSpool()
        let spool = reporting.spool
        try spool.sink.behave("r1@* exit=67 times=1", "office@* after=2000 times=1")
        try spool.drop(Draft(2), as: "news", in: .scheduled)
        let tick = try spool.startTick()
        try reporting.awaitMessage(3)
        spool.move("news", from: .done, to: .active)
        #expect(tick.wait().isSilentSuccess)
        try reporting.expectDone(sent: 2)
        #expect(try reporting.reports.map(\.outcome) == ["0", "0"])
        #expect(Set(try reporting.reports.map(\.messageID)).count == 2)
        #expect(try reporting.lines(with: " report sent") == 2)
    }
}
