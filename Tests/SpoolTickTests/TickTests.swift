@testable import SpoolConsole
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import SpoolTick
@testable import SpoolTransport
@testable import SpoolWriting
import TestSupport
import Testing

/// Whole ticks, in process.
struct TickTests {
    private let people = TestSpool.people

    // MARK: A mailing's way

    @Test func `a mailing that is dropped goes out and ends in done, in one tick`() throws {
        let test = try TestTick()
        try test.spool.drop("news", to: people(3))
        #expect(try test.run(isVerbose: true) == .ok)
        #expect(test.transport.recipients == people(3))
        #expect(test.places == ["done/news.json"])
        let words = try test.spool.journal("news").map { String($0.prefix { $0 != " " }) }
        #expect(
            words == [
                "journal", "document", "revision", "wording", "about", "counts",
                "try", "try", "sent", "sent", "try", "sent", "closed", "about", "counts",
                "document", "about", "counts",
            ])
        let history = try #require(try test.spool.history("news"))
        #expect(history.closing == .finished && history.folder == .done && history.counts.sent == 3)
        #expect(test.heard == ["news: 3 of 3 to send", "news: finished, 3 sent"])
        #expect(try test.snapshot("news") == nil)
        #expect(test.spool.names(in: "journal").contains("tick"))
        // Nothing is left to do.
        let before = try test.spool.journal("news")
        test.clock.pass(.minutes(1))
        #expect(try test.run() == .ok)
        #expect(try test.spool.journal("news") == before && test.transport.log.count == 3)
    }

    @Test
    func `a mailing that is due later waits for its time, in the snapshot until a tick can stay for it`()
        throws
    {
        let test = try TestTick()
        try test.spool.drop("news", in: .scheduled, to: people(2), "\"sendAt\": \"2026-11-24T18:10:00Z\"")
        try test.run()
        #expect(test.clock.now.wall - TestClock.start < .seconds(1))
        #expect(
            test.places == ["scheduled/news.json"] && test.spool.names(in: "journal").contains("board.json"))
        let entry = try #require(try test.snapshot("news"))
        #expect(entry.isJudged && entry.total == 2 && entry.sendAt == TestClock.start + .minutes(10))
        try test.run(for: .minutes(10))
        #expect(test.places == ["done/news.json"])
        #expect(test.handOverTimes.allSatisfy { $0 >= 600 && $0 < 600.1 } && test.handOverTimes.count == 2)
    }

    @Test func `whoever moves a mailing away stops it, and whoever moves it back has it go on`() throws {
        let test = try TestTick(concurrency: 1) { _ in .answers(.accepted, after: .milliseconds(700)) }
        let spool = test.spool
        try spool.drop("news", to: people(10))
        test.clock.after(.seconds(3)) {
            #expect(throws: Never.self) { try spool.move("active/news.json", to: "paused/news.json") }
        }
        #expect(try test.run() == .ok)
        let handedOver = test.transport.log.count
        // Not one is begun after the move, whatever the folders were last looked at.
        #expect(handedOver == 5 && test.handOverTimes.allSatisfy { $0 <= 3 })
        let history = try #require(try spool.history("news"))
        #expect(history.folder == .paused && history.isOpen)
        #expect(history.counts.sent == 5 && history.counts.waiting == 5 && history.counts.inDoubt == 0)
        #expect(test.places == ["paused/news.json"])
        test.clock.pass(.hours(1))
        try test.run()
        #expect(test.transport.log.count == handedOver)
        try spool.move("paused/news.json", to: "active/news.json")
        try test.run()
        #expect(test.transport.recipients == people(10) && test.places == ["done/news.json"])
    }

    @Test func `whoever moves a mailing away when its last message is out has not let it finish`() throws {
        let test = try TestTick()
        let spool = test.spool
        try spool.drop("news")
        test.transport.looksOn = { _ in
            #expect(throws: Never.self) { try spool.move("active/news.json", to: "paused/news.json") }
        }
        try test.run()
        #expect(test.places == ["paused/news.json"])
        #expect(try spool.journal("news", only: .closed).isEmpty)
        #expect(try spool.history("news")?.folder == .paused)
        try spool.move("paused/news.json", to: "active/news.json")
        try test.run()
        #expect(test.places == ["done/news.json"] && test.transport.log.count == 1)
    }

    @Test func `a document that is renamed while it goes out takes its journal along`() throws {
        let test = try TestTick(concurrency: 1) { _ in .answers(.accepted, after: .milliseconds(700)) }
        let spool = test.spool
        try spool.drop("news", to: people(6))
        test.clock.after(.seconds(2)) {
            #expect(throws: Never.self) { try spool.move("active/news.json", to: "active/letter.json") }
        }
        #expect(try test.run() == .ok)
        #expect(test.transport.recipients == people(6))
        #expect(test.places == ["done/letter.json"])
        #expect(spool.journalNames == ["letter.journal"])
        #expect(Set(test.transport.log.map { $0.messageID.prefix { $0 != "." } }).count == 1)
    }

    @Test func `what is edited while it goes out is read anew, for those who have not got it`() throws {
        let test = try TestTick(concurrency: 1) { _ in .answers(.accepted, after: .milliseconds(700)) }
        let spool = test.spool
        let people = people(6)
        try spool.drop("news", to: people)
        test.clock.after(.seconds(2)) {
            #expect(throws: Never.self) {
                try spool.drop(
                    "new", in: .scheduled, to: Array(people.dropLast()) + ["late@example.org"],
                    "\"html\": \"<p>Better</p>\"")
                try spool.files.remove("active/news.json")
                try spool.move("scheduled/new.json", to: "active/news.json")
            }
        }
        #expect(try test.run() == .ok)
        #expect(test.transport.recipients == people.dropLast() + ["late@example.org"])
        let isBetter = test.transport.log.map { String(decoding: $0.bytes, as: UTF8.self).contains("Better") }
        #expect(isBetter == [false, false, false, true, true, true])
        #expect(try spool.journal("news", only: .revision).count == 2)
    }

    @Test func `a mailing that goes back from done goes out to those who have not got it`() throws {
        let test = try TestTick { handOver in
            .answersAtOnce(
                .of(handOver.recipient == "r2@example.org" && handOver.number == 1 ? .refused : .accepted))
        }
        try test.spool.drop("news", to: people(3))
        try test.run()
        try test.spool.move("done/news.json", to: "active/news.json")
        test.clock.pass(.minutes(1))
        try test.run()
        #expect(test.transport.recipients == people(3) + ["r2@example.org"])
        #expect(test.places == ["done/news.json"])
        #expect(try test.spool.journal("news", only: .reopened) == ["reopened again"])
        #expect(try test.spool.history("news")?.counts.sent == 3)
    }

    @Test func `who finishes gets a report, from the same tick`() throws {
        let test = try TestTick()
        try test.spool.drop("news", to: people(2), "\"reportTo\": \"boss@example.org\"")
        try test.run()
        #expect(test.transport.recipients == people(2) + ["boss@example.org"])
        #expect(
            try test.spool.journal("news", only: .report).map { $0.prefix(11) } == [
                "report due ", "report try ", "report sent",
            ])
        let text = String(decoding: try #require(test.transport.log.last).bytes, as: UTF8.self)
        #expect(text.contains("\nSubject: news: finished, 2 of 2 sent\n"))
        test.clock.pass(.minutes(1))
        try test.run()
        #expect(test.transport.log.count == 3)
    }

    // MARK: How a tick ends

    @Test
    func `a document that is removed while the report on it is out costs neither that nor a copy of it`()
        throws
    {
        let test = try TestTick { handOver in
            handOver.recipient == "boss@example.org" ? .answers(.accepted, after: .seconds(5)) : .accepts
        }
        let name = "news.2026-11-20"
        try test.spool.drop(name, to: people(1), "\"reportTo\": \"boss@example.org\"")
        test.clock.after(.seconds(2)) { [files = test.spool.files] in
            #expect(throws: Never.self) { try files.remove("done/\(name).json") }
        }
        for _ in 0..<2 {
            try test.run()
            test.clock.pass(.minutes(1))
        }
        #expect(test.transport.recipients == ["r1@example.org", "boss@example.org"])
        let history = try #require(try test.spool.history(name))
        #expect(history.isGone && history.report?.state == .sent)
    }

    @Test func `config_json that is changed in the middle holds from then on`() throws {
        let test = try TestTick(concurrency: 1) { _ in .answers(.accepted, after: .milliseconds(700)) }
        let spool = test.spool
        try spool.drop("news", to: people(30))
        test.clock.after(.seconds(3)) {
            #expect(throws: Never.self) {
                try spool.write(
                    "config.json", TestTick.configuration(concurrency: 4),
                    modified: TestClock.start + .seconds(3))
            }
        }
        #expect(try test.run() == .ok)
        #expect(test.stretches == [1, 4])
        #expect(test.transport.recipients == people(30) && test.transport.mostUnderWay == 4)
        #expect(test.places == ["done/news.json"])
        let early = test.handOverTimes.filter { $0 < 3 }
        #expect(early.count == 5 && zip(early, early.dropFirst()).allSatisfy { $1 - $0 > 0.69 })
    }

    @Test func `a mistake in config_json ends the tick when what is out has ended, and is said once`() throws
    {
        let test = try TestTick { _ in .answers(.accepted, after: .milliseconds(700)) }
        let spool = test.spool
        try spool.drop("news", to: people(30))
        test.clock.after(.seconds(3)) {
            #expect(throws: Never.self) {
                try spool.write("config.json", TestTick.configuration(concurrency: 2, "\"rate\": \"soon\""))
            }
        }
        #expect(try test.run() == .configuration)
        let sent = test.transport.log.count
        #expect(sent < 30 && test.transport.underWay == 0)
        #expect(try spool.history("news")?.counts.sent == sent)
        for _ in 0..<3 { #expect(try test.run() == .configuration) }
        #expect(test.heard.count == 1 && test.heard.first?.hasPrefix("config.json: ") == true)
        try test.configure()
        #expect(try test.run() == .ok)
        #expect(test.transport.recipients == people(30))
    }

    @Test func `a config_json over a mebibyte is refused, and not cut and read`() throws {
        let test = try TestTick()
        try test.spool.drop("news", to: people(1))
        let settings = TestTick.configuration(concurrency: 2)
        let room = String(repeating: " ", count: (1 << 20) - settings.utf8.count)
        try test.spool.write("config.json", settings + room + " ")
        #expect(try test.run() == .configuration)
        #expect(test.heard.count == 1 && test.heard.first?.contains("larger than 1 MiB") == true)
        #expect(test.transport.log.isEmpty)
        try test.spool.write("config.json", settings + room)
        #expect(try test.run() == .ok)
        #expect(test.transport.recipients == people(1))
    }

    @Test func `a tick that is asked to end writes down what is out, and begins nothing further`() throws {
        let test = try TestTick { _ in .answers(.accepted, after: .seconds(5)) }
        let clock = test.clock
        try test.spool.drop("news", to: people(9))
        clock.after(.seconds(7)) { clock.askForTermination() }
        #expect(try test.run() == .ok)
        #expect(test.handOverTimes == [0, 0, 5, 5])
        let counts = try #require(try test.spool.history("news")?.counts)
        #expect(counts.sent == 4 && counts.waiting == 5)
        #expect(clock.now.wall == TestClock.start + .seconds(10))
    }

    @Test func `a command that waits for the lock gets it`() throws {
        let test = try TestTick { _ in .answers(.accepted, after: .milliseconds(700)) }
        try test.spool.drop("news", to: people(30))
        let journal = test.spool.directory.journal
        let want = try LockFile(in: journal, TickLock.wantName)
        test.clock.after(.seconds(3)) { #expect(throws: Never.self) { _ = try want.take() } }
        #expect(try test.run() == .ok)
        #expect(test.clock.now.wall - TestClock.start < .seconds(5))
        #expect(test.transport.log.count < 15)
        want.release()
        try test.run()
        #expect(test.transport.recipients == people(30))
    }

    @Test func `a second tick leaves the first alone`() throws {
        let test = try TestTick()
        try test.spool.drop("news")
        let lock = try LockFile(in: test.spool.directory.journal, TickLock.name)
        #expect(try lock.take())
        #expect(try test.run() == .ok)
        #expect(test.transport.log.isEmpty && test.places == ["active/news.json"])
    }

    @Test func `a tick that has said something ends soon, so that cron mails it`() throws {
        let test = try TestTick(concurrency: 1) { _ in .answers(.accepted, after: .seconds(2)) }
        try test.spool.drop("news", to: people(60))
        try test.spool.write("active/wrong.json", "{\"sendat\": 1}")
        #expect(try test.run() == .ok)
        #expect(test.heard.count > 0)
        #expect(test.clock.now.wall - TestClock.start >= .seconds(30))
        #expect(test.clock.now.wall - TestClock.start <= .seconds(34))
        let said = test.heard
        // The next has nothing to say, and stays until all is out.
        try test.run()
        #expect(test.heard == said && test.transport.recipients == people(60))
    }

    // MARK: What is wrong

    @Test func `errors are said once, by whichever tick, and the mailing goes out when they are mended`()
        throws
    {
        let test = try TestTick()
        let wrong =
            "{\"subject\": \"x\", \"from\": \"a@example.org\", \"text\": \"x\", \"recipient\": [\"a@example.org\"]}"
        try test.spool.write("active/news.json", wrong)
        for _ in 0..<3 {
            #expect(try test.run() == .ok)
            test.clock.pass(.minutes(1))
        }
        #expect(test.heard.count { $0.hasPrefix("active/news.json: ") } == test.heard.count)
        #expect(test.heard.count == 2)
        #expect(try test.snapshot("news")?.errors.count == 2)
        // Moved is not mended, and not another document.
        try test.spool.move("active/news.json", to: "paused/news.json")
        try test.run()
        #expect(test.heard.count == 2)
        try test.spool.files.remove("paused/news.json")
        try test.spool.drop("news")
        try test.run()
        #expect(test.transport.recipients == ["a@example.org"] && test.heard.count == 2)
    }

    @Test func `a file that was written a moment ago is waited for`() throws {
        let test = try TestTick()
        try test.spool.write(
            "files/list.csv", "email\nr1@example.org\n", modified: TestClock.start - .seconds(4))
        let spool = test.spool
        try spool.write(
            "active/news.json",
            TestDocument.document(
                "\"text\": \"Hi\", \"recipientsFile\": \"list.csv\"", without: ["text", "recipients"]))
        // Somebody is still at it.
        test.clock.after(.seconds(5)) {
            #expect(throws: Never.self) {
                try spool.write(
                    "files/list.csv", "email\nr1@example.org\nr2@example.org\n",
                    modified: TestClock.start + .seconds(5))
            }
        }
        #expect(try test.run() == .ok)
        #expect(test.transport.recipients == people(2))
        #expect(test.handOverTimes.allSatisfy { $0 >= 15 && $0 < 16.1 })
        #expect(test.heard.isEmpty)
    }

    @Test func `half a document is waited for, and then called what it is`() throws {
        let test = try TestTick()
        try test.spool.write(
            "active/news.json", "{\"subject\": \"Ne", modified: TestClock.start - .seconds(1))
        #expect(try test.run() == .ok)
        #expect(test.heard.count == 1 && test.clock.now.wall >= TestClock.start + .seconds(9))
    }

    @Test func `a mail system that takes nothing is said once, until it takes something again`() throws {
        var works = false
        let test = try TestTick { _ in .answersAtOnce(.of(works ? .accepted : .notNow)) }
        try test.spool.drop("news", to: people(40))
        #expect(try test.run() == .temporaryFailure)
        #expect(test.transport.log.count == 5 || test.transport.log.count == 6)
        #expect(test.heard == ["the mail system is not accepting messages: not now"])
        for _ in 0..<2 {
            test.clock.pass(.minutes(1))
            #expect(try test.run() == .temporaryFailure)
        }
        #expect(test.heard.count == 1)
        #expect(try TickSnapshot(in: test.spool.directory.journal).mailSystem?.since == TestClock.start)
        works = true
        test.clock.pass(.minutes(1))
        #expect(try test.run() == .ok)
        #expect(try TickSnapshot(in: test.spool.directory.journal).mailSystem == nil)
        try test.run(for: .minutes(10))
        #expect(test.places == ["done/news.json"])
        #expect(try test.spool.history("news")?.counts.sent == 40)
    }

    @Test func `a mail system that cannot be reached touches nobody`() throws {
        let test = try TestTick { _ in .isUnavailable("cannot start sendmail: No such file") }
        try test.spool.drop("news", to: people(5))
        for _ in 0..<3 {
            #expect(try test.run() == .temporaryFailure)
            test.clock.pass(.minutes(1))
        }
        #expect(
            test.heard == ["the mail system is not accepting messages: cannot start sendmail: No such file"])
        let counts = try #require(try test.spool.history("news")?.counts)
        #expect(counts.waiting == 5 && counts.recipients == 5)
        test.transport.react { _ in .accepts }
        try test.run()
        #expect(test.transport.recipients == people(5) && test.transport.log.allSatisfy { $0.number == 1 })
    }

    // MARK: Beside each other

    @Test func `a list that takes long to read keeps no other mailing waiting`() throws {
        let test = try TestTick(concurrency: 1) { _ in .answers(.accepted, after: .milliseconds(200)) }
        let (spool, clock) = (test.spool, test.clock)
        try spool.drop("news", to: people(50))
        clock.after(.seconds(2)) {
            clock.setBeside(takes: .seconds(4))
            #expect(throws: Never.self) { try spool.drop("long", to: ["long@example.org"]) }
        }
        #expect(try test.run() == .ok)
        let place = try #require(test.transport.recipients.firstIndex(of: "long@example.org"))
        let time = test.handOverTimes[place]
        #expect(time >= 6 && time < 8)
        // Nobody has waited in the meantime.
        #expect(zip(test.handOverTimes, test.handOverTimes.dropFirst()).allSatisfy { $1 - $0 < 0.25 })
        #expect(test.places == ["done/long.json", "done/news.json"])
    }

    @Test func `mailings share the deliveries, and the spool's rate holds for all of them`() throws {
        let test = try TestTick("\"rate\": \"60/minute\"")
        for name in ["a", "b"] { try test.spool.drop(name, to: people(8).map { "\(name)-\($0)" }) }
        try test.run(for: .minutes(2))
        let names = test.transport.recipients.map { $0.prefix(1) }
        try #require(names.count == 16 && test.heard.isEmpty, "\(test.heard)")
        #expect(names == (0..<16).map { $0 % 2 == 0 ? names[0] : names[1] } && names[0] != names[1])
        #expect(zip(test.handOverTimes, test.handOverTimes.dropFirst()).allSatisfy { $1 - $0 > 0.97 })
        #expect(test.clock.now.wall - TestClock.start > .seconds(15))
    }

    @Test func `a new mailing of a name that has ended has the old one make room`() throws {
        let test = try TestTick()
        try test.spool.drop("news", to: people(1))
        try test.run()
        try test.spool.drop("news", in: .scheduled, to: people(2))
        test.clock.pass(.minutes(1))
        try test.run()
        #expect(test.places == ["done/news.2026-11-24.json", "done/news.json"])
        #expect(test.transport.recipients == ["r1@example.org", "r1@example.org", "r2@example.org"])
        #expect(try test.spool.history("news")?.counts.sent == 2)
        #expect(try test.spool.history("news.2026-11-24")?.counts.sent == 1)
    }
}
