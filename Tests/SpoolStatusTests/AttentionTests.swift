@testable import SpoolConsole
@testable import SpoolSchedule
@testable import SpoolStatus
@testable import SpoolStore
import Testing

struct AttentionTests {
    private let now = MadeUpSpool.now

    @Test func `a tick is missed after five minutes, and never said to be while it looks`() {
        var status = MadeUpSpool.status([])
        func items(_ lastTick: Timestamp?, isTicking: Bool) -> [AttentionItem] {
            (status.lastTick, status.isTicking) = (lastTick, isTicking)
            return status.attention
        }
        #expect(items(now - .minutes(5), isTicking: false).isEmpty)
        let late = now - .minutes(5) - .milliseconds(1)
        #expect(items(late, isTicking: false) == [.noTick(since: late)])
        #expect(items(late, isTicking: true) == [.hangingTick(since: late)])
        #expect(items(now + .minutes(2), isTicking: false).isEmpty)
        #expect(items(nil, isTicking: false) == [.neverTicked])
        status.madeAt = now - .minutes(1)
        #expect(items(nil, isTicking: false).isEmpty)
    }

    @Test func `an active mailing hangs if it neither goes on nor says why for fifteen minutes`() {
        var mailing = MadeUpSpool.mailing("a", .active)
        mailing.counts = MadeUpSpool.counts(waiting: 1)
        func items(_ change: (inout MailingStatus) -> Void) -> [AttentionItem] {
            var changed = mailing
            changed.lastProgress = now - .minutes(16)
            change(&changed)
            return MadeUpSpool.status([changed]).attention(about: changed, held: 0)
        }
        #expect(items { _ in } == [.standstill(mailing: "a", since: now - .minutes(16))])
        #expect(items { $0.lastProgress = now - .minutes(15) }.isEmpty)
        #expect(items { $0.waitingFor = .window }.isEmpty)
        #expect(items { $0.state = .paused }.isEmpty)
        #expect(items { $0.counts = MadeUpSpool.counts(sent: 1) }.isEmpty)
        #expect(items { $0.counts = nil }.count == 1)
        let problem = Diagnostic(message: "m", hint: "h")
        #expect(items { $0.errors = [problem] } == [.error(mailing: "a", problem)])
    }

    @Test func `a report in doubt needs a person as well`() {
        var mailing = MadeUpSpool.mailing("a", .done)
        #expect(MadeUpSpool.status([mailing]).attention(about: mailing, held: 0).isEmpty)
        mailing.isReportHeld = true
        #expect(
            MadeUpSpool.status([mailing]).attention(about: mailing, held: 0) == [.heldReport(mailing: "a")])
    }

    @Test func `who is in doubt is held by config, or when nothing else is waited for, and never in done`() {
        var mailing = MadeUpSpool.mailing("a", .active)
        mailing.counts = MadeUpSpool.counts(inDoubt: 3, sent: 1)
        #expect(mailing.heldAtFirstSight(holdsInDoubt: true) == 3)
        #expect(mailing.heldAtFirstSight(holdsInDoubt: false) == 0)
        mailing.waitingFor = .person
        #expect(mailing.heldAtFirstSight(holdsInDoubt: false) == 3)
        mailing.state = .done
        #expect(mailing.heldAtFirstSight(holdsInDoubt: true) == 0)
    }

    @Test func `a command can be copied as it stands, whatever the spool and the mailing are called`() {
        let time = HumanTime(now: now, zone: .utc)
        func text(_ item: AttentionItem, _ spool: String = "/srv/the club's") -> String {
            item.text(time, spool: spool)
        }
        let held = #"spool-tick --resolve 'it'\''s  $(x)=sent' --spool '/srv/the club'\''s'"#
        #expect(text(.held(mailing: "it's  $(x)", count: 2)).hasSuffix(held))
        #expect(text(.heldReport(mailing: "it's  $(x)")).hasSuffix(held))
        #expect(
            text(.held(mailing: "a\n\u{202E}b", count: 1)).contains(
                #"--resolve "$(printf -- 'a\012\342\200\256b=sent')" --spool"#))
        #expect(text(.neverTicked, "/srv/100 %").hasSuffix(#"* * * * * spool-tick '/srv/100 \%'"#))
        for width in [20, 40, 80, 300] {
            let lines = AttentionItem.held(mailing: "it's  $(x)", count: 2).lines(
                time, spool: "/srv/the club's", style: TerminalStyle(width: width))
            #expect(lines.contains { $0.hasSuffix(held) }, "\(width)")
        }
    }
}
