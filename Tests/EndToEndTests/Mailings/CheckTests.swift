import Foundation
import Glibc
import Testing

@Suite(.timeLimit(.minutes(25)))
struct `spool-check` {
    /// A list with one of each kind: two good rows, a duplicate, one that is no address, one that is suppressed.
    private static let list = """
        email,firstName
        anna@example.org,Anna
        bo@example.org,Bo
        Anna@Example.org,Anna again
        nobody at all,X
        carl@example.org,Carl

        """

    private func spool(delivery: [String: Any] = [:], settings: [String: Any] = [:]) throws -> ScratchSpool {
        let spool = try ScratchSpool(delivery: delivery, settings: settings)
        try spool.put("files/list.csv", Self.list)
        try spool.put("suppressed.txt", "carl@example.org\n")
        return spool
    }

    private var draft: Draft {
        Draft(file: "list.csv").with("subject", "News for {{ firstName }}")
    }

    @Test func `a good mailing is summed up, and can be sent`() throws {
        let spool = try spool(settings: ["rate": "100/hour"])
        try spool.put("suppressed.txt", "Carl <mailto:carl@example.org>,left\nnobody\n")
        let file = try spool.write(
            draft.with("sendAt", "2099-07-01T19:00").with("timeZone", "Europe/Stockholm")
                .with("rate", "1/hour").with("attachments", ["list.csv"]), as: "news")
        let outcome = try spool.check(file)
        #expect(outcome.isSilentSuccess, "\(outcome)")
        for part in [
            "The Club <club@example.org>", "News for Anna\n", "Wed 1 Jul 2099 19:00, in ",
            "(2099-07-01 19:00 +02:00 Europe/Stockholm)",
            "5 in total: 3 unique, 1 duplicate, 1 invalid, 1 suppressed\n",
            "list.csv \(Self.list.utf8.count) bytes",
            "2 h at 1/hour, the spool's rate is 100/hour, until Wed 1 Jul 2099 21:00",
            "warning", "line 5, \"nobody at all\"", "suppressed.txt: line 2 holds no address",
            "It can be sent; 4 warnings.",
        ] {
            #expect(outcome.output.contains(part), "\(part) in \(outcome.output)")
        }
        #expect(!outcome.output.contains("\u{1B}"))
        #expect(try spool.sink.count == 0)
    }

