@testable import SpoolConsole
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStatus
@testable import SpoolStore
@testable import TestSupport
import Testing

struct `Reports for programs` {
    private func mailing(_ name: String, _ state: MailingState, finishedAt: Timestamp? = nil, sent: Int = 1)
        -> MailingStatus
    {
        var mailing = MadeUpSpool.mailing(name, state)
        mailing.finishedAt = finishedAt
        var counts = MailingCounts()
        counts.sent = sent
        counts.formerSent = 2
        mailing.counts = counts
        return mailing
    }

    @Test
    func
        `a hundred of the mailings that ended within a day have series of their own, and all unfinished ones`()
    {
        let now = MadeUpSpool.now
        let ended = (0..<150).map { mailing("ended-\($0)", .done, finishedAt: now - .minutes(Int64($0))) }
        let old = (0..<50).map { mailing("old-\($0)", .done, finishedAt: now - .days(2)) }
        let waiting = (0..<120).map { mailing("waiting-\($0)", .scheduled) }
        let status = MadeUpSpool.status(waiting + ended + old)
        let lines = Metrics.text(of: status).split(separator: "\n")
        let series = lines.filter { $0.hasPrefix("spool_messages_sent_total{") }
        #expect(series.count == 220)
        #expect(series.contains("spool_messages_sent_total{mailing=\"ended-99\"} 3"))
        #expect(!series.contains { $0.contains("ended-100\"") || $0.contains("old-") })
        #expect(lines.contains("spool_all_recipients{state=\"sent\"} 320"))
        #expect(lines.contains("spool_mailings{state=\"done\"} 200"))
    }

    @Test func `a name that could break out of its label or its line cannot`() {
        let status = MadeUpSpool.status([mailing("a\"} 1\nspool_x{b=\"\\", .active)])
        let lines = Metrics.text(of: status).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.contains("spool_messages_sent_total{mailing=\"a\\\"} 1␊spool_x{b=\\\"\\\\\"} 3"))
        #expect(lines.dropLast().allSatisfy { $0.hasPrefix("# ") || $0.hasPrefix("spool_") })
        #expect(!lines.contains { $0.hasPrefix("spool_x") })
    }

    @Test func `a field of CSV is quoted where it must be, and never changed but for control characters`() {
        var standing = RecipientRow(skipped: "\"a,b\"@x\u{1B}[2J\r\n=1+1", as: "invalid")
        standing.reply = "said \"no\", twice"
        #expect(
            RecipientFormat.csv(isForTerminal: false).row(standing, of: nil)
                == "\"\"\"a,b\"\"@x [2J  =1+1\",skipped,invalid,0,,\"said \"\"no\"\", twice\"\r\n")
        #expect(
            RecipientFormat.csv(isForTerminal: false).header(withMailing: true)
                == "mailing,address,state,reason,attempts,at,reply\r\n")
        #expect(
            RecipientFormat.tabs.row(standing, of: "m\tn")
                == "m n\t\"a,b\"@x [2J  =1+1\tskipped\tinvalid\t0\t\tsaid \"no\", twice\n")
        #expect(
            RecipientFormat.table(TerminalStyle(usesColor: true)).row(standing, of: nil).hasPrefix(
                "\u{1B}[2mskipped "))
        #expect(
            !RecipientFormat.table(TerminalStyle(usesColor: false)).row(standing, of: nil).contains("\u{1B}"))
    }

    @Test func `on a terminal nothing in CSV turns the direction of a line, and a program gets all of it`() {
        let row = RecipientRow(skipped: "a\u{202E}b@x", as: "invalid")
        func line(_ format: RecipientFormat) -> String { format.row(row, of: "m\u{2066}\u{2028}") }
        #expect(line(.csv(isForTerminal: true)) == "m,ab@x,skipped,invalid,0,,\r\n")
        #expect(line(.csv(isForTerminal: false)) == "m\u{2066},a\u{202E}b@x,skipped,invalid,0,,\r\n")
        #expect(!line(.table(TerminalStyle())).unicodeScalars.contains("\u{202E}"))
    }

    @Test func `what a journal said last of a recipient is its reason, its time and its reply`() throws {
        func standing(_ state: RecipientState, _ event: JournalWord, _ fields: String) throws
            -> RecipientRow
        {
            let bytes = JournalText.line(event, fields, at: Timestamp(seconds: 1_795_000_000))
            var standing = RecipientRow(
                "a@x", RecipientProgress(state: state, attempts: 2), isTicking: false)
            try bytes.dropLast().withUnsafeBytes { standing.take(try #require(JournalLine($0))) }
            return standing
        }
        let time = "2026-11-24T00:00:00Z"
        let deferred = try standing(.deferred, .deferred, "a@x \(time) unclear signal-9 ")
        #expect(deferred.reason == "unclear" && deferred.reply == "killed by signal 9, without a word")
        let gaveUp = try standing(.failed, .deferred, "a@x \(time) not-now 75 451 busy")
        #expect(gaveUp.reason == "gave-up" && gaveUp.reply == "451 busy" && gaveUp.state == .failed)
        #expect(try standing(.inDoubt, .inDoubt, "a@x \(time) timeout").reason == "timeout")
        #expect(try standing(.sending, .attempt, "a@x 1 waiting").reason == "killed")
        let sent = try standing(.sent, .sent, "a@x 250 queued")
        #expect(sent.reply == "250 queued" && sent.reason == nil && sent.attempts == 2)
        #expect(sent.at == Timestamp(seconds: 1_795_000_000))
        let late = try standing(.skipped(.late), .skipped, "a@x deferred late")
        #expect(late.state == .skipped && late.reason == "late")
    }
}
