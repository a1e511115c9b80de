import Foundation
@testable import SpoolConsole
@testable import SpoolStore
@testable import SpoolSystem
@testable import SpoolTick
@testable import TestSupport
import Testing

/// `--init` where no spool can be made.
struct MakingTests {
    private func failure(_ path: String) throws -> CommandFailure {
        let error = try #require(
            #expect(throws: SystemError.self) { try SpoolDirectory.make(at: path, configuration: []) })
        return Tick.makingFailure(error, at: path)
    }

    @Test func `what stands in the way is named`() throws {
        let files = try TemporaryFiles()
        try files.write("file", [])
        #expect(mkfifo(files.path + "/fifo", 0o600) == 0)
        for (name, kind) in [("file", "a file"), ("fifo", "a FIFO")] {
            let failure = try failure("\(files.path)/\(name)")
            #expect(failure.reasons == ["\(files.path)/\(name) is \(kind); name a directory for the spool"])
            #expect(failure.status == .cannotCreate)
        }
        let below = try failure(files.path + "/file/spool")
        #expect(below.status == .cannotCreate && below.reasons[0].contains("name a place"), "\(below)")
    }

    @Test func `where the kernel makes no directories, another place is asked for`() throws {
        let failure = try failure("/proc/spool")
        #expect(
            failure.reasons == [
                "/proc/spool cannot be made there; name a place where directories can be made"
            ])
        #expect(failure.status == .cannotCreate)
    }

    @Test func `without the right to make it the command is said that does`() throws {
        let files = try TemporaryFiles()
        let path = files.path + "/a spool"
        let denied = SystemError(call: "mkdir", path: path, code: EACCES)
        let user = try #require(ProcessTable.userName(geteuid()))
        let failure = Tick.makingFailure(denied, at: path)
        #expect(
            failure.reasons == [
                "\(path) cannot be made: Permission denied; make it with: "
                    + "sudo install -d -o \(user) '\(path)', and run this again"
            ])
        #expect(failure.status == .noPermission)
        let shared = Tick.makingFailure(denied, at: path, group: "club")
        #expect(shared.reasons[0].contains("sudo install -d -o \(user) -g club -m 750 '\(path)',"))
        // Somebody else's directory is not given away.
        let inside = Tick.makingFailure(
            SystemError(call: "mkdir", path: files.path + "/done", code: EACCES), at: files.path)
        #expect(inside.status == .noPermission && !inside.reasons[0].contains("sudo"), "\(inside)")
    }

    private func modes(below path: String) throws -> [String: UInt32] {
        let root = try Directory(path: path)
        var modes = [".": try root.status().mode]
        for name in try root.names() { modes[name.string] = try root.status(of: name)?.mode }
        return modes
    }

    /// A group that a member of none has, so that it shows where nothing was given to it.
    private static let group: UInt32 = 12345

    @Test func `people who share a spool may edit what the others drop, and nobody else sees it`() throws {
        let files = try TemporaryFiles()
        for path in ["new", "made"].map({ "\(files.path)/\($0)" }) {
            if path.hasSuffix("made") { #expect(mkdir(path, 0o755) == 0) }
            let old = umask(0o077)
            defer { umask(old) }
            #expect(
                try SpoolDirectory.make(at: path, configuration: [0x7B, 0x7D], group: Self.group).isEmpty)
            #expect(
                try modes(below: path) == [
                    ".": 0o750, "scheduled": 0o2770, "active": 0o2770, "paused": 0o2770, "done": 0o2770,
                    "files": 0o2770, "suppressed": 0o2770, "journal": 0o2750, "suppressed.txt": 0o660,
                    "config.json": 0o640,
                    "returns": 0o700,
                ])
            let root = try Directory(path: path)
            #expect(try root.status().group == Self.group)
            for name in try root.names() where name != FileName("returns") {
                #expect(try root.status(of: name)?.group == Self.group, "\(name)")
            }
            #expect(try root.status(of: FileName("suppressed.txt"))?.size == 0)
            #expect(try SpoolDirectory.make(at: path, configuration: [], group: Self.group).isEmpty)
        }
    }

    @Test func `a spool that is there is not given to a group, but the commands that do are said`() throws {
        let files = try TemporaryFiles()
        let path = files.path + "/spool"
        try SpoolDirectory.make(at: path, configuration: [0x7B, 0x7D])
        let before = try modes(below: path)
        let others = try SpoolDirectory.make(at: path, configuration: [], group: Self.group)
        #expect(try modes(below: path).merging(before) { $1 } == modes(below: path))
        #expect(Set(others.map(\.name)) == Set(before.keys).subtracting(["returns"]))
        let lines = Tick.sharing(others, of: path, with: "club")
        #expect(
            lines.contains {
                $0.hasPrefix("journal was there and not touched; for the group: sudo chgrp -R club ")
                    && $0.hasSuffix(" \(path)/journal && sudo chmod 2750 \(path)/journal")
            }, "\(lines)")
        #expect(lines.contains { $0.contains("sudo chgrp club \(path) && sudo chmod 750 \(path)") })
        // What they ask for is what would have been made.
        for part in others {
            #expect(chmod(part.name == "." ? path : "\(path)/\(part.name)", part.mode) == 0)
            #expect(chown(part.name == "." ? path : "\(path)/\(part.name)", uid_t.max, Self.group) == 0)
        }
        #expect(try SpoolDirectory.make(at: path, configuration: [], group: Self.group).isEmpty)
    }

    @Test func `what to do next has whole paths, as cron and a shell take them`() {
        let text = Tick.nextSteps(
            at: "/srv/100 %", tick: "/opt/a b/spool-tick", user: "anna", group: "club")
        for line in [
            "The tick, every minute: run crontab -e as anna, and add the line",
            "* * * * * '/opt/a b/spool-tick' '/srv/100 \\%'", "  cd '/srv/100 %'",
            "  cp files/first.json scheduled/      # goes out with the next tick",
            "  sudo usermod -aG club USER  # makes USER one, from the next login on",
        ] {
            #expect(text.split(separator: "\n").contains { $0 == line }, "\(line)\n\(text)")
        }
        #expect(text.contains("umask 0007") && text.contains("cp          # and not mv"))
        let own = Tick.nextSteps(at: "/srv/spool", tick: "spool-tick", user: "anna", group: nil)
        #expect(own.contains("\n* * * * * spool-tick /srv/spool\n") && !own.contains("umask"))
    }

    @Test func `the outcome of a mailing says who failed and who was passed over`() {
        var counts = MailingCounts()
        #expect(TickLoop.outcome(counts) == "0 sent")
        (counts.sent, counts.failed, counts.duplicate, counts.late) = (1200, 1, 2, 1)
        #expect(TickLoop.outcome(counts) == "1,200 sent, 1 failed, 3 skipped")
    }
}