    @Test func `what is wrong is said of many at once, exits 65, and a tick says the same`() throws {
        let spool = try spool()
        let broken = draft.with("text", "Dear {{ lastName }} {{ fistName }}")
        let outcome = try spool.check(try spool.write(broken, as: "news"))
        #expect(outcome.ending == .exited(65) && outcome.errors.isEmpty, "\(outcome)")
        let message = "2 recipients have no value for {{ lastName }} (first: line 2, anna@example.org)"
        #expect(
            outcome.output.contains("news.json:") && outcome.output.contains(message), "\(outcome.output)")
        #expect(outcome.output.contains("did you mean {{ firstName }}?"))
        #expect(outcome.output.contains("It cannot be sent: 2 errors"))
        let checked = try spool.checkJSON("\(spool.path)/news.json")
        try spool.drop(broken, as: "news", in: .scheduled)
        _ = try spool.tick()
        let judged = try spool.status(of: "news").errors
        #expect(checked.errors.map(\.message) == judged.map(\.message) && checked.errors.count == 2)
        #expect(checked.errors.map(\.line) == judged.map(\.line))
        #expect(checked.errors.map(\.key) == judged.map(\.key))
        #expect(checked.errors.map(\.hint) == judged.map(\.hint))
    }

    @Test func `a program gets one document with everything`() throws {
        let spool = try spool()
        let html = "<p>Hi {{ firstName }}</p>"
        let file = try spool.write(
            draft.with("text", nil).with("html", html).with("sendAt", "2099-07-01T19:00:00+02:00")
                .with("rate", "2/hour"), as: "år")
        let check = try spool.checkJSON(file)
        #expect(check.file == file && check.name == "år" && check.state == nil && check.canBeSent)
        #expect(check.subject == "News for Anna" && check.from == "The Club <club@example.org>")
        #expect(check.sendAt == "2099-07-01T17:00:00Z" && check.beginsAt == check.sendAt)
        #expect(check.secondsNeeded == 3600 && check.remaining == 2 && check.sent == nil)
        #expect(check.recipients == 5 && check.unique == 3 && check.duplicate == 1)
        #expect(check.invalid == 1 && check.suppressed == 1)
        #expect(
            check.parts == [
                .init(type: "text/plain", name: nil, bytes: 8, derived: true),
                .init(type: "text/html", name: nil, bytes: 14, derived: false),
            ])
        #expect((check.largestMessage ?? 0) > 300)
        #expect(check.errors.isEmpty)
        #expect(check.warnings.map(\.key) == ["recipientsFile", "recipientsFile", "recipientsFile", "html"])
        #expect(check.warnings.allSatisfy { $0.line != nil && $0.hint?.isEmpty == false })
    }

    @Test func `of several files the worst decides, and each is in the JSON`() throws {
        let spool = try spool()
        let good = try spool.write(draft, as: "good")
        let bad = try spool.write(draft.with("subject", nil), as: "bad")
        let missing = spool.path + "/missing.json"
        #expect(try spool.check(good, good).ending == .exited(0))
        #expect(try spool.check(bad, good).ending == .exited(65))
        let all = try spool.check(missing, bad, good)
        #expect(all.ending == .exited(66) && all.errors.contains("missing.json"), "\(all)")
        #expect(all.output.contains("good.json") && all.output.contains("bad.json:"))
        let json = try spool.check("--json", missing, bad, good)
        #expect(json.ending == .exited(66))
        let files = try JSONDecoder().decode(Checks.self, from: Data(json.output.utf8)).files
        #expect(files.map(\.name) == ["missing", "bad", "good"])
        #expect(files.map(\.canBeSent) == [false, false, true])
        #expect(files[0].errors.first?.message.contains("missing.json") == true && files[0].recipients == nil)
    }

    @Test func `what is no document to be read is said with its exit status`() throws {
        let spool = try spool()
        let good = try spool.write(draft, as: "news")
        #expect(try spool.check("/nonexistent/news.json").ending == .exited(66))
        #expect(try spool.check(spool.path).ending == .exited(66))
        #expect(try spool.check(spool.path + "/").ending == .exited(66))
        try tool("/usr/bin/mkfifo", spool.path + "/pipe.json")
        #expect(try spool.check(spool.path + "/pipe.json").ending == .exited(66))
        let none = try Run.start(Installation.check, ["--spool", "/nonexistent/spool", good]).wait()
        #expect(none.ending == .exited(78) && none.errors.contains("/nonexistent/spool"), "\(none)")
        try spool.replace("config.json", with: Data("{".utf8))
        let config = try spool.check(good)
        #expect(config.ending == .exited(78) && config.errors.contains("config.json"), "\(config)")
        try spool.configure()
        try FileManager.default.removeItem(atPath: spool.path + "/suppressed.txt")
        try FileManager.default.createDirectory(
            atPath: spool.path + "/suppressed.txt", withIntermediateDirectories: false)
        #expect(try spool.check(good).ending == .exited(78))
    }

    @Test(arguments: [
        [], ["--preview"], ["--sendat", "x"], ["x", "--preview", "no address"],
        ["x", "--test", "a@example.org,"],
        ["x", "--as", "a@example.org"], ["x", "--json", "--preview", "a@example.org"],
        ["x", "y", "--preview", "a@example.org"], ["x", "y", "--test", "a@example.org"],
        ["x", "--color", "red"],
        ["x", "--test", "a@example.org", "--as", "nobody"],
    ])
    func `wrong options are said`(options: [String]) throws {
        let outcome = try Run.start(Installation.check, options).wait()
        #expect(
            outcome.ending == .exited(64) && !outcome.errors.isEmpty && outcome.output.isEmpty, "\(outcome)")
    }

    @Test func `help and version go to standard output`() throws {
        for option in ["--help", "--version"] {
            let outcome = try Run.start(Installation.check, [option]).wait()
            #expect(outcome.isSilentSuccess && outcome.output.contains("spool-check"), "\(outcome)")
        }
    }

    @Test func `errors are red and warnings yellow, where that is wanted`() throws {
        let spool = try spool()
        let bad = try spool.write(
            draft.with("text", "{{ nothing }}").with("sendAt", "2020-01-01T00:00"), as: "bad")
        let colored = try spool.check(bad, "--color", "always")
        #expect(
            colored.output.contains("\u{1B}[31merror\u{1B}[0m")
                && colored.output.contains("\u{1B}[33mwarning\u{1B}[0m"))
        for plain in [
            try spool.check(bad), try spool.check(bad, "--color", "never"),
            try spool.check(bad, environment: ["NO_COLOR": "1"]),
        ] {
            #expect(!plain.output.contains("\u{1B}") && plain.ending == .exited(65))
        }
    }

    @Test func `a terminal gets colours and lines of its width, and no control characters of others`() throws
    {
        let spool = try spool()
        let file = try spool.write(
            draft.with("from", "nobody\u{1B}[2J").with("subject", "x"), as: "a\u{1B}]0;b")
        func onTerminal(_ variables: String) throws -> String {
            let command =
                "stty cols 60; \(variables) '\(Installation.check)' --spool '\(spool.path)' '\(file)'"
            return try Run.start(
                "/usr/bin/script", ["-qec", command, "/dev/null"], environment: ["TERM": "xterm"]
            )
            .wait().output.replacing("\r\n", with: "\n")
        }
        let colored = try onTerminal("NO_COLOR=")
        #expect(colored.contains("\u{1B}[31merror"), "\(colored)")
        let plain = try onTerminal("NO_COLOR=1")
        #expect(
            plain.contains("  error") && !plain.contains("\u{1B}") && !plain.contains("\u{7}"), "\(plain)")
        for line in plain.split(separator: "\n").dropFirst() {
            #expect(line.count <= 60 || !line.dropFirst(16).contains(" "), "\(line)")
        }
    }

    @Test func `a bar shows how far it is on a terminal when it takes long, and goes again`() throws {
        let spool = try spool()
        let rows = (0..<9000).map { "recipient\($0)@example.org,Recipient \($0) with a name of some length" }
        try spool.put("files/list.csv", "email,firstName\n" + rows.joined(separator: "\n") + "\n")
        let file = try spool.write(draft, as: "news")
        // The disk is slow: every read takes four tenths of a second.
        let slow = "strace -f -o /dev/null -e trace=pread64 -e inject=pread64:delay_enter=400000"
        let command = "stty cols 70; \(slow) '\(Installation.check)' --spool '\(spool.path)' '\(file)'"
        let output = try Run.start(
            "/usr/bin/script", ["-qec", command, "/dev/null"],
            environment: ["TERM": "xterm", "NO_COLOR": "1"]
        ).wait().output
        let drawings = output.matches(of: /\r(news\.json  \[#*-*\] +\d+ %  [\d,]+ messages)\u{1B}\[K/)
        #expect(!drawings.isEmpty && drawings.allSatisfy { $0.output.1.count < 70 }, "\(output)")
        let report = try #require(output.split(separator: "\r\u{1B}[K").last)
        #expect(report.hasPrefix("\(file)\r\n") && report.contains("9,000 in total"), "\(output)")
    }

    // MARK: Where it lies

    @Test func `a document in a state folder is judged for that spool, without further words`() throws {
        let spool = try spool()
        try spool.drop(draft, as: "news", in: .scheduled)
        let path = spool.document("news", in: .scheduled)
        let outcome = try Run.start(Installation.check, [path, "--json"]).wait()
        #expect(outcome.ending == .exited(0), "\(outcome)")
        let file = try JSONDecoder().decode(Checks.self, from: Data(outcome.output.utf8)).files[0]
        #expect(file.state == "scheduled" && file.recipients == 5)
        // A spool that is named goes before.
        let other = try ScratchSpool()
        let named = try Run.start(Installation.check, ["--spool", other.path, path]).wait()
        #expect(
            named.ending == .exited(65) && named.output.contains("files/list.csv is not there"), "\(named)")
        let variable = try Run.start(Installation.check, [path], environment: ["SPOOL_DIR": other.path])
            .wait()
        #expect(variable.ending == .exited(65))
    }

    @Test func `a time without effect, and one that has passed, are said`() throws {
        let spool = try spool()
        let late = draft.with("sendAt", "2020-01-01T19:00:00Z")
        #expect(
            try spool.check(try spool.write(late, as: "news")).output.contains("sendAt: the time has passed"))
        for folder in [ScratchSpool.Folder.active, .paused, .done] {
            try spool.drop(late, as: "in\(folder)", in: folder)
            let check = try spool.checkJSON(spool.document("in\(folder)", in: folder))
            #expect(check.state == folder.rawValue)
            #expect(
                check.warnings.contains { $0.key == "sendAt" && $0.message.contains("without effect") },
                "\(check.warnings)")
        }
    }

    @Test(arguments: ["news.txt", "NEWS.JSON", ".news.json", String(repeating: "n", count: 196) + ".json"])
    func `a name that a tick would ignore is said`(name: String) throws {
        let spool = try spool()
        try spool.replace(name, with: try draft.json)
        let check = try spool.checkJSON("\(spool.path)/\(name)")
        #expect(check.canBeSent && check.warnings.contains { $0.message.contains("a tick would ignore it") })
    }

    @Test func `a name in use, and what would come of it, is said`() throws {
        let spool = try spool(settings: ["retry": ["first": "1h", "most": "1h"]])
        try spool.sink.behave("bo@* exit=75")
        func warned(_ name: String, _ words: String, location: SourceLocation = #_sourceLocation) throws {
            let check = try spool.checkJSON(try spool.write(draft, as: name))
            #expect(
                check.canBeSent && check.warnings.contains { $0.message.contains(words) }, "\(check)",
                sourceLocation: location)
        }
        try spool.drop(draft, as: "running", in: .scheduled)
        try spool.drop(draft, as: "stopped", in: .scheduled)
        try spool.drop(Draft(1), as: "over", in: .scheduled)
        _ = try spool.tick()
        try #require(spool.folders(of: "over") == [.done] && spool.folders(of: "running") == [.active])
        spool.move("stopped", from: .active, to: .paused)
        try spool.drop(draft.with("sendAt", "2099-01-01T00:00"), as: "waiting", in: .scheduled)
        _ = try spool.tick()
        try warned("running", "waits for another mailing of its name to end: active/running.json")
        try warned("stopped", "waits for another mailing of its name to end: paused/stopped.json")
        try warned("over", "a mailing named over has ended; this one is a new mailing")
        try warned("waiting", "scheduled/waiting.json is there already")
        // In its own folder a name is not in use by another.
        let own = try spool.checkJSON(spool.document("running", in: .active))
        #expect(
            own.sent == 1 && own.remaining == 1
                && !own.warnings.contains { $0.message.contains("running.json") })
        // The unfinished one's own document is gone: a tick would say the same of another file.
        try #require(rename(spool.document("running", in: .active), spool.path + "/away.json") == 0)
        _ = try spool.tick()
        let stranger = try spool.check(try spool.write(draft, as: "running"))
        #expect(stranger.ending == .exited(65) && stranger.output.contains("--forget running"), "\(stranger)")
        let itself = try spool.checkJSON(spool.path + "/away.json")
        #expect(
            itself.canBeSent && itself.warnings.contains { $0.message.contains("which has begun: 1 sent") })
    }
}
