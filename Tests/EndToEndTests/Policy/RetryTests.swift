import Foundation
import Testing

@Suite(.timeLimit(.minutes(25)))
struct `Deferred recipients over days` {
    private func start() throws -> Date { try SimulatedTime.date("2026-11-24T19:00:00Z") }

    @Test func `a recipient is tried with growing waits, and given up three days after the first attempt`()
        throws
    {
        let spool = try ScratchSpool()
        try spool.sink.behave("r2@* exit=75 stderr=450_greylisted")
        try spool.drop(Draft(4), as: "news", in: .scheduled)
        let start = try start()
        _ = try spool.tickThroughTime("news", from: start, atMost: 80) { _, outcome in
            #expect(outcome.isSilentSuccess, "\(outcome)")
        }
        let tries = try spool.events(of: "news", "try").filter { $0.address == "r2@example.com" }.map(\.time)
        for (attempt, (one, other)) in zip(tries, tries.dropFirst()).enumerated() {
            let wait = other.timeIntervalSince(one)
            // The ticks come twenty seconds late.
            #expect(wait >= 300 && wait <= 4 * 3600 + 30, "\(wait)")
            let base = min(300 * Double(1 << min(attempt, 10)), 4 * 3600)
            if other != tries.last { #expect(wait >= base * 0.75, "attempt \(attempt + 1): \(wait)") }
        }
        #expect(tries.count > 15)
        let last = try #require(tries.last).timeIntervalSince(try #require(tries.first))
        #expect((3 * 86_400..<3 * 86_400 + 330).contains(last), "\(last)")
        let mailing = try spool.status(of: "news", at: start.addingTimeInterval(4 * 86_400))
        #expect(mailing.sent == 3 && mailing.failed == 1 && mailing.sum == 4, "\(mailing)")
    }

    @Test func `a document's own giveUpAfter holds, and an end that comes early leaves the shortest wait`()
        throws
    {
        let spool = try ScratchSpool(settings: ["giveUpAfter": "1d"])
        try spool.sink.behave("r2@* exit=75")
        try spool.drop(Draft(3).with("giveUpAfter", "2m"), as: "news", in: .scheduled)
        let start = try start()
        _ = try spool.tickThroughTime("news", from: start, atMost: 4)
        let tries = try spool.events(of: "news", "try").filter { $0.address == "r2@example.com" }.map(\.time)
        #expect(tries.count == 2, "never by the first attempt, and by the next one after the end")
        #expect(try #require(tries.last).timeIntervalSince(try #require(tries.first)) >= 300)
        #expect(try spool.status(of: "news", at: start.addingTimeInterval(3600)).failed == 1)
    }

    @Test func `one recipient in ten with each status of the table ends as the table says`() throws {
        let refused = [65, 67, 68].map { "exit=\($0)" }
        let notNow = [71, 73, 74, 75, 76].map { "exit=\($0)" }
        let unclear = [1, 64, 69, 70, 77, 78, 127, 255].map { "exit=\($0)" } + ["signal=9", "signal=11"]
        let rules = refused + notNow + unclear + notNow.map { $0 + " times=2" }
        let bad = rules.indices.map { "r\(10 * $0 + 10)@example.com" }
        // Without jitter, so that no tick stays for the one who is due next.
        let spool = try ScratchSpool(settings: ["retry": ["first": "1h", "most": "1h"]])
        try spool.sink.behave(rules: zip(bad, rules).map { "\($0) \($1) stderr=no_\($0)" })
        let count = 10 * rules.count
        try spool.drop(Draft(count).with("giveUpAfter", "6h"), as: "news", in: .scheduled)
        let start = try start()
        #expect(try spool.tick(at: start).ending == .exited(0))
        let first = try spool.status(of: "news", at: start)
        #expect(first.sent == count * 9 / 10 && first.failed == refused.count, "\(first)")
        #expect(first.deferred == rules.count - refused.count && first.sum == count && first.waiting == 0)

        // A mail system that defers five in a row, be they the last, is said not to accept.
        let end = try spool.tickThroughTime("news", from: start.addingTimeInterval(3600), atMost: 200) {
            #expect([.exited(0), .exited(75)].contains($1.ending), "\($1)")
        }
        let last = try spool.status(of: "news", at: end)
        #expect(last.sent == count * 9 / 10 + notNow.count && last.sum == count, "\(last)")
        #expect(last.failed == refused.count + notNow.count + unclear.count, "\(last)")
        let attempts = Dictionary(grouping: try spool.sink.submissions, by: \.recipient).mapValues(\.count)
        for (address, rule) in zip(bad, rules) {
            let made = attempts[address] ?? 0
            if refused.contains(rule) { #expect(made == 1, "\(rule): \(made)") }
            if unclear.contains(rule) { #expect(made == 5, "\(rule): \(made)") }
            if rule.hasSuffix("times=2") { #expect(made == 3, "\(rule): \(made)") }
        }
        let events = try spool.events(of: "news")
        for (address, rule) in zip(bad, rules) where notNow.contains(rule) {
            let tries = events.filter { $0.address == address && $0.event == "try" }.map(\.time)
            let span = try #require(tries.last).timeIntervalSince(try #require(tries.first))
            #expect(span >= 6 * 3600 && span < 8 * 3600, "\(rule): \(span)")
        }
        for event in events where event.event == "failed" {
            #expect(event.rest.hasSuffix("no \(event.address)"), "\(event)")
        }
    }

    @Test func `who was left deferred by a cancelled mailing has all attempts anew when it is sent again`()
        throws
    {
        let spool = try ScratchSpool()
        try spool.sink.behave("r2@* exit=75")
        try spool.drop(Draft(3).with("giveUpAfter", "1h"), as: "news", in: .active)
        let start = try start()
        #expect(try spool.tick(at: start).isSilentSuccess)
        spool.move("news", from: .active, to: .done)
        #expect(try spool.tick(at: start.addingTimeInterval(60)).isSilentSuccess)
        let later = start.addingTimeInterval(7 * 86_400)
        spool.move("news", from: .done, to: .active)
        #expect(try spool.tick(at: later).isSilentSuccess)
        let mailing = try spool.status(of: "news", at: later)
        #expect(mailing.deferred == 1 && mailing.failed == 0 && mailing.state == "active", "\(mailing)")
        try spool.sink.behave()
        #expect(try spool.tick(at: later.addingTimeInterval(3600)).isSilentSuccess)
        try expectDelivered(spool, to: Draft.addresses(3))
    }
}
