@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import SpoolTick
@testable import SpoolTransport
@testable import SpoolWriting
import TestSupport
import Testing

/// What a tick does with thousands of documents that are as they were.
struct SnapshotKeeperTests {
    private static let later = "\"sendAt\": \"2026-12-24T18:00:00Z\""
    private let test: TestTick

    init() throws { test = try TestTick() }

    private func text() throws -> String {
        let file = try test.spool.directory.journal.open(TickSnapshot.name)
        return String(decoding: try file.contents(), as: UTF8.self)
    }

    /// Has the entry of a document say something that no tick would write, behind what a look reads of it.
    private func mark(_ name: String) throws {
        let lines = try text().split(separator: "\n").map { line in
            line.contains("\"name\":\"\(name)\"") ? line.replacing("\"subject\":", with: "\"marked\":") : line
        }
        try test.spool.write("journal/board.json", lines.joined(separator: "\n") + "\n")
        #expect(try isMarked(name))
    }

    private func isMarked(_ name: String) throws -> Bool {
        try text().split(separator: "\n").contains {
            $0.contains("\"\(name)\"") && $0.contains("\"marked\":")
        }
    }

    /// How often the snapshot was written.
    private func writes(_ body: () throws -> Void) throws -> Int {
        let trace = SystemCallTrace()
        try trace.run(body)
        return trace.calls.count { $0.call == .rename && $0.path.hasSuffix("/.board.json.new") }
    }

