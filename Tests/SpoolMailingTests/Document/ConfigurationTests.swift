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
            {"delivery": {"via": "maildir", "directory": "out/box", "concurrency": 7, "timeout": 10},
             "rate": "600/hour", "window": {"from": "18:00", "until": "07:00"}, "timeZone": "Europe/Stockholm",
             "giveUpAfter": "2h", "retry": {"first": "1m", "most": "2m"},
             "inDoubt": "hold", "x-note": 1,
             "defaults": {"from": "A <a@example.org>", "replyTo": "b@example.org", "returnPath": "c@example.org",
               "headers": {"X-A": "{{ name }}"}, "listUnsubscribe": {"mailto": "leave@example.org"}}}
            """)
        #expect(configuration.transport == .maildir(directory: "out/box"))
        #expect(configuration.concurrency == 7 && configuration.timeout == .seconds(10))
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

    @Test func `all problems come at once`() throws {
        let problems = #expect(throws: Diagnostics.self) {
            try Self.read(
                "{\"rate\": \"x\", \"inDoubt\": \"y\",\n\"reportTo\": 3, \"defaults\": {\"from\": \"z\"}}")
        }
        #expect(Set(problems?.all.map(\.key) ?? []) == ["rate", "inDoubt", "reportTo", "defaults.from"])
        #expect(problems?.all.first { $0.key == "reportTo" }?.line == 2)
    }
}
