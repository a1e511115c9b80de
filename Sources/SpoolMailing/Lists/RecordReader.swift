internal import SpoolSchedule
internal import SpoolSystem

/// The kinds of list, told by the ending of their name.
enum ListKind: Sendable {
    /// RFC 4180, with a header row.
    case csv
    /// A JSON object a line.
    case jsonLines
    /// Mailboxes, one or several a line.
    case text

    /// The kind of a file name; `nil` for an ending that no list has.
    init?(fileName: String) {
        let name = fileName.lowercased()
        if name.hasSuffix(".csv") {
            self = .csv
        } else if name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson") {
            self = .jsonLines
        } else if name.hasSuffix(".txt") {
            self = .text
        } else {
            return nil
        }
    }
}

/// Why a list cannot be read on.
enum ListFailure: Error {
    case system(SystemError)
    /// The line, and what is wrong with it.
    case mistake(line: Int, RecordMistake)

    static let tooLong = RecordMistake(
        reason: "is longer than \(ListWindow.recordLimit >> 20) MiB",
        hint: "correct it; is a closing quote or a line break missing?")
}

/// Reads the records of a list one after another.
struct RecordReader {
    let format: ListFormat
    /// What was noticed about the list as a whole.
    let warnings: [Diagnostic]
    /// The column with the addresses, if it was found by what it holds.
    let guessedColumn: String?
    private var window: ListWindow
    /// The next record, in the window.
    private var position: Int
    private var line: Int

    /// Looks at a list's beginning and gets ready to read from its first record.
    init(_ store: ByteStore, kind: ListKind, windowSize: Int = 128 << 10) throws(ListFailure) {
        var window = ListWindow(store, at: 0, size: windowSize)
        // Several small reads may be needed to see whether a mark is there.
        while window.count < 4, !window.atEnd { _ = try Self.advance(&window, past: 0) }
        if let foreign = SourceText.foreignFormat(window.bytes[..<window.count]) {
            throw .mistake(line: 1, RecordMistake(reason: foreign.reason, hint: foreign.hint))
        }
        position = SourceText.byteOrderMark(window.bytes[..<window.count])
        switch kind {
        case .csv:
            let columns = try Self.columns(&window, from: position)
            format = .csv(columns.format)
            position = columns.next
            warnings = columns.warnings
            guessedColumn = columns.guessedColumn
        case .jsonLines:
            format = .jsonLines
            warnings = []
            guessedColumn = nil
        case .text:
            format = .text
            warnings = []
            guessedColumn = nil
        }
        line = 1 + LineCount.lines(in: window.bytes[..<position])
        self.window = window
    }

    private static func columns(
        _ window: inout ListWindow, from mark: Int
    ) throws(ListFailure) -> ListColumns.Result {
        while true {
            let columns = ListColumns(
                bytes: window.bytes, start: mark, end: window.count, atEnd: window.atEnd)
            do throws(RecordMistake) {
                if let result = try columns.recognize() { return result }
            } catch {
                throw .mistake(line: 1 + error.linesAfter, error)
            }
            guard try advance(&window, past: 0) else { throw .mistake(line: 1, ListFailure.tooLong) }
        }
    }

    private static func advance(_ window: inout ListWindow, past used: Int) throws(ListFailure) -> Bool {
        do throws(SystemError) {
            return try window.advance(past: used)
        } catch {
            throw .system(error)
        }
    }

    /// Fills `record` with the next record; false at the end of the list.
    ///
    /// A record that cannot be read, while those after it can, is given to `onMistake` with its line.
    mutating func next(
        into record: inout RecipientRecord, onMistake: (Int, RecordMistake) -> Void
    ) throws(ListFailure) -> Bool {
        while true {
            let step = format.parse(
                window.bytes, from: position, to: window.count, atEnd: window.atEnd, into: &record)
            switch step {
            case .record(let next):
                record.offset = window.offset + position
                record.line = line
                take(next)
                return true
            case .blank(let next):
                take(next)
            case .bad(let mistake, let next):
                onMistake(line + mistake.linesAfter, mistake)
                take(next)
            case .unreadable(let mistake):
                throw .mistake(line: line + mistake.linesAfter, mistake)
            case .end:
                return false
            case .incomplete:
                guard try Self.advance(&window, past: position) else {
                    throw .mistake(line: line, ListFailure.tooLong)
                }
                position = 0
            }
        }
    }

    private mutating func take(_ next: Int) {
        line += LineCount.lines(in: window.bytes[position..<next])
        position = next
    }
}

/// Reads single records of a list at offsets that a reader gave.
///
/// Records that stand behind one another are usually asked for in their order, so a little more is read each time.
struct RecordLookup {
    let format: ListFormat
    private var window: ListWindow

    init(_ store: ByteStore, format: ListFormat) {
        self.format = format
        window = ListWindow(store, at: 0, size: 4 << 10)
    }

    /// Fills `record` with the one at `offset`; false if there is none that can be read, as the list has changed.
    mutating func read(at offset: Int, into record: inout RecipientRecord) throws(SystemError) -> Bool {
        if offset < window.offset || offset >= window.offset + window.count { window.move(to: offset) }
        var position = offset - window.offset
        while true {
            let step = format.parse(
                window.bytes, from: position, to: window.count, atEnd: window.atEnd, into: &record)
            switch step {
            case .record:
                record.offset = offset
                return true
            case .blank, .bad, .unreadable, .end:
                return false
            case .incomplete:
                guard try window.advance(past: position) else { return false }
                position = 0
            }
        }
    }
}
