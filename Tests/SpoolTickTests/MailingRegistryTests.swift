import Glibc
@testable import SpoolDelivery
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import SpoolTick
@testable import SpoolWriting
import TestSupport
import Testing

struct MailingRegistryTests {
    private let spool: TestSpool
    private let clock = TestClock()
    private let news = FileName("news")

    init() throws { spool = try TestSpool() }

    private func registry() throws -> MailingRegistry { try MailingRegistry(spool.journals) }

    /// A mailing of two recipients that has finished, or begun.
    @discardableResult
    private func deliver(_ name: String, isFinished: Bool = true) throws -> FoundDocument {
        let delivery = TestDelivery(spool, ScriptedTransport(clock), clock)
        let document = try spool.drop(name, to: ["a@example.org", "b@example.org"])
        let mailing = try delivery.begin(document)
        if isFinished {
            try delivery.run()
            mailing.finish(at: clock.now.wall)
        }
        _ = try delivery.dispatcher.end(mailing)
        return document
    }

    @Test func `it knows of each mailing what its journal's end says`() throws {
        try deliver("news")
        try deliver("other", isFinished: false)
        let registry = try registry()
        #expect(registry.all.keys.sorted() == [news, FileName("other")])
        #expect(registry[news] == (try spool.history("news")))
        #expect(registry[news]?.counts.sent == 2 && registry[news]?.closing == .finished)
        #expect(registry[FileName("other")]?.isOpen == true)
        #expect(registry.name(ofMailing: "id-of-other") == FileName("other"))
        #expect(registry.name(ofMailing: "id") == nil)
        #expect(registry.lastAccepted == clock.now.wall)
        #expect(registry[FileName("none")] == nil)
    }

    @Test(arguments: [
        (["news", "news.2026-11-24"], "news.2026-11-24"), (["a", "b"], "b"),
        (["news.2026-11-24", "zebra"], "news.2026-11-24"),
    ])
    func `a journal whose rename was cut short keeps one name, and that by which it was put aside`(
        names: [String], kept: String
    ) throws {
        let journal = { (name: String) in "\(spool.files.path)/journal/\(name).journal" }
        try deliver(names[0])
        #expect(link(journal(names[0]), journal(names[1])) == 0)
        let registry = try registry()
        #expect(spool.journalNames == ["\(kept).journal"])
        #expect(registry.all.keys.map(\.string) == [kept])
        #expect(registry[FileName(kept)]?.counts.sent == 2)
    }

    @Test func `what is written is on the disk, with the numbers and the title behind it`() throws {
        let document = try deliver("news", isFinished: false)
        let registry = try registry()
        let changes = registry.changes
        let trace = SystemCallTrace()
        try trace.run {
            try registry.write(
                [.document(DocumentPlace(folder: .paused, identity: document.identity))], of: news,
                at: clock.now
            ) { $0.title = MailingTitle(subject: "News") }
        }
        #expect(trace.calls.last { [.write, .fdatasync].contains($0.call) }?.call == .fdatasync)
        let words = try spool.journal("news").suffix(3).map { $0.split(separator: " ")[0] }
        #expect(words == ["document", "about", "counts"])
        #expect(registry[news]?.folder == .paused && registry[news]?.title?.subject == "News")
        #expect(registry[news] == (try spool.history("news")))
        #expect(registry.changes > changes)
    }

