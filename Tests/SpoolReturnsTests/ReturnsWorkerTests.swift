import Foundation
import SpoolConsole
import SpoolMail
import SpoolSchedule
@testable import SpoolReturns
import SpoolStore
import SpoolSystem
import TestSupport
import Testing

struct ReturnsWorkerTests {
    private let returned: ReturnsSpool

    init() throws { returned = try ReturnsSpool() }

    private var journal: String { "returns/\(ReturnsSpool.mailing)" }

    @Test func `a hard bounce blocks at once, and the message is put where it was read`() throws {
        try returned.deliver("1.a.host", returned.bounce("anna@example.org"))
        try returned.runWell()
        #expect(try returned.blocked() == ["anna@example.org"])
        #expect(
            try returned.lines(journal) == [
                "returned anna@example.org hard 1.a.host 5.1.1 no-such-address-code - 550 5.1.1 User unknown"
            ])
        #expect(returned.spool.names(in: "returns/new") == [])
        #expect(returned.spool.names(in: "returns/cur") == ["1.a.host:2,S"])
        #expect(try returned.counts(journal)?.hasPrefix("counts hard=1 soft=0") == true)
    }

    @Test func `the address is the token's, and another one is noted`() throws {
        let token = try returned.token(.bounce, "anna@example.org").uppercased()
        try returned.deliver("1.a.host", returned.bounce("elsewhere@example.net", to: token))
        try returned.run()
        #expect(try returned.blocked() == ["anna@example.org"])
        #expect(try returned.lines(journal)[0].contains(" elsewhere@example.net "))
    }

    @Test func `without a token that proves it nobody is blocked, whatever else it says`() throws {
        let wrong = ReturnsSpool.mailing + String(repeating: "0", count: RecipientToken.proofLength)
        try returned.deliver("1.a.host", returned.bounce("anna@example.org", to: wrong))
        let leave = try returned.token(.unsubscribe, "anna@example.org")
        try returned.deliver("2.a.host", returned.bounce("anna@example.org", to: leave))
        try returned.deliver(
            "3.a.host", "From: anna@example.org\nTo: x@example.com\nSubject: Re: hi\n\nUser unknown\n")
        try returned.run()
        #expect(try returned.blocked() == [] && returned.left() == [])
        #expect(
            try returned.lines("returns/other") == [
                "unsigned 1.a.host mailer-daemon@mx.example.net Undelivered", "other 3.a.host",
            ])
        #expect(
            try returned.lines(journal) == ["flagged 2.a.host mailer-daemon@mx.example.net Undelivered"])
        #expect(returned.spool.names(in: "returns/cur").contains("2.a.host:2,F"))
    }

    @Test func `tokens of two recipients in one message are for a person`() throws {
        let both =
            try returned.token(.bounce, "anna@example.org") + "@example.com, bounce+"
            + returned.token(.bounce, "bo@example.org")
        try returned.deliver("1.a.host", returned.bounce("anna@example.org", to: both))
        try returned.run()
        #expect(try returned.blocked() == [])
        #expect(returned.spool.names(in: "returns/cur") == ["1.a.host:2,F"])
    }

    @Test func `a person's reply blocks nobody, and who writes to the leave address leaves`() throws {
        let bounce = try returned.token(.bounce, "anna@example.org")
        let leave = try returned.token(.unsubscribe, "bo@example.org")
        try returned.deliver(
            "1.a.host", "From: anna@example.org\nTo: bounce+\(bounce)@example.com\n\n550 5.1.1\n")
        try returned.deliver("2.a.host", "From: bo@example.org\nTo: leave+\(leave)@example.com\n\nbye\n")
        try returned.deliver(
            "3.a.host", "From: cyd@example.org\nTo: leave@example.com\nSubject: please\n\nbye\n")
        try returned.deliver(
            "4.a.host",
            "From: cyd@example.org\nTo: leave+\(try returned.token(.unsubscribe, "cyd@example.org"))@example.com\n"
                + "Auto-Submitted: auto-replied\nSubject: Away\n\nback soon\n")
        try returned.run()
        #expect(try returned.blocked() == [])
        #expect(try returned.left() == ["bo@example.org"])
        #expect(
            returned.spool.names(in: "returns/cur") == [
                "1.a.host:2,F", "2.a.host:2,S", "3.a.host:2,F", "4.a.host:2,S",
            ])
    }

    @Test func `who leaves a mailing of a topic leaves the topic`() throws {
        try returned.send("club", "aaaaaaaaaaaaa", to: ["anna@example.org"], topic: "club.news")
        let leave = try returned.token(.unsubscribe, "anna@example.org", "aaaaaaaaaaaaa")
        try returned.deliver("1.a.host", "From: anna@example.org\nTo: leave+\(leave)@example.com\n\nbye\n")
        try returned.run()
        #expect(try returned.left() == [])
        #expect(try returned.left(topic: "club.news") == ["anna@example.org"])
    }

    @Test
    func `a message that a mail program has moved is judged, and one that is known is not judged again`()
        throws
    {
        try returned.deliver("1.a.host:2,RS", returned.bounce("anna@example.org"), in: "cur")
        try returned.run()
        #expect(try returned.blocked() == ["anna@example.org"])
        try returned.spool.move("returns/cur/1.a.host:2,RS", to: "returns/cur/1.a.host:2,S")
        try returned.run(at: ReturnsSpool.start + .hours(2))
        #expect(try returned.lines(journal).count == 1)
    }

    @Test func `what is no file is left alone`() throws {
        #expect(mkfifo("\(returned.spool.files.path)/returns/new/fifo", 0o600) == 0)
        try returned.spool.files.link("returns/new/link", to: "/etc/passwd")
        try returned.deliver("new/inside", "")
        try returned.deliver("1.a.host", returned.bounce("anna@example.org"))
        #expect(try returned.run().status == .ok)
        #expect(try returned.blocked() == ["anna@example.org"])
        #expect(returned.spool.names(in: "returns/new") == ["fifo", "link", "new"])
    }

    @Test func `what may not be read is named with its owner and the remedy, and the others go on`() throws {
        try returned.deliver("1.a.host", returned.bounce("anna@example.org"))
        try returned.deliver("2.a.host", returned.bounce("bo@example.org"))
        let look = SystemCallTrace()
        let probe = try ReturnsSpool()
        try probe.deliver("1.a.host", probe.bounce("anna@example.org"))
        try probe.deliver("2.a.host", probe.bounce("bo@example.org"))
        try look.run { _ = try probe.run() }
        let opened = look.calls.filter { $0.call == .open }
        let number = try #require(opened.firstIndex { $0.path.hasSuffix("new/1.a.host") }) + 1
        let trace = SystemCallTrace(Fault(.open, number: number, .error(EACCES)))
        let (said, status) = try trace.run { try returned.run() }
        #expect(status == .noPermission)
        #expect(said.count == 1 && said[0].contains("1.a.host") && said[0].contains("sudo chown"), "\(said)")
        #expect(try returned.blocked() == ["bo@example.org"])
        // It is still there, and is read as soon as it can be.
        #expect(try returned.run(at: ReturnsSpool.start + .hours(2)).status == .ok)
        #expect(try returned.blocked() == ["anna@example.org", "bo@example.org"])
    }

    @Test func `old messages that were understood are taken away, and flagged ones are not`() throws {
        try returned.deliver("1.a.host", returned.bounce("anna@example.org"))
        try returned.deliver("2.a.host", "From: x@example.org\nTo: leave@example.com\n\nbye\n")
        let now = Timestamp(milliseconds: Clock.wallMilliseconds())
        try returned.run(at: now)
        try returned.run(at: now + .days(89))
        #expect(returned.spool.names(in: "returns/cur") == ["1.a.host:2,S", "2.a.host:2,F"])
        try returned.run(at: now + .days(91))
        #expect(returned.spool.names(in: "returns/cur") == ["2.a.host:2,F"])
    }

    @Test func `a refusal at the hand-over counts like a bounce, and not among what came back`() throws {
        try returned.send(
            "second", "aaaaaaaaaaaaa", to: ReturnsSpool.people,
            refused: [
                "anna@example.org": "550 5.1.1 User unknown", "bo@example.org": "554 5.7.1 blocked as spam",
            ])
        try returned.run()
        try returned.run(at: ReturnsSpool.start + .hours(2))
        #expect(try returned.blocked() == ["anna@example.org"])
        #expect(try returned.lines("returns/aaaaaaaaaaaaa").count == 2)
        #expect(
            try returned.counts("returns/aaaaaaaaaaaaa")?.hasPrefix("counts hard=0 soft=0 refused=0") == true)
    }

    @Test func `a wave is held, those blocked by it are mailed again, and a person decides`() throws {
        let people = (1...100).map { "p\($0)@example.net" }
        try returned.send("wave", "bbbbbbbbbbbbb", to: people + (1...900).map { "q\($0)@example.org" })
        func bounce(_ numbers: ClosedRange<Int>) throws {
            for number in numbers {
                try returned.deliver(
                    "\(number).a.host",
                    returned.bounce("p\(number)@example.net", mailing: "bbbbbbbbbbbbb"))
            }
        }
        try bounce(1...19)
        try returned.run()
        #expect(try returned.blocked(people).count == 19)
        try bounce(20...22)
        try returned.run(at: ReturnsSpool.start + .hours(2))
        #expect(try returned.blocked(people) == [])
        #expect(
            try returned.lines("returns/bbbbbbbbbbbbb").contains("held example.net 550 5.1.1 User unknown"))
        try bounce(23...23)
        try returned.run(at: ReturnsSpool.start + .hours(3))
        #expect(try returned.blocked(people) == [])
        #expect(try returned.change("--block", "--mailing", "wave") == .ok)
        #expect(try returned.blocked(people).count == 23)
        #expect(try returned.change("--unblock", "--mailing", "wave") == .ok)
        #expect(try returned.blocked(people) == [])
    }

    @Test func `a spool without a Maildir says how to make one`() throws {
        try returned.spool.files.remove("returns")
        let (said, status) = try returned.run()
        #expect(status == .noInput && said.count == 1 && said[0].contains("mkdir -p"), "\(said)")
    }

    @Test func `a key that is damaged lets nothing be judged`() throws {
        try returned.spool.files.write("journal/key", "no key\n".utf8)
        try returned.deliver("1.a.host", returned.bounce("anna@example.org"))
        let (said, status) = try returned.run()
        #expect(status == .configuration && said.count == 1 && said[0].contains("journal/key"), "\(said)")
        #expect(returned.spool.names(in: "returns/new") == ["1.a.host"])
    }
}
