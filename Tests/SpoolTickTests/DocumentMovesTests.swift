import Glibc
@testable import SpoolDelivery
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import SpoolTick
import Synchronization
import TestSupport
import Testing

struct DocumentMovesTests {
    private let spool: TestSpool
    private let clock = TestClock()
    private let news = FileName("news")

    init() throws { spool = try TestSpool() }

    private func moves(zone: TimeZoneRules = .utc) throws -> DocumentMoves {
        DocumentMoves(
            spool: spool.directory, registry: try MailingRegistry(spool.journals),
            folders: FolderMoves(spool.directory),
            announcements: Announcements(
                said: [], isVerbose: false, to: .init(isPerson: false, tell: { _ in true }),
                in: clock.surroundings
            ),
            zone: zone)
    }

    /// A mailing in `active/` that has finished, and its document as it was when it did.
    @discardableResult
    private func finish(_ name: String) throws -> FoundDocument {
        let delivery = TestDelivery(spool, ScriptedTransport(clock), clock)
        let document = try spool.drop(name)
        let mailing = try delivery.begin(document)
        try delivery.run()
        mailing.finish(at: clock.now.wall)
        _ = try delivery.dispatcher.end(mailing)
        return document
    }

    /// A mailing that has ended and lies in `done/`.
    private func end(_ name: String) throws {
        let document = try finish(name)
        try moves().finish(document, at: clock.now)
    }

    // MARK: To active

    @Test func `a mailing whose time has come goes to active, and that is to be brought to the disk`() throws
    {
        try spool.drop("news", in: .scheduled)
        let moves = try moves()
        try moves.folders.synchronize()
        #expect(try moves.start(news))
        #expect(spool.names(in: "active") == ["news.json"] && spool.names(in: "scheduled").isEmpty)
        #expect(moves.folders.areUnsynchronized)
    }

    @Test func `who was quicker than the tick has his way`() throws {
        let moves = try moves()
        try moves.folders.synchronize()
        #expect(try !moves.start(news))
        try spool.drop("news", in: .scheduled)
        try spool.write("active/news.json", "mine")
        #expect(try !moves.start(news))
        #expect(try spool.directory[.active].open(FileName("news.json")).contents() == Array("mine".utf8))
        #expect(spool.names(in: "scheduled") == ["news.json"] && !moves.folders.areUnsynchronized)
    }

    // MARK: To done

    @Test func `a mailing that has ended goes to done, and its journal says so`() throws {
        let document = try finish("news")
        let moves = try moves()
        try moves.folders.synchronize()
        try moves.finish(document, at: clock.now)
        #expect(spool.names(in: "done") == ["news.json"] && spool.names(in: "active").isEmpty)
        #expect(try spool.history("news")?.folder == .done && moves.registry[news]?.folder == .done)
        #expect(try spool.journal("news", only: .document).last?.hasPrefix("document done ") == true)
        #expect(moves.folders.areUnsynchronized)
        let listing = try Listing(spool.directory)
        let lifecycle = Lifecycle(documents: listing.documents, histories: moves.registry.all)
        #expect(lifecycle.standings == [.over] && lifecycle.repairs.isEmpty)
    }

    @Test func `what was edited, replaced or taken away since it ended stays where it is`() throws {
        let changes: [(TestSpool) throws -> Void] = [
            { try $0.files.overwrite("active/news.json", "{\"edited\": true}".utf8) },
            {
                try $0.write("active/.new", "{}")
                #expect(rename("\($0.files.path)/active/.new", "\($0.files.path)/active/news.json") == 0)
            },
            { try $0.move("active/news.json", to: "paused/news.json") },
        ]
        for change in changes {
            let document = try finish("news")
            try change(spool)
            let moves = try moves()
            try moves.finish(document, at: clock.now)
            #expect(spool.names(in: "done").isEmpty)
            #expect(moves.registry[news]?.folder == .active)
            for folder in ["active", "paused"] where !spool.names(in: folder).isEmpty {
                try spool.files.remove("\(folder)/news.json")
            }
            try spool.files.remove("journal/news.journal")
        }
    }

