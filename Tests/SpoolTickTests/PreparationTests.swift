import Glibc
@testable import SpoolConsole
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import SpoolTick
import TestSupport
import Testing

/// Ticks that were killed while they prepared a document, and what the next ones do about it.
struct PreparationTests {
    private let test: TestTick

    init() throws { test = try TestTick() }

    private func log() throws -> PreparationLog { try PreparationLog(in: test.spool.directory.journal) }

    /// A tick that is killed while it prepares these.
    private func killed(
        preparing documents: FoundDocument..., after body: (PreparationLog) -> Void = { _ in }
    )
        throws
    {
        let log = try log()
        body(log)
        for document in documents { log.begin(document) }
    }

    @Test
    func `a disk that does not take what is noted down ends the tick, as one that fails elsewhere does`()
        throws
    {
        let news = try test.spool.drop("news", in: .scheduled)
        let log = try log()
        SystemCallTrace(Fault(.pwrite, .error(EIO))).run { log.begin(news) }
        #expect(throws: SystemError.self) { try log.keep(only: [news]) }
        #expect(throws: SystemError.self) { try log.close() }
    }

    @Test func `three ticks in a row, killed while they prepared the same version, are its fault`() throws {
        let news = try test.spool.drop("news", in: .scheduled)
        // Whoever looks into it is a tick, and one that finds nothing is none of a row: so nobody looks in between.
        for _ in 0..<3 { try killed(preparing: news) }
        #expect(try log().hasGivenUp(news))
        // For good, whatever is killed from then on.
        #expect(try log().hasGivenUp(news))
        #expect(try !log().hasGivenUp(FoundDocument(folder: .active, name: news.name, version: news.version)))
        try test.spool.setModified("scheduled/news.json", to: TestClock.start)
        #expect(try !log().hasGivenUp(test.spool.found("news", in: .scheduled)))
    }

    @Test
    func `a row is broken by a tick that ends, by one that is killed elsewhere, and by another version`()
        throws
    {
        let news = try test.spool.drop("news", in: .scheduled)
        let other = try test.spool.drop("other", in: .scheduled)
        let breaks: [() throws -> Void] = [
            { try self.log().close() },
            { try self.killed() },
            { try self.killed(preparing: other) },
            {
                try self.killed {
                    $0.begin(news); $0.end(news)
                }
            },
            {
                try self.killed(
                    preparing: FoundDocument(folder: .paused, name: news.name, version: news.version))
            },
        ]
        for (number, breaking) in breaks.enumerated() {
            try killed(preparing: news)
            try killed(preparing: news)
            try breaking()
            try killed(preparing: news)
            try killed(preparing: news)
            #expect(try !log().hasGivenUp(news), "\(number)")
            try log().close()
        }
    }

    @Test func `what is judged and then encoded is one preparation`() throws {
        let news = try test.spool.drop("news", in: .active)
        for _ in 0..<3 {
            try killed(preparing: news) { log in
                log.begin(news)
                log.end(news)
            }
        }
        #expect(try log().hasGivenUp(news))
    }

    @Test func `a power cut is nobody's fault, whatever it brings back`() throws {
        let news = try test.spool.drop("news", in: .scheduled)
        for _ in 0..<2 { try killed(preparing: news) }
        let file = try test.spool.directory.journal.open(FileName("preparing"))
        var lines = String(decoding: try file.contents(), as: UTF8.self).split(separator: "\n")
        #expect(lines.first.map(String.init) == ProcessTable.bootID() && lines.count == 2)
        lines[0] = "another-boot"
        try test.spool.write(
            "journal/preparing", lines.joined(separator: "\n").replacing("\n2 ", with: "\n3 "))
        #expect(try !log().hasGivenUp(news) && !log().isSuspect(news))
        try test.spool.write("journal/preparing", "\0\u{1}\n\n3\nx y z\n-1 a b c")
        #expect(try !log().hasGivenUp(news))
    }

    @Test func `a document that kills ticks is left alone, said, and mended by a move or an edit`() throws {
        let monster = try test.spool.drop("monster", in: .active, to: ["m@example.org"])
        for _ in 0..<3 { try killed(preparing: monster) }
        try test.spool.drop("news", in: .scheduled, to: ["n@example.org"])
        try test.run()
        #expect(test.transport.recipients == ["n@example.org"])
        #expect(test.heard == ["active/monster.json: \(PreparationLog.problem)"])
        #expect(try test.snapshot("monster")?.errors == [PreparationLog.problem])
        test.clock.pass(.minutes(1))
        // Also by another configuration.
        try test.configure(concurrency: 3)
        try test.run()
        #expect(test.heard.count == 1 && test.transport.log.count == 1)
        try test.spool.move("active/monster.json", to: "paused/monster.json")
        try test.run()
        #expect(try test.snapshot("monster")?.errors == [])
        try test.spool.move("paused/monster.json", to: "active/monster.json")
        try test.run()
        #expect(test.transport.recipients == ["n@example.org", "m@example.org"])
        #expect(test.places == ["done/monster.json", "done/news.json"])
    }

    @Test func `what may have killed the tick before is prepared by itself, after all others`() throws {
        let people = TestSpool.people(4)
        let documents = try people.enumerated().map { number, address in
            try test.spool.drop("m\(number)", in: .active, to: [address])
        }
        try killed(preparing: documents[0], documents[1])
        test.clock.setBeside(takes: .milliseconds(300))
        try test.run()
        #expect(Set(test.transport.recipients) == Set(people))
        #expect(Set(test.transport.recipients.prefix(2)) == Set(people[2...]))
        let times = test.handOverTimes
        #expect(times[1] < times[2] && times[2] < times[3])
        #expect(
            try test.spool.directory.journal.open(FileName("preparing")).contents().count { $0 > 0x20 } < 40)
    }

    @Test func `what may have killed the tick before is not prepared while another's files are encoded`()
        throws
    {
        try test.spool.write("files/a.bin", "x")
        let large = try test.spool.drop(
            "large", in: .active, to: ["l@example.org"], "\"attachments\": [\"a.bin\"]")
        let news = try test.spool.drop("news", in: .active, to: ["n@example.org"])
        try killed(preparing: large, news)
        test.clock.pass(.minutes(1))
        test.clock.setBeside(takes: .milliseconds(300))
        try test.run()
        #expect(test.transport.recipients == ["l@example.org", "n@example.org"])
        let times = test.handOverTimes
        #expect(times[1] - times[0] > 0.29)
    }

    @Test func `a cancelled document that kills ticks is taken for cancelled, unread`() throws {
        let monster = try test.spool.drop("monster", in: .done)
        for _ in 0..<3 { try killed(preparing: monster) }
        try test.run()
        #expect(try test.spool.history("monster")?.counts.left == 0)
        #expect(test.heard.isEmpty)
    }
}