    @Test func `entries of documents that are as they were are written again as they stand`() throws {
        try test.spool.write("files/list.csv", "email,name\na@example.org,A\n")
        try test.spool.drop("timed", in: .scheduled, Self.later)
        try test.spool.drop("still", in: .paused)
        try test.spool.write(
            "scheduled/listed.json",
            TestDocument.document(Self.later + ", \"recipientsFile\": \"list.csv\"", without: ["recipients"]))
        try test.spool.write("active/broken.json", "[]")
        try test.run()
        #expect(test.heard.count == 1)
        let names = ["timed", "still", "listed", "broken"]
        for name in names.dropLast() { try mark(name) }
        test.clock.pass(.minutes(1))
        #expect(try writes { try test.run() } == 0)
        test.clock.pass(.minutes(1))
        try test.spool.drop("other", in: .scheduled, Self.later)
        #expect(try writes { try test.run() } > 0)
        for name in names.dropLast() { #expect(try isMarked(name), "\(name)") }
        #expect(try test.snapshot("other")?.total == 1)
        for name in names { #expect(try test.snapshot(name)?.isJudged == true, "\(name)") }
        // Said is said.
        #expect(test.heard.count == 1)
    }

    @Test(arguments: ["the document", "its place", "its file", "its name", "the settings", "its time"])
    func `an entry is made anew when anything has changed of`(what: String) throws {
        try test.spool.write("files/list.csv", "email,name\na@example.org,A\n")
        let text = TestDocument.document(
            Self.later + ", \"recipientsFile\": \"list.csv\"", without: ["recipients"])
        try test.spool.write("scheduled/news.json", text)
        try test.run()
        try mark("news")
        test.clock.pass(.minutes(1))
        switch what {
        case "the document":
            try test.spool.files.overwrite(
                "scheduled/news.json", Array(text.replacing("12-24", with: "12-25").utf8))
            try test.spool.setModified("scheduled/news.json", to: TestClock.start - .minutes(30))
        case "its place": try test.spool.move("scheduled/news.json", to: "paused/news.json")
        case "its file":
            try test.spool.write("files/list.csv", "email,name\na@example.org,A\nb@example.org,B\n")
        case "its name": try test.spool.move("scheduled/news.json", to: "scheduled/letter.json")
        case "the settings": try test.configure("\"defaults\": {\"replyTo\": \"c@example.org\"}")
        default: test.clock.pass(.days(31))
        }
        try test.run()
        let name = what == "its name" ? "letter" : "news"
        if what == "its time" {
            #expect(test.transport.recipients == ["a@example.org"])
        } else {
            #expect(try !isMarked(name))
            #expect(try test.snapshot(name)?.total == (what == "its file" ? 2 : 1))
            #expect(try test.snapshot(name)?.folder == (what == "its place" ? .paused : .scheduled))
        }
    }

    @Test func `a document that was left alone for killing ticks is tried again when nobody knows of that`()
        throws
    {
        let monster = try test.spool.drop("monster", in: .active, to: ["m@example.org"])
        for _ in 0..<3 {
            let log = try PreparationLog(in: test.spool.directory.journal)
            log.begin(monster)
        }
        try test.run()
        #expect(try test.snapshot("monster")?.errors == [PreparationLog.problem])
        try test.spool.directory.journal.remove(FileName("preparing"))
        test.clock.pass(.minutes(1))
        try test.run()
        #expect(test.transport.recipients == ["m@example.org"])
    }

    @Test func `what an earlier version has written holds`() throws {
        try test.spool.drop("timed", in: .scheduled, Self.later)
        try test.spool.write("active/broken.json", "[]")
        try test.run()
        #expect(test.heard.count == 1)
        // On one line, and without what a look reads.
        var lines = try text().split(separator: "\n").map { line in
            guard let end = line.firstRange(of: "],\"duplicate\"") ?? line.firstRange(of: "],\"errors\""),
                line.hasPrefix("{\"rest\"")
            else { return String(line) }
            return "{" + line[line.index(end.lowerBound, offsetBy: 2)...]
        }
        lines = [lines.joined()]
        try test.spool.write("journal/board.json", lines[0] + "\n")
        test.clock.pass(.minutes(1))
        let trace = SystemCallTrace()
        try trace.run { try test.run() }
        #expect(!trace.calls.contains { $0.path.hasSuffix("/timed.json") && $0.call == .open })
        #expect(test.heard.count == 1)
        #expect(try test.snapshot("timed")?.isJudged == true)
        #expect(try text().contains("{\"rest\":[\"scheduled\",\"timed\""))
    }

    @Test func `a tick that is ended before its first look leaves it as it was`() throws {
        try test.spool.drop("timed", in: .scheduled, Self.later)
        try test.spool.write("active/broken.json", "[]")
        try test.run()
        let before = try text()
        test.clock.askForTermination()
        try test.run()
        #expect(try text() == before && before.contains("\"timed\""))
    }

    @Test func `where writing it takes long it is written less often`() throws {
        let test = try TestTick(concurrency: 1) { _ in .answers(.accepted, after: .milliseconds(100)) }
        try test.spool.drop("news", to: TestSpool.people(300))
        let clock = test.clock
        let trace = SystemCallTrace { _, call in
            if call.call == .rename, call.path.hasSuffix("/.board.json.new") {
                clock.pass(.milliseconds(200))
            }
        }
        try trace.run { try test.run() }
        let writes = trace.calls.count { $0.call == .rename && $0.path.hasSuffix("/.board.json.new") }
        #expect(test.transport.log.count == 300)
        // In 30 seconds; each look finds another estimate.
        #expect((3...12).contains(writes), "\(writes)")
    }

    @Test func `it is put together in pieces, between which deliveries go on`() throws {
        let keeper = try SnapshotKeeper(test.spool.journals, in: test.clock.surroundings)
        let versions = (0..<1000).map { number in
            DocumentVersion(
                FileStatus(
                    inode: UInt64(number), birth: nil, modified: .init(seconds: 1, nanoseconds: 0), size: 1))
        }
        for version in versions {
            let entry = DocumentSnapshot(name: "news", folder: .scheduled, version: version.text)
            keeper.note(entry, of: version, nil)
        }
        keeper.keep(only: versions)
        var pauses = 0
        try keeper.write { pauses += 1 }
        #expect(pauses == 4)
        let entries = try TickSnapshot(in: test.spool.directory.journal).entries
        #expect(entries.map(\.version) == versions.map(\.text))
        try keeper.write { pauses += 1 }
        #expect(pauses == 4)
    }
}
