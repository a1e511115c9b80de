@testable import SpoolDelivery
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import SpoolTransport
import TestSupport
import Testing

/// When a message is handed over, and when it is not.
struct DispatcherTests {
    private let spool: TestSpool
    private let clock = TestClock()

    init() throws { spool = try TestSpool() }

    private func delivery(_ transport: ScriptedTransport, concurrency: Int = 2) -> TestDelivery {
        TestDelivery(spool, transport, clock, concurrency: concurrency)
    }

    // MARK: Before

    @Test func `every intent is in the journal and on the disk before its message is handed over`() throws {
        let transport = ScriptedTransport(clock)
        let delivery = delivery(transport, concurrency: 3)
        let mailing = try delivery.begin(spool.drop("news", to: TestSpool.people(5)))
        let path = spool.directory.journal.path(of: FileName("news.journal"))
        let trace = SystemCallTrace()
        transport.looksOn = { [spool] handOver in
            let attempts = (try? spool.journal("news", only: .attempt)) ?? []
            #expect(attempts.contains("try \(handOver.recipient) 1 waiting"))
            let last = trace.calls.last { $0.path == path && [.write, .fdatasync].contains($0.call) }
            #expect(last?.call == .fdatasync)
            #expect(!mailing.journal.isUnsynchronized)
        }
        try trace.run { try delivery.run() }
        #expect(transport.recipients == TestSpool.people(5))
        #expect(mailing.states == Array(repeating: .sent, count: 5))
        // One sync for each round of three, not one for each message.
        #expect(trace.calls.count { $0.call == .fdatasync } == 2)
    }

