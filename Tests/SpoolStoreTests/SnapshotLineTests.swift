import Foundation
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import TestSupport
import Testing

struct SnapshotLineTests {
    private func document(_ name: String, birth: FileStatus.Time? = .init(seconds: 1, nanoseconds: 20))
        -> FoundDocument
    {
        let modified = FileStatus.Time(seconds: -3, nanoseconds: 4)
        return FoundDocument(
            folder: .scheduled, name: FileName(name),
            version: DocumentVersion(FileStatus(inode: 7, birth: birth, modified: modified, size: 100)))
    }

    private func entry(of document: FoundDocument) -> DocumentSnapshot {
        var entry = DocumentSnapshot(
            name: document.name.string, folder: document.folder, version: document.version.text)
        entry.subject = "A\nB"
        return entry
    }

    @Test(
        arguments: ["news", "a b, c]", "Årsmöte", "{[,", #"a"b\"#, #"a\"],"#, "a\u{1}b"],
        [nil, TestClock.start])
    func `a line says without being decoded what a look must know of a document at rest`(
        name: String, until: Timestamp?
    ) throws {
        let document = document(name)
        for files in [[:], ["list.csv": FileStamp(nil), "år/b c].pdf": FileStamp(nil)]] {
            let rest = DocumentRest(document, until: until, files: files)
            let line = SnapshotLine(entry(of: document), rest)
            #expect(!line.bytes.contains(0x0A))
            let again = SnapshotLine(line.bytes)
            #expect(again.rest == rest && line.rest == rest)
            #expect(again.entry == entry(of: document))
        }
    }

    @Test func `of a delivery that waits it says what else that depends on`() throws {
        let document = document("news")
        let delivery = DocumentRest.Delivery(
            since: TestClock.start, configuration: "7/-/2/3.4/644/0", journal: FileStamp(nil))
        let rest = DocumentRest(document, until: nil, files: ["a": FileStamp(nil)], delivery: delivery)
        let line = SnapshotLine(entry(of: document), rest)
        #expect(SnapshotLine(line.bytes).rest == rest)
        #expect(rest != DocumentRest(document, until: nil, files: ["a": FileStamp(nil)]))
    }

    @Test func `a version is read from its text again`() {
        for birth in [nil, FileStatus.Time(seconds: 1_795_886_980, nanoseconds: 1_000)] {
            let version = document("news", birth: birth).version
            #expect(DocumentVersion(text: version.text) == version)
        }
        for text in ["", "7 1 2", "7/1.2/3", "7/1/3/4.5", "7/1.2/3/4.5/6", "x/1.2/3/4.5", "7/1.2/3/4.x"] {
            #expect(DocumentVersion(text: text) == nil, "\(text)")
        }
    }

    @Test(arguments: [
        "{}", "", #"{"rest":["#, #"{"rest":["scheduled","news","7/1.2/3/4.5","#,
        #"{"rest":["scheduled","news","7/1.2/3/4.5",""],"#,
        #"{"rest":["nowhere","news","7/1.2/3/4.5","",""],"#,
        #"{"rest":["scheduled","news","7","1",""],"#,
        #"{"rest":["scheduled","news","7/1.2/3/4.5","soon",""],"#,
        #"{"rest":["scheduled","news","7/1.2/3/4.5","","","list.csv"],"#,
        #"{"rest":["active","news","7/1.2/3/4.5","","1 2"],"#,
        #"{"rest":["active","news","7/1.2/3/4.5","","x 2 3"],"#,
    ])
    func `what does not say all of it is not taken for a document at rest`(line: String) {
        #expect(SnapshotLine(Array(line.utf8)[...]).rest == nil)
    }

    @Test(arguments: 0...2)
    func `the file is one JSON value, with each entry on a line of its own`(count: Int) throws {
        var head = TickSnapshot()
        head.context = #"a "entries":[ b"#
        head.mailSystem = .init(since: TestClock.start, reply: "451")
        head.said = [Announcement("one\n\"entries\":[")]
        let entries = ["a", "b"].prefix(count).map { entry(of: document($0)) }
        let rest = DocumentRest(document("a"), until: nil, files: [:])
        let lines = entries.map { SnapshotLine($0, $0.name == "a" ? rest : nil) }
        let (before, after) = SnapshotFile.frame(of: head)
        let bytes = before + lines.map(\.bytes).joined(separator: [0x2C, 0x0A]) + after
        let files = try TemporaryFiles()
        try files.write("board.json", bytes)

        let file = try SnapshotFile(in: try files.directory)
        #expect(file.head == head)
        #expect(file.lines.compactMap(\.entry) == entries)
        #expect(file.lines.compactMap(\.rest) == (count == 0 ? [] : [rest]))
        var whole = head
        whole.entries = entries
        #expect(try TickSnapshot(in: try files.directory) == whole)
    }
}
