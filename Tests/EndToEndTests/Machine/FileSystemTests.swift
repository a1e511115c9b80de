import Foundation
import Testing

@Suite(.serialized, .timeLimit(.minutes(25)))
struct `On file systems that know less` {
    @Test func `a rename that knows no flags is replaced by link and unlink`() throws {
        let spool = try ScratchSpool()
        try spool.drop(Draft(5), as: "news", in: .scheduled)
        let original = try spool.contents(of: "news", in: .scheduled)
        let outcome = try spool.tick(under: .withoutRenameFlags(killedAt: nil))
        #expect(outcome.isSilentSuccess, "\(outcome)")
        try expectDelivered(spool, to: Draft.addresses(5))
        try expectDocument(spool, "news", in: .done, is: original)
        // The same name again: two renames of another kind.
        try spool.drop(Draft(5), as: "news", in: .scheduled)
        #expect(try spool.tick(under: .withoutRenameFlags(killedAt: nil)).isSilentSuccess)
        try expectDelivered(spool, to: Draft.addresses(5), mailings: 2)
        #expect(try spool.names(in: .done).count == 2)
    }

    @Test func `a crash between link and unlink is mended`() throws {
        var bothLinks = 0
        for call in ["unlinkat", "linkat"] {
            for number in 1...4 {
                let spool = try ScratchSpool()
                try spool.drop(Draft(5), as: "news", in: .scheduled)
                let original = try spool.contents(of: "news", in: .scheduled)
                _ = try spool.tick(under: .withoutRenameFlags(killedAt: (call, number)))
                let folders = spool.folders(of: "news")
                #expect(!folders.isEmpty)
                if folders.count == 2 { bothLinks += 1 }
                // The status is not put out by it.
                let mailings = try spool.status().mailings
                #expect(mailings.allSatisfy { $0.sum == nil || $0.sum == $0.recipients })
                try spool.tickUntilDone()
                try expectDelivered(spool, to: Draft.addresses(5), copies: 2)
                try expectDocument(spool, "news", in: .done, is: original)
                #expect(try tool("/usr/bin/stat", "-c", "%h", spool.document("news", in: .done)) == "1\n")
            }
        }
        #expect(bothLinks > 0)
    }

    /// A tick under a kernel without rename flags, killed at a call; true if it left a journal under two names.
    private func leavesTwoJournals(_ spool: ScratchSpool, killedAt point: (String, Int)) throws -> Bool {
        _ = try spool.tick(under: .withoutRenameFlags(killedAt: point))
        return try !journals(spool, withLinks: 2).isEmpty
    }

    private func journals(_ spool: ScratchSpool, withLinks links: Int) throws -> [String] {
        let found = try tool(
            "/usr/bin/find", spool.path + "/journal", "-name", "*.journal", "-links", "\(links)", "-printf",
            "%f\\n")
        return found.split(separator: "\n").map(String.init).sorted()
    }

    @Test func `a journal that a crash left under two names keeps one, and the mailing goes on`() throws {
        var halves = 0
        for call in ["unlinkat", "linkat"] {
            for number in 1...3 {
                let spool = try ScratchSpool(settings: ["retry": ["first": "1h", "most": "1h"]])
                try spool.sink.behave("r2@* exit=75")
                try spool.drop(Draft(2), as: "news", in: .scheduled)
                #expect(try spool.tick().ending == .exited(0))
                #expect(spool.move("news", from: .active, to: .paused))
                #expect(try spool.tick().isSilentSuccess)
                #expect(spool.move("news", from: .paused, to: .paused, as: "letter"))
                if try leavesTwoJournals(spool, killedAt: (call, number)) { halves += 1 }
                #expect(try spool.tick().isSilentSuccess)
                #expect(try journals(spool, withLinks: 1) == ["letter.journal"])
                let letter = try spool.status(of: "letter")
                #expect(letter.sent == 1 && letter.deferred == 1 && letter.errors.isEmpty)
                // The old name is free.
                try spool.drop(Draft(["new@example.com"]), as: "news", in: .scheduled)
                #expect(try spool.tick().isSilentSuccess)
                #expect(try spool.sink.accepted == ["r1@example.com", "new@example.com"])
            }
        }
        #expect(halves > 0)
    }

    @Test func `a crash while an ended mailing makes room leaves one journal a mailing`() throws {
        var halves = 0
        for call in ["unlinkat", "linkat"] {
            for number in 1...4 {
                let spool = try ScratchSpool()
                try spool.drop(Draft(2), as: "news", in: .scheduled)
                #expect(try spool.tick().isSilentSuccess)
                try spool.drop(Draft(2).with("subject", "Second"), as: "news", in: .scheduled)
                if try leavesTwoJournals(spool, killedAt: (call, number)) { halves += 1 }
                try spool.tickUntilDone()
                try expectDelivered(spool, to: Draft.addresses(2), copies: 2, mailings: 2)
                #expect(try journals(spool, withLinks: 1).count == 2 && journals(spool, withLinks: 2) == [])
                let mailings = try spool.status().mailings
                #expect(mailings.count == 2 && mailings.allSatisfy { $0.sent == 2 && $0.state == "done" })
            }
        }
        #expect(halves > 0)
    }

    @Test func `without birth times an ended mailing that comes back is an error with two ways out`() throws {
        let mount = try Mount.ramfs()
        let spool = try ScratchSpool(in: mount.path)
        try spool.drop(Draft(2), as: "news", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        // Its document is there: nothing is to be forgotten.
        #expect(try spool.tick("--forget", "news").ending != .exited(0))
        #expect(spool.move("news", from: .done, to: .active))
        let outcome = try spool.tick()
        #expect(outcome.ending == .exited(0) && outcome.errors.contains("--forget"), "\(outcome)")
        #expect(!outcome.errors.contains("unfinished"), "\(outcome)")
        #expect(try spool.sink.count == 2)
        #expect(try spool.tick("--forget", "news").ending == .exited(0))
        #expect(try spool.tick().isSilentSuccess)
        try expectDelivered(spool, to: Draft.addresses(2), mailings: 2)
    }

    @Test func `without birth times mailings are delivered, and nobody is mailed twice`() throws {
        let mount = try Mount.ramfs()
        let spool = try ScratchSpool(in: mount.path, settings: ["retry": ["first": "1h", "most": "1h"]])
        #expect(try tool("/usr/bin/stat", "-c", "%W", spool.path + "/config.json") == "0\n")
        try spool.sink.behave("r2@* exit=75 times=1")
        try spool.drop(Draft(3), as: "news", in: .scheduled)
        try spool.drop(Draft(["x@example.com"]), as: "other", in: .scheduled)
        #expect(try spool.tick().ending == .exited(0))
        #expect(try spool.sink.accepted.sorted() == ["r1@example.com", "r3@example.com", "x@example.com"])
        #expect(spool.folders(of: "other") == [.done])
        // Moved by a person, it goes on or is an error that names the way out; in no case is anybody mailed again.
        #expect(spool.move("news", from: .active, to: .paused))
        _ = try spool.tick()
        #expect(spool.move("news", from: .paused, to: .active))
        let outcome = try spool.tick()
        #expect(outcome.ending == .exited(0), "\(outcome)")
        #expect(try spool.sink.accepted.count == 3)
        let mailing = try spool.status(of: "news")
        #expect(mailing.sent == 2 || mailing.errors.contains { "\($0)".contains("--forget") }, "\(mailing)")
    }
}
