import Foundation
import Testing

@Suite(.timeLimit(.minutes(25)))
struct `A mailing is the file of its name` {
    /// A spool whose mailing `news` is unfinished: r1 has got it, r2 waits for an hour.
    private func unfinished(in folder: ScratchSpool.Folder = .active) throws -> ScratchSpool {
        let spool = try ScratchSpool(settings: ["retry": ["first": "1h", "most": "1h"]])
        try spool.sink.behave("r2@* exit=75 times=1")
        try spool.drop(Draft(2), as: "news", in: .scheduled)
        #expect(try spool.tick().ending == .exited(0))
        #expect(try spool.sink.accepted == ["r1@example.com"])
        if folder != .active {
            #expect(spool.move("news", from: .active, to: folder))
            #expect(try spool.tick().isSilentSuccess)
        }
        return spool
    }

    @Test(arguments: [ScratchSpool.Folder.scheduled, .active])
    func `the same name again after done is a new mailing to everybody`(folder: ScratchSpool.Folder) throws {
        let spool = try ScratchSpool()
        try spool.drop(Draft(2), as: "news", in: .scheduled)
        let first = try spool.contents(of: "news", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        for issue in 2...4 {
            try spool.drop(Draft(2).with("subject", "Issue \(issue)"), as: "news", in: folder)
            #expect(try spool.tick().isSilentSuccess)
            try expectDelivered(spool, to: Draft.addresses(2), mailings: issue)
        }
        // The old ones stay under the day they finished.
        let names = try spool.names(in: .done).map { String($0.dropLast(5)) }
        #expect(names.count == 4 && names.contains("news"))
        let dated = names.filter { $0.contains(/^news\.\d{4}-\d\d-\d\d(\.\d)?$/) }
        #expect(dated.count == 3, "\(names)")
        #expect(dated.contains { $0.hasSuffix(".2") } && dated.contains { $0.hasSuffix(".3") })
        let kept = try dated.map { try spool.contents(of: $0, in: .done) }
        #expect(kept.contains(first))
        let status = try spool.status()
        for name in names {
            let mailing = try status[name]
            #expect(mailing.sent == 2 && mailing.sum == 2 && mailing.state == "done")
        }
        #expect(Set(status.mailings.map(\.name)) == Set(names))
    }

    @Test func `stopped, and replaced by an editor while a message is in flight, it is the same mailing`()
        throws
    {
        let spool = try ScratchSpool(concurrency: 1)
        try spool.sink.behave("r2@* before=4000")
        try spool.drop(Draft(3), as: "news", in: .active)
        let tick = try spool.startTick()
        try eventually("the second is in flight") {
            let mailing = try spool.status(of: "news")
            return mailing.sent == 1 && mailing.sending == 1
        }
        #expect(spool.move("news", from: .active, to: .paused))
        try eventually("the tick has seen it") {
            let journal = FileManager.default.contents(atPath: spool.path + "/journal/news.journal") ?? Data()
            return String(decoding: journal, as: UTF8.self).contains(" document paused ")
        }
        try spool.drop(Draft(4), as: "news", in: .paused)
        #expect(tick.wait().isSilentSuccess)
        #expect(try spool.sink.count == 2)
        #expect(try spool.tick().isSilentSuccess)
        #expect(try spool.status(of: "news").recipients == 4)
        #expect(spool.move("news", from: .paused, to: .active))
        #expect(try spool.tick().isSilentSuccess)
        try expectDelivered(spool, to: Draft.addresses(4))
    }

    @Test(arguments: [ScratchSpool.Folder.active, .paused])
    func `a name that is at work makes a new one wait for it`(folder: ScratchSpool.Folder) throws {
        let spool = try unfinished(in: folder)
        try spool.drop(Draft(["new@example.com"]), as: "news", in: .scheduled)
        let outcome = try spool.tick()
        #expect(outcome.ending == .exited(0))
        #expect(try spool.sink.accepted == ["r1@example.com"])
        let waiting = try spool.status().mailings.filter { $0.name == "news" && $0.state == "scheduled" }
        #expect(waiting.map(\.waitingFor) == ["another mailing of this name"])
        #expect(spool.folders(of: "news") == [.scheduled, folder])
        // Once the other has ended it starts.
        #expect(spool.move("news", from: folder, to: .done))
        #expect(try spool.tick().ending == .exited(0))
        #expect(try spool.sink.accepted == ["r1@example.com", "new@example.com"])
    }

    @Test func `one name in active and in paused is an error of both`() throws {
        let spool = try ScratchSpool()
        try spool.drop(Draft(["a@example.com"]), as: "news", in: .active)
        try spool.drop(Draft(["b@example.com"]), as: "news", in: .paused)
        let outcome = try spool.tick()
        #expect(outcome.ending == .exited(0) && outcome.errors.contains("news"))
        #expect(try spool.sink.count == 0)
        let both = try spool.status().mailings.filter { $0.name == "news" }
        #expect(!both.isEmpty && both.allSatisfy { !$0.errors.isEmpty })
        #expect(try spool.tick().isSilentSuccess)
    }

    @Test(arguments: [ScratchSpool.Folder.active, .scheduled])
    func `a file that comes back under another name continues`(folder: ScratchSpool.Folder) throws {
        let spool = try unfinished(in: .paused)
        #expect(spool.move("news", from: .paused, to: folder, as: "letter"))
        #expect(try spool.tick().ending == .exited(0))
        #expect(try spool.sink.accepted == ["r1@example.com"])
        let status = try spool.status()
        let mailing = try status["letter"]
        #expect(mailing.sent == 1 && mailing.deferred == 1)
        #expect(!status.mailings.contains { $0.name == "news" })
    }

    @Test func `a rename in its folder continues too`() throws {
        let spool = try unfinished()
        #expect(spool.move("news", from: .active, to: .active, as: "letter"))
        #expect(try spool.tick().isSilentSuccess)
        #expect(try spool.sink.accepted == ["r1@example.com"])
        #expect(try spool.status(of: "letter").sent == 1)
    }

    @Test func `a file that was away continues when it is back`() throws {
        let spool = try unfinished()
        let away = spool.path + "/files/away.json"
        try FileManager.default.moveItem(atPath: spool.document("news", in: .active), toPath: away)
        _ = try spool.tick()
        #expect(try spool.sink.count == 2)
        try FileManager.default.moveItem(atPath: away, toPath: spool.document("news", in: .active))
        _ = try spool.tick()
        #expect(try spool.sink.count == 2)
        let mailing = try spool.status(of: "news")
        #expect(mailing.sent == 1 && mailing.deferred == 1 && mailing.errors.isEmpty)
    }

    @Test func `a finished mailing that was cleaned up leaves its name free`() throws {
        let spool = try ScratchSpool()
        try spool.drop(Draft(2), as: "news", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        try FileManager.default.removeItem(atPath: spool.document("news", in: .done))
        #expect(try spool.tick().isSilentSuccess)
        try spool.drop(Draft(2), as: "news", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        try expectDelivered(spool, to: Draft.addresses(2), mailings: 2)
        #expect(try spool.names(in: .journal).contains { $0.contains(/^news\.\d{4}-\d\d-\d\d/) })
    }

    @Test func `another file in the place of an unfinished one is an error until a person decides`() throws {
        let spool = try unfinished()
        try FileManager.default.removeItem(atPath: spool.document("news", in: .active))
        _ = try spool.tick()
        try spool.drop(Draft(["x@example.com"]), as: "news", in: .scheduled)
        let outcome = try spool.tick()
        #expect(outcome.ending == .exited(0))
        #expect(outcome.errors.contains("--forget") && outcome.errors.contains("name"), "\(outcome.errors)")
        #expect(try spool.sink.count == 2)
        #expect(spool.folders(of: "news") == [.scheduled])
        let problems = try spool.status().mailings.filter { $0.name == "news" }.flatMap(\.errors)
        #expect(problems.contains { ($0.message + ($0.hint ?? "")).contains("--forget") })
        #expect(try spool.tick().isSilentSuccess)

        let forgetting = try spool.tick("--forget", "news")
        #expect(forgetting.ending == .exited(0), "\(forgetting)")
        #expect(try spool.tick().ending == .exited(0))
        #expect(try spool.sink.accepted == ["r1@example.com", "x@example.com"])
        #expect(spool.folders(of: "news") == [.done])
    }

    @Test func `the other way out of it is another name`() throws {
        let spool = try unfinished()
        try FileManager.default.removeItem(atPath: spool.document("news", in: .active))
        try spool.drop(Draft(["x@example.com"]), as: "news", in: .scheduled)
        #expect(try spool.tick().errors.contains("--forget"))
        #expect(spool.move("news", from: .scheduled, to: .scheduled, as: "letter"))
        #expect(try spool.tick().ending == .exited(0))
        #expect(try spool.sink.accepted == ["r1@example.com", "x@example.com"])
    }

    @Test func `a crash between putting the document and its journal aside is repaired`() throws {
        let directory = try TemporaryDirectory()
        let template = try ScratchSpool()
        try template.drop(Draft(2), as: "news", in: .scheduled)
        #expect(try template.tick().isSilentSuccess)
        try template.drop(Draft(2), as: "news", in: .scheduled)
        let file = directory.path + "/trace"
        #expect(try template.tick(under: .traced(file: file)).isSilentSuccess)
        let renames = TracedCall.all(in: try String(contentsOfFile: file, encoding: .utf8))
            .filter { $0.name.hasPrefix("rename") }
        let kinds = Dictionary(grouping: renames, by: \.name).mapValues(\.count)
        for (call, count) in kinds {
            for number in 1...count {
                let spool = try ScratchSpool()
                try spool.drop(Draft(2), as: "news", in: .scheduled)
                #expect(try spool.tick().isSilentSuccess)
                try spool.drop(Draft(2).with("subject", "Second"), as: "news", in: .scheduled)
                _ = try spool.tick(under: .killed(call: call, number: number))
                try spool.tickUntilDone()
                try expectDelivered(spool, to: Draft.addresses(2), copies: 2, mailings: 2)
                let status = try spool.status()
                #expect(status.mailings.count == 2, "\(call) \(number): \(status.mailings.map(\.name))")
                #expect(status.mailings.allSatisfy { $0.sent == 2 && $0.errors.isEmpty })
            }
        }
    }
}
