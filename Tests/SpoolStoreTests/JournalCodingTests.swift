@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
import TestSupport
import Testing

/// The journals of today are read, and what is written is theirs to the byte: a line for each kind there is.
struct JournalCodingTests {
    private static let time = Timestamp(milliseconds: 1_795_485_600_123)
    private static let retry = Timestamp(milliseconds: 1_795_485_900_456)

    private static let whole: MailingHistory = {
        var history = MailingHistory()
        history.mailing = "kgcd5sghrv789"
        history.identity = DocumentIdentity(
            inode: 16_286_156, birth: .init(seconds: 1_795_484_573, nanoseconds: 305_436_878))
        history.folder = .done
        history.revision = "30dbe349b9ade92b"
        history.startedAt = time
        history.closing = .finished
        history.closedAt = retry
        history.lastAttempt = retry
        history.lastAccepted = time
        history.counts = MailingCounts(total: 12, duplicate: 1, invalid: 2, suppressed: 3)
        history.counts.formerSent = 4
        history.report = RecipientProgress(
            state: .deferred, attempts: 2, unclearAttempts: 1, hasOwnDeferral: true,
            firstAttempt: 1_795_485_600, nextRetry: 1_795_485_900)
        return history
    }()

    /// As it stands once its document has left `done/` again.
    private static let returned: MailingHistory = {
        var history = MailingHistory()
        history.mailing = "kgcd5sghrv789"
        history.identity = DocumentIdentity(inode: 7, birth: nil)
        history.revision = "30dbe349b9ade92b"
        history.wording = MailingWording(subject: "0123456789abcdef", bodies: "fedcba9876543210")
        history.startedAt = time
        history.closing = .finished
        history.closedAt = retry
        history.hasReturned = true
        return history
    }()

