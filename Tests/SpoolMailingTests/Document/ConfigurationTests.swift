@testable import SpoolMail
@testable import SpoolMailing
@testable import SpoolSchedule
import Testing

@Suite struct ConfigurationTests {
    static func read(_ text: String) throws(Diagnostics) -> Configuration {
        try Configuration(reading: Array(text.utf8), cores: 4, zone: .utc) { name throws(Diagnostic) in
            guard name == "Europe/Stockholm" else { throw Diagnostic("no such zone", hint: "x") }
            return TimeZoneRules(utcOffset: 3600)
        }
    }

    @Test func `an empty object gives the defaults`() throws {
        let configuration = try Self.read("{}")
        #expect(configuration.transport == .sendmail(command: nil))
        #expect(configuration.concurrency == 4)
        #expect(configuration.timeout == .seconds(300))
        #expect(configuration.largestMessage == ByteCount(26_214_400))
        #expect(configuration.attempts == AttemptPolicy(backoff: .standard, giveUpAfter: .days(3)))
        #expect(configuration.inDoubt == .resend)
        #expect(configuration.rate == nil && configuration.window == nil && configuration.reportTo == nil)
        #expect(configuration.zone == .utc)
        #expect(Configuration(cores: 1, zone: .utc).concurrency == 2)
        #expect(Configuration(cores: 200, zone: .utc).concurrency == 64)
    }