    @Test func `each message is its recipient's own, with the mailing's return path and a lasting id`() throws
    {
        let transport = ScriptedTransport(clock) { handOver in
            .answersAtOnce(.of(handOver.number == 1 ? .notNow : .accepted))
        }
        let delivery = delivery(transport)
        try delivery.begin(
            spool.drop(
                "news", to: ["Anna <anna@example.org>", "bo@example.org"], "\"returnPath\": \"b@x.org\""))
        try delivery.run()
        clock.pass(.minutes(5))
        try delivery.run()
        #expect(
            transport.recipients
                == ["anna@example.org", "bo@example.org", "anna@example.org", "bo@example.org"])
        #expect(Set(transport.log.map(\.returnPath)) == ["b@x.org"])
        #expect(transport.log[0].messageID == transport.log[2].messageID)
        #expect(Set(transport.log.map(\.messageID)).count == 2)
        for handOver in transport.log {
            let text = String(decoding: handOver.bytes, as: UTF8.self)
            #expect(text.contains("\nMessage-ID: <\(handOver.messageID)>\n"))
            #expect(text.hasPrefix("From:"))
            #expect(
                text.contains("\nTo: Anna <anna@example.org>\n") == (handOver.recipient == "anna@example.org")
            )
        }
    }

    @Test func `nothing is handed over once the document is not in active as it was read`() throws {
        let changes: [(String, @Sendable (TestSpool) throws -> Void)] = [
            ("moved", { try $0.move("active/news.json", to: "paused/news.json") }),
            ("renamed", { try $0.move("active/news.json", to: "active/other.json") }),
            ("removed", { try $0.files.remove("active/news.json") }),
            ("edited", { try $0.files.overwrite("active/news.json", "{}".utf8) }),
            (
                "replaced",
                { spool in
                    try spool.drop("new", in: .active, to: TestSpool.people(3))
                    try spool.files.remove("active/news.json")
                    try spool.move("active/new.json", to: "active/news.json")
                }
            ),
        ]
        for (what, change) in changes {
            let spool = try TestSpool()
            let transport = ScriptedTransport(clock)
            let delivery = TestDelivery(spool, transport, clock)
            let mailing = try delivery.begin(spool.drop("news", to: TestSpool.people(3)))
            try change(spool)
            try delivery.run()
            #expect(transport.log.isEmpty, "\(what)")
            #expect(mailing.isEnding && mailing.problem == nil, "\(what)")
            #expect(mailing.states == [.waiting, .waiting, .waiting], "\(what)")
            #expect(
                try spool.journal("news", only: .attempt, .withdrew) == [
                    "try r1@example.org 1 waiting", "try r2@example.org 1 waiting",
                    "withdrew r1@example.org waiting", "withdrew r2@example.org waiting",
                ], "\(what)")
            #expect(try delivery.dispatcher.end(mailing), "\(what)")
        }
    }

    @Test func `who moves the document while a round goes out stops what has not been handed over`() throws {
        let transport = ScriptedTransport(clock)
        let delivery = delivery(transport, concurrency: 4)
        let document = try spool.drop("news", to: TestSpool.people(4))
        let mailing = try delivery.begin(document)
        transport.looksOn = { [spool] handOver in
            if handOver.recipient == "r2@example.org" {
                #expect(throws: Never.self) { try spool.move("active/news.json", to: "paused/news.json") }
            }
        }
        try delivery.run()
        #expect(transport.recipients == ["r1@example.org", "r2@example.org"])
        #expect(mailing.states == [.sent, .sent, .waiting, .waiting])
        #expect(
            try spool.journal("news", only: .withdrew)
                == ["withdrew r3@example.org waiting", "withdrew r4@example.org waiting"])
        // Nobody knows of the attempts that were not made.
        let progress = mailing.progress
        #expect(progress["r3@example.org"] == RecipientProgress())
        #expect(progress["r2@example.org"]?.attempts == 1)
        #expect(try delivery.dispatcher.end(mailing))
        let paused = FoundDocument(folder: .paused, name: document.name, version: document.version)
        #expect(try spool.progress(paused, at: clock.now.wall) == progress)
    }

    @Test func `whoever was withdrawn goes on as the one that he was`() throws {
        let transport = ScriptedTransport(clock) { _ in .answersAtOnce(.of(.notNow)) }
        let delivery = delivery(transport)
        let mailing = try delivery.begin(spool.drop("news", to: ["a@example.org"]))
        try delivery.run()
        let deferred = mailing.progress
        clock.pass(.minutes(5))
        try spool.move("active/news.json", to: "paused/news.json")
        try delivery.run()
        #expect(
            try spool.journal("news").suffix(2) == [
                "try a@example.org 2 deferred", "withdrew a@example.org deferred",
            ])
        #expect(mailing.progress == deferred)
        #expect(transport.log.count == 1)
    }

    @Test func `what was not handed over after all takes no place, and counts for no rate`() throws {
        let transport = ScriptedTransport(clock)
        let delivery = try TestDelivery(spool, transport, clock, concurrency: 2, rate: Rate("1/minute"))
        try delivery.begin(spool.drop("news"))
        try spool.move("active/news.json", to: "paused/news.json")
        try delivery.fill()
        #expect(transport.log.isEmpty && delivery.dispatcher.schedule.inFlight == 0)
        try delivery.begin(spool.drop("other", to: ["b@example.org"]))
        try delivery.fill()
        #expect(transport.recipients == ["b@example.org"])
    }

    // MARK: The mail system

    @Test func `a mail system that cannot be reached leaves everybody untouched, and is not asked again`()
        throws
    {
        let transport = ScriptedTransport(clock) { handOver in
            handOver.recipient == "r2@example.org" ? .isUnavailable("cannot start sendmail") : .accepts
        }
        let delivery = delivery(transport, concurrency: 4)
        let mailing = try delivery.begin(spool.drop("news", to: TestSpool.people(5)))
        try delivery.run()
        #expect(transport.recipients == ["r1@example.org"])
        #expect(mailing.states == [.sent, .waiting, .waiting, .waiting, .waiting])
        #expect(mailing.progress["r2@example.org"] == RecipientProgress())
        #expect(delivery.dispatcher.isMailSystemGone)
        #expect(delivery.dispatcher.isRefusedEverywhere(at: clock.now))
        #expect(delivery.dispatcher.lastReply == "cannot start sendmail")
        #expect(
            try spool.journal("news", only: .withdrew)
                == (2...4).map { "withdrew r\($0)@example.org waiting" })
        #expect(!delivery.dispatcher.settle(at: clock.now))
        clock.pass(.hours(1))
        try delivery.run()
        #expect(transport.log.count == 1)
    }

    @Test func `nothing is announced as long as what a killed tick has left behind is under way`() throws {
        let transport = ScriptedTransport(clock)
        let delivery = delivery(transport)
        try delivery.begin(spool.drop("news"))
        transport.isFree = false
        let before = try spool.journal("news")
        #expect(try delivery.fill() == .wait(until: clock.now.monotonic + 50_000))
        #expect(try spool.journal("news") == before)
        transport.isFree = true
        try delivery.run()
        #expect(transport.recipients == ["a@example.org"])
    }

    @Test(arguments: [1, 3, 8])
    func `as many messages are under way as the configuration says, and never more`(concurrency: Int) throws {
        let transport = ScriptedTransport(clock) { handOver in
            .answers(.accepted, after: .milliseconds(handOver.recipient.hasPrefix("r2") ? 700 : 40))
        }
        let delivery = delivery(transport, concurrency: concurrency)
        let mailings = try ["news", "other"].map {
            try delivery.begin(spool.drop($0, to: TestSpool.people(20)))
        }
        try delivery.run()
        #expect(transport.mostUnderWay == concurrency)
        #expect(transport.log.count == 40)
        #expect(mailings.allSatisfy { $0.left == 0 })
    }

    @Test func `what has gone out is brought to the end when the tick ends, and nothing further goes out`()
        throws
    {
        let transport = ScriptedTransport(clock) { _ in .answers(.accepted, after: .seconds(2)) }
        let delivery = delivery(transport)
        let mailing = try delivery.begin(spool.drop("news", to: TestSpool.people(5)))
        try delivery.fill()
        #expect(try !delivery.dispatcher.end(mailing))
        delivery.dispatcher.isEnding = true
        try delivery.run()
        #expect(transport.log.count == 2)
        #expect(mailing.states == [.sent, .sent, .waiting, .waiting, .waiting])
        #expect(try delivery.dispatcher.end(mailing))
        #expect(delivery.dispatcher.mailings.isEmpty)
        #expect(!mailing.journal.isUnsynchronized)
    }

    // MARK: Who is mailed

    @Test func `who is suppressed between two rounds is not mailed any more`() throws {
        let transport = ScriptedTransport(clock)
        let delivery = delivery(transport, concurrency: 1)
        let mailing = try delivery.begin(spool.drop("news", to: TestSpool.people(3)))
        try delivery.fill()
        delivery.suppression = try Suppression(.memory(Array("R2@example.org\n".utf8)))
        try delivery.run()
        #expect(transport.recipients == ["r1@example.org", "r3@example.org"])
        #expect(mailing.states == [.sent, .skipped(.suppressed), .sent])
        #expect(try spool.journal("news", only: .skipped) == ["skipped r2@example.org waiting suppressed"])
    }

    @Test func `nobody is mailed as long as nobody knows who is suppressed`() throws {
        let transport = ScriptedTransport(clock)
        let delivery = delivery(transport)
        let mailing = try delivery.begin(spool.drop("news"))
        delivery.suppression = nil
        try delivery.run()
        #expect(transport.log.isEmpty && mailing.states == [.waiting])
        #expect(try spool.journal("news", only: .attempt).isEmpty)
    }

    @Test func `a message that cannot be made is the mailing's problem, and stops it`() throws {
        let transport = ScriptedTransport(clock)
        let delivery = delivery(transport, concurrency: 1)
        let long = String(repeating: "x", count: 20_000)
        try spool.write("files/list.csv", "email;note\na@example.org;1\nb@example.org;\(long)\n")
        let mailing = try delivery.begin(
            spool.drop(
                "news", to: [], "\"recipientsFile\": \"list.csv\", \"headers\": {\"X-Note\": \"{{ note }}\"}")
        )
        try delivery.run()
        #expect(transport.recipients == ["a@example.org"])
        #expect(mailing.states == [.sent, .waiting])
        #expect(mailing.isEnding)
        #expect(
            mailing.problem?.message
                == "the message to recipient 2 cannot be made: the header field X-Note is too long")
        #expect(try spool.journal("news", only: .attempt) == ["try a@example.org 1 waiting"])
    }

    @Test func `a list that is another than was checked stops the mailing, for the next look to read it`()
        throws
    {
        let transport = ScriptedTransport(clock)
        let delivery = delivery(transport, concurrency: 1)
        try spool.write("files/list.csv", "email\na@example.org\nb@example.org\n")
        let mailing = try delivery.begin(spool.drop("news", to: [], "\"recipientsFile\": \"list.csv\""))
        try delivery.fill()
        try spool.files.overwrite("files/list.csv", "email\nc@example.org\nd@example.org\n".utf8)
        try delivery.run()
        #expect(transport.recipients == ["a@example.org"])
        #expect(mailing.isEnding && mailing.problem == nil && mailing.states == [.sent, .waiting])
    }

    // MARK: The journal

    @Test func `what came of a message outlives a kill from the moment that it is known`() throws {
        let transport = ScriptedTransport(clock) { _ in .answers(.accepted, after: .seconds(1)) }
        let delivery = delivery(transport)
        try delivery.begin(spool.drop("news", to: TestSpool.people(2)))
        try delivery.fill()
        clock.pass(.seconds(1))
        try delivery.dispatcher.collect(at: clock.now)
        #expect(
            try spool.journal("news", only: .sent) == ["sent r1@example.org", "sent r2@example.org"])
    }

    @Test func `a reader of the tail finds the numbers within a thousand lines`() throws {
        let transport = ScriptedTransport(clock)
        let delivery = delivery(transport, concurrency: 64)
        let document = try spool.drop("news", to: TestSpool.people(1100))
        let mailing = try delivery.begin(document)
        try delivery.run()
        try delivery.dispatcher.write()
        let lines = try spool.journal("news")
        let counts = lines.indices.filter { lines[$0].hasPrefix("counts ") }
        #expect(counts.count == 3)
        for (one, next) in zip(counts, counts.dropFirst() + [lines.count]) { #expect(next - one <= 1001) }
        // Each says what all lines before it say.
        #expect(try spool.history("news")?.counts == mailing.list.counts)
        #expect(try spool.history("news")?.counts.sent == 1100)
    }

    @Test(arguments: [1, 2, 5])
    func `what is under way and what has ended without being on the disk is never more than may be at once`(
        concurrency: Int
    ) throws {
        for seed in UInt64(1)...2 {
            var random = SeededRandom(seed: seed)
            let transport = ScriptedTransport(clock)
            let spool = try TestSpool()
            let delivery = TestDelivery(spool, transport, clock, concurrency: concurrency)
            transport.react { _ in
                let answer = TransportAnswer.of(random.chance(0.8) ? .accepted : .refused)
                return random.chance(0.5)
                    ? .answersAtOnce(answer)
                    : .answers(answer, after: .milliseconds(random.number(Int64(1)...30)))
            }
            let names = ["news", "other"]
            for name in names { try delivery.begin(spool.drop(name, to: TestSpool.people(30))) }
            let exposure = Exposure(spool, names, transport)
            transport.looksOn = { _ in exposure.look() }
            try exposure.trace.run { try delivery.run() }
            #expect(exposure.most == concurrency, "seed \(seed)")
            #expect(transport.log.count == 60, "seed \(seed)")
        }
    }
}

/// How many messages a power cut would leave in doubt: those under way, and those whose outcome is not on the disk.
private final class Exposure {
    let trace = SystemCallTrace()
    private(set) var most = 0
    private let spool: TestSpool
    private let names: [String]
    private let transport: ScriptedTransport
    private var durable: [String: Int] = [:]
    private var syncs = 0

    init(_ spool: TestSpool, _ names: [String], _ transport: ScriptedTransport) {
        (self.spool, self.names, self.transport) = (spool, names, transport)
    }

    /// A message is handed over.
    func look() {
        let calls = trace.calls
        // One sync after another, there is nothing new on the disk.
        for name in names where trace.count(of: .fdatasync) > syncs {
            let path = spool.directory.journal.path(of: FileName("\(name).journal"))
            let last = calls.last { $0.path == path && [.write, .fdatasync].contains($0.call) }
            // Otherwise as many are on the disk as when it was last seen.
            if last?.call == .fdatasync {
                durable[name] = (try? spool.journal(name, only: .sent, .failed).count) ?? 0
            }
        }
        syncs = trace.count(of: .fdatasync)
        let onDisk = names.reduce(0) { $0 + durable[$1, default: 0] }
        most = max(most, transport.answers.count - onDisk + transport.underWay + 1)
    }
}