    /// As they stood in journals before entries had types.
    private static let golden: [(line: String, entry: JournalEntry)] = [
        ("journal 1 kgcd5sghrv789", .opened(mailing: "kgcd5sghrv789")),
        (
            "document active 16286156 1795484573.305436878",
            .document(.init(folder: .active, identity: whole.identity))
        ),
        ("document gone 7 -", .document(.init(folder: nil, identity: .init(inode: 7, birth: nil)))),
        ("revision 30dbe349b9ade92b", .revision("30dbe349b9ade92b")),
        (
            "wording 0123456789abcdef fedcba9876543210",
            .wording(MailingWording(subject: "0123456789abcdef", bodies: "fedcba9876543210"))
        ),
        (
            #"about {"from":"Klubben <k@example.org>","sendAt":"2026-11-24T18:00:00Z","subject":"Års \"möte\""}"#,
            .about(
                MailingTitle(
                    subject: "Års \"möte\"", from: "Klubben <k@example.org>",
                    sendAt: Timestamp(rfc3339: "2026-11-24T18:00:00Z")))
        ),
        (
            "counts recipients=12 waiting=6 sending=0 in-doubt=0 sent=0 deferred=0 failed=0 duplicate=1 invalid=2 "
                + "suppressed=3 late=0 former-sent=4 mailing=kgcd5sghrv789 folder=done last-folder=done "
                + "inode=16286156 birth=1795484573.305436878 revision=30dbe349b9ade92b "
                + "started=2026-11-24T02:00:00.123Z closed=finished ended=2026-11-24T02:05:00.456Z "
                + "last-try=2026-11-24T02:05:00.456Z last-sent=2026-11-24T02:00:00.123Z report=deferred "
                + "report-tries=2 report-unclear=1 report-deferred=1 report-first=2026-11-24T02:00:00Z "
                + "report-next=2026-11-24T02:05:00Z",
            .counts(whole)
        ),
        (
            "counts recipients=0 waiting=0 sending=0 in-doubt=0 sent=0 deferred=0 failed=0 duplicate=0 invalid=0 "
                + "suppressed=0 late=0 former-sent=0 mailing=kgcd5sghrv789 folder=active last-folder=active "
                + "inode=7 birth=- revision=30dbe349b9ade92b wording=0123456789abcdef/fedcba9876543210 "
                + "started=2026-11-24T02:00:00.123Z closed=finished ended=2026-11-24T02:05:00.456Z returned=1",
            .counts(returned)
        ),
        (
            "try anna@example.org 1 waiting",
            .recipient("anna@example.org", .attempt(number: 1, from: .waiting))
        ),
        (
            "try anna@example.org 2 in-doubt",
            .recipient("anna@example.org", .attempt(number: 2, from: .inDoubt))
        ),
        ("sent anna@example.org", .recipient("anna@example.org", .sent(reply: ""))),
        (
            "sent anna@example.org 250 2.0.0 queued",
            .recipient("anna@example.org", .sent(reply: "250 2.0.0 queued"))
        ),
        (
            "deferred anna@example.org 2026-11-24T02:05:00.456Z not-now 75 450 try later",
            .recipient(
                "anna@example.org", .deferred(until: retry, .notNow, status: "75", reply: "450 try later"))
        ),
        (
            "deferred anna@example.org 2026-11-24T02:05:00.456Z unclear signal-9 ",
            .recipient("anna@example.org", .deferred(until: retry, .unclear, status: "signal-9", reply: ""))
        ),
        (
            "failed anna@example.org 67 550 no such user",
            .recipient("anna@example.org", .failed(status: "67", reply: "550 no such user"))
        ),
        ("failed anna@example.org 67 ", .recipient("anna@example.org", .failed(status: "67", reply: ""))),
        (
            "in-doubt anna@example.org 2026-11-24T02:05:00.456Z timeout",
            .recipient("anna@example.org", .inDoubt(until: retry, .timeout))
        ),
        (
            "in-doubt anna@example.org 2026-11-24T02:05:00.456Z killed",
            .recipient("anna@example.org", .inDoubt(until: retry, .killed))
        ),
        ("withdrew anna@example.org deferred", .recipient("anna@example.org", .withdrew(to: .deferred))),
        (
            "excused anna@example.org unclear",
            .recipient("anna@example.org", .excused(.unclear, isFirst: false))
        ),
        (
            "excused anna@example.org not-now first",
            .recipient("anna@example.org", .excused(.notNow, isFirst: true))
        ),
        ("gave-up anna@example.org", .recipient("anna@example.org", .gaveUp)),
        ("resolved anna@example.org sent", .recipient("anna@example.org", .resolved(.sent))),
        ("resolved anna@example.org resend", .recipient("anna@example.org", .resolved(.resend))),
        (
            "skipped anna@example.org waiting suppressed",
            .recipient("anna@example.org", .skipped(from: .waiting, .suppressed))
        ),
        (
            "skipped anna@example.org deferred late",
            .recipient("anna@example.org", .skipped(from: .deferred, .late))
        ),
        ("closed finished", .closed(.finished)), ("closed cancelled", .closed(.cancelled)),
        ("closed forgotten", .closed(.forgotten)), ("reopened again", .reopened(.again)),
        ("reopened edited", .reopened(.edited)),
        ("report try 3", .report(.progress(.attempt(number: 3, from: .waiting)))),
        ("report sent", .report(.progress(.sent(reply: "")))),
        (
            "report deferred 2026-11-24T02:05:00.456Z not-now 75 busy",
            .report(.progress(.deferred(until: retry, .notNow, status: "75", reply: "busy")))
        ),
        ("report skipped suppressed", .report(.progress(.skipped(from: .waiting, .suppressed)))),
        ("report withdrew waiting", .report(.progress(.withdrew(to: .waiting)))),
    ]

    @Test(arguments: golden.indices)
    func `a line of each kind is written and read as it always was`(index: Int) throws {
        let (text, entry) = Self.golden[index]
        #expect(JournalCoding.text(of: entry) == text)
        let words = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        let line = JournalText.line(
            try #require(JournalWord(rawValue: words[0])), words.count > 1 ? words[1] : "", at: Self.time)
        var written: [UInt8] = []
        JournalLine.write(entry, at: Self.time, to: &written)
        #expect(written == line)
        line.dropLast().withUnsafeBytes { #expect(JournalLine($0)?.entry == entry) }
    }

    @Test func `every word there is has a golden line`() {
        let words = Set(Self.golden.map { $0.line.prefix { $0 != " " } })
        #expect(words.count == JournalCoding.Word.allCases.count && JournalWord.allCases.count == words.count)
    }

    @Test(arguments: ["reopened", "closed", "revision", "about", "document x", "try a@example.org", "counts"])
    func `a sound line with fields of another version never harms`(text: String) throws {
        let words = text.split(separator: " ", maxSplits: 1).map(String.init)
        let line = JournalText.line(
            try #require(JournalWord(rawValue: words[0])), words.count > 1 ? words[1] : "", at: Self.time)
        var history = Self.whole
        try line.dropLast().withUnsafeBytes { history.apply(try #require(JournalLine($0))) }
        #expect(history.mailing == Self.whole.mailing)
    }
}
