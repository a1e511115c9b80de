import Foundation
import Glibc
import Testing

@Suite(.serialized, .timeLimit(.minutes(25)))
struct `A tick and its neighbours` {
    @Test func `while one is at it another exits 0 at once, silently`() throws {
        let spool = try ScratchSpool(concurrency: 1)
        try spool.sink.behave("* before=100")
        try spool.drop(Draft(30), as: "news", in: .active)
        let first = try spool.startTick()
        try eventually("it has begun") { try spool.sink.count >= 1 }
        for _ in 0..<5 { #expect(try spool.tick().isSilentSuccess) }
        #expect(first.isRunning)
        #expect(first.wait().isSilentSuccess)
        try expectDelivered(spool, to: Draft.addresses(30))
    }

    @Test func `what a killed tick left in sendmail is waited for`() throws {
        let spool = try ScratchSpool(concurrency: 1)
        try spool.sink.behave("r1@* before=2500 times=1")
        try spool.drop(Draft(3), as: "news", in: .active)
        let tick = try spool.startTick()
        try eventually("r1 is in flight") { try spool.sink.atWork.count == 1 }
        try spool.kill(tick)
        try spool.tickUntilDone()
        try expectDelivered(spool, to: Draft.addresses(3), copies: 1)
        let orphan = try #require(try spool.sink.submissions.first)
        #expect(orphan.recipient == "r1@example.com")
        for other in try spool.sink.submissions.dropFirst() {
            #expect(
                other.start >= orphan.end, "\(other.recipient) was handed over while the orphan was at work")
        }
    }

    @Test func `an orphaned sendmail that hangs is killed after the timeout`() throws {
        let spool = try ScratchSpool(
            concurrency: 1, delivery: ["timeout": 3], settings: ["retry": ["first": "1s", "most": "1s"]])
        try spool.sink.behave("r1@* hang=120000 times=1")
        try spool.drop(Draft(3), as: "news", in: .active)
        let tick = try spool.startTick()
        try eventually("it hangs") { spool.sink.hanging.count == 2 }
        try spool.kill(tick)
        try spool.tickUntilDone()
        #expect(try spool.sink.accepted.sorted() == Draft.addresses(3))
        try eventually("the group is dead") {
            !spool.sink.hanging.contains { process in
                let state = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
                return state.map { !$0.contains(") Z ") } ?? false
            }
        }
    }

    @Test func `a mail system that leaves a daemon behind holds nobody up`() throws {
        let spool = try ScratchSpool(delivery: ["timeout": 60])
        try spool.sink.behave("* daemon=40")
        try spool.drop(Draft(1), as: "a", in: .scheduled)
        #expect(try spool.tick(seconds: 20).isSilentSuccess)
        try spool.drop(Draft(["b@example.com"]), as: "b", in: .scheduled)
        #expect(try spool.tick(seconds: 20).isSilentSuccess)
        #expect(try spool.sink.accepted == ["r1@example.com", "b@example.com"])
    }

