internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem
internal import SpoolWriting

/// What a look leaves in `journal/` for the next tick and for `spool-status`: the snapshot, and the time.
///
/// Of a document at rest nothing is kept but its line.
final class SnapshotKeeper {
    /// What the last look found, but for the entries; ``write(pausing:)`` brings it out.
    var current: TickSnapshot
    private let journals: JournalDirectory
    private let surroundings: Surroundings
    /// The entries of the last look, and in which order they stand in the file.
    private var lines: [DocumentVersion: Line] = [:]
    private var order: [DocumentVersion] = []
    /// What the tick before has found: a document may be gone for a moment.
    private let earlier: [DocumentVersion: Line]
    /// All but the entries as it stands in the file.
    private var written: TickSnapshot
    /// Whether the entries stand in the file as they are.
    private var areLinesWritten = true
    private var writtenTime = ""
    /// Before this it is not written again unless the tick ends.
    private var nextWrite: Int64 = 0

    /// How many times as long as a write took there is none after it: with thousands of entries, of which one changes with
    /// every look.
    private static let writeShare: Int64 = 20

    private struct Line {
        let text: SnapshotLine
        /// By what it was judged.
        let context: String
        /// Nil of a document at rest.
        let entry: DocumentSnapshot?
    }

    /// Reads what the tick before has left.
    init(_ journals: JournalDirectory, in surroundings: Surroundings) throws(SystemError) {
        self.journals = journals
        self.surroundings = surroundings
        let file = try SnapshotFile(in: journals.directory)
        (current, written) = (file.head, file.head)
        lines.reserveCapacity(file.lines.count)
        order.reserveCapacity(file.lines.count)
        for text in file.lines {
            let entry = text.rest == nil ? text.entry : nil
            guard
                let version = text.rest?.document.version
                    ?? entry.flatMap({ DocumentVersion(text: $0.version) })
            else { continue }
            lines[version] = Line(text: text, context: file.head.context, entry: entry)
            order.append(version)
        }
        earlier = lines
    }

    // MARK: What was found before

    /// What was found last of a version of a document, wherever it lay, and by what it was judged.
    func found(_ version: DocumentVersion) -> (entry: DocumentSnapshot, context: String)? {
        guard let line = lines[version] ?? earlier[version] else { return nil }
        return (line.entry ?? line.text.entry).map { ($0, line.context) }
    }

    /// Whether a version of a document was judged, and is not in doubt.
    func isJudged(_ version: DocumentVersion) -> Bool {
        guard let line = lines[version] ?? earlier[version] else { return false }
        return line.text.rest != nil || line.entry?.isJudged == true
    }

    /// What a look must know of a document that is at rest, if that holds where it lies and in a context.
    func rest(of document: FoundDocument, judgedBy context: String) -> DocumentRest? {
        guard let line = lines[document.version], let rest = line.text.rest, rest.document == document,
            line.context == context
        else { return nil }
        return rest
    }

    // MARK: What a look has found

    /// Takes in the entry of a document.
    ///
    /// - Parameter rest: nil of a document that is not at rest.
    func note(_ entry: DocumentSnapshot, of version: DocumentVersion, _ rest: DocumentRest?) {
        let known = lines[version]
        if rest == nil, let known, known.entry == entry, known.context == current.context { return }
        let text = SnapshotLine(entry, rest)
        lines[version] = Line(text: text, context: current.context, entry: rest == nil ? entry : nil)
        if known?.text.bytes != text.bytes { areLinesWritten = false }
    }

    /// Takes a document to be at rest whose entry was noted, if it was judged.
    func rest(_ rest: DocumentRest) {
        let version = rest.document.version
        guard let line = lines[version], let entry = line.entry, entry.isJudged else { return }
        lines[version] = Line(text: SnapshotLine(entry, rest), context: line.context, entry: nil)
        areLinesWritten = false
    }

    /// Forgets the entries of all documents but those of the last look.
    func keep(only versions: [DocumentVersion]) {
        if versions.count != lines.count {
            let present = Set(versions)
            lines = lines.filter { present.contains($0.key) }
            areLinesWritten = false
        }
        order = versions
    }

    // MARK: Writing

    /// Writes the snapshot if it is another than it was; not durable, and need not be.
    ///
    /// - Parameter pause: called again and again, where there are thousands of entries; nil if the tick ends.
    func write(pausing pause: (() throws(SystemError) -> Void)?) throws(SystemError) {
        let start = surroundings.now().monotonic
        if areLinesWritten && current == written || pause != nil && start < nextWrite { return }
        var (bytes, end) = SnapshotFile.frame(of: current)
        var isFirst = true
        for (number, version) in order.enumerated() {
            guard let line = lines[version] else { continue }
            if !isFirst { bytes += [UInt8(ascii: ","), 0x0A] }
            isFirst = false
            bytes += line.text.bytes
            if number.isMultiple(of: 256) { try pause?() }
        }
        bytes += end
        try journals.directory.replace(TickSnapshot.name, with: bytes, mode: journals.mode, durable: false)
        (written, areLinesWritten) = (current, true)
        let now = surroundings.now().monotonic
        nextWrite = now + (now - start) * SnapshotKeeper.writeShare
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
