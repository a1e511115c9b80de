import Foundation
import Glibc
import Testing

@Suite(.timeLimit(.minutes(25)))
struct `What has been mended, or renamed, goes on` {
    /// How often a failing read of the list was met before its end.
    @Test(arguments: [1, 2, 3]) func `a list that cannot be read once is read by the next tick`(number: Int)
        throws
    {
        let spool = try ScratchSpool()
        // Its last address is the first one again, far enough from it to be read anew.
        let names = Draft.addresses(3000) + ["R1@example.com"]
        try spool.put("files/list.csv", "address\n" + names.joined(separator: "\n") + "\n")
        try spool.drop(Draft(file: "list.csv"), as: "news", in: .active)
        let directory = try TemporaryDirectory()
        let outcome = try spool.tick(
            under: .failing(
                call: "pread64", number: number, forGood: false, error: "EIO",
                paths: [spool.path + "/files/list.csv"], log: directory.path + "/log"))
        let log = try String(contentsOfFile: directory.path + "/log", encoding: .utf8)
        if log.contains("INJECTED") {
            #expect(try spool.sink.count == 0)
            #expect(outcome.errors.contains("list.csv cannot be read"), "\(outcome)")
            #expect(try spool.status(of: "news").errors.count == 1)
        }
        try spool.sink.behave("* exit=67", "r1@example.com exit=0")
        #expect(try spool.tick(seconds: 300).isSilentSuccess)
        let submissions = try spool.sink.submissions
        #expect(submissions.count == 3000 && Set(submissions.map(\.recipient)).count == 3000)
        #expect(try spool.status(of: "news").sum == 3001)
    }

    /// A spool of the user nobody's, who writes into a Maildir, with a document that only root may read.
    private func nobodysSpool(_ name: String, in folder: ScratchSpool.Folder) throws -> ScratchSpool {
        let spool = try ScratchSpool()
        try spool.replace("config.json", with: Data(#"{"delivery":{"via":"maildir"}}"#.utf8))
        #expect(try Run.start("/bin/chown", ["-R", "nobody", spool.path]).wait().isSilentSuccess)
        try spool.drop(Draft(1), as: name, in: folder)
        #expect(chmod(spool.document(name, in: folder), 0o600) == 0)
        return spool
    }

    private func tickAsNobody(_ spool: ScratchSpool) throws -> Outcome {
        try Run.start(
            "/usr/bin/setpriv",
            ["--reuid=nobody", "--clear-groups", Installation.tick, "--spool", spool.path]
        ).wait()
    }

    @Test func `a document that could not be read is looked at again, and said once`() throws {
        let spool = try nobodysSpool("news", in: .scheduled)
        #expect(try tickAsNobody(spool).errors.contains("news.json: it cannot be read"))
        #expect(try tickAsNobody(spool).isSilentSuccess)
        #expect(spool.folders(of: "news") == [.scheduled])
        #expect(chmod(spool.document("news", in: .scheduled), 0o644) == 0)
        #expect(try tickAsNobody(spool).isSilentSuccess)
        #expect(spool.folders(of: "news") == [.done])
        #expect(try spool.status(of: "news").sent == 1)
    }

    @Test func `a cancelled document that cannot be read stops nobody`() throws {
        let spool = try nobodysSpool("cancelled", in: .done)
        try spool.drop(Draft(1), as: "news", in: .scheduled)
        #expect(try tickAsNobody(spool).isSilentSuccess)
        #expect(try spool.status(of: "news").sent == 1)
        #expect(try spool.status(of: "cancelled").cancelled)
    }

    @Test func `one that has ended may be renamed over another, and both keep their numbers`() throws {
        let spool = try ScratchSpool()
        try spool.drop(Draft(2), as: "a", in: .scheduled)
        try spool.drop(Draft(3), as: "b", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        #expect(spool.move("a", from: .done, to: .done, as: "b"))
        for _ in 0..<2 { #expect(try spool.tick().isSilentSuccess) }
        #expect(try spool.names(in: .done).filter { $0.hasSuffix(".json") } == ["b.json"])
        #expect(try spool.status(of: "b").sent == 2)
        let journals = try spool.names(in: .journal).filter { $0.hasSuffix(".journal") }
        #expect(journals.count == 2 && journals.contains("b.journal"), "\(journals)")
    }

    @Test func `two that have ended may change names`() throws {
        let spool = try ScratchSpool()
        try spool.drop(Draft(2), as: "a", in: .scheduled)
        try spool.drop(Draft(3), as: "b", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        #expect(spool.move("a", from: .done, to: .done, as: "c"))
        #expect(spool.move("b", from: .done, to: .done, as: "a"))
        #expect(spool.move("c", from: .done, to: .done, as: "b"))
        for _ in 0..<2 { #expect(try spool.tick().isSilentSuccess) }
        #expect(try spool.names(in: .done).filter { $0.hasSuffix(".json") } == ["a.json", "b.json"])
        #expect(try spool.status(of: "a").sent == 3 && spool.status(of: "b").sent == 2)
    }

    @Test func `one that is cancelled under the name of one that has ended is cancelled`() throws {
        let spool = try ScratchSpool(settings: ["retry": ["first": "1h", "most": "1h"]])
        try spool.drop(Draft(2), as: "old", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        try spool.sink.behave("r3@* exit=75")
        try spool.drop(Draft(3), as: "news", in: .active)
        #expect(try spool.tick().isSilentSuccess)
        #expect(spool.move("news", from: .active, to: .done, as: "old"))
        for _ in 0..<2 { #expect(try spool.tick().isSilentSuccess) }
        let mailing = try spool.status(of: "old")
        #expect(mailing.cancelled && mailing.sent == 2 && mailing.deferred == 1, "\(mailing)")
    }

    @Test func `who is in doubt and no longer in the list is in no number when that is settled`() throws {
        let spool = try ScratchSpool(settings: ["inDoubt": "hold"])
        try spool.sink.behave("r1@* before=60000")
        try spool.drop(Draft(1), as: "news", in: .active)
        let tick = try spool.startTick()
        try eventually("a hand-over") { try spool.status(of: "news").sending == 1 }
        try spool.kill(tick)
        #expect(spool.move("news", from: .active, to: .paused))
        try spool.overwrite("paused/news.json", with: Draft(["r2@example.com", "r3@example.com"]).json)
        #expect(try spool.tick().isSilentSuccess)
        #expect(try spool.tick("--resolve", "news=resend").isSilentSuccess)
        let mailing = try spool.status(of: "news")
        #expect(mailing.waiting == 2 && mailing.inDoubt == 0 && mailing.deferred == 0, "\(mailing)")
    }
}
