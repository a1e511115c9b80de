@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
import Testing

struct LifecycleTests {
    private func document(
        _ folder: Folder, _ name: String, inode: UInt64, hasBirth: Bool = true
    ) -> FoundDocument {
        var raw = MadeUpStatus(inode: inode)
        raw.hasBirth = hasBirth
        return FoundDocument(folder: folder, name: FileName(name), version: DocumentVersion(raw.status))
    }

    private func history(_ document: FoundDocument, closing: Closing? = nil) -> MailingHistory {
        var history = MailingHistory()
        history.mailing = "m"
        history.identity = document.identity
        history.folder = document.folder
        history.closing = closing
        return history
    }

    @Test func `a mailing that was moved goes on, and its journal says where it is`() {
        let before = document(.active, "a", inode: 1)
        let now = document(.paused, "a", inode: 1)
        let lifecycle = Lifecycle(documents: [now], histories: [FileName("a"): history(before)])
        #expect(lifecycle.standings == [.continues])
        #expect(lifecycle.repairs == [.record(FileName("a"), now)])
    }

    @Test func `a renamed document takes its journal along`() {
        let now = document(.active, "b", inode: 1)
        let lifecycle = Lifecycle(
            documents: [now], histories: [FileName("a"): history(document(.paused, "a", inode: 1))])
        #expect(lifecycle.repairs == [.rename(journal: FileName("a"), to: FileName("b"))])
        #expect(lifecycle.standings == [.waits])
    }

    @Test func `an inode that was used again does not make another file the same`() {
        let old = document(.active, "a", inode: 1, hasBirth: false)
        let other = document(.paused, "a", inode: 1, hasBirth: false)
        let lifecycle = Lifecycle(documents: [other], histories: [FileName("a"): history(old)])
        #expect(lifecycle.standings == [.conflict(.unrecognised(history(old)))])
    }

    @Test func `another file in the same folder is an editor's`() {
        let now = document(.active, "a", inode: 2)
        let lifecycle = Lifecycle(
            documents: [now], histories: [FileName("a"): history(document(.active, "a", inode: 1))])
        #expect(lifecycle.standings == [.continues])
        #expect(lifecycle.repairs == [.record(FileName("a"), now)])
    }

    @Test func `thousands of documents and journals are gone through with pauses, with which it may end`()
        throws
    {
        struct Enough: Error {}
        let documents = (0..<5000).map { document(.scheduled, "n\($0)", inode: UInt64($0)) }
        let histories = Dictionary(uniqueKeysWithValues: documents.map { ($0.name, history($0)) })
        for most in [1, 10, 20, 40, 60, 80, .max] {
            var pauses = 0
            func lifecycle() throws(Enough) -> Lifecycle {
                try Lifecycle(
                    documents: documents, histories: histories, obscured: [], resemblance: { _ in nil }
                ) { () throws(Enough) in
                    pauses += 1
                    if pauses == most { throw Enough() }
                }
            }
            if most < .max {
                #expect(throws: Enough.self) { try lifecycle() }
            } else {
                let paused = try lifecycle()
                #expect(paused == Lifecycle(documents: documents, histories: histories))
                // Twice each document, and each journal five times, in pieces of 256.
                #expect(pauses == 7 * 20)
            }
        }
    }

    // MARK: Edited and moved between two looks

    /// What a journal says before the look.
    enum Past: CaseIterable {
        case open, openGone, ended, endedGone, forgotten
    }

