import SpoolMail
import SpoolMailing
import SpoolSchedule
@testable import SpoolReturns
import SpoolStore
import Testing

/// When what came back of an address blocks it.
struct ReturnsLedgerTests {
    private static let start = ReturnsSpool.start

    /// What comes back of one address: of which mailing, after so many days, as what, with which code.
    private typealias Came = (String, Int64, ReturnClass, String?)

    /// Whether the last of them blocks it.
    private func blocks(
        _ bounces: [Came],
        policy: ReturnsSettings.Block = .init(), success: Int64? = nil
    ) -> Bool {
        var ledger = ReturnsLedger()
        var answer = false
        for (number, (mailing, day, meaning, code)) in bounces.enumerated() {
            let found = ReturnsEntry.Return(
                "anna@example.org", meaning, ReturnSource(message: "\(number)".utf8), code: code,
                rule: "x")
            let now = Self.start + .days(day)
            ledger.apply(.returned(found), of: mailing, at: now)
            answer = ledger.blocks(found, of: mailing, by: policy, at: now) { _, times in
                success.map { Self.start + .days($0) }.flatMap { times.contains($0) ? $0 : nil }
            }
        }
        return answer
    }

    private func soft(_ days: [Int64]) -> [Came] {
        days.enumerated().map { ("m\($0.offset)", $0.element, .soft, "4.2.2") }
    }

    @Test func `five soft bounces in a row block, if they are far enough apart and not too far`() {
        #expect(blocks(soft([0, 4, 8, 12, 16])))
        #expect(!blocks(soft([0, 4, 8, 16])))
        #expect(!blocks(soft([0, 1, 2, 3, 4])))
        #expect(!blocks(soft([0, 30, 60, 85, 95])))
        #expect(blocks(soft([0, 30, 60, 85, 90])))
        // One mailing counts once.
        #expect(!blocks([0, 4, 8, 12, 16].map { ("m", $0, .soft, "4.2.2") }))
    }

    @Test func `a mailing that brought no bounce ends the row`() {
        #expect(!blocks(soft([0, 4, 8, 12, 16]), success: 6))
        #expect(blocks(soft([0, 4, 8, 12, 16, 20, 24]), success: 2))
        #expect(blocks(soft([0, 4, 8, 12, 16]), success: 20))
    }

    @Test func `a host that is not found blocks at the second mailing, a day later`() {
        #expect(!blocks([("a", 0, .hard, "5.1.2")]))
        #expect(!blocks([("a", 0, .hard, "5.1.2"), ("a", 2, .hard, "5.1.2")]))
        #expect(!blocks([("a", 0, .hard, "5.4.4"), ("b", 0, .hard, "5.1.2")]))
        #expect(blocks([("a", 0, .hard, "5.4.4"), ("b", 1, .hard, "5.1.2")]))
        #expect(blocks([("a", 0, .hard, "5.1.1")]))
    }

    @Test func `what is the sender's fault, and what is no bounce, never blocks`() {
        for meaning: ReturnClass in [.refused, .delayed, .delivered, .unsubscribed, .autoReply] {
            #expect(!blocks((0..<20).map { ("m\($0)", $0 * 3, meaning, nil) }), "\(meaning)")
        }
    }

    @Test func `config.json says after how many`() {
        #expect(!blocks([("a", 0, .hard, "5.1.1")], policy: .init(hard: 2)))
        #expect(blocks([("a", 0, .hard, "5.1.1"), ("b", 0, .hard, "5.1.1")], policy: .init(hard: 2)))
        #expect(!blocks((0..<4).map { ("m\($0)", $0, .hard, "5.1.1") }, policy: .init(hard: 0)))
        #expect(blocks([("a", 0, .complaint, nil)]))
        #expect(!blocks([("a", 0, .complaint, nil)], policy: .init(complaint: 0)))
        #expect(!blocks([("a", 0, .complaint, nil), ("a", 1, .complaint, nil)], policy: .init(complaint: 2)))
        #expect(blocks([("a", 0, .complaint, nil), ("b", 1, .complaint, nil)], policy: .init(complaint: 2)))
        #expect(!blocks(soft([0, 4, 8, 12, 16, 20]), policy: .init(soft: 0)))
    }

    @Test func `of a recipient that bounces the worst class counts, and the others count besides`() {
        var ledger = ReturnsLedger()
        for (number, meaning) in [ReturnClass.delayed, .refused, .soft, .hard, .soft, .complaint, .delayed]
            .enumerated()
        {
            ledger.apply(
                .returned(
                    .init("a@example.org", meaning, ReturnSource(message: "\(number)".utf8), rule: "x")),
                of: "m", at: Self.start)
        }
        var counts = ReturnsCounts()
        (counts.hard, counts.complaint, counts.delayed) = (1, 1, 1)
        #expect(ledger.mailings["m"]?.counts == counts)
    }

    @Test func `a wave is twenty hard bounces, and a tenth of a domain or a fifth of the mailing`() {
        func waves(_ hard: Int, of domain: Int, others: Int) -> [String?] {
            var ledger = ReturnsLedger()
            for number in 0..<hard {
                ledger.apply(
                    .returned(
                        .init(
                            "p\(number)@example.net", .hard, ReturnSource(message: "\(number)".utf8),
                            rule: "x")),
                    of: "m", at: Self.start)
            }
            return ledger.waves(in: "m") { ["example.net": domain, "example.org": others] }
        }
        #expect(waves(19, of: 19, others: 0) == [])
        #expect(waves(20, of: 199, others: 1000) == ["example.net"])
        #expect(waves(20, of: 200, others: 1000) == [])
        #expect(waves(20, of: 20, others: 79) == [nil])
        #expect(waves(20, of: 20, others: 80) == ["example.net"])
    }
}