    @Test func `what was replaced between the look and the move goes back`() throws {
        let document = try finish("news")
        let moves = try moves()
        let spool = spool
        let trace = SystemCallTrace { _, call in
            guard call.call == .rename, call.path.hasSuffix("active/news.json"),
                spool.names(in: "scheduled").isEmpty
            else { return }
            // An editor that saves by replacing; and a sign that it has.
            #expect(throws: Never.self) {
                try spool.write("active/.new", "{\"edited\": true}")
                try spool.write("scheduled/sign.json", "")
            }
            #expect(rename("\(spool.files.path)/active/.new", "\(spool.files.path)/active/news.json") == 0)
        }
        try trace.run { try moves.finish(document, at: clock.now) }
        #expect(spool.names(in: "scheduled") == ["sign.json"])
        #expect(spool.names(in: "done").isEmpty)
        let kept = try spool.directory[.active].open(FileName("news.json")).contents()
        #expect(String(decoding: kept, as: UTF8.self) == "{\"edited\": true}")
        #expect(moves.registry[news]?.folder == .active)
    }

    @Test func `what lies in done without a journal of its own makes room for what has one`() throws {
        let document = try finish("news")
        try spool.write("done/news.json", "a stranger's")
        let moves = try moves()
        try moves.finish(document, at: clock.now)
        #expect(spool.names(in: "done") == ["news.2026-11-24.json", "news.json"])
        let aside = try spool.directory[.done].open(FileName("news.2026-11-24.json")).contents()
        #expect(String(decoding: aside, as: UTF8.self) == "a stranger's")
        #expect(try spool.found("news", in: .done).version == document.version)
    }

    // MARK: Making room

    @Test func `document and journal of an ended mailing take the name of its last day`() throws {
        clock.pass(.hours(5) + .minutes(30))
        try end("news")
        clock.pass(.days(3))
        // Half past midnight there.
        let moves = try moves(zone: TimeZoneRules(utcOffset: 3600))
        try moves.displace(news, at: clock.now)
        #expect(spool.names(in: "done") == ["news.2026-11-25.json"])
        #expect(spool.journalNames == ["news.2026-11-25.journal"])
        #expect(moves.registry.all.keys.map(\.string) == ["news.2026-11-25"])
    }

    @Test func `a name counts as taken by a document or by a journal`() throws {
        try end("news")
        try spool.write("done/news.2026-11-24.json", "")
        try spool.write("journal/news.2026-11-24.2.journal", "")
        let moves = try moves()
        try moves.displace(news, at: clock.now)
        #expect(spool.names(in: "done") == ["news.2026-11-24.3.json", "news.2026-11-24.json"])
        #expect(
            spool.journalNames == ["news.2026-11-24.2.journal", "news.2026-11-24.3.journal"])
    }

    @Test func `where the document is gone its journal makes room alone`() throws {
        try end("news")
        try spool.files.remove("done/news.json")
        try moves().displace(news, at: clock.now)
        #expect(spool.names(in: "done").isEmpty)
        #expect(spool.journalNames == ["news.2026-11-24.journal"])
    }

    @Test func `another mailing's document keeps the name that a person has given it`() throws {
        try end("news")
        try end("other")
        try spool.files.remove("done/news.json")
        try spool.move("done/other.json", to: "done/news.json")
        let moves = try moves()
        try moves.displace(news, at: clock.now)
        #expect(spool.names(in: "done") == ["news.json"])
        #expect(spool.journalNames == ["news.2026-11-24.journal", "other.journal"])
    }

    @Test func `a mailing that has not ended makes no room`() throws {
        let delivery = TestDelivery(spool, ScriptedTransport(clock), clock)
        try delivery.begin(spool.drop("news"))
        try moves().displace(news, at: clock.now)
        try moves().displace(FileName("none"), at: clock.now)
        #expect(spool.names(in: "active") == ["news.json"])
        #expect(spool.journalNames == ["news.journal"])
    }

    @Test func `room that was made outlives a power cut, the document first`() throws {
        try end("news")
        let moves = try moves()
        let trace = SystemCallTrace()
        try trace.run { try moves.displace(news, at: clock.now) }
        let calls = trace.calls.filter { [.rename, .fsync].contains($0.call) }.map { call in
            "\(call.call) \(call.path.split(separator: "/").suffix(call.call == .fsync ? 1 : 2).joined(separator: "/"))"
        }
        #expect(
            calls == ["rename done/news.json", "rename journal/news.journal", "fsync done", "fsync journal"])
    }

    @Test func `room that was half made is made by whoever looks next`() throws {
        let room: [SystemCall] = [.rename, .fsync]
        let strikes = try sweepFaults([.error(EIO)]) {
            let test = try DocumentMovesTests()
            try test.end("news")
            return test
        } operation: { test in
            try test.moves().displace(news, at: clock.now)
        } check: { test, outcome in
            guard let call = outcome.struck.first?.call, room.contains(call) else { return }
            let moves = try test.moves()
            for _ in 0..<2 {
                let listing = try Listing(test.spool.directory)
                let lifecycle = Lifecycle(documents: listing.documents, histories: moves.registry.all)
                for repair in lifecycle.repairs {
                    switch repair {
                    case .rename(let journal, let name): try moves.registry.rename(journal, to: name)
                    case .displace(let name): try moves.displace(name, at: test.clock.now)
                    default: Issue.record("\(repair) after \(outcome)")
                    }
                }
            }
            let names = [test.spool.names(in: "done"), test.spool.journalNames]
            // Nothing was moved, or both: never the one without the other.
            #expect(
                names == [["news.json"], ["news.journal"]]
                    || names == [["news.2026-11-24.json"], ["news.2026-11-24.journal"]], "\(outcome)")
        }
        #expect(strikes > 10)
    }
}