    /// The mailing was in `active/`, or in `done/` if it had ended; another file of its name is in a folder now.
    @Test(arguments: [
        (Past.open, ["unrecognised", "moved", "moved", "over"]),
        (.openGone, ["unrecognised", "unrecognised", "unrecognised", "over"]),
        (.ended, ["unrecognised", "unrecognised", "unrecognised", "over"]),
        (.endedGone, ["new", "new", "new", "over"]), (.forgotten, ["new", "new", "new", "over"]),
    ])
    func `another file in place of a mailing's own is that one, a new one, or for a person to decide`(
        past: Past, expected: [String]
    ) throws {
        let isOpen = past == .open || past == .openGone
        for (folder, word) in zip([Folder.scheduled, .active, .paused, .done], expected) {
            let old = document(isOpen ? (folder == .active ? .paused : .active) : .done, "a", inode: 1)
            var history = history(old, closing: isOpen ? nil : past == .forgotten ? .forgotten : .finished)
            history.isGone = past == .openGone || past == .endedGone
            let found = document(folder, "a", inode: 2)
            let lifecycle = Lifecycle(documents: [found], histories: [FileName("a"): history])
            let standing: Lifecycle.Standing =
                switch word {
                case "unrecognised": .conflict(.unrecognised(history))
                case "moved": .continues
                case "new": .new(displacing: true)
                default: .over
                }
            #expect(lifecycle.standings == [standing], "\(past) in \(folder)")
            // As long as nobody has decided, nothing is recorded as gone, and nothing put aside.
            if word == "unrecognised" { #expect(lifecycle.repairs.isEmpty, "\(past) in \(folder)") }
            if word == "moved" { #expect(lifecycle.repairs == [.record(FileName("a"), found)]) }
            if word == "new" { #expect(lifecycle.repairs == [.displace(FileName("a"))]) }
        }
    }

    @Test(arguments: [(true, false), (false, true), (false, false)])
    func `where a file system has no times of birth nothing is taken for moved`(had: Bool, has: Bool) {
        for closing in [Closing.finished, nil] {
            let old = document(closing == nil ? .active : .done, "a", inode: 1, hasBirth: had)
            let found = document(.paused, "a", inode: 1, hasBirth: has)
            let past = history(old, closing: closing)
            let lifecycle = Lifecycle(documents: [found], histories: [FileName("a"): past])
            #expect(lifecycle.standings == [.conflict(.unrecognised(past))] && lifecycle.repairs.isEmpty)
        }
    }

    @Test func `what nobody knows is compared with a mailing that has vanished, before that is recorded`() {
        let old = document(.done, "a", inode: 1)
        let found = document(.active, "b", inode: 2)
        let past = history(old, closing: .finished)
        func look(_ resemblance: Lifecycle.Resemblance?) -> Lifecycle {
            Lifecycle(documents: [found], histories: [FileName("a"): past]) { _ in resemblance }
        }
        let unknown = look(nil)
        #expect(unknown.standings == [.unfamiliar([FileName("a"): past])] && unknown.repairs.isEmpty)
        let alike = look(.mailing(FileName("a")))
        #expect(alike.standings == [.conflict(.renamed(FileName("a"), past))] && alike.repairs.isEmpty)
        let other = look(.unrelated)
        #expect(other.standings == [.new(displacing: false)])
        #expect(other.repairs == [.displace(FileName("a"))])
    }

    @Test func `a mailing that has ended and come back is judged, wherever it was last seen`() {
        var past = history(document(.done, "a", inode: 1), closing: .finished)
        let now = document(.active, "a", inode: 1)
        #expect(
            Lifecycle(documents: [now], histories: [FileName("a"): past]).standings == [.returned(past)])
        past.apply(
            .document(DocumentPlace(folder: .paused, identity: past.identity)), at: .init(milliseconds: 0))
        #expect(past.hasReturned)
        let replaced = document(.paused, "a", inode: 3)
        #expect(
            Lifecycle(documents: [replaced], histories: [FileName("a"): past]).standings == [.returned(past)])
        // One that was closed, and whose document a killed tick has not moved, only has to be moved.
        let closed = history(now, closing: .finished)
        #expect(Lifecycle(documents: [now], histories: [FileName("a"): closed]).standings == [.continues])
    }

    @Test func `a name that a person has to decide about makes no room for another`() {
        let ended = history(document(.done, "b", inode: 1), closing: .finished)
        let other = history(document(.paused, "a", inode: 5))
        let documents = [document(.active, "b", inode: 5), document(.scheduled, "b", inode: 2)]
        let lifecycle = Lifecycle(
            documents: documents, histories: [FileName("a"): other, FileName("b"): ended])
        #expect(lifecycle.standings == [.waits, .conflict(.unrecognised(ended))])
        #expect(lifecycle.repairs.isEmpty)
    }

    @Test func `the name of one that has ended is free, and that one makes room`() {
        let old = document(.done, "a", inode: 1)
        let new = document(.scheduled, "a", inode: 2)
        let lifecycle = Lifecycle(
            documents: [old, new], histories: [FileName("a"): history(old, closing: .finished)])
        #expect(lifecycle.standings == [.over, .new(displacing: true)])
        #expect(lifecycle.repairs.isEmpty)
    }

    @Test func `one name in active and paused is an error of both`() {
        let both = [document(.active, "a", inode: 1), document(.paused, "a", inode: 2)]
        let lifecycle = Lifecycle(documents: both, histories: [FileName("a"): history(both[0])])
        #expect(lifecycle.standings == [.conflict(.activeAndPaused), .conflict(.activeAndPaused)])
    }

    @Test func `who is dropped while another of the name is under way waits for it`() {
        let both = [document(.active, "a", inode: 1), document(.scheduled, "a", inode: 2)]
        let lifecycle = Lifecycle(documents: both, histories: [FileName("a"): history(both[0])])
        #expect(lifecycle.standings == [.continues, .waits])
    }

    @Test func `an unfinished mailing in done is cancelled`() {
        let now = document(.done, "a", inode: 1)
        let lifecycle = Lifecycle(
            documents: [now], histories: [FileName("a"): history(document(.active, "a", inode: 1))])
        #expect(lifecycle.repairs == [.record(FileName("a"), now), .cancel(FileName("a"))])
    }

    @Test func `a document with a second hard link is not taken for one that is gone`() {
        let old = document(.done, "a", inode: 1)
        for closing in [Closing.finished, nil] {
            let lifecycle = Lifecycle(
                documents: [], histories: [FileName("a"): history(old, closing: closing)],
                obscured: [FileName("a")])
            #expect(lifecycle.repairs.isEmpty)
        }
    }

    @Test(arguments: [
        ("news.2026-11-23", true), ("news.2026-11-23.2", true), ("news", false), ("2026-11-23", false),
    ])
    func `a dated name is known as such`(name: String, isDated: Bool) {
        #expect(DatedName.isDated(FileName(name)) == isDated)
    }

    @Test func `a dated name is never longer than a document's, and is cut between characters`() {
        let long = FileName(String(repeating: "å", count: 97))
        let dated = DatedName.make(long, day: "2026-11-23", count: 12)
        #expect((dated + ".json").bytes.count <= Listing.longestName)
        #expect(dated.isUTF8)
        #expect(DatedName.isDated(dated))
    }
}
