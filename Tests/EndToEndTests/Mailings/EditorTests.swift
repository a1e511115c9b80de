import Foundation
import Testing

@Suite(.timeLimit(.minutes(25)))
struct `Nobody is mailed twice because of an editor` {
    /// A spool whose mailing `news` has ended, or waits for an hour to try r2 again.
    private func spool(isUnfinished: Bool = false) throws -> ScratchSpool {
        let spool = try ScratchSpool(settings: ["retry": ["first": "1h", "most": "1h"]])
        if isUnfinished { try spool.sink.behave("r2@* exit=75 times=1") }
        try spool.drop(Draft(2).with("subject", "Issue 1"), as: "news", in: .scheduled)
        #expect(try spool.tick().ending == .exited(0))
        #expect(spool.folders(of: "news") == [isUnfinished ? .active : .done])
        return spool
    }

    /// What people edit with.
    private func sed(_ spool: ScratchSpool, _ path: String) throws {
        _ = try tool("/usr/bin/sed", "-i", "s/this goes to/this is for/", "\(spool.path)/\(path).json")
    }

    private func expectError(_ spool: ScratchSpool, _ name: String = "news", _ words: String...) throws {
        let outcome = try spool.tick()
        for word in words { #expect(outcome.errors.contains(word), "\(outcome)") }
        #expect(outcome.ending == .exited(0))
        #expect(try spool.tick().isSilentSuccess)
        #expect(try spool.status(of: name).errors.count == 1)
    }

    @Test(arguments: [ScratchSpool.Folder.active, .scheduled], [true, false])
    func `one that has ended, edited and moved in whichever order`(
        folder: ScratchSpool.Folder, isEditedFirst: Bool
    ) throws {
        let spool = try spool()
        if isEditedFirst { try sed(spool, "done/news") }
        #expect(spool.move("news", from: .done, to: folder))
        if !isEditedFirst { try sed(spool, "\(folder.rawValue)/news") }
        let foretold = try spool.check(spool.document("news", in: folder))
        #expect(foretold.ending == .exited(65) && foretold.output.contains("2 have got \"Issue 1\""))
        try expectError(spool, "news", "2 have got \"Issue 1\"", "--adopt news", "to all 2")
        try expectDelivered(spool, to: Draft.addresses(2))
        #expect(try spool.tick("--adopt", "news").isSilentSuccess)
        #expect(try spool.tick().isSilentSuccess)
        try expectDelivered(spool, to: Draft.addresses(2))
        #expect(spool.folders(of: "news") == [.done])
    }

    @Test func `edited and moved over a rename`() throws {
        let spool = try spool()
        try sed(spool, "done/news")
        #expect(spool.move("news", from: .done, to: .scheduled, as: "letter"))
        try expectError(spool, "letter", "move it back to done/news.json", "--forget news")
        try expectDelivered(spool, to: Draft.addresses(2))
    }

    @Test func `an unfinished one stopped, replaced and started again within a minute`() throws {
        let spool = try spool(isUnfinished: true)
        #expect(spool.move("news", from: .active, to: .paused))
        try sed(spool, "paused/news")
        #expect(try spool.tick().errors.contains("edited and moved"))
        try sed(spool, "paused/news")
        #expect(spool.move("news", from: .paused, to: .active))
        #expect(try spool.tick().errors.contains("edited and moved"))
        #expect(try spool.tick().isSilentSuccess)
        let mailing = try spool.status(of: "news")
        #expect(mailing.sent == 1 && mailing.deferred == 1 && mailing.errors.isEmpty)
    }

    @Test(arguments: [true, false])
    func `a spool that is copied to another machine`(isUnfinished: Bool) throws {
        let spool = try spool(isUnfinished: isUnfinished)
        let count = try spool.sink.count
        let copy = spool.path + ".copy"
        defer { try? FileManager.default.removeItem(atPath: copy) }
        _ = try tool("/usr/bin/cp", "-a", spool.path, copy)
        for _ in 0..<2 {
            let outcome = try Run.start(Installation.tick, ["--spool", copy]).wait()
            #expect(outcome.isSilentSuccess, "\(outcome)")
        }
        if !isUnfinished {
            // Everything is another file, and one was moved before anybody looked.
            try FileManager.default.removeItem(atPath: copy)
            _ = try tool("/usr/bin/cp", "-a", spool.path, copy)
            _ = try tool("/usr/bin/mv", copy + "/done/news.json", copy + "/active/news.json")
            let outcome = try Run.start(Installation.tick, ["--spool", copy]).wait()
            #expect(outcome.errors.contains("--adopt news"), "\(outcome)")
        }
        #expect(try spool.sink.count == count)
    }

    @Test func `an unfinished one that was deleted is shown, named, and ended by a person`() throws {
        let spool = try spool(isUnfinished: true)
        try FileManager.default.removeItem(atPath: spool.document("news", in: .active))
        #expect(try spool.tick().isSilentSuccess)
        let mailing = try spool.status(of: "news")
        #expect(mailing.state == "gone" && mailing.sent == 1 && mailing.sum == 2)
        func attention() throws -> Outcome {
            try Run.start(Installation.status, ["--spool", spool.path, "--attention"]).wait()
        }
        let named = try attention()
        #expect(named.ending == .exited(1) && named.output.contains("--forget news"), "\(named)")
        #expect(try spool.tick("--forget", "news").isSilentSuccess)
        #expect(try attention().isSilentSuccess)
        let ended = try #require(try spool.status().mailings.first)
        #expect(ended.name.hasPrefix("news.") && ended.state == "done" && ended.cancelled && ended.sent == 1)
    }

    @Test func `one that has ended stays in the statistics when its document was removed`() throws {
        let spool = try spool()
        try FileManager.default.removeItem(atPath: spool.document("news", in: .done))
        for _ in 0..<2 {
            #expect(try spool.tick().isSilentSuccess)
            let mailing = try #require(try spool.status().mailings.first)
            #expect(mailing.name.hasPrefix("news.") && mailing.state == "done" && mailing.sent == 2)
        }
    }

    @Test func `adopting may be killed at any call`() throws {
        func replaced() throws -> ScratchSpool {
            let spool = try spool()
            try FileManager.default.removeItem(atPath: spool.document("news", in: .done))
            try spool.drop(Draft(3).with("subject", "Issue 1"), as: "news", in: .active)
            return spool
        }
        let traced = try replaced()
        let all = try KillPoint.all { call, _ in
            call.text.contains(traced.path)
        } run: { conditions in
            let outcome = try traced.tick("--adopt", "news", under: conditions)
            #expect(outcome.isSilentSuccess)
        }
        let points = KillPoint.selected(from: all, for: "adoption kill sweep")
        #expect(Set(points.map(\.call)).isSuperset(of: ["write", "fdatasync"]))
        for point in points {
            let spool = try replaced()
            let outcome = try spool.tick("--adopt", "news", under: .killed(at: point))
            #expect(outcome.ending != .exited(0), "\(point)")
            for _ in 0..<2 { #expect(try spool.tick().ending == .exited(0), "killed at \(point)") }
            #expect(
                try spool.sink.count == (spool.folders(of: "news") == [.done] ? 3 : 2), "killed at \(point)")
            _ = try spool.tick("--adopt", "news")
            #expect(try spool.tick().ending == .exited(0), "killed at \(point)")
            try expectDelivered(spool, to: Draft.addresses(3))
            #expect(spool.folders(of: "news") == [.done], "killed at \(point)")
        }
    }
}
