@testable import SpoolExamine
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
import TestSupport

/// One document of which an examination finds this or that.
struct ExaminationExamples {
    enum Kind: CaseIterable {
        /// Two recipients, and nothing wrong.
        case counted
        /// The same, with the list in hand.
        case listed
        /// Sent in an hour.
        case timed
        case wrong
        /// Wrong, and names a file.
        case wrongWithFile
        /// Written now, and does not end.
        case half
        /// Names a file that was written four seconds ago.
        case held
        /// Cannot be read.
        case unreadable
    }

    static let now = TestClock.start

    private let spool: TestSpool

    init() throws {
        spool = try TestSpool()
        try spool.write("files/old.txt", "Hi")
        try spool.write("files/new.txt", "Hi", modified: Self.now - .seconds(4))
    }

    /// Of one inode, wherever it lies.
    func document(in folder: Folder, modified: Timestamp) -> FoundDocument {
        let time = FileStatus.Time(seconds: modified.seconds, nanoseconds: 0)
        let birth = FileStatus.Time(seconds: 1_795_000_000, nanoseconds: 5)
        return FoundDocument(
            folder: folder, name: FileName("news"),
            version: DocumentVersion(FileStatus(inode: 7, birth: birth, modified: time, size: 100)))
    }

    /// What an earlier tick has found: two recipients, and nothing wrong.
    func remembered(_ document: FoundDocument) -> DocumentSnapshot {
        var entry = DocumentSnapshot(
            name: document.name.string, folder: document.folder, version: document.version.text)
        entry.isJudged = true
        entry.total = 2
        entry.waitingFor = .rate
        entry.perMinute = 3
        return entry
    }

    func examination(_ kind: Kind, of document: FoundDocument) throws -> Examination {
        let moment = Moment(wall: Self.now, monotonic: 0)
        var request = ExaminationRequest(
            document, settings: Configuration(cores: 2, zone: .utc), suppression: .none,
            journal: kind == .listed ? .new : .none, at: moment)
        request.context = "context"
        if kind == .unreadable {
            return Examination(request, unreadable: SystemError.missing("active/news.json"))
        }
        return try Examination.judge(Array(text(kind).utf8), request, in: spool.directory, spool.journals)
    }

    private func text(_ kind: Kind) -> String {
        let people = "\"text\": \"Hi\", \"recipients\": [\"a@example.org\", \"b@example.org\"]"
        let without: Set = ["text", "recipients"]
        switch kind {
        case .counted, .listed, .unreadable: return TestDocument.document(people, without: without)
        case .timed:
            return TestDocument.document("\"sendAt\": \"2026-11-24T19:00:00Z\", " + people, without: without)
        case .wrong: return TestDocument.document("\"sendat\": \"now\", " + people, without: without)
        case .wrongWithFile:
            return TestDocument.document(
                "\"textFile\": \"old.txt\", \"recipients\": [\"nobody\"], \"sendat\": \"now\"",
                without: without)
        case .half: return "{\"subject\": \"Ne"
        case .held:
            return TestDocument.document(
                "\"textFile\": \"new.txt\", \"recipients\": [\"a@example.org\"]", without: without)
        }
    }
}
