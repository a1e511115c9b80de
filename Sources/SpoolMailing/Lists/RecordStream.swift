internal import SpoolSchedule
internal import SpoolSystem

/// A mailing's lists, opened.
struct RecipientSources: Sendable {
    let inline: InlineRecipients?
    /// Nil while it rests.
    private(set) var file: File?
    let kind: ListKind
    /// Where the file is, and what it was when the document was validated.
    private let reference: ReferredFile?
    private let files: Directory

    /// Opens the file if there is one.
    init(_ recipients: MailingRecipients, in files: Directory) throws(SystemError) {
        inline = recipients.inline
        kind = recipients.kind ?? .text
        reference = recipients.file
        self.files = files
        try open()
    }

    /// Opens the file again after a rest; it has to be what it was.
    mutating func open() throws(SystemError) {
        guard file == nil, let reference else { return }
        file = try files.openBeneath(reference.path)
        if try fileHasChanged() {
            file = nil
            throw .stale(reference.path)
        }
    }

    /// Closes the file until it is wanted again.
    mutating func rest() { file = nil }

    /// Whether the file is not what it was when the document was validated.
    func fileHasChanged() throws(SystemError) -> Bool {
        guard let file else { return false }
        let now = try file.status()
        let then = reference?.status
        return now.size != then?.size || now.modified != then?.modified || now.inode != then?.inode
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