    @Test func `sendmail has the tick's environment, the root as directory, and descriptors of its own`()
        throws
    {
        let spool = try ScratchSpool()
        let directory = try TemporaryDirectory()
        let program = directory.path + "/sendmail"
        let script = """
            #!/bin/sh
            exec 8>"\(directory.path)/seen"
            echo "$# $*" >&8
            pwd >&8
            echo "$SPOOL_TEST" >&8
            for number in 0 1 2; do target=$(readlink /proc/$$/fd/$number); echo "$target" >&8; done
            ps -o pgid= -p $$ | tr -d ' ' >&8
            echo $$ >&8
            cat >"\(directory.path)/message"
            echo 'this goes nowhere'
            echo 'the first line' >&2
            echo 'the last line' >&2
            exit 67
            """
        try Data(script.utf8).write(to: URL(fileURLWithPath: program))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        try spool.configure(delivery: ["command": [program, "-x", "a b"]])
        try spool.drop(Draft(1).with("returnPath", "bounce@example.org"), as: "news", in: .scheduled)
        let outcome = try Run.start(
            Installation.tick, [spool.path], environment: ["SPOOL_TEST": "kept"]
        ).wait()
        #expect(outcome.isSilentSuccess && outcome.output.isEmpty, "\(outcome)")
        let seen = try String(contentsOfFile: directory.path + "/seen", encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard seen.count >= 8 else { throw HarnessError("the program saw \(seen)") }
        #expect(seen[0] == "7 -x a b -i -f bounce@example.org -- r1@example.com")
        #expect(seen[1] == "/" && seen[2] == "kept")
        #expect(seen[3].contains("memfd:") || seen[3].hasSuffix("(deleted)"), "\(seen[3])")
        #expect(seen[4] == "/dev/null" && seen[5].hasPrefix("pipe:"))
        #expect(seen[6] == seen[7], "it is not the leader of its process group")
        let journal = try String(
            contentsOfFile: try spool.journalFile(naming: "r1@example.com"), encoding: .utf8)
        #expect(journal.contains("failed r1@example.com 67 the last line\n"))
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func `a tick that is asked to end finishes what is in flight, and nothing is in doubt`(
        signal: Int32
    ) throws {
        let spool = try ScratchSpool(concurrency: 3)
        try spool.sink.behave("* before=200")
        try spool.drop(Draft(40), as: "news", in: .active)
        let tick = try spool.startTick()
        try eventually("some messages") { try spool.sink.count >= 6 }
        tick.signal(signal)
        let before = try spool.sink.count
        let outcome = tick.wait()
        #expect(outcome.isSilentSuccess, "\(outcome)")
        let after = try spool.sink.count
        #expect(after - before <= 3)
        let mailing = try spool.status(of: "news")
        #expect(mailing.sent == after && mailing.inDoubt == 0 && mailing.sending == 0 && mailing.sum == 40)
        try spool.sink.behave()
        try spool.tickUntilDone()
        try expectDelivered(spool, to: Draft.addresses(40))
    }

    @Test func `a tick that waits for the time of a mailing can be asked to end as well`() throws {
        let spool = try ScratchSpool()
        let draft = Draft(2).with("sendAt", rfc3339(Date.now.addingTimeInterval(50)))
        try spool.drop(draft, as: "news", in: .scheduled)
        let tick = try spool.startTick()
        try spool.awaitLooks(1, of: tick)
        tick.signal(SIGTERM)
        #expect(tick.wait(seconds: 20).isSilentSuccess)
        #expect(try spool.sink.count == 0)
    }

    @Test func `a mailing that is dropped during a tick starts within it`() throws {
        let spool = try ScratchSpool(concurrency: 2)
        try spool.sink.behave("r* before=100")
        try spool.drop(Draft(80), as: "long", in: .active)
        let tick = try spool.startTick()
        try eventually("it has begun") { try spool.sink.count >= 1 }
        try spool.drop(Draft(["short@example.com"]), as: "short", in: .scheduled)
        #expect(tick.wait().isSilentSuccess)
        #expect(try spool.sink.accepted.contains("short@example.com"))
        #expect(try spool.sink.accepted.last != "short@example.com")
    }

    @Test func `as many are handed over at once as the concurrency says`() throws {
        let spool = try ScratchSpool(concurrency: 5)
        try spool.sink.behave("* before=100")
        try spool.drop(Draft(40), as: "news", in: .active)
        #expect(try spool.tick().isSilentSuccess)
        let submissions = try spool.sink.submissions
        let most = submissions.map { one in
            submissions.count { $0.start <= one.start && one.start < $0.end }
        }.max()
        #expect(most == 5)
    }

    @Test func `another concurrency in config json holds at once`() throws {
        let spool = try ScratchSpool(concurrency: 1)
        try spool.sink.behave("* before=100")
        try spool.drop(Draft(100), as: "news", in: .active)
        let tick = try spool.startTick()
        try eventually("it has begun") { try spool.sink.count >= 3 }
        try spool.configure(concurrency: 10)
        #expect(tick.wait().isSilentSuccess)
        let submissions = try spool.sink.submissions
        #expect(
            submissions.contains { one in
                submissions.count { $0.start <= one.start && one.start < $0.end } == 10
            })
        try expectDelivered(spool, to: Draft.addresses(100))
    }

    @Test func `a config that becomes wrong in the middle stops the tick with 78`() throws {
        let spool = try ScratchSpool(concurrency: 1)
        try spool.sink.behave("* before=100")
        try spool.drop(Draft(60), as: "news", in: .active)
        let tick = try spool.startTick()
        try eventually("it has begun") { try spool.sink.count >= 3 }
        try spool.replace("config.json", with: Data(#"{"delivery": {"concurency": 3}}"#.utf8))
        let outcome = tick.wait()
        #expect(outcome.ending == .exited(78) && outcome.errors.contains("concurency"), "\(outcome)")
        #expect(try spool.sink.count < 40)
        try spool.configure(concurrency: 10)
        try spool.tickUntilDone()
        try expectDelivered(spool, to: Draft.addresses(60))
    }

    @Test func `without standard streams, or with nobody to listen, it works as ever`() throws {
        for redirection in ["<&- >&- 2>&-", "<&-", "2>&-", "2>&1 | true"] {
            let spool = try ScratchSpool(concurrency: 3)
            try spool.drop(Draft(6), as: "news", in: .scheduled)
            try spool.drop(Draft(6).with("subject", nil), as: "broken", in: .scheduled)
            _ = try Run.start(
                "/bin/bash", ["-c", "\(Installation.tick) --spool \(spool.path) \(redirection)"]
            ).wait()
            try eventually("it has ended") { try !spool.status().ticking }
            try expectDelivered(spool, to: Draft.addresses(6))
            #expect(spool.folders(of: "news") == [.done], "\(redirection)")
        }
    }

    @Test func `a user without rights runs a tick on a spool of his own`() throws {
        let directory = try TemporaryDirectory()
        let spool = try ScratchSpool(in: directory.path)
        try spool.drop(Draft(3), as: "news", in: .scheduled)
        try tool("/bin/chown", "-R", "nobody", directory.path, spool.sink.path)
        // The programs may lie where only root gets.
        let copies = try TemporaryDirectory()
        try tool("/bin/cp", Installation.tick, copies.path + "/spool-tick")
        let outcome = try Run.start(
            "/usr/bin/setpriv",
            ["--reuid=nobody", "--clear-groups", copies.path + "/spool-tick", spool.path]
        ).wait()
        #expect(outcome.isSilentSuccess, "\(outcome)")
        try expectDelivered(spool, to: Draft.addresses(3))
        // Others can neither take the lock nor read who got the mailing.
        try tool("/bin/chmod", "755", spool.path + "/journal")
        let lock = try Run.start(
            "/usr/bin/setpriv",
            [
                "--reuid=daemon", "--clear-groups", "/usr/bin/flock", "-n", spool.path + "/journal/lock",
                "true",
            ]
        ).wait()
        #expect(lock.ending != .exited(0), "another user can take the lock")
    }

    @Test func `the files of the journal have its mode, and the lock is its owner's alone`() throws {
        for (mode, expected) in [(0o750, 0o640), (0o700, 0o600), (0o770, 0o660)] {
            let spool = try ScratchSpool()
            let journal = spool.path + "/journal"
            #expect(try tool("/usr/bin/stat", "-c", "%a", journal) == "750\n")
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: journal)
            try spool.drop(Draft(2), as: "news", in: .scheduled)
            #expect(try spool.tick().isSilentSuccess)
            var modes: [String: Int] = [:]
            for name in try spool.names(in: .journal) {
                let attributes = try FileManager.default.attributesOfItem(atPath: "\(journal)/\(name)")
                modes[name] = (attributes[.posixPermissions] as? NSNumber)?.intValue
            }
            #expect(modes["lock"] == 0o600)
            let mailing = URL(fileURLWithPath: try spool.journalFile(naming: "r1@example.com"))
            #expect(modes[mailing.lastPathComponent] == expected)
            #expect(modes["tick"] == expected)
            #expect(modes.values.allSatisfy { $0 & ~expected == 0 }, "\(modes)")
        }
    }

    @Test func `each look leaves its time`() throws {
        let spool = try ScratchSpool()
        #expect(try spool.status().lastTick == nil)
        #expect(try spool.tick().isSilentSuccess)
        let first = try #require(try spool.status().lastTick)
        // It is written in whole seconds.
        try eventually("the next second") { rfc3339(.now) > first }
        #expect(try spool.tick().isSilentSuccess)
        let second = try #require(try spool.status().lastTick)
        #expect(second > first)
    }

    @Test func `nobody who reads what it says holds up nobody's mailing, and nothing of it is lost`() throws {
        let spool = try ScratchSpool()
        for number in 1...30 { try spool.put("scheduled/broken-\(number).json", "[]") }
        try spool.drop(Draft(5), as: "news", in: .active)
        let pipe = spool.path + "/../pipe"
        try tool("/usr/bin/mkfifo", pipe)
        // Full before the tick begins, and open at both ends.
        let script =
            "exec 3<>\(pipe); head -c 65536 /dev/zero >&3; exec \(Installation.tick) \(spool.path) 2>&3"
        let began = Date.now
        let outcome = try Run.start("/bin/bash", ["-c", script]).wait(seconds: 30)
        #expect(outcome.ending == .exited(0), "\(outcome)")
        #expect(Date.now.timeIntervalSince(began) < 10)
        try expectDelivered(spool, to: Draft.addresses(5))
        let next = try spool.tick()
        #expect(next.errors.split(separator: "\n").count == 30, "\(next)")
        #expect(try spool.tick().isSilentSuccess)
    }

    @Test func `without /proc nothing is done, and never on another spool than the one that was named`()
        throws
    {
        let spool = try ScratchSpool()
        try spool.drop(Draft(1), as: "news", in: .active)
        func run(_ command: String) throws -> Outcome {
            let script = "cd \(spool.path)/.. && umount -l /proc && exec \(command)"
            return try Run.start("/usr/bin/unshare", ["-m", "/bin/sh", "-c", script]).wait()
        }
        let refused = try run(Installation.tick)
        #expect(refused.ending == .exited(78) && refused.errors.contains("/proc"), "\(refused)")
        #expect(try spool.names(in: .journal).isEmpty && spool.folders(of: "news") == [.active])
        let version = try run("\(Installation.tick) --version")
        #expect(version.output.hasPrefix("spool-tick "), "\(version)")
        let unknown = try run("\(Installation.tick) --unknown 'a b'")
        #expect(unknown.ending == .exited(64), "\(unknown)")
    }
}
