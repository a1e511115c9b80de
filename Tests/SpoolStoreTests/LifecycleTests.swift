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
        #expect(lifecycle.standings == [.conflict(.documentGone)])
    }

    @Test func `another file in the same folder is an editor's`() {
        let now = document(.active, "a", inode: 2)
        let lifecycle = Lifecycle(
            documents: [now], histories: [FileName("a"): history(document(.active, "a", inode: 1))])
        #expect(lifecycle.standings == [.continues])
        #expect(lifecycle.repairs == [.record(FileName("a"), now)])
    }

    @Test func `another file in another folder is for a person to decide`() {
        let now = document(.scheduled, "a", inode: 2)
        let lifecycle = Lifecycle(
            documents: [now], histories: [FileName("a"): history(document(.active, "a", inode: 1))])
        #expect(lifecycle.standings == [.conflict(.documentGone)])
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
