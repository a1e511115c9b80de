internal import FoundationEssentials
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem
internal import SpoolWriting

/// What a look leaves in `journal/` for the next tick and for `spool-status`: the snapshot, and the time.
final class SnapshotKeeper {
    /// What the last look found; ``write()`` brings it out.
    var current: TickSnapshot
    private let journals: JournalDirectory
    /// The snapshot and the time as they stand in the files.
    private var written: TickSnapshot
    private var writtenTime = ""
    /// What the tick before has found, by versions of documents.
    private let earlier: [String: DocumentSnapshot]
    /// By what that was judged.
    let earlierContext: String

    /// Reads what the tick before has left.
    init(_ journals: JournalDirectory) throws(SystemError) {
        self.journals = journals
        current = try TickSnapshot(in: journals.directory)
        written = current
        earlierContext = current.context
        earlier = Dictionary(current.entries.map { ($0.version, $0) }) { first, _ in first }
    }

    /// What the tick before has found of a version of a document, wherever it lay.
    func earlier(_ version: DocumentVersion) -> DocumentSnapshot? { earlier[version.text] }

    /// Writes the snapshot if it is another than it was; not durable, and need not be.
    func write() throws(SystemError) {
        if current == written { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(current) else { return }
        try journals.directory.replace(
            TickSnapshot.name, with: Array(data) + [0x0A], mode: journals.mode, durable: false)
        written = current
    }

    /// Leaves the time of this look in `journal/tick`.
    func writeTickTime(_ now: Timestamp) throws(SystemError) {
        let time = now.rfc3339
        if time == writtenTime { return }
        try journals.directory.replace(
            FileName("tick"), with: Array((time + "\n").utf8), mode: journals.mode, durable: false)
        writtenTime = time
    }
}

extension TickSnapshot {
    /// Keeps for the next tick what has been said and still stands, and what could not be said.
    mutating func remember(_ announcements: Announcements) {
        said = announcements.remembered
        unsaid = announcements.unsaid.isEmpty ? nil : announcements.unsaid
    }
}
