internal import SpoolSchedule
internal import SpoolSystem

/// A mailing's lists, opened.
struct RecipientSources: Sendable {
    let inline: InlineRecipients?
    let file: File?
    let kind: ListKind
    /// What the file was when the document was validated.
    private let status: FileStatus?

    /// Opens the file if there is one.
    init(_ recipients: MailingRecipients, in files: Directory) throws(SystemError) {
        inline = recipients.inline
        kind = recipients.kind ?? .text
        status = recipients.file?.status
        if let reference = recipients.file {
            file = try files.openBeneath(reference.path)
        } else {
            file = nil
        }
    }

    /// Whether the file is not what it was when the document was validated.
    func fileHasChanged() throws(SystemError) -> Bool {
        guard let file else { return false }
        let now = try file.status()
        return now.size != status?.size || now.modified != status?.modified || now.inode != status?.inode
    }
}

/// Where a row of a list stands, in words that a person finds it by.
enum RowPlace: Hashable, Sendable, CustomStringConvertible {
    /// In the document: the number of the element, from 0, and its line.
    case inline(index: Int, line: Int)
    /// In the recipients file: its line.
    case file(line: Int)

    var isInline: Bool {
        switch self {
        case .inline: true
        case .file: false
        }
    }

    /// `recipients[3]` or `line 14`.
    var description: String {
        switch self {
        case .inline(let index, _): "recipients[\(index)]"
        case .file(let line): "line \(line)"
        }
    }
}

/// Reads all records of a mailing, those of the document first.
struct RecordStream {
    private let inline: InlineRecipients?
    private var index = 0
    private var line = 1
    private var lineOffset = 0
    private var reader: RecordReader?

    /// How the file is written.
    var fileFormat: ListFormat? { reader?.format }
    /// What was noticed about the file as a whole.
    var fileWarnings: [Diagnostic] { reader?.warnings ?? [] }
    /// The file's column with the addresses, if it was found by what it holds.
    var guessedColumn: String? { reader?.guessedColumn }

    /// Opens the sources; throws what keeps the file from being read at all.
    init(_ sources: RecipientSources) throws(ListFailure) {
        inline = sources.inline
        if let file = sources.file {
            reader = try RecordReader(.file(file), kind: sources.kind)
        }
    }

    /// Fills `record` with the next record and gives its place; `nil` at the end.
    mutating func next(
        into record: inout RecipientRecord, onMistake: (RowPlace, RecordMistake) -> Void
    ) throws(ListFailure) -> RowPlace? {
        while let inline, index < inline.offsets.count {
            let place = inlinePlace(inline)
            do throws(RecordMistake) {
                try inline.read(at: Int(inline.offsets[index]), into: &record)
                index += 1
                return place
            } catch {
                index += 1
                onMistake(place, error)
            }
        }
        let found = try reader?.next(into: &record) { line, mistake in onMistake(.file(line: line), mistake) }
        return found == true ? .file(line: record.line) : nil
    }

    private mutating func inlinePlace(_ inline: InlineRecipients) -> RowPlace {
        let offset = Int(inline.offsets[index])
        for byte in inline.bytes[lineOffset..<offset] where byte == 0x0A { line += 1 }
        lineOffset = offset
        return .inline(index: index, line: line)
    }
}

extension InlineRecipients {
    /// Fills `record` with the element that begins at `offset`.
    func read(at offset: Int, into record: inout RecipientRecord) throws(RecordMistake) {
        var scanner = JSONScanner(bytes, from: offset)
        try JSONRecord.parse(&scanner, into: &record)
        record.offset = offset
    }
}
