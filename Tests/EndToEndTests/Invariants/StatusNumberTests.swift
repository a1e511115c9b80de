import Foundation
import Testing

@Suite(.serialized, .timeLimit(.minutes(25)))
struct `Invariant 10: the numbers of the status add up at every moment` {
    @Test func `polled without a pause during a tick they add up and are never older than a second`() throws {
        let spool = try ScratchSpool(concurrency: 4, settings: ["retry": ["first": "1s", "most": "2s"]])
        try spool.sink.behave(
            "r?5@* exit=75 stderr=later times=1 before=20", "r?7@* exit=67 stderr=nobody before=20",
            "* before=20")
        try spool.put("suppressed.txt", "r30@example.com\nR31@Example.com\n")
        let recipients = Draft.addresses(500) + ["r1@example.com", "broken"]
        try spool.drop(Draft(recipients), as: "news", in: .scheduled)
        let tick = try spool.startTick()
        var polls = 0
        var ticking = 0
        var middle = 0
        while tick.isRunning {
            // A second, and one more for a busy machine.
            let horizon = monotonicNanoseconds() - 2_000_000_000
            let known = try spool.sink.submissions.count { $0.isAccepted && $0.end < horizon }
            let status = try spool.status()
            let mailing = try status["news"]
            polls += 1
            if status.ticking { ticking += 1 }
            if let sum = mailing.sum {
                #expect(sum == mailing.recipients, "\(mailing)")
                #expect(mailing.recipients == 502, "\(mailing)")
                let sent = mailing.sent ?? 0
                if sent > 0, sent < 470 { middle += 1 }
                #expect(sent >= known, "the status says \(sent) sent, two seconds ago it was \(known)")
                #expect((mailing.sending ?? 0) <= 4)
            }
            #expect(mailing.inDoubt ?? 0 == 0 && mailing.formerSent ?? 0 == 0, "\(mailing)")
        }
        #expect(tick.wait().isSilentSuccess)
        try spool.tickUntilDone()
        print("status: \(polls) polls, \(ticking) during the tick, \(middle) in the middle of the delivery")
        #expect(polls > 10 && ticking > 5 && middle > 3)
        let status = try spool.status()
        let mailing = try status["news"]
        #expect(!status.ticking)
        #expect(mailing.sum == 502 && mailing.recipients == 502)
        #expect(mailing.skipped == ["duplicate": 1, "invalid": 1, "suppressed": 2, "late": 0])
        #expect(mailing.failed == 9 && mailing.sent == 489 && mailing.deferred == 0)
        #expect(mailing.state == "done" && mailing.secondsLeft == nil && mailing.perMinute != nil)
    }

    @Test
    func `asked a thousand times under running ticks they add up and are those of the journal at that time`()
        throws
    {
        let spool = try ScratchSpool(concurrency: 4, settings: ["retry": ["first": "1s", "most": "2s"]])
        try spool.sink.behave(
            "r?5@* exit=75 stderr=later times=1 before=20", "r?7@* exit=67 stderr=nobody before=20",
            "* before=20")
        var name = ""
        var mailings = 0
        var middle = 0
        var tick: Run?
        var outcomes = Outcomes(spool, name)
        for _ in 0..<1000 {
            if tick?.isRunning != true {
                mailings += 1
                name = "news-\(mailings)"
                try spool.drop(Draft(600), as: name, in: .active)
                outcomes = Outcomes(spool, name)
                tick = try spool.startTick()
            }
            let before = try outcomes.count()
            let asked = Date.now.timeIntervalSince1970.rounded(.down)
            let status = try spool.status()
            let after = try outcomes.count()
            for mailing in status.mailings {
                #expect(mailing.sum == mailing.recipients && mailing.recipients == 600, "\(mailing)")
            }
            // Not a second old, and not even older than the question.
            let mailing = try status[name]
            let sent = try #require(mailing.sent)
            let failed = try #require(mailing.failed)
            #expect((before.sent...after.sent).contains(sent), "\(sent) sent, \(before) to \(after)")
            #expect(
                (before.failed...after.failed).contains(failed), "\(failed) failed, \(before) to \(after)")
            let at = try #require(try? Date(status.at, strategy: .iso8601)).timeIntervalSince1970
            #expect(at >= asked)
            if sent > 0, sent < 500 { middle += 1 }
        }
        #expect(tick?.wait().ending == .exited(0))
        #expect(middle > 100, "\(middle) in the middle of \(mailings) mailings")
    }

    @Test func `they add up while documents are edited and moved`() throws {
        let spool = try ScratchSpool(concurrency: 2)
        try spool.sink.behave("* before=10")
        try spool.drop(Draft(200), as: "news", in: .active)
        let tick = try spool.startTick()
        try eventually("it has begun") { try spool.sink.count >= 4 }
        var round = 0
        while tick.isRunning, round < 60 {
            round += 1
            let folder = spool.folders(of: "news").first ?? .done
            if folder == .done { break }
            try spool.replace("\(folder.rawValue)/news.json", with: try Draft(200 - round).json)
            for _ in 0..<3 {
                let mailing = try spool.status(of: "news")
                if let sum = mailing.sum { #expect(sum == mailing.recipients, "\(mailing)") }
            }
        }
        #expect(round > 3)
        #expect(tick.wait().ending == .exited(0))
        try spool.tickUntilDone()
        #expect(try Set(spool.sink.accepted).count == spool.sink.accepted.count)
        let mailing = try spool.status(of: "news")
        #expect(mailing.sum == mailing.recipients)
    }

    @Test func `the status writes nothing and works on a read-only spool`() throws {
        let mount = try Mount.tmpfs(megabytes: 4)
        let spool = try ScratchSpool(in: mount.path)
        try spool.sink.behave("r2@* exit=75")
        try spool.drop(Draft(3), as: "news", in: .scheduled)
        #expect(try spool.tick().ending == .exited(0))
        try mount.remount("ro")
        let mailing = try spool.status(of: "news")
        #expect(mailing.sent == 2 && mailing.deferred == 1 && mailing.sum == 3)
        #expect(mailing.waitingFor == "retry" && mailing.next != nil)
    }
}

/// Counts the outcomes in a mailing's journal as it grows.
private final class Outcomes {
    struct Counts {
        var sent = 0
        var failed = 0
    }

    private let path: String
    private var file: FileHandle?
    private var rest = Data()
    private var counts = Counts()

    init(_ spool: ScratchSpool, _ name: String) {
        path = spool.path + "/journal/\(name).journal"
    }

    /// What stands there at this moment.
    func count() throws -> Counts {
        if file == nil { file = FileHandle(forReadingAtPath: path) }
        rest += try file?.readToEnd() ?? Data()
        while let end = rest.firstIndex(of: 0x0A) {
            // Checksum and time have one length each.
            let word = rest[..<end].dropFirst(34).prefix { $0 != 0x20 }
            if word.elementsEqual("sent".utf8) { counts.sent += 1 }
            if word.elementsEqual("failed".utf8) { counts.failed += 1 }
            rest = rest[(end + 1)...]
        }
        return counts
    }
}