    @Test func `what could not be brought to the disk has not happened`() throws {
        try deliver("news", isFinished: false)
        let registry = try registry()
        let before = registry[news]
        for call in [SystemCall.open, .write, .fdatasync] {
            #expect(throws: SystemError.self) {
                try SystemCallTrace(Fault(call, .error(EIO), .fromThenOn)).run {
                    try registry.close(news, as: .cancelled, at: clock.now)
                }
            }
            #expect(registry[news] == before)
        }
    }

    @Test func `nothing is written of a mailing that has no journal`() throws {
        let registry = try registry()
        try registry.write([.closed(.cancelled)], of: news, at: clock.now)
        try registry.close(news, as: .cancelled, at: clock.now)
        #expect(spool.names(in: "journal").isEmpty && registry.all.isEmpty)
    }

    @Test(arguments: [Closing.cancelled, .forgotten])
    func `a mailing that is ended says how, and when`(closing: Closing) throws {
        try deliver("news", isFinished: false)
        let registry = try registry()
        clock.pass(.seconds(7))
        try registry.close(news, as: closing, at: clock.now)
        #expect(try spool.journal("news", only: .closed) == ["closed \(closing.rawValue)"])
        #expect(registry[news]?.closedAt == TestClock.start + .seconds(7))
        #expect(registry[news] == (try spool.history("news")))
    }

    @Test func `a document in done that has never begun gets a journal that says so`() throws {
        let document = try spool.drop("news", in: .done)
        let registry = try registry()
        let counts = MailingCounts(total: 5, duplicate: 1, invalid: 1, suppressed: 0)
        try registry.adopt(document, counts, MailingTitle(subject: "News"), at: clock.now)
        let words = try spool.journal("news").map {
            $0.split(separator: " ").prefix(2).joined(separator: " ")
        }
        #expect(
            words == [
                "journal 1", "closed cancelled", #"about {"subject":"News"}"#, "counts recipients=5",
            ])
        let history = try #require(registry[news])
        #expect(history == (try spool.history("news")))
        #expect(history.folder == .done && history.identity == document.identity && !history.isOpen)
        let lifecycle = Lifecycle(documents: [document], histories: registry.all)
        #expect(lifecycle.standings == [.over] && lifecycle.repairs.isEmpty)
    }

    @Test func `a journal takes another name, and never one that is taken`() throws {
        try deliver("news")
        try deliver("other")
        let registry = try registry()
        let (one, other) = (registry[news], registry[FileName("other")])
        #expect(throws: SystemError.self) { try registry.rename(news, to: FileName("other")) }
        #expect(registry[news] == one && registry[FileName("other")] == other)
        try registry.rename(news, to: FileName("third"))
        #expect(registry[FileName("third")] == one && registry[news] == nil)
        #expect(spool.journalNames == ["other.journal", "third.journal"])
    }

    @Test func `room is made under the first name of the day that nobody has`() throws {
        let registry = try registry()
        func free(_ isTaken: (FileName) -> Bool) throws -> String {
            try registry.freeDatedName(news, day: "2026-11-24") { name throws(SystemError) in isTaken(name) }
                .string
        }
        #expect(try free { _ in false } == "news.2026-11-24")
        try spool.write("journal/news.2026-11-24.journal", "")
        #expect(try free { _ in false } == "news.2026-11-24.2")
        #expect(try free { $0.string.hasSuffix(".2") } == "news.2026-11-24.3")
    }

    @Test func `of a mailing that is being delivered the delivery knows how it stands`() throws {
        let document = try deliver("news", isFinished: false)
        let registry = try registry()
        let delivery = TestDelivery(spool, ScriptedTransport(clock), clock)
        let mailing = try delivery.begin(document)
        registry.hand(over: mailing)
        #expect(registry.atRest.isEmpty && registry.all.count == 1)
        clock.pass(.seconds(3))
        try delivery.run()
        #expect(registry[news]?.counts.sent == 2)
        #expect(registry.lastAccepted == clock.now.wall)
        registry.note(
            FoundDocument(folder: .paused, name: news, version: document.version), of: mailing, at: clock.now)
        #expect(registry[news]?.folder == .paused)
        #expect(try delivery.dispatcher.end(mailing))
        registry.take(back: mailing)
        #expect(registry.atRest[news] == mailing.history)
        #expect(registry[news] == (try spool.history("news")))
    }

    /// The journals that are opened when all are asked for.
    private func opened() throws -> [String] {
        let trace = SystemCallTrace()
        try trace.run { _ = try registry() }
        return trace.calls.compactMap { call in
            guard call.call == .open, call.path.hasSuffix(".journal") else { return nil }
            return call.path.split(separator: "/").last.map(String.init)
        }.sorted()
    }

    @Test func `the journal of an ended mailing is opened only if it is another than it was`() throws {
        for name in ["a", "b", "c"] { try deliver(name) }
        try deliver("open", isFinished: false)
        let all = try registry().all
        #expect(try opened() == ["open.journal"])
        #expect(try registry().all == all)
        let gone = DocumentPlace(folder: nil, identity: DocumentIdentity(inode: 1, birth: nil))
        try registry().write([.document(gone)], of: FileName("b"), at: clock.now)
        #expect(try opened() == ["b.journal", "open.journal"])
        #expect(try opened() == ["open.journal"])
        #expect(try registry()[FileName("b")]?.isGone == true)
        try registry().rename(FileName("c"), to: FileName("d"))
        #expect(try opened() == ["d.journal", "open.journal"])
        #expect(try registry()[FileName("d")] == all[FileName("c")])
        try spool.write("journal/ended", "a/b\nc\n")
        #expect(try opened() == ["a.journal", "b.journal", "d.journal", "open.journal"])
        #expect(try registry()[FileName("a")] == all[FileName("a")])
    }

    @Test func `the mailing of an id is found under the name that it has by now`() throws {
        try deliver("news")
        let registry = try registry()
        let id = registry[news]?.mailing ?? ""
        #expect(registry.name(ofMailing: id) == news)
        try registry.rename(news, to: FileName("letter"))
        #expect(registry.name(ofMailing: id) == FileName("letter"))
        registry.put(nil, of: FileName("letter"))
        #expect(registry.name(ofMailing: id) == nil)
    }
}