    @Test func `every key has its effect`() throws {
        let configuration = try Self.read(
            """
            {"delivery": {"via": "maildir", "directory": "out/box", "concurrency": 7, "timeout": 10,
               "largestMessage": "512K"},
             "rate": "600/hour", "window": {"from": "18:00", "until": "07:00"}, "timeZone": "Europe/Stockholm",
             "giveUpAfter": "2h", "retry": {"first": "1m", "most": "2m"},
             "inDoubt": "hold", "x-note": 1,
             "defaults": {"from": "A <a@example.org>", "replyTo": "b@example.org", "returnPath": "c@example.org",
               "headers": {"X-A": "{{ name }}"}, "listUnsubscribe": {"mailto": "leave@example.org"}}}
            """)
        #expect(configuration.transport == .maildir(directory: "out/box"))
        #expect(configuration.concurrency == 7 && configuration.timeout == .seconds(10))
        #expect(configuration.largestMessage == ByteCount(512 << 10))
        #expect(configuration.rate == Rate(count: 600, per: .hour))
        #expect(configuration.window == (try DeliveryWindow(from: "18:00", until: "07:00")))
        #expect(configuration.zone == TimeZoneRules(utcOffset: 3600))
        #expect(
            configuration.attempts
                == AttemptPolicy(
                    backoff: Backoff(first: .minutes(1), most: .minutes(2)), giveUpAfter: .hours(2)))
        #expect(configuration.inDoubt == .hold)
        #expect(configuration.defaults.from?.name == "A")
        #expect(configuration.defaults.replyTo?.count == 1)
        #expect(configuration.defaults.returnPath?.description == "c@example.org")
        #expect(configuration.defaults.headers?.map(\.name) == ["X-A"])
        #expect(configuration.defaults.listUnsubscribe != nil)
        #expect(
            try Self.read("{\"delivery\": {\"via\": \"smtp\"}}").transport
                == .smtp(host: "127.0.0.1", port: 25))
        #expect(
            try Self.read("{\"delivery\": {\"command\": [\"/bin/x\", \"-a\"]}}").transport
                == .sendmail(command: ["/bin/x", "-a"]))
        #expect(try Self.read("{\"retry\": {\"first\": \"5h\"}}").attempts.backoff.most == .hours(5))
    }

    @Test(arguments: [
        ("{\"delivery\": {\"concurrency\": 0}}", "delivery.concurrency"),
        ("{\"delivery\": {\"concurrency\": 65}}", "delivery.concurrency"),
        ("{\"delivery\": {\"concurrency\": 2.5}}", "delivery.concurrency"),
        ("{\"delivery\": {\"timeout\": \"5\"}}", "delivery.timeout"),
        ("{\"delivery\": {\"via\": \"carrier pigeon\"}}", "delivery.via"),
        ("{\"delivery\": {\"command\": []}}", "delivery.command"),
        ("{\"delivery\": {\"command\": [\"sendmail\"]}}", "delivery.command"),
        ("{\"delivery\": {\"command\": \"/usr/sbin/sendmail\"}}", "delivery.command"),
        ("{\"delivery\": {\"via\": \"maildir\", \"directory\": \"../x\"}}", "delivery.directory"),
        ("{\"delivery\": {\"via\": \"maildir\", \"directory\": \"/x\"}}", "delivery.directory"),
        ("{\"delivery\": {\"port\": 70000}}", "delivery.port"),
        ("{\"delivery\": {\"largestMessage\": 25}}", "delivery.largestMessage"),
        ("{\"delivery\": {\"largestMessage\": \"25\"}}", "delivery.largestMessage"),
        ("{\"delivery\": {\"largestMessage\": \"25MB\"}}", "delivery.largestMessage"),
        ("{\"delivery\": {\"largestMessage\": \"0M\"}}", "delivery.largestMessage"),
        ("{\"delivery\": {\"largestMessage\": \"-1M\"}}", "delivery.largestMessage"),
        ("{\"delivery\": {\"largestMessage\": \"2000M\"}}", "delivery.largestMessage"),
        ("{\"delivery\": {\"largestMessage\": \"99999999999999999999M\"}}", "delivery.largestMessage"),
        ("{\"rate\": \"fast\"}", "rate"), ("{\"window\": \"never\"}", "window"),
        ("{\"window\": {\"from\": \"18:00\"}}", "window"), ("{\"timeZone\": \"Mars\"}", "timeZone"),
        ("{\"giveUpAfter\": \"soon\"}", "giveUpAfter"), ("{\"reportTo\": \"nobody\"}", "reportTo"),
        ("{\"reportTo\": \"åsa@example.org\"}", "reportTo"),
        ("{\"retry\": {\"first\": \"2h\", \"most\": \"1h\"}}", "retry"),
        ("{\"inDoubt\": \"ask\"}", "inDoubt"),
        ("{\"defaults\": {\"from\": \"x\"}}", "defaults.from"),
        ("{\"defaults\": {\"headers\": {\"Bcc\": \"x\"}}}", "defaults.headers.Bcc"),
        ("{\"defaults\": {\"listUnsubscribe\": {}}}", "defaults.listUnsubscribe"),
        ("{\"defaults\": {\"subject\": \"x\"}}", "defaults.subject"), ("{\"deliveries\": {}}", "deliveries"),
    ]) func `what cannot be is refused with its key`(text: String, key: String) throws {
        let problems = #expect(throws: Diagnostics.self) { try Self.read(text) }
        #expect(Set(problems?.all.map(\.key) ?? []) == [key])
        #expect(Set(problems?.all.map(\.line) ?? []) == [1])
    }

    private func problem(_ text: String) throws -> Diagnostic {
        try #require(#expect(throws: Diagnostics.self) { try Self.read(text) }?.all.first)
    }

    @Test(arguments: [
        ("{\"delivery\": {\"port\": 70000}}", "write a whole number from 1 to 65535"),
        ("{\"delivery\": {\"port\": \"25\"}}", "write 25, without quotation marks"),
        ("{\"delivery\": {\"port\": \"smtp\"}}", "write a whole number from 1 to 65535"),
        ("{\"delivery\": {\"concurrency\": 2.5}}", "write a whole number from 1 to 64"),
        ("{\"delivery\": {\"concurrency\": true}}", "write a whole number from 1 to 64"),
        ("{\"delivery\": {\"concurrency\": null}}", "leave the key out to have its default"),
        ("{\"delivery\": {\"command\": \"/x\"}}", "write it in square brackets: [\"/x\"]"),
        ("{\"rate\": 600}", "write a text in double quotes"),
        ("{\"window\": 5}", "write a string or an object"),
        ("{\"retry\": \"5m\"}", "write it in braces, with the keys first, most"),
        ("{\"defaults\": {\"headers\": []}}", "write it in braces: {\"name\": \"value\"}"),
        (
            "{\"defaults\": {\"listUnsubscribe\": {\"mailto\": \"a@b.example\", \"oneClick\": \"true\"}}}",
            "write true, without quotation marks"
        ),
    ]) func `the hint for a wrong type says how to write the right one`(text: String, hint: String) throws {
        #expect(try problem(text).hint == hint)
    }

    @Test func `a number of any length is cut in a message`() throws {
        let digits = String(repeating: "9", count: 1_000_000)
        let said = try problem("{\"delivery\": {\"port\": \(digits)}}").description
        #expect(said.utf8.count < 400)
    }

    @Test func `a way of delivery that would be refused is not offered`() throws {
        let pigeon = try problem("{\"delivery\": {\"via\": \"pigeon\"}}")
        #expect(pigeon.message == "\"pigeon\" is no way of delivery")
        #expect(pigeon.hint == "write \"sendmail\" or \"maildir\"")
    }

    @Test func `the waits between attempts are said as they were written`() throws {
        let alone = try problem("{\"retry\": {\"most\": \"1m\"}}")
        #expect(
            alone.key == "retry.most"
                && alone.message == "is shorter than first, which is not given and is 5m")
        #expect(alone.hint == "write first, too, or at least \"5m\"")
        let both = try problem("{\"retry\": {\"first\": \"2m\", \"most\": \"1m\"}}")
        #expect(both.key == "retry" && both.message == "first is longer than most")
        #expect(try Self.read("{\"retry\": {\"most\": \"5m\"}}").attempts.backoff.first == .minutes(5))
    }

    @Test(arguments: [
        (".", "is the spool itself"), ("./", "is the spool itself"),
        ("journal", "is what the spool keeps for itself"),
        ("./journal", "is what the spool keeps for itself"),
        ("files/x", "is what the spool keeps for itself"),
        ("scheduled", "is what the spool keeps for itself"),
        ("active//x", "is what the spool keeps for itself"),
        ("returns", "is what the spool keeps for itself"),
        ("suppressed/a", "is what the spool keeps for itself"),
        ("config.json", "is what the spool keeps for itself"), ("a/../journal", "contains \"..\""),
    ]) func `the Maildir may be nothing that the spool keeps`(directory: String, reason: String) throws {
        let problem = try problem("{\"delivery\": {\"via\": \"maildir\", \"directory\": \"\(directory)\"}}")
        #expect(problem.key == "delivery.directory")
        #expect(problem.message == "\"\(directory)\" \(reason)")
    }

    @Test func `returns say where what comes back lies, and what follows from it`() throws {
        let standard = try Self.read("{}").returns
        #expect(standard.maildir == "returns" && standard.webLogs == [] && standard.keep == .days(90))
        #expect(standard.block == .init(hard: 1, soft: 5, softSpan: .days(14), complaint: 1))
        let set = try Self.read(
            """
            {"returns": {"maildir": "/var/mail/back", "keep": "7d", "webLogs": ["/var/log/leave.log", "web/log"],
              "block": {"hard": 0, "soft": 3, "softSpan": "2d", "complaint": 2}}}
            """
        ).returns
        #expect(set.maildir == "/var/mail/back" && set.keep == .days(7))
        #expect(set.webLogs == ["/var/log/leave.log", "web/log"])
        #expect(set.block == .init(hard: 0, soft: 3, softSpan: .days(2), complaint: 2))
    }

    @Test(arguments: [
        (#"{"maildir": "../x"}"#, "returns.maildir"), (#"{"maildir": "journal/x"}"#, "returns.maildir"),
        (#"{"maildir": ""}"#, "returns.maildir"), (#"{"keep": "soon"}"#, "returns.keep"),
        (#"{"block": {"hard": -1}}"#, "returns.block.hard"),
        (#"{"block": {"softSpan": "14"}}"#, "returns.block.softSpan"),
        (#"{"block": {"firm": 1}}"#, "returns.block.firm"),
        (#"{"webLogs": ["a", "files/x"]}"#, "returns.webLogs[1]"),
        (#"{"webLogs": "a"}"#, "returns.webLogs"),
    ]) func `what cannot be of returns is refused with its key`(text: String, key: String) throws {
        let problems = try #require(throws: Diagnostics.self) { try Self.read("{\"returns\": \(text)}") }
        #expect(problems.all.map(\.key) == [key])
    }

    @Test func `all problems come at once`() throws {
        let problems = #expect(throws: Diagnostics.self) {
            try Self.read(
                "{\"rate\": \"x\", \"inDoubt\": \"y\",\n\"reportTo\": 3, \"defaults\": {\"from\": \"z\"}}")
        }
        #expect(Set(problems?.all.map(\.key) ?? []) == ["rate", "inDoubt", "reportTo", "defaults.from"])
        #expect(problems?.all.first { $0.key == "reportTo" }?.line == 2)
    }
}
