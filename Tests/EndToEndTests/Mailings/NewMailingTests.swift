import Foundation
import Testing

struct `A mailing to begin with` {
    @Test(arguments: [[], ["html"]])
    func `can be sent as it was written`(kind: [String]) throws {
        let spool = try ScratchSpool(delivery: ["via": "maildir"])
        let document = spool.path + "/files/first.json"
        let made = try Run.start(Installation.check, ["--new"] + kind + [document]).wait()
        #expect(made.isSilentSuccess, "\(made)")
        for name in try FileManager.default.contentsOfDirectory(atPath: spool.path + "/files") {
            try spool.setAge(of: "files/" + name, 60)
        }
        try tool("/bin/cp", document, spool.path + "/scheduled/")
        #expect(try spool.tick().isSilentSuccess)
        let outbox = try FileManager.default.contentsOfDirectory(atPath: spool.path + "/outbox/new")
        #expect(outbox.count == 2 && spool.folders(of: "first") == [.done])
        let again = try Run.start(Installation.check, ["--new"] + kind + [document]).wait()
        #expect(again.ending == .exited(73) && again.errors.contains("is there already"), "\(again)")
    }

    @Test func `is what lies in the repository as the example of a newsletter`() throws {
        let spool = try ScratchSpool()
        let made = try Run.start(
            Installation.check, ["--new", "html", spool.path + "/newsletter.json"]
        ).wait()
        #expect(made.isSilentSuccess, "\(made)")
        let ours = Installation.package.appending(path: "spool").path
        try tool("/usr/bin/diff", "-r", "-x", ".gitkeep", spool.path + "/files", ours + "/files")
        try tool("/usr/bin/cmp", spool.path + "/newsletter.json", ours + "/newsletter.json")
    }

    @Test func `is asked for one at a time, by its name`() throws {
        for arguments in [
            ["--new"], ["--new", "html"], ["--new", "a.json", "b.json"], ["--new", "--json", "a.json"],
        ] {
            let outcome = try Run.start(Installation.check, arguments).wait()
            #expect(outcome.ending == .exited(64) && outcome.output.isEmpty, "\(arguments): \(outcome)")
        }
    }
}
