@testable import SpoolSchedule
@testable import SpoolStatistics
@testable import SpoolStatus
@testable import SpoolStore
@testable import TestSupport

/// A spool as a test wants to see it drawn: Tuesday, 24 November 2026, 13:00 in UTC.
enum MadeUpSpool {
    static let now = Timestamp(milliseconds: 1_795_525_200_000)

    static func mailing(_ name: String, _ state: MailingState, ago: Interval = .zero) -> MailingStatus {
        var mailing = MailingStatus(name: name, state: state, changedAt: now - ago)
        mailing.subject = "News for {{ firstName }}"
        mailing.from = "The Club <club@example.org>"
        return mailing
    }

    static func counts(
        waiting: Int = 0, sending: Int = 0, inDoubt: Int = 0, sent: Int = 0, deferred: Int = 0,
        failed: Int = 0
    ) -> MailingCounts {
        var counts = MailingCounts()
        (counts.waiting, counts.sending, counts.inDoubt) = (waiting, sending, inDoubt)
        (counts.sent, counts.deferred, counts.failed) = (sent, deferred, failed)
        return counts
    }

    static func status(_ mailings: [MailingStatus]) -> SpoolStatus {
        SpoolStatus(
            path: "/var/spool/mailings", at: now, isTicking: true, lastTick: now - .seconds(1),
            madeAt: now - .days(90), mailings: mailings, ignored: [], refusal: nil, complaints: [],
            localZone: .utc,
            holdsInDoubt: false)
    }

    /// A spool in which all is well: one mailing in each state, and many that have ended.
    static var ordinary: SpoolStatus {
        var active = mailing("årsmöte", .active, ago: .minutes(12))
        active.startedAt = now - .minutes(12)
        active.counts = counts(waiting: 52_341, sending: 4, sent: 47_650, deferred: 3, failed: 2)
        active.counts?.duplicate = 2
        (active.perMinute, active.secondsLeft) = (3970.8, 791)
        var window = mailing("evening-news", .active, ago: .hours(20))
        window.startedAt = now - .hours(20)
        window.counts = counts(waiting: 900, sent: 100)
        window.waitingFor = .window
        window.next = now + .hours(5)
        var rate = mailing("slow", .active, ago: .days(2))
        rate.startedAt = now - .days(2)
        rate.counts = counts(waiting: 9, sent: 991)
        (rate.waitingFor, rate.next, rate.perMinute) = (.rate, now + .seconds(50), 0.35)
        var scheduled = mailing("漢字の手紙", .scheduled, ago: .hours(30))
        scheduled.sendAt = now + .minutes(372)
        scheduled.counts = counts(waiting: 20)
        (scheduled.waitingFor, scheduled.next) = (.sendAt, scheduled.sendAt)
        var far = mailing(
            "party 🎉 of the whole club, in the garden behind the house", .scheduled, ago: .days(3))
        far.sendAt = now + .days(40)
        far.counts = counts(waiting: 20)
        (far.waitingFor, far.next) = (.sendAt, far.sendAt)
        var paused = mailing("e\u{301}te\u{301}", .paused, ago: .days(1))
        paused.startedAt = now - .days(1)
        paused.counts = counts(waiting: 66, sent: 34)
        let ended = (1...12).map { number in
            var done = mailing("news-\(number)", .done, ago: .days(Int64(number)))
            done.startedAt = now - .days(Int64(number)) - .minutes(20)
            done.finishedAt = done.changedAt
            done.counts = counts(sent: 1000 - number, failed: number)
            done.perMinute = 49.9
            done.isCancelled = number == 3
            return done
        }
        return status([active, window, scheduled, ended[0], paused, rate, far] + ended.dropFirst())
    }

    /// A spool in which much is wrong.
    static var troubled: SpoolStatus {
        var broken = mailing("broken", .scheduled, ago: .minutes(1))
        broken.subject = nil
        broken.errors = [
            Diagnostic(key: "sendat", line: 7, message: "unknown key", hint: "did you mean \"sendAt\"?"),
            Diagnostic(
                key: "from", message: "the key is missing", hint: "write \"from\": \"Name <a@example.org>\""),
        ]
        broken.warnings = [
            Diagnostic(message: "2 addresses are not valid", hint: "see lines 3 and 17 of the list")
        ]
        var doubtful = mailing("doubtful", .active, ago: .hours(2))
        doubtful.startedAt = now - .hours(2)
        doubtful.counts = counts(inDoubt: 2, sent: 98)
        doubtful.waitingFor = .person
        var stuck = mailing("stuck", .active, ago: .hours(1))
        stuck.startedAt = now - .hours(1)
        stuck.counts = counts(waiting: 10, sent: 5)
        stuck.lastProgress = now - .minutes(16)
        var hostile = mailing("red\u{1B}[31m\u{202E}drawkcab", .paused, ago: .hours(3))
        hostile.counts = counts(waiting: 1)
        var status = status([broken, stuck, doubtful, hostile])
        status.refusal = TickSnapshot.Refusal(
            since: now - .hours(1), reply: "postdrop: queue file write error")
        status.complaints = ["config.json: retry.first: \"soon\" is no length of time; write \"5m\""]
        status.ignored = [IgnoredEntry(path: "scheduled/x.tmp", reason: "the name does not end in .json")]
        return status
    }

    static var unattended: SpoolStatus {
        var status = ordinary
        status.mailings = Array(status.mailings.prefix(1))
        (status.isTicking, status.lastTick) = (false, now - .minutes(12))
        return status
    }

    /// What the journal of ``ordinary``'s first mailing might tell.
    static let details: MailingDetails = {
        var journal = JournalText(at: now - .minutes(12))
        for number in 0..<90 {
            let address = "r\(number)@\(["example.org", "example.net", "slow.example"][number % 3])"
            switch number % 18 {
            case 7: journal.attempt(address, .failed, "67 550 5.1.1 <\(address)>: User unknown")
            case 8, 11:
                journal.attempt(
                    address, .deferred,
                    "2026-11-24T13:05:00.000Z not-now 75 452 4.2.2 mailbox of \(address) full")
            default:
                journal.attempt(address, .sent, "250 ok", after: number % 3 == 2 ? .seconds(4) : .zero)
            }
            journal.pass(.seconds(Int64(number % 7)))
            if number == 40 { journal.add(.revision, "second") }
        }
        journal.attempt("doubt@example.org", .inDoubt, "2026-11-24T13:05:00.000Z timeout")
        journal.add(.document, "paused 7 1795484573.305436878")
        journal.pass(.minutes(1))
        journal.add(.document, "active 7 1795484573.305436878")
        return journal.details
    }()
}
