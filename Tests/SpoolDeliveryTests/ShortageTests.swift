import Glibc
@testable import SpoolDelivery
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import SpoolTransport
import TestSupport
import Testing

/// What the machine lacks for one mailing, and what the others are spared.
struct ShortageTests {
    private let spool: TestSpool
    private let clock = TestClock()

    init() throws { spool = try TestSpool() }

    private func delivery(_ transport: ScriptedTransport, concurrency: Int = 2) -> TestDelivery {
        TestDelivery(spool, transport, clock, concurrency: concurrency)
    }

    private static let shortages = [
        SystemError(call: "posix_spawn", path: "sendmail", code: EAGAIN),
        SystemError(call: "pipe2", path: "sendmail", code: EMFILE),
        SystemError(call: "posix_spawn", path: "sendmail", code: ENOMEM),
    ]

    @Test(arguments: shortages)
    func `what the machine lacks for a message holds its mailing alone, and is nobody's deferral`(
        error: SystemError
    ) throws {
        var lacks = true
        let transport = ScriptedTransport(clock) { handOver in
            handOver.returnPath == "large@example.org" && lacks ? .lacks(error) : .accepts
        }
        let delivery = delivery(transport)
        let large = try delivery.begin(
            spool.drop("large", to: TestSpool.people(2), "\"returnPath\": \"large@example.org\""))
        let small = try delivery.begin(spool.drop("small", to: ["s@example.org"]))
        try delivery.run()
        #expect(transport.recipients == ["s@example.org"] && small.states == [.sent])
        #expect(large.states == [.waiting, .waiting] && large.shortage == error)
        #expect(
            !delivery.dispatcher.isMailSystemGone && !delivery.dispatcher.isRefusedEverywhere(at: clock.now))
        #expect(delivery.dispatcher.isWaitingForMachine)
        #expect(try spool.journal("large", only: .deferred, .excused).isEmpty)
        lacks = false
        // Not before the next look.
        try delivery.run()
        #expect(large.states == [.waiting, .waiting])
        try delivery.dispatcher.look(at: clock.now)
        try delivery.run()
        #expect(large.states == [.sent, .sent] && large.shortage == nil)
        #expect(!delivery.dispatcher.isWaitingForMachine)
    }

    @Test func `a message that there is no memory for is taken back before it is announced`() throws {
        let transport = ScriptedTransport(clock)
        let delivery = delivery(transport)
        let mailing = try delivery.begin(spool.drop("news", to: TestSpool.people(2)))
        for fault in [Fault(.memfdCreate, .error(EMFILE)), Fault(.memfdCreate, .error(ENOMEM))] {
            try SystemCallTrace(fault).run { try delivery.run() }
            #expect(mailing.states == [.waiting, .waiting] && transport.log.isEmpty)
            #expect(try spool.journal("news", only: .attempt).isEmpty)
            try delivery.dispatcher.look(at: clock.now)
        }
        try delivery.run()
        #expect(transport.recipients == TestSpool.people(2))
    }

    @Test func `a journal is open only while something of its mailing goes on, and there is one to open`()
        throws
    {
        let transport = ScriptedTransport(clock)
        let delivery = delivery(transport)
        let mailing = try delivery.begin(
            spool.drop("news", to: TestSpool.people(4), "\"rate\": \"1/minute\""))
        let path = spool.directory.journal.path(of: FileName("news.journal"))
        try delivery.fill()
        try delivery.dispatcher.write()
        clock.pass(.seconds(1))
        let early = SystemCallTrace()
        try early.run { try delivery.dispatcher.look(at: clock.now) }
        #expect(!early.calls.contains { $0.call == .close })
        clock.pass(.seconds(20))
        let late = SystemCallTrace()
        try late.run { try delivery.dispatcher.look(at: clock.now) }
        #expect(late.count(of: .close) == 1)
        clock.pass(.seconds(60))
        // The next one opens it, and holds the mailing if it cannot.
        try SystemCallTrace(Fault(.open, .error(EMFILE))).run { _ = try delivery.fill() }
        #expect(mailing.shortage?.code == EMFILE && transport.log.count == 1)
        try delivery.dispatcher.look(at: clock.now)
        let opening = SystemCallTrace()
        try opening.run { _ = try delivery.fill() }
        #expect(opening.calls.count { $0.call == .open && $0.path == path } == 1)
        #expect(transport.log.count == 2)
    }

    /// A mailing to two, with a return path of its name, whose messages have about 20 MB.
    private func dropLarge(_ name: String) throws -> FoundDocument {
        let text = String(repeating: "åäö ååå äöå\\n", count: 350_000)
        let people = "\"recipients\": [\"r1@example.org\", \"r2@example.org\"]"
        try spool.write(
            "active/\(name).json",
            TestDocument.document(
                "\(people), \"text\": \"\(text)\", \"html\": \"\(text)\", "
                    + "\"returnPath\": \"\(name)@example.org\"",
                without: ["text", "recipients"]))
        return try spool.found(name, in: .active)
    }

    @Test func `large messages are under way one after another, and small ones beside them`() throws {
        let transport = ScriptedTransport(clock) { _ in .answers(.accepted, after: .seconds(1)) }
        let delivery = delivery(transport, concurrency: 8)
        let large = try delivery.begin(dropLarge("large"))
        try delivery.fill()
        #expect(large.inFlight == 1)
        try delivery.begin(spool.drop("small", to: ["s@example.org"]))
        try delivery.fill()
        #expect(transport.log.count { $0.recipient == "s@example.org" } == 1)
        #expect(large.inFlight == 1 && transport.mostUnderWay == 2)
    }

    @Test func `a large message that hangs keeps no other mailing's large message waiting`() throws {
        let transport = ScriptedTransport(clock) { handOver in
            handOver.returnPath == "hangs@example.org" ? .hangs : .answers(.accepted, after: .seconds(1))
        }
        let delivery = delivery(transport, concurrency: 8)
        for name in ["hangs", "other"] {
            try delivery.begin(dropLarge(name))
            try delivery.fill()
        }
        for _ in 0..<3 {
            clock.pass(.seconds(1))
            try delivery.dispatcher.collect(at: clock.now)
            try delivery.fill()
        }
        #expect(transport.log.map(\.returnPath) == ["hangs", "other", "other"].map { "\($0)@example.org" })
    }

    @Test func `nobody's last attempt is judged while others of his mailing only wait for the machine`()
        throws
    {
        let error = Self.shortages[0]
        let transport = ScriptedTransport(clock) { handOver in
            handOver.recipient == "r1@example.org" ? .answersAtOnce(.of(.unclear)) : .lacks(error)
        }
        let delivery = delivery(transport)
        let mailing = try delivery.begin(spool.drop("news", to: TestSpool.people(2)))
        for _ in 0..<5 {
            try delivery.dispatcher.look(at: clock.now)
            try delivery.run()
            clock.pass(.hours(4))
        }
        #expect(transport.log.count == 5)
        #expect(mailing.states == [.deferred, .waiting])
        transport.react { handOver in
            handOver.recipient == "r1@example.org" ? .answersAtOnce(.of(.unclear)) : .accepts
        }
        try delivery.dispatcher.look(at: clock.now)
        try delivery.run()
        #expect(mailing.states == [.failed, .sent])
    }
}
