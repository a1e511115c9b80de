import Foundation
import Testing

@Suite(.serialized, .timeLimit(.minutes(5)))
struct `The metrics` {
    struct Sample: Decodable {
        let name: String
        let type: String
        let help: String
        let labels: [String: String]
        let value: Double
    }

    /// What Prometheus's own parser reads.
    private func samples(_ text: String) throws -> [Sample] {
        let program = """
            import json, sys
            from prometheus_client.parser import text_string_to_metric_families
            families = text_string_to_metric_families(sys.stdin.read())
            json.dump([{"name": s.name, "type": f.type, "help": f.documentation, "labels": s.labels,
                        "value": s.value} for f in families for s in f.samples], sys.stdout)
            """
        return try Python.read([Sample].self, ["-c", program], input: text)
    }

    private func value(_ samples: [Sample], _ name: String, _ labels: [String: String] = [:]) -> Double? {
        samples.first { $0.name == name && $0.labels == labels }?.value
    }

    @Test func `Prometheus's own parser reads the numbers of the status`() throws {
        let spool = try ScratchSpool()
        try spool.sink.behave("r3@* exit=67 stderr=no", "r4@* exit=75 stderr=later")
        let name = "a \"quoted\" \\ name"
        try spool.drop(Draft(Draft.addresses(6) + ["r1@example.com", "broken"]), as: name, in: .scheduled)
        try spool.drop(Draft(["{{"]), as: "wrong", in: .paused)
        #expect(try spool.tick().ending == .exited(0))
        let samples = try samples(spool.reported("--metrics"))
        let status = try spool.status()
        let mailing = try status[name]
        let expected: [String: Int?] = [
            "sent": mailing.sent, "failed": mailing.failed, "deferred": mailing.deferred,
            "waiting": mailing.waiting, "sending": mailing.sending, "in-doubt": mailing.inDoubt,
            "skipped": 2,
        ]
        for (state, count) in expected {
            let labels = ["mailing": name, "state": state]
            #expect(value(samples, "spool_recipients", labels) == count.map(Double.init), "\(state)")
        }
        #expect(value(samples, "spool_messages_sent_total", ["mailing": name]) == 4)
        #expect(value(samples, "spool_mailing_info", ["mailing": name, "state": "active"]) == 1)
        #expect(value(samples, "spool_mailing_waiting", ["mailing": name, "for": "retry"]) == 1)
        #expect(value(samples, "spool_mailing_errors", ["mailing": "wrong"]) == 1)
        #expect(value(samples, "spool_mailings", ["state": "active"]) == 1)
        #expect(value(samples, "spool_mailings_with_errors") == 1)
        #expect(value(samples, "spool_ticking") == 0)
        #expect(value(samples, "spool_mail_system_accepting") == 1)
        #expect(value(samples, "spool_all_recipients", ["state": "sent"]) == 4)
        let lastTick = try #require(value(samples, "spool_last_tick_timestamp_seconds"))
        #expect(abs(lastTick - Date.now.timeIntervalSince1970) < 300)
        #expect(samples.allSatisfy { !$0.help.isEmpty && $0.name.hasPrefix("spool_") })
        #expect(samples.allSatisfy { ($0.type == "counter") == $0.name.hasSuffix("_total") })
        #expect(samples.allSatisfy { sample in !sample.labels.values.contains { $0.contains("@") } })
        #expect(Set(samples.map { "\($0.name) \($0.labels.sorted { $0 < $1 })" }).count == samples.count)
    }

    @Test func `a mailing that ended long ago has no series of its own, but is in the totals`() throws {
        let spool = try ScratchSpool()
        try spool.drop(Draft(3), as: "old", in: .scheduled)
        #expect(try spool.tick(under: .clock("-3d")).ending == .exited(0))
        try spool.drop(Draft(2), as: "new", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        let all = try samples(spool.reported("--metrics"))
        #expect(Set(all.compactMap { $0.labels["mailing"] }) == ["new"])
        #expect(value(all, "spool_all_recipients", ["state": "sent"]) == 5)
        #expect(value(all, "spool_mailings", ["state": "done"]) == 2)
        let named = try samples(spool.reported("old", "--metrics"))
        #expect(Set(named.compactMap { $0.labels["mailing"] }) == ["old"])
        #expect(value(named, "spool_messages_sent_total", ["mailing": "old"]) == 3)
    }

    @Test func `two mailings of one name are one series, of the one under way`() throws {
        let spool = try ScratchSpool()
        try spool.drop(Draft(3), as: "news", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        try spool.drop(Draft(2).with("sendAt", "2037-01-01T00:00:00Z"), as: "news", in: .scheduled)
        let samples = try samples(spool.reported("--metrics"))
        #expect(
            samples.filter { $0.name == "spool_mailing_info" }.map(\.labels) == [
                ["mailing": "news", "state": "scheduled"]
            ])
    }
}
