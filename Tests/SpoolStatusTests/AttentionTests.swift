@testable import SpoolConsole
@testable import SpoolSchedule
@testable import SpoolStatus
@testable import SpoolStore
import SpoolText
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
        var status = MadeUpSpool.status([])
        status.path = "/srv/the club's"
        func text(_ item: AttentionItem) -> String { item.text(time, of: status) }
        let held = #"spool-tick --resolve 'it'\''s  $(x)=sent' --spool '/srv/the club'\''s'"#
        #expect(text(.held(mailing: "it's  $(x)", count: 2)).hasSuffix(held))
        #expect(text(.heldReport(mailing: "it's  $(x)")).hasSuffix(held))
        #expect(
            text(.held(mailing: "a\n\u{202E}b", count: 1)).contains(
                #"--resolve "$(printf -- 'a\012\342\200\256b=sent')" --spool"#))
        for width in [20, 40, 80, 300] {
            let lines = AttentionItem.held(mailing: "it's  $(x)", count: 2).lines(
                time, of: status, style: TerminalStyle(width: width))
            #expect(lines.contains { $0.hasSuffix(held) }, "\(width)")
        }
        (status.path, status.tickProgram) = ("/srv/100 %", "/opt/a b/spool-tick")
        #expect(text(.neverTicked).hasSuffix(#"* * * * * '/opt/a b/spool-tick' '/srv/100 \%'"#))
    }

    @Test func `a command means the same where only ASCII can be shown`() {
        var status = MadeUpSpool.status([])
        status.path = "/srv/vår"
        let item = AttentionItem.gone(mailing: "årsmöte", MailingCounts())
        let style = TerminalStyle(width: 80, hasUTF8: false)
        let time = HumanTime(now: now, zone: .utc)
        let command =
            #"spool-tick --forget "$(printf -- '\303\245rsm\303\266te')" --spool "$(printf -- '/srv/v\303\245r')""#
        #expect(item.lines(time, of: status, style: style).last == "  " + command)
        #expect(item.text(time, of: status, style: style).hasSuffix(command))
        #expect(item.text(time, of: status).hasSuffix("spool-tick --forget årsmöte --spool /srv/vår"))
        status.mailings = []
        #expect(
            Overview(status, style: style, showsAll: false).lines.last
                == #"    mv news.json "$(printf -- '/srv/v\303\245r/scheduled/')""#)
    }

    @Test func `each way out has a line of its own on a terminal, and its command is not broken`() {
        let command = ShellCommand("spool-tick", "--adopt", "news", "--spool", "/var/spool/mailings")
        let problem = Diagnostic(
            message: "2 have got \"Issue 1\", and nobody would be mailed",
            ways: [
                Advice("move it back to done/ (nobody is mailed)"),
                Advice(command: command, effect: "the same mailing, goes to the 2 who have not got it"),
            ])
        let status = MadeUpSpool.status([])
        let time = HumanTime(now: now, zone: .utc)
        let item = AttentionItem.error(mailing: "news", problem)
        #expect(
            item.lines(time, of: status, style: TerminalStyle(width: 70), indent: 4) == [
                "    ! 2 have got \"Issue 1\", and nobody would be mailed:",
                "      - move it back to done/ (nobody is mailed)",
                "      - spool-tick --adopt news --spool /var/spool/mailings",
                "        (the same mailing, goes to the 2 who have not got it)",
            ])
        let whole =
            "2 have got \"Issue 1\", and nobody would be mailed; move it back to done/ (nobody is mailed); or "
            + "spool-tick --adopt news --spool /var/spool/mailings "
            + "(the same mailing, goes to the 2 who have not got it)"
        #expect(item.lines(time, of: status, style: TerminalStyle()) == ["! " + whole])
        #expect(item.text(time, of: status) == whole && problem.description == whole)
    }

    @Test func `one more is one`() {
        var mailing = MadeUpSpool.mailing("news", .active)
        mailing.errors = (1...6).map { Diagnostic(message: "\($0)", hint: "h") }
        let lines = Overview(MadeUpSpool.status([mailing]), style: TerminalStyle(), showsAll: false).lines
        #expect(lines.last == "      and 1 more error: spool-status --spool /var/spool/mailings news")
    }
}
