import Foundation
import Glibc
import Testing

@Suite(.serialized, .timeLimit(.minutes(25)))
struct `A report and ticks that are killed` {
    private func smallSpool() throws -> ReportingSpool {
        let reporting = try ReportingSpool(["retry": ["first": "1s", "most": "1s"]])
        try reporting.spool.drop(Draft(1), as: "news", in: .scheduled)
        return reporting
    }

    /// The calls of a small tick from its first hand-over on.
    private func callsOfFinishing() throws -> [KillPoint] {
        let reporting = try smallSpool()
        return try KillPoint.all { _, isOfChild in
            isOfChild
        } run: { conditions in
            let outcome = try reporting.spool.tick(under: conditions)
            #expect(outcome.isSilentSuccess)
            #expect(try reporting.reports.count == 1)
        }
    }

    @Test func `killed at any call after the first hand-over, one report comes, or two with one Message-ID`()
        throws
    {
        let points = KillPoint.selected(from: try callsOfFinishing(), for: "report kill sweep")
        #expect(Set(points.map(\.call)).isSuperset(of: ["write", "fdatasync", "renameat2"]))
        for point in points {
            let reporting = try smallSpool()
            let spool = reporting.spool
            _ = try spool.tick(under: .killed(at: point))
            try spool.tickUntilDone()
            // One that finds the mailing done and the report not, and one that finds nothing to do.
            for _ in 0..<2 { #expect(try spool.tick().ending == .exited(0), "killed at \(point)") }
            let reports = try reporting.reports.filter(\.isAccepted)
            #expect((1...2).contains(reports.count), "killed at \(point): \(reports.count) reports")
            #expect(Set(reports.map(\.messageID)).count == 1, "killed at \(point)")
            #expect(reports.allSatisfy { $0.verdict == "ok" && $0.intent == "yes" }, "killed at \(point)")
            #expect(try reporting.lines(with: " report sent") == 1, "killed at \(point)")
            try reporting.expectDone(sent: 1)
        }
    }

    @Test
    func
        `a journal cut anywhere behind its closing sends no report again whose outcome stands before the cut`()
        throws
    {
        let reporting = try smallSpool()
        let spool = reporting.spool
        #expect(try spool.tick().isSilentSuccess)
        let whole = Data(try reporting.journal().utf8)
        func end(of words: String) throws -> Int {
            let word = try #require(whole.firstRange(of: Data(words.utf8)))
            return try #require(whole[word.lowerBound...].firstIndex(of: 0x0A)) + 1
        }
        let (closed, sent) = (try end(of: " closed finished"), try end(of: " report sent"))
        let ends = whole.indices.filter { whole[$0] == 0x0A }.map { $0 + 1 }
        for cut in ends.flatMap({ [$0 - 3, $0] }) where cut >= closed {
            let before = try reporting.reports.count
            try spool.overwrite("journal/news.journal", with: whole.prefix(cut))
            for _ in 0..<2 { #expect(try spool.tick().ending == .exited(0), "cut at \(cut)") }
            #expect(try reporting.reports.count - before == (cut >= sent ? 0 : 1), "cut at \(cut)")
            #expect(Set(try reporting.reports.map(\.messageID)).count == 1, "cut at \(cut)")
            try reporting.expectDone(sent: 1)
        }
        #expect(try reporting.reports.count > 5)
    }

    /// A spool in which a tick was killed with the report in flight, which is accepted after that.
    private func killed(inDoubt: String) throws -> ReportingSpool {
        let reporting = try ReportingSpool(["inDoubt": inDoubt])
        let spool = reporting.spool
        try spool.sink.behave("office@* after=1000 times=1")
        try spool.drop(Draft(1), as: "news", in: .scheduled)
        let tick = try spool.startTick()
        try reporting.awaitMessage(2)
        try spool.kill(tick)
        try eventually("sendmail has accepted it") { try reporting.reports.count == 1 }
        try reporting.expectDone(sent: 1)
        return reporting
    }

    @Test func `one in doubt is sent again by the next tick, with the same Message-ID`() throws {
        let reporting = try killed(inDoubt: "resend")
        for _ in 0..<2 { #expect(try reporting.spool.tick().isSilentSuccess) }
        let reports = try reporting.reports
        #expect(reports.count == 2 && Set(reports.map(\.messageID)).count == 1)
        try reporting.expectDone(sent: 1)
    }

    @Test(arguments: [
        "news=sent", "news=resend", "news:Office@example.net=sent", "news:office@example.net=resend",
    ])
    func `with hold a person is asked once, and settles it`(resolution: String) throws {
        let reporting = try killed(inDoubt: "hold")
        let spool = reporting.spool
        let asking = try spool.tick()
        #expect(
            asking.ending == .exited(0) && asking.errors.contains("--resolve news=sent, or =resend"),
            "\(asking)")
        #expect(try spool.tick().isSilentSuccess)
        #expect(try reporting.reports.count == 1)
        try reporting.expectDone(sent: 1)
        func attention() throws -> Outcome {
            try Run.start(Installation.status, ["--spool", spool.path, "--attention"]).wait()
        }
        let question = try attention()
        #expect(
            question.ending == .exited(1) && question.output.contains("--resolve news=sent"), "\(question)")
        #expect(try spool.tick("--resolve", "news:stranger@example.net=sent").ending == .exited(66))
        #expect(try spool.tick("--resolve", resolution).isSilentSuccess)
        for _ in 0..<2 { #expect(try spool.tick().isSilentSuccess) }
        #expect(try reporting.reports.count == (resolution.hasSuffix("=sent") ? 1 : 2))
        #expect(Set(try reporting.reports.map(\.messageID)).count == 1)
        #expect(try attention().isSilentSuccess)
        #expect(try spool.tick("--resolve", resolution).ending == .exited(66))
        try reporting.expectDone(sent: 1)
    }

    @Test func `a tick that is asked to end waits for it`() throws {
        let reporting = try ReportingSpool()
        let spool = reporting.spool
        try spool.sink.behave("office@* after=1000")
        try spool.drop(Draft(1), as: "news", in: .scheduled)
        let tick = try spool.startTick()
        try reporting.awaitMessage(2)
        tick.signal(SIGTERM)
        #expect(tick.wait().isSilentSuccess)
        #expect(try spool.tick().isSilentSuccess)
        #expect(try reporting.reports.map(\.outcome) == ["0"])
    }

    @Test func `one that hangs is killed in time, and in doubt`() throws {
        let reporting = try ReportingSpool()
        let spool = reporting.spool
        try spool.configure(
            delivery: ["timeout": 1],
            settings: ["reportTo": ReportingSpool.office, "retry": ["first": "1s", "most": "1s"]])
        try spool.sink.behave("office@* hang=600000")
        try spool.drop(Draft(1), as: "news", in: .scheduled)
        let outcome = try spool.tick()
        // Tried again after a second; after the second time a person is asked.
        #expect(outcome.ending == .exited(0) && outcome.errors.contains("--resolve news=sent"), "\(outcome)")
        #expect(try reporting.reports.count == 2)
        #expect(try reporting.lines(with: " report in-doubt ", " timeout") == 2)
        #expect(try spool.tick().isSilentSuccess)
        try reporting.expectDone(sent: 1)
    }

    @Test(arguments: ["write", "fdatasync", "fallocate"])
    func `any failing call is said, and the report comes once all the same`(call: String) throws {
        var number = 1
        var hits = 0
        while number < 60 {
            let reporting = try smallSpool()
            let spool = reporting.spool
            let directory = try TemporaryDirectory()
            let log = directory.path + "/log"
            let journal = spool.path + "/journal/news.journal"
            let outcome = try spool.tick(
                under: .failing(
                    call: call, number: number, forGood: false, error: "EIO", paths: [journal], log: log))
            let isHit = try String(contentsOfFile: log, encoding: .utf8).contains("INJECTED")
            if !isHit { break }
            hits += 1
            #expect(outcome.ending == .exited(74) && !outcome.errors.isEmpty, "\(call) \(number): \(outcome)")
            try spool.tickUntilDone()
            for _ in 0..<2 { #expect(try spool.tick().isSilentSuccess, "\(call) \(number)") }
            let reports = try reporting.reports.filter(\.isAccepted)
            #expect(reports.count == 1, "\(call) \(number): \(reports.count) reports")
            try reporting.expectDone(sent: 1)
            number += 1
        }
        print("report faults: \(hits) of \(call)")
        #expect(hits > 0)
    }
}
