@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import SpoolTick
@testable import SpoolTransport
@testable import SpoolWriting
import TestSupport
import Testing

/// What is known of a mailing in `active/` is not read again before something can be done about it, or has changed.
struct WaitingDeliveryTests {
    /// It is 18:00.
    private static let window = "\"window\": {\"from\": \"20:00\", \"until\": \"21:00\"}"

    /// How often a document was read.
    private func reads(_ name: String = "news", _ body: () throws -> Void) throws -> Int {
        let trace = SystemCallTrace()
        try trace.run(body)
        return trace.calls.count { $0.call == .open && $0.path.hasSuffix("/\(name).json") }
    }

    @Test func `a mailing outside its window is read once, and when the window is near`() throws {
        let test = try TestTick()
        try test.spool.drop("news", to: TestSpool.people(3), Self.window)
        #expect(try reads { try test.run() } == 1)
        let opening = TestClock.start + .hours(2)
        for _ in 0..<3 {
            test.clock.pass(.minutes(30))
            #expect(try reads { try test.run() } == 0)
            let entry = try test.snapshot("news")
            #expect(entry?.waitingFor == .window && entry?.next == opening && entry?.isJudged == true)
            #expect(entry?.endsAt.map { $0 >= opening.seconds } ?? true)
        }
        test.clock.pass(.minutes(29) + .seconds(30))
        #expect(try reads { try test.run() } == 1)
        #expect(test.transport.log.count == 3)
        #expect(test.transport.log.allSatisfy { $0.moment.wall >= opening })
        #expect(test.places == ["done/news.json"])
    }

    @Test(arguments: [
        "the document", "its place", "its journal", "config.json", "suppressed.txt", "the clock",
    ])
    func `it is read again when anything has changed of`(what: String) throws {
        let test = try TestTick()
        try test.spool.drop("news", to: TestSpool.people(3), Self.window)
        try test.run()
        test.clock.pass(.minutes(1))
        #expect(try reads { try test.run() } == 0)
        test.clock.pass(.minutes(1))
        switch what {
        case "the document": try test.spool.drop("news", to: TestSpool.people(2), Self.window)
        case "its place": try test.spool.move("active/news.json", to: "active/letter.json")
        case "its journal":
            let registry = try MailingRegistry(test.spool.journals)
            try registry.write([], of: FileName("news"), at: test.clock.now)
        case "config.json": try test.configure(concurrency: 13)
        case "suppressed.txt": try test.spool.write("suppressed.txt", "r1@example.org\n")
        default: test.clock.setWall(by: .hours(-1))
        }
        let name = what == "its place" ? "letter" : "news"
        #expect(try reads(name) { try test.run() } > 0)
        test.clock.pass(.minutes(1))
        #expect(try reads(name) { try test.run() } == 0)
    }

    @Test func `whoever is deferred is tried again in time, and the list is read for that`() throws {
        let test = try TestTick { $0.number == 1 ? .answersAtOnce(.of(.notNow)) : .accepts }
        try test.spool.drop("news", to: ["a@example.org"])
        try test.run()
        let due = try #require(try test.snapshot("news")?.next)
        test.clock.pass(.minutes(1))
        #expect(try reads { try test.run() } == 0)
        #expect(try test.snapshot("news")?.waitingFor == .retry)
        try test.run(for: .minutes(10))
        #expect(test.transport.log.count == 2)
        let delay = (test.transport.log.last?.moment.wall ?? due) - due
        #expect(delay >= .zero && delay < .seconds(2))
        #expect(test.places == ["done/news.json"])
    }

    @Test func `a mailing for which it gets too late while it waits ends at that time`() throws {
        let test = try TestTick()
        try test.spool.drop(
            "news", to: TestSpool.people(3), Self.window + ", \"sendUntil\": \"2026-11-24T19:00:00Z\"")
        try test.run()
        #expect(test.places == ["active/news.json"])
        try test.run(for: .minutes(61))
        #expect(test.transport.log.isEmpty)
        #expect(test.places == ["done/news.json"])
    }

