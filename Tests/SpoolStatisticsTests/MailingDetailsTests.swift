@testable import SpoolSchedule
@testable import SpoolStatistics
@testable import SpoolStore
@testable import TestSupport
import Testing

struct MailingDetailsTests {
    @Test func `events add up to recipients, whatever way each of them went`() {
        var journal = JournalText()
        journal.attempt("anna@a.example", .sent, "250 queued as 1", after: .seconds(2))
        journal.attempt("bo@b.example", .deferred, "2026-11-24T03:00:00.000Z not-now 75 450 greylisted")
        journal.pass(.minutes(5))
        journal.attempt("bo@b.example", number: 2, from: "deferred", .sent, "250 ok")
        journal.attempt("cy@b.example", .failed, "67 550 5.1.1 <cy@b.example>: unknown")
        journal.attempt("di@c.example", .inDoubt, "2026-11-24T03:00:00.000Z timeout")
        journal.attempt("ed@c.example", .withdrew, "waiting")
        let details = journal.details
        #expect(details.attempts == 5 && details.repeatedAttempts == 1 && details.timeouts == 1)
        #expect(details.timeline.total == .init(accepted: 2, failed: 1, deferred: 1))
        #expect(details.firstTwoDays.total == details.timeline.total)
        #expect(details.revisions.map(\.sent) == [2])
        #expect(details.inDoubt.map(\.address) == ["di@c.example"] && details.inDoubtCount == 1)
        #expect(details.inDoubt.first?.timeouts == 1)
        #expect(details.failures.total == 1 && details.deferrals.total == 1)
        let b = details.mostFailing(5).first
        #expect(b?.domain == "b.example" && b?.sent == 1 && b?.failed == 1)
        #expect(b?.deferred == 0 && b?.deferrals == 1)
        #expect(details.slowest(1).first?.domain == "b.example")
        #expect(details.slowest(1).first?.mean == 300_000)
        #expect(details.largest(1).first?.recipients == 2)
    }

    @Test func `who is given up is a failure for the reason of the last deferral`() {
        var journal = JournalText()
        journal.attempt("a@x.example", .deferred, "2026-11-24T03:00:00.000Z unclear 1 mailbox full")
        journal.attempt("b@x.example", .deferred, "2026-11-24T03:00:00.000Z not-now 75 other")
        journal.add(.gaveUp, "a@x.example")
        let failures = journal.details.failures.sorted
        #expect(failures.map(\.text) == ["mailbox full"])
        #expect(failures.first?.status == "1" && failures.first?.examples == ["a@x.example"])
        #expect(journal.details.largest(1).first?.deferred == 1)
    }

    @Test func `each revision has those who got it, by what it was when they were handed over`() {
        var journal = JournalText()
        journal.attempt("a@x.example", .sent)
        journal.add(.attempt, "b@x.example 1 waiting")
        journal.add(.revision, "second")
        journal.add(.sent, "b@x.example")
        journal.attempt("c@x.example", .sent)
        journal.add(.revision, "first")
        journal.attempt("d@x.example", .sent)
        let revisions = journal.details.revisions
        #expect(revisions.map(\.hash) == ["first", "second"])
        #expect(revisions.map(\.sent) == [3, 1])
    }

    @Test func `a mailing that goes out again has no failures from before`() {
        var journal = JournalText()
        journal.attempt("a@x.example", .failed, "67 unknown")
        journal.add(.closed, "finished")
        journal.add(.document, "done 7 1795484573.305436878")
        journal.add(.document, "active 7 1795484573.305436878")
        journal.add(.reopened, "")
        let details = journal.details
        #expect(details.reopenedAt == journal.time)
        #expect(details.failures.total == 0 && details.largest(1).first?.failed == 0)
        #expect(details.moves.map(\.folder) == [.active, .done, .active])
    }

    @Test func `who was in doubt and is settled is in doubt no more`() {
        var journal = JournalText()
        for name in ["a", "b", "c", "d"] {
            journal.attempt("\(name)@x.example", .inDoubt, "2026-11-24T03:00:00.000Z killed")
        }
        journal.add(.resolved, "a@x.example sent")
        journal.add(.resolved, "b@x.example resend")
        journal.attempt("c@x.example", number: 2, from: "in-doubt", .sent)
        let details = journal.details
        #expect(details.inDoubt.map(\.address) == ["d@x.example"] && details.inDoubtCount == 1)
        #expect(details.timeline.total.accepted == 2)
        #expect(details.largest(1).first?.deferred == 1)
    }

    @Test func `the first two days end where they end`() {
        var journal = JournalText()
        journal.attempt("a@x.example", .sent)
        journal.pass(.hours(47))
        journal.attempt("b@x.example", .sent)
        journal.pass(.hours(2))
        journal.attempt("c@x.example", .sent)
        #expect(journal.details.firstTwoDays.total.accepted == 2)
        #expect(journal.details.firstTwoDays.width <= 60)
        #expect(journal.details.timeline.total.accepted == 3)
    }

    @Test func `many domains and reasons are counted in bounded memory, and none is lost`() {
        var domains = DomainTally()
        var reasons = ReasonTally()
        for number in 0..<30_000 {
            var address = "a@d\(number).example"
            address.withUTF8 { bytes in domains.update(UnsafeRawBufferPointer(bytes)) { $0.sent += 1 } }
            let word = String(number, radix: 26).map { String(UnicodeScalar(UInt8($0.hexOrLetter))) }.joined()
            reasons.add(status: "1", reply: "word \(word)", address: address, at: Timestamp(seconds: 1))
        }
        #expect(domains.domains.count <= 8192)
        #expect(domains.domains.reduce(domains.others.sent) { $0 + $1.sent } == 30_000)
        #expect(reasons.sorted.count <= 500 && reasons.total == 30_000)
    }
}

extension Character {
    /// A letter for each digit of a number, so that nothing in it looks like a number.
    fileprivate var hexOrLetter: Int { 0x61 + (Int(String(self), radix: 36) ?? 0) % 26 }
}
