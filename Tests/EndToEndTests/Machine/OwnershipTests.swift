import Foundation
import Glibc
import Testing

/// Whose a spool is, and who may work on it. The tests run as root.
struct `A spool of another user` {
    /// A spool of the user nobody's who writes into a Maildir.
    private func nobodysSpool() throws -> ScratchSpool {
        let spool = try ScratchSpool()
        try spool.replace("config.json", with: Data(#"{"delivery":{"via":"maildir"}}"#.utf8))
        try spool.drop(Draft(1), as: "news", in: .active)
        try tool("/bin/chown", "-R", "nobody", spool.path)
        return spool
    }

    private func asNobody(_ program: String, _ arguments: String...) throws -> Outcome {
        try Run.start("/usr/bin/setpriv", ["--reuid=nobody", "--clear-groups", program] + arguments).wait()
    }

    private func expectRefused(
        _ spool: ScratchSpool, with status: Int32, _ arguments: [String] = [], saying words: String...,
        location: SourceLocation = #_sourceLocation
    ) throws {
        let before = try spool.picture
        let outcome = try Run.start(Installation.tick, ["--spool", spool.path] + arguments).wait()
        #expect(outcome.ending == .exited(status), "\(outcome)", sourceLocation: location)
        for word in words {
            #expect(outcome.errors.contains(word), "\(word): \(outcome.errors)", sourceLocation: location)
        }
        #expect(try spool.picture == before, "\(arguments)", sourceLocation: location)
    }

    @Test func `root is sent to its owner by everything that writes, and leaves it as it was`() throws {
        let spool = try nobodysSpool()
        try expectRefused(spool, with: 77, saying: "sudo -u nobody spool-tick --spool \(spool.path)\n")
        try expectRefused(
            spool, with: 77, ["--resolve", "news=sent"], saying: "--spool \(spool.path) --resolve news=sent")
        try expectRefused(spool, with: 77, ["--forget", "news"], saying: "nobody")
        try expectRefused(
            spool, with: 77, ["--init", spool.path], saying: "sudo -u nobody spool-tick", "--init")
        #expect(try asNobody(Installation.tick, spool.path).isSilentSuccess)
        #expect(spool.folders(of: "news") == [.done])
    }

    @Test func `another user is told whose it is, also where he sees nothing`() throws {
        let spool = try ScratchSpool()
        try tool("/bin/chmod", "700", spool.path)
        let outcome = try asNobody(Installation.tick, spool.path)
        #expect(outcome.ending == .exited(77), "\(outcome)")
        #expect(
            outcome.errors.contains("belongs to root") && outcome.errors.contains("sudo -u root spool-tick"))
    }

    @Test func `who could put another config.json there is refused`() throws {
        let spool = try nobodysSpool()
        try tool("/bin/chown", "-R", "root", spool.path)
        try tool("/bin/chown", "nobody", spool.path + "/config.json")
        try expectRefused(spool, with: 78, saying: "config.json belongs to nobody", "sudo chown root")
        try tool("/bin/chown", "root", spool.path + "/config.json")
        try tool("/bin/chown", "nobody", spool.path)
        try expectRefused(spool, with: 78, saying: "the spool directory belongs to nobody")
        let check = try Run.start(
            Installation.check, ["--spool", spool.path, spool.document("news", in: .active)]
        ).wait()
        #expect(
            check.ending == .exited(78)
                && (check.output + check.errors).contains("directory belongs to nobody"))
        let attention = try Run.start(Installation.status, ["--spool", spool.path, "--attention"]).wait()
        #expect(attention.ending == .exited(1) && attention.output.contains("belongs to nobody"))
        try tool("/bin/chown", "root", spool.path)
        #expect(try spool.tick().isSilentSuccess)
    }

    @Test func `a folder that is a link is followed by nobody`() throws {
        let spool = try nobodysSpool()
        try tool("/bin/chown", "-R", "root", spool.path)
        try tool("/bin/rmdir", spool.path + "/files")
        try tool("/bin/ln", "-s", "/etc", spool.path + "/files")
        try expectRefused(spool, with: 78, saying: "/files: it is a symbolic link")
    }

    @Test func `files that root has left in the journal are named, with what gives them back`() throws {
        let spool = try nobodysSpool()
        #expect(try asNobody(Installation.tick, spool.path).isSilentSuccess)
        let left = try FileManager.default.contentsOfDirectory(atPath: spool.path + "/journal")
        for name in left {
            try tool("/bin/chown", "root", "\(spool.path)/journal/\(name)")
            let outcome = try asNobody(Installation.tick, spool.path)
            #expect(outcome.ending == .exited(77), "\(outcome)")
            #expect(outcome.errors.contains("journal/\(name) belongs to root"), "\(outcome)")
            try tool("/bin/chown", "nobody", "\(spool.path)/journal/\(name)")
        }
        try tool("/bin/chown", "root", spool.path + "/journal/lock", spool.path + "/journal/news.journal")
        let outcome = try asNobody(Installation.tick, spool.path)
        #expect(outcome.ending == .exited(77), "\(outcome)")
        #expect(outcome.errors.contains("belong to root"), "\(outcome)")
        try spool.drop(Draft(1), as: "more", in: .scheduled)
        let check = try asNobody(
            Installation.check, "--spool", spool.path, spool.document("more", in: .scheduled))
        #expect(check.ending == .exited(77) && check.output.contains("belong to root"), "\(check)")
        let command = "chown -R nobody \(spool.path)/journal"
        #expect(outcome.errors.contains("sudo \(command)\n"), "\(outcome)")
        try tool("/bin/sh", "-c", command)
        #expect(try asNobody(Installation.tick, spool.path).isSilentSuccess)
    }
}