    @Test func `a mailing that waits for a person is not read again before somebody has said something`()
        throws
    {
        let test = try TestTick(concurrency: 1, "\"inDoubt\": \"hold\"") { _ in .hangs }
        try test.spool.drop("news", to: ["a@example.org"])
        try test.run()
        #expect(try test.snapshot("news")?.waitingFor == .person)
        test.clock.pass(.days(1))
        #expect(try reads { try test.run() } == 0)
        try test.configure(concurrency: 1)
        test.transport.react { _ in .accepts }
        #expect(try reads { try test.run() } == 1)
        #expect(test.transport.log.count == 2)
    }

    // MARK: Another config.json

    @Test(arguments: [
        ("\"rate\": \"6000/hour\"", 1), ("\"inDoubt\": \"hold\"", 1), ("\"retry\": {\"first\": \"1m\"}", 2),
        ("\"defaults\": {\"replyTo\": \"c@example.org\"}", 2),
    ])
    func `a mailing that is being delivered is read again only if it is judged by what has changed`(
        settings: String, expected: Int
    ) throws {
        let test = try TestTick(concurrency: 1) { _ in .answers(.accepted, after: .milliseconds(100)) }
        try test.spool.drop("news", to: TestSpool.people(100))
        let configuration = TestTick.configuration(concurrency: 2, settings)
        let spool = test.spool
        test.clock.after(.seconds(3)) { try? spool.write("config.json", configuration) }
        #expect(try reads { try test.run() } == expected)
        #expect(test.stretches == [1, 2])
        #expect(Set(test.transport.recipients).count == 100 && test.transport.log.count == 100)
        #expect(test.places == ["done/news.json"])
    }

    @Test func `its pace, and whoever was deferred, stay what they were under another config_json`() throws {
        let test = try TestTick(concurrency: 1) { handOver in
            handOver.recipient == "r1@example.org" && handOver.number == 1
                ? .answersAtOnce(.of(.notNow)) : .accepts
        }
        try test.spool.drop("news", to: TestSpool.people(100), "\"rate\": \"600/hour\"")
        let (clock, spool) = (test.clock, test.spool)
        for number in 1...20 {
            clock.after(.seconds(Int64(number) * 7)) {
                let configuration = TestTick.configuration(concurrency: number % 3 + 1)
                try? spool.write("config.json", configuration + String(repeating: " ", count: number))
                if number == 10 { clock.setWall(by: .hours(1)) }
                if number == 15 { clock.setWall(by: .hours(-2)) }
            }
        }
        #expect(try reads { try test.run() } == 1)
        #expect(test.stretches.count == 21)
        let times = test.transport.log.map(\.moment.monotonic)
        let gaps = zip(times, times.dropFirst()).map { $1 - $0 }
        #expect(times.count == 101 && (gaps.min() ?? 0) > 5_900_000)
        let own = test.transport.log.filter { $0.recipient == "r1@example.org" }.map(\.moment.monotonic)
        #expect(own.count == 2 && own[1] - own[0] >= 300_000_000)
    }

    // MARK: Thousands

    @Test func `an idle tick opens no document and no journal, and writes nothing but its time`() throws {
        let test = try TestTick()
        for number in 0..<3 {
            try test.spool.drop("later\(number)", in: .scheduled, "\"sendAt\": \"2026-12-24T18:00:00Z\"")
            try test.spool.drop("paused\(number)", in: .paused)
            try test.spool.drop("now\(number)")
        }
        try test.spool.drop("night", Self.window)
        try test.spool.write("active/broken.json", "[]")
        for _ in 0..<3 {
            try test.run()
            test.clock.pass(.minutes(1))
        }
        let trace = SystemCallTrace()
        try trace.run { try test.run() }
        let opened = trace.calls.filter { call in
            call.call == .open && (call.path.hasSuffix(".json") || call.path.hasSuffix(".journal"))
        }.compactMap { $0.path.split(separator: "/").last.map(String.init) }
        #expect(opened.sorted() == ["board.json", "config.json", "night.journal"])
        let renamed = trace.calls.filter { $0.call == .rename }
        #expect(renamed.map { $0.path.hasSuffix("/.tick.new") } == [true])
        #expect(test.transport.log.count == 3 && test.heard.count == 1)
    }
}
