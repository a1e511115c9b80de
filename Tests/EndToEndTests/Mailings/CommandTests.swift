import Foundation
import Testing

@Suite(.timeLimit(.minutes(25)))
struct `The commands` {
    private func snapshot(_ path: String) throws -> String {
        try tool("/usr/bin/find", path, "-printf", "%p %i %m %s %T@ %C@\\n")
    }

    @Test func `init makes a spool and touches nothing that exists`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/new"
        let first = try Run.start(Installation.tick, ["--init", path]).wait()
        #expect(first.ending == .exited(0) && first.errors.isEmpty, "\(first)")
        let line =
            "* * * * * \(URL(fileURLWithPath: Installation.tick).resolvingSymlinksInPath().path) \(path)"
        #expect(first.output.split(separator: "\n").contains { $0 == line }, "\(first.output)")
        for name in [
            "scheduled", "active", "paused", "done", "files", "journal", "returns/new", "returns/cur",
            "returns/tmp",
        ] {
            var isDirectory: ObjCBool = false
            #expect(FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isDirectory))
            #expect(isDirectory.boolValue, "\(name)")
        }
        #expect(try tool("/usr/bin/stat", "-c", "%a", path + "/journal") == "750\n")
        #expect(
            try tool("/usr/bin/stat", "-c", "%a", path + "/returns", path + "/returns/new") == "700\n700\n")
        _ = try JSONSerialization.jsonObject(
            with: Data(contentsOf: URL(fileURLWithPath: path + "/config.json")))
        let before = try snapshot(path)
        #expect(try Run.start(Installation.tick, ["--init", path]).wait().ending == .exited(0))
        #expect(try snapshot(path) == before)
        // What is missing is made again, and nothing else changes.
        try FileManager.default.removeItem(atPath: path + "/paused")
        try Data(#"{"retry":{"first":"7m","most":"4h"}}"#.utf8)
            .write(to: URL(fileURLWithPath: path + "/config.json"))
        #expect(try Run.start(Installation.tick, ["--init", path]).wait().ending == .exited(0))
        #expect(FileManager.default.fileExists(atPath: path + "/paused"))
        #expect(try String(contentsOfFile: path + "/config.json", encoding: .utf8).contains("7m"))
    }

    @Test func `init makes a spool for a group, whoever is in it`() throws {
        let directory = try TemporaryDirectory()
        try tool("/bin/chmod", "755", directory.path)
        let path = directory.path + "/ours"
        let made = try Run.start(Installation.tick, ["--init", path, "--group", "nogroup"]).wait()
        #expect(made.isSilentSuccess && made.output.contains("usermod -aG nogroup"), "\(made)")
        #expect(try tool("/usr/bin/stat", "-c", "%a %G", path + "/journal") == "2750 nogroup\n")
        func asNobody(
            _ groups: String, _ program: String, _ arguments: some Sequence<String>
        ) throws -> Outcome {
            try Run.start("/usr/bin/setpriv", ["--reuid=nobody", groups, program] + arguments).wait()
        }
        let member = try asNobody("--groups=65534", Installation.status, ["--spool", path])
        #expect(member.ending == .exited(0), "\(member)")
        let stranger = try asNobody("--clear-groups", Installation.status, ["--spool", path])
        #expect(
            stranger.ending == .exited(77)
                && stranger.errors.contains(
                    "for the group nogroup, and nobody is not in it: sudo usermod -aG"),
            "\(stranger)")
        for program in [
            [Installation.check, path + "/files/news.json"],
            [Installation.check, "--new", path + "/news.json"],
        ] {
            let refused = try asNobody("--clear-groups", program[0], program[1...])
            #expect(
                refused.ending != .exited(0) && refused.errors.contains("sudo usermod -aG nogroup nobody"),
                "\(program): \(refused)")
        }
        let none = try Run.start(Installation.tick, ["--init", path, "--group", "no-such"]).wait()
        #expect(none.ending == .exited(64) && none.errors.contains("sudo groupadd no-such"), "\(none)")
        let other = try asNobody(
            "--clear-groups", Installation.tick, ["--init", path + "2", "--group", "daemon"])
        #expect(other.ending == .exited(77) && other.errors.contains("usermod -aG daemon nobody"), "\(other)")
        let alone = try Run.start(Installation.tick, ["--group", "daemon", path]).wait()
        #expect(alone.ending == .exited(64) && alone.errors.contains("--init"), "\(alone)")
    }

    @Test func `the spool is an argument, an option, a variable or the directory spool`() throws {
        let directory = try TemporaryDirectory()
        let spool = try ScratchSpool(in: directory.path)
        let ways: [(arguments: [String], variables: [String: String])] = [
            ([Installation.tick, spool.path], [:]),
            ([Installation.tick, "--spool", spool.path], [:]),
            ([Installation.tick], ["SPOOL_DIR": spool.path]),
            (["-C", directory.path, Installation.tick], [:]),
            (["-C", spool.path, Installation.tick], [:]),
        ]
        for (index, way) in ways.enumerated() {
            try spool.drop(Draft(["way\(index)@example.com"]), as: "way\(index)", in: .scheduled)
            let outcome = try Run.start("/usr/bin/env", way.arguments, environment: way.variables).wait()
            #expect(outcome.isSilentSuccess, "\(way): \(outcome)")
            #expect(try spool.sink.accepted.last == "way\(index)@example.com")
        }
        let status = try Run.start(
            "/usr/bin/env", ["-C", directory.path, Installation.status, "--json"]
        ).wait()
        #expect(status.ending == .exited(0) && status.output.contains("way3"))
    }

    @Test func `help and version go to standard output`() throws {
        for program in [Installation.tick, Installation.status] {
            for option in ["--help", "--version"] {
                let outcome = try Run.start(program, [option]).wait()
                #expect(
                    outcome.isSilentSuccess && !outcome.output.isEmpty, "\(program) \(option): \(outcome)")
            }
            let unknown = try Run.start(program, ["--sendat"]).wait()
            #expect(unknown.ending == .exited(64) && unknown.errors.contains("--sendat"), "\(unknown)")
        }
    }

    @Test func `data that nobody gets is an error, and so is a colour that is none`() throws {
        let spool = try ScratchSpool()
        try spool.drop(Draft(1), as: "news", in: .scheduled)
        let document = spool.path + "/scheduled/news.json"
        let looks: [[String]] = [
            [Installation.status], [Installation.status, "news"], [Installation.status, "--json"],
            [Installation.status, "--metrics"], [Installation.status, "--html", "-"],
            [Installation.status, "--recipients"],
            [Installation.check, document], [Installation.check, "--json", document],
            [Installation.check, "--preview", "r1@example.com", document], [Installation.tick, "--help"],
        ]
        for look in looks {
            let command = (look + ["--spool", spool.path]).map { "'\($0)'" }.joined(separator: " ")
            for output in [">&-", ">/dev/full"] {
                let outcome = try Run.start("/bin/sh", ["-c", "\(command) \(output)"]).wait()
                #expect(
                    outcome.ending == .exited(74) && outcome.errors.hasPrefix("spool-"),
                    "\(look) \(output): \(outcome)")
            }
        }
        for program in [Installation.tick, Installation.status, Installation.check] {
            let outcome = try Run.start(program, ["--color", "bogus", "--spool", spool.path]).wait()
            #expect(
                outcome.ending == .exited(64) && outcome.errors.contains("bogus"), "\(program): \(outcome)")
        }
    }

    @Test func `a mailing that is over has nothing to be forgotten`() throws {
        let spool = try ScratchSpool()
        try spool.drop(Draft(1), as: "news", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        for name in ["news", "done/news.json"] {
            let ended = try spool.tick("--forget", name)
            #expect(
                ended.ending == .exited(65) && ended.errors.contains("has ended; there is nothing to forget"))
        }
        let near = try spool.tick("--forget", "newz")
        #expect(near.ending == .exited(66) && near.errors.contains("did you mean news?"), "\(near)")
    }

    @Test func `a spool that is not there is said`() throws {
        for program in [Installation.tick, Installation.status] {
            let outcome = try Run.start(program, ["--spool", "/nonexistent/spool"]).wait()
            #expect(
                outcome.ending != .exited(0) && outcome.errors.contains("/nonexistent/spool"), "\(outcome)")
        }
    }

    @Test func `the plain overview names every mailing and its numbers`() throws {
        let spool = try ScratchSpool(settings: ["retry": ["first": "1h", "most": "1h"]])
        try spool.sink.behave("r2@* exit=75", "r3@* exit=67")
        try spool.drop(Draft(40), as: "news", in: .active)
        try spool.drop(Draft(2).with("subject", nil), as: "broken", in: .scheduled)
        #expect(try spool.tick().ending == .exited(0))
        let outcome = try Run.start(Installation.status, ["--spool", spool.path]).wait()
        #expect(outcome.isSilentSuccess, "\(outcome)")
        #expect(outcome.output.contains("news") && outcome.output.contains("38"))
        #expect(outcome.output.contains("broken") && outcome.output.contains("subject"))
        #expect(!outcome.output.contains("\u{1B}"))
    }

    @Test func `a config that others can write is refused when it names a program`() throws {
        let spool = try ScratchSpool()
        let files = FileManager.default
        try spool.drop(Draft(1), as: "news", in: .scheduled)
        func expectRefused(_ what: String) throws {
            let before = try spool.picture
            let outcome = try spool.tick()
            #expect(outcome.ending == .exited(78) && !outcome.errors.isEmpty, "\(what): \(outcome)")
            #expect(try spool.sink.count == 0)
            #expect(try spool.picture == before)
        }
        let config = spool.path + "/config.json"
        for mode in [0o664, 0o646] {
            try files.setAttributes([.posixPermissions: mode], ofItemAtPath: config)
            try expectRefused("config.json with \(String(mode, radix: 8))")
        }
        try files.setAttributes([.posixPermissions: 0o644], ofItemAtPath: config)
        for mode in [0o775, 0o757] {
            try files.setAttributes([.posixPermissions: mode], ofItemAtPath: spool.path)
            try expectRefused("the spool with \(String(mode, radix: 8))")
        }
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: spool.path)
        try tool("/bin/chown", "nobody", config)
        try expectRefused("config.json of another user")
        try tool("/bin/chown", "root", config)
        #expect(try spool.tick().isSilentSuccess)
        try expectDelivered(spool, to: Draft.addresses(1))
    }

    @Test(arguments: [
        #"{"delivery": {"concurency": 3}}"#, #"{"retry": {"first": "soon", "most": "4h"}}"#, "{", "[]", "",
        #"{"inDoubt": "forget"}"#, #"{"delivery": {"concurrency": 65}}"#, #"{"timeZone": "Mars/Olympus"}"#,
    ])
    func `a config with a mistake is said, exits 78 and sends nothing`(json: String) throws {
        let spool = try ScratchSpool()
        try spool.replace("config.json", with: Data(json.utf8))
        try spool.drop(Draft(1), as: "news", in: .scheduled)
        let outcome = try spool.tick()
        #expect(outcome.ending == .exited(78) && outcome.errors.contains("config.json"), "\(outcome)")
        #expect(try spool.sink.count == 0)
        #expect(spool.folders(of: "news") == [.scheduled])
    }

    @Test func `a Maildir can take the place of a mail system`() throws {
        let spool = try ScratchSpool()
        try spool.replace("config.json", with: Data(#"{"delivery": {"via": "maildir"}}"#.utf8))
        try spool.drop(Draft(5), as: "news", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        let new = try FileManager.default.contentsOfDirectory(atPath: spool.path + "/outbox/new")
        #expect(new.count == 5)
        for name in new {
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(spool.path)/outbox/new/\(name)"))
            #expect(Message(data).body.contains(Draft.lastWords))
        }
    }

    @Test func `the spool of the repository delivers its example into a Maildir`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/spool"
        try tool("/bin/cp", "-r", Installation.package.appending(path: "spool").path, path)
        try tool("/bin/cp", path + "/example.json", path + "/scheduled/")
        let outcome = try Run.start(Installation.tick, [path]).wait()
        #expect(outcome.isSilentSuccess, "\(outcome)")
        let status = try Run.start(Installation.status, ["--spool", path]).wait()
        #expect(status.isSilentSuccess && status.output.contains("example"), "\(status)")
        #expect(try !FileManager.default.contentsOfDirectory(atPath: path + "/outbox/new").isEmpty)
        #expect(FileManager.default.fileExists(atPath: path + "/done/example.json"))
    }

    @Test func `defaults of the config stand in for what a document lacks`() throws {
        let spool = try ScratchSpool(settings: [
            "defaults": ["from": "Board <board@example.org>", "returnPath": "bounce@example.org"]
        ])
        try spool.drop(Draft(1).with("from", nil), as: "news", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        let submission = try #require(try spool.sink.submissions.first)
        #expect(submission.returnPath == "bounce@example.org")
        #expect(try spool.sink.message(submission)["From"]?.contains("board@example.org") == true)
    }

    /// `sendAt` in each form, and whether its time has come.
    static let times: [(sendAt: String, zone: String?, due: Bool)] = {
        func local(_ offset: TimeInterval, _ zone: String) -> String {
            let format = DateFormatter()
            format.locale = Locale(identifier: "en_US_POSIX")
            format.timeZone = TimeZone(identifier: zone)
            format.dateFormat = "yyyy-MM-dd'T'HH:mm"
            return format.string(from: Date.now.addingTimeInterval(offset))
        }
        func offset(_ seconds: TimeInterval, hours: Int) -> String {
            let format = DateFormatter()
            format.locale = Locale(identifier: "en_US_POSIX")
            format.timeZone = TimeZone(secondsFromGMT: hours * 3600)
            format.dateFormat = "yyyy-MM-dd'T'HH:mm:ssXXX"
            return format.string(from: Date.now.addingTimeInterval(seconds))
        }
        return [
            ("now", nil, true), ("2020-01-01T00:00:00Z", nil, true),
            ("2020-01-01T00:00:00.5+05:45", nil, true),
            (offset(-60, hours: 13), nil, true), (offset(3600, hours: 13), nil, false),
            (offset(3600, hours: -11), nil, false),
            (local(-120, "Pacific/Auckland"), "Pacific/Auckland", true),
            (local(3600, "Pacific/Auckland"), "Pacific/Auckland", false),
            (local(3600, "America/St_Johns"), "America/St_Johns", false),
            (local(-120, "America/St_Johns"), "America/St_Johns", true),
        ]
    }()

    @Test(arguments: times)
    func `sendAt may be now, a time with offset, or a local time`(
        time: (sendAt: String, zone: String?, due: Bool)
    ) throws {
        let spool = try ScratchSpool()
        var draft = Draft(1).with("sendAt", time.sendAt)
        if let zone = time.zone { draft = draft.with("timeZone", zone) }
        try spool.drop(draft, as: "news", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        #expect(try spool.sink.count == (time.due ? 1 : 0))
        #expect(spool.folders(of: "news") == [time.due ? .done : .scheduled])
    }

    @Test func `a mailing that is due within the minute is sent by the same tick, and not early`() throws {
        let spool = try ScratchSpool()
        // RFC 3339 in whole seconds.
        let due = Date(timeIntervalSince1970: (Date.now.timeIntervalSince1970 + 4).rounded(.up))
        try spool.drop(Draft(1).with("sendAt", rfc3339(due)), as: "news", in: .scheduled)
        let tick = try spool.startTick()
        #expect(tick.wait().isSilentSuccess)
        #expect(try spool.sink.count == 1)
        let submission = try #require(try spool.sink.submissions.first)
        // It was handed over so long ago.
        let age = Double(monotonicNanoseconds() - submission.start) / 1e9
        #expect(Date.now.addingTimeInterval(-age) >= due)
    }
}
