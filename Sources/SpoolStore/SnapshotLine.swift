internal import SpoolMailing
package import SpoolSchedule
package import SpoolSystem

/// What a look must know of a document about which nothing is to be done, nor said, before a time comes or something
/// changes.
package struct DocumentRest: Equatable, Sendable {
    package let document: FoundDocument
    /// Nil if no time is waited for.
    package let until: Timestamp?
    /// The files that it names, with the state in which they were read.
    package let files: [String: FileStamp]
    /// What else it depends on that it waits, where it is being delivered.
    package let delivery: Delivery?

    package struct Delivery: Equatable, Sendable {
        /// When it was found out that it waits: a clock that has been set back since knows nothing of that.
        package let since: Timestamp
        /// Which config.json there was.
        package let configuration: String
        package let journal: FileStamp

        package init(since: Timestamp, configuration: String, journal: FileStamp) {
            (self.since, self.configuration, self.journal) = (since, configuration, journal)
        }

        /// Three words, or none where nothing is being delivered.
        fileprivate static func text(_ delivery: Delivery?) -> String {
            guard let delivery else { return "" }
            return "\(delivery.since.milliseconds) \(delivery.configuration) \(delivery.journal.text)"
        }

        fileprivate init?(text: String) {
            let words = text.split(separator: " ").map(String.init)
            guard words.count == 3, let since = Int64(words[0]) else { return nil }
            self.init(
                since: Timestamp(milliseconds: since), configuration: words[1],
                journal: FileStamp(text: words[2]))
        }
    }

    package init(
        _ document: FoundDocument, until: Timestamp?, files: [String: FileStamp],
        delivery: Delivery? = nil
    ) {
        self.document = document
        self.until = until
        self.files = files
        self.delivery = delivery
    }
}

/// The entry of one document as a line of `journal/board.json`.
///
/// Thousands of documents may wait for months: of one at rest the line begins with all that a look must know, in a form
/// that is read without decoding the entry, and as long as nothing changes the line is written again as it stands.
package struct SnapshotLine: Sendable {
    /// One JSON object, without a line end.
    package let bytes: ArraySlice<UInt8>
    /// Nil of a document that is not at rest, or whose line does not say so.
    package let rest: DocumentRest?

    /// Makes the line of an entry.
    package init(_ entry: DocumentSnapshot, _ rest: DocumentRest?) {
        self.rest = rest
        let object = Array(JournalJSON.text(entry).utf8)
        bytes = rest.map { $0.member + object.dropFirst() } ?? object[...]
    }

    /// Takes a line as it stands in the file.
    package init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        rest = DocumentRest(line: bytes)
    }

    /// The entry, decoded; nil if it cannot be.
    package var entry: DocumentSnapshot? { JournalJSON.value(DocumentSnapshot.self, bytes) }
}

extension DocumentRest {
    private static let opening = Array(#"{"rest":["#.utf8)

    /// `{"rest":["scheduled","news","7/1.000000001/171/2.5","1893492000000","","list.csv","…"],`.
    fileprivate var member: ArraySlice<UInt8> {
        var fields = [
            document.folder.rawValue, document.name.string, document.version.text,
            until.map { String($0.milliseconds) } ?? "", Delivery.text(delivery),
        ]
        for (path, stamp) in files.sorted(by: { $0.key < $1.key }) { fields += [path, stamp.text] }
        return DocumentRest.opening + Array(JournalJSON.text(fields).utf8.dropFirst()) + [UInt8(ascii: ",")]
    }

    fileprivate init?(line: ArraySlice<UInt8>) {
        guard let fields = DocumentRest.fields(of: line), fields.count >= 5, !fields.count.isMultiple(of: 2),
            let folder = Folder(rawValue: fields[0]), let version = DocumentVersion(text: fields[2])
        else { return nil }
        document = FoundDocument(folder: folder, name: FileName(fields[1]), version: version)
        if fields[3].isEmpty {
            until = nil
        } else {
            guard let time = Int64(fields[3]) else { return nil }
            until = Timestamp(milliseconds: time)
        }
        delivery = Delivery(text: fields[4])
        if delivery == nil, !fields[4].isEmpty { return nil }
        var files: [String: FileStamp] = [:]
        for index in stride(from: 5, to: fields.count, by: 2) {
            files[fields[index]] = FileStamp(text: fields[index + 1])
        }
        self.files = files
    }

    /// The strings of the list by which a line begins; nil if it does not begin so.
    ///
    /// Much faster than decoding it, which is done only to a string in which something is escaped.
    private static func fields(of line: ArraySlice<UInt8>) -> [String]? {
        guard line.starts(with: opening) else { return nil }
        let (quote, backslash) = (UInt8(ascii: "\""), UInt8(ascii: "\\"))
        var fields: [String] = []
        var start = line.startIndex + opening.count
        while start < line.endIndex, line[start] == quote {
            var end = start + 1
            var isEscaped = false
            while end < line.endIndex, line[end] != quote {
                if line[end] == backslash { isEscaped = true }
                end += line[end] == backslash ? 2 : 1
            }
            guard end + 1 < line.endIndex else { return nil }
            if isEscaped {
                guard let field = JournalJSON.value(String.self, line[start...end]) else { return nil }
                fields.append(field)
            } else {
                fields.append(String(decoding: line[(start + 1)..<end], as: UTF8.self))
            }
            if line[end + 1] == UInt8(ascii: "]") { return fields }
            start = end + 2
        }
        return nil
    }
}

/// The snapshot as it stands in its file: one JSON value, with each document's entry on a line of its own.
package struct SnapshotFile: Sendable {
    /// All but the entries.
    package private(set) var head = TickSnapshot()
    package private(set) var lines: [SnapshotLine] = []

    private static let entriesBegin = #""entries":["#

    /// Reads it; an empty one where there is none, or none that can be read.
    package init(in journal: Directory) throws(SystemError) {
        self.init(try TickSnapshot.bytes(in: journal))
    }

    init(_ bytes: [UInt8]) {
        let parts = SnapshotFile.lines(of: bytes)
        if let first = parts.first, let last = parts.last, parts.count > 1,
            first.suffix(SnapshotFile.entriesBegin.utf8.count).elementsEqual(SnapshotFile.entriesBegin.utf8),
            let head = JournalJSON.value(TickSnapshot.self, first + last)
        {
            self.head = head
            lines = parts.dropFirst().dropLast().map { part in
                SnapshotLine(part.last == UInt8(ascii: ",") ? part.dropLast() : part)
            }
        } else if let whole = JournalJSON.value(TickSnapshot.self, bytes) {
            // As an earlier version wrote it.
            head = whole
            head.entries = []
            lines = whole.entries.map { SnapshotLine($0, nil) }
        }
    }

    /// Faster than `split`, of megabytes.
    private static func lines(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        bytes.withUnsafeBytes { buffer in
            var start = 0
            while let end = buffer[start...].firstIndex(of: 0x0A) {
                lines.append(bytes[start..<end])
                start = end + 1
            }
        }
        return lines
    }

    /// What stands before the lines, which a comma and a line end separate, and what behind them.
    package static func frame(of head: TickSnapshot) -> (before: [UInt8], after: [UInt8]) {
        let text = JournalJSON.text(head)
        guard let place = text.firstRange(of: entriesBegin) else { return ([], []) }
        return (
            Array("\(text[..<place.upperBound])\n".utf8), Array("\n\(text[place.upperBound...])\n".utf8)
        )
    }
}
