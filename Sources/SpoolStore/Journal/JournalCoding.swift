internal import SpoolMailing
internal import SpoolSchedule

/// How entries are written in a line and read again: the only place that knows the words and the order of the fields.
///
/// Encoding and decoding are pure; what a line is around them (checksum, time) is ``JournalLine``'s business, and how
/// it reaches the disk the writer's. Fields that cannot be read are taken for the least that they could mean: the line's
/// checksum has said that it is whole, so another version of the program wrote it.
enum JournalCoding {
    /// The word behind the time, at most eight letters.
    enum Word: String, CaseIterable {
        case attempt = "try"
        case sent, deferred, failed
        case inDoubt = "in-doubt"
        case withdrew, excused
        case gaveUp = "gave-up"
        case resolved, skipped
        case opened = "journal"
        case document, revision, wording, about, counts, closed, reopened, report

        /// The words as numbers, first letter lowest.
        private static let packed: [(number: UInt64, word: Word)] = allCases.map { word in
            (word.rawValue.utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) }, word)
        }

        /// The word of some bytes; nil if it is none.
        init?(_ bytes: UnsafeRawBufferPointer) {
            guard bytes.count <= 8 else { return nil }
            var number: UInt64 = 0
            for byte in bytes.reversed() { number = number << 8 | UInt64(byte) }
            for entry in Word.packed where entry.number == number {
                self = entry.word
                return
            }
            return nil
        }

        /// Whether the first field of the line is a recipient's address.
        var isAboutRecipient: Bool {
            switch self {
            case .attempt, .sent, .deferred, .failed, .inDoubt, .withdrew, .excused, .gaveUp, .resolved,
                .skipped:
                true
            case .opened, .document, .revision, .wording, .about, .counts, .closed, .reopened, .report: false
            }
        }
    }

    // MARK: Encoding

    /// The word and the fields of an entry, with a blank between two of them.
    static func text(of entry: JournalEntry) -> String {
        switch entry {
        case .opened(let mailing): return "journal 1 \(mailing)"
        case .document(let place): return "document \(text(of: place.folder)) \(place.identity.text)"
        case .revision(let hash): return "revision \(hash)"
        case .wording(let wording): return "wording \(wording.subject) \(wording.bodies)"
        case .about(let title): return "about \(JournalJSON.text(title))"
        case .counts(let history): return "counts \(CountsLine.fields(of: history))"
        case .recipient(let address, let event):
            let (word, fields) = parts(of: event)
            return fields.isEmpty ? "\(word.rawValue) \(address)" : "\(word.rawValue) \(address) \(fields)"
        case .closed(let closing): return "closed \(closing.rawValue)"
        case .reopened(let cause): return "reopened \(cause.rawValue)"
        case .report(.due(let order)): return "report due \(JournalJSON.text(order))"
        case .report(.progress(let event)): return "report \(reportFields(of: event))"
        }
    }

    /// The word and the fields behind the address.
    private static func parts(of event: RecipientEvent) -> (Word, String) {
        switch event {
        case .attempt(let number, let state): (.attempt, "\(number) \(state.word)")
        case .sent(let reply): (.sent, reply)
        case .deferred(let until, let kind, let status, let reply):
            (.deferred, "\(until.rfc3339Milliseconds) \(kind.rawValue) \(status) \(reply)")
        case .failed(let status, let reply): (.failed, "\(status) \(reply)")
        case .inDoubt(let until, let cause): (.inDoubt, "\(until.rfc3339Milliseconds) \(cause.rawValue)")
        case .withdrew(let state): (.withdrew, state.word)
        case .excused(let kind, let isFirst): (.excused, kind.rawValue + (isFirst ? " first" : ""))
        case .gaveUp: (.gaveUp, "")
        case .resolved(let resolution): (.resolved, resolution.rawValue)
        case .skipped(let state, let reason):
            (.skipped, "\(state.word) \(RecipientState.skipped(reason).word)")
        }
    }

    /// As of a recipient, but that a report has no state to come from, and that giving up is a failure like another.
    private static func reportFields(of event: RecipientEvent) -> String {
        switch event {
        case .attempt(let number, _): return "try \(number)"
        case .skipped(_, let reason): return "skipped \(RecipientState.skipped(reason).word)"
        default:
            let (word, fields) = parts(of: event)
            return fields.isEmpty ? word.rawValue : "\(word.rawValue) \(fields)"
        }
    }

    private static func text(of folder: Folder?) -> String { folder?.rawValue ?? "gone" }

    // MARK: Decoding

    /// Reads an entry that is not about a recipient; nil if it says nothing that is known.
    static func entry(_ word: Word, _ fields: Fields, at time: @autoclosure () -> Timestamp) -> JournalEntry?
    {
        var fields = fields
        switch word {
        case .opened:
            _ = fields.next()
            return .opened(mailing: fields.text())
        case .document:
            let folder = Folder(rawValue: fields.text())
            return DocumentIdentity(inode: fields.text(), birth: fields.text()).map {
                .document(DocumentPlace(folder: folder, identity: $0))
            }
        case .revision: return .revision(fields.text())
        case .wording: return .wording(MailingWording(subject: fields.text(), bodies: fields.text()))
        case .about: return MailingTitle(json: fields.rest).map(JournalEntry.about)
        case .counts: return .counts(CountsLine.history(of: fields.rest))
        case .closed: return .closed(Closing(rawValue: fields.text()) ?? .forgotten)
        // Old journals say no cause.
        case .reopened: return .reopened(Reopening(rawValue: fields.text()) ?? .again)
        case .report: return report(fields, at: time()).map(JournalEntry.report)
        case .attempt, .sent, .deferred, .failed, .inDoubt, .withdrew, .excused, .gaveUp, .resolved, .skipped:
            return nil
        }
    }

    /// Reads what happened to a recipient from the fields behind the address; nil of a word that is about something else.
    static func event(
        _ word: Word, _ fields: Fields, at time: @autoclosure () -> Timestamp
    ) -> RecipientEvent? {
        var fields = fields
        switch word {
        case .attempt: return .attempt(number: fields.number() ?? 1, from: fields.state() ?? .waiting)
        case .sent: return .sent(reply: fields.remainder)
        case .deferred:
            return .deferred(
                until: fields.time() ?? time(), .init(rawValue: fields.text()) ?? .notNow,
                status: fields.text(),
                reply: fields.remainder)
        case .failed: return .failed(status: fields.text(), reply: fields.remainder)
        case .inDoubt:
            return .inDoubt(until: fields.time() ?? time(), .init(rawValue: fields.text()) ?? .killed)
        case .withdrew: return .withdrew(to: fields.state() ?? .waiting)
        case .excused:
            return .excused(.init(rawValue: fields.text()) ?? .notNow, isFirst: fields.text() == "first")
        case .gaveUp: return .gaveUp
        case .resolved: return .resolved(.init(rawValue: fields.text()) ?? .resend)
        case .skipped:
            let state = fields.state() ?? .waiting
            guard case .skipped(let reason)? = fields.state() else { return nil }
            return .skipped(from: state, reason)
        case .opened, .document, .revision, .wording, .about, .counts, .closed, .reopened, .report:
            return nil
        }
    }

    private static func report(_ fields: Fields, at time: Timestamp) -> CompletionReportEvent? {
        var fields = fields
        let word = fields.next()
        if word.elementsEqual("due".utf8) {
            return JournalJSON.value(CompletionReportOrder.self, fields.rest).map(CompletionReportEvent.due)
        }
        if word.elementsEqual("skipped".utf8) {
            return .progress(.skipped(from: .waiting, .suppressed))
        }
        return Word(word).flatMap { event($0, fields, at: time) }.map(CompletionReportEvent.progress)
    }

    /// The fields of a line, one after another; they borrow its bytes.
    struct Fields {
        private(set) var rest: UnsafeRawBufferPointer

        init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

        /// The next field; empty where there is none.
        mutating func next() -> UnsafeRawBufferPointer {
            let end = rest.firstIndex(of: 0x20) ?? rest.endIndex
            defer { rest = UnsafeRawBufferPointer(rebasing: rest[min(end + 1, rest.endIndex)...]) }
            return UnsafeRawBufferPointer(rebasing: rest[..<end])
        }

        mutating func text() -> String { String(decoding: next(), as: UTF8.self) }
        mutating func number() -> Int? { Int(text()) }
        mutating func time() -> Timestamp? { Timestamp(rfc3339: next()) }
        mutating func state() -> RecipientState? { RecipientState(word: next()) }

        /// All that is left, blanks included.
        var remainder: String { String(decoding: rest, as: UTF8.self) }
    }
}

extension RecipientState {
    /// The state's name in a journal.
    package var word: String {
        switch self {
        case .waiting: "waiting"
        case .sending: "sending"
        case .inDoubt: "in-doubt"
        case .sent: "sent"
        case .deferred: "deferred"
        case .failed: "failed"
        case .skipped(.suppressed): "suppressed"
        case .skipped(.late): "late"
        }
    }

    /// The state of a name; nil if no state has it.
    init?(word bytes: UnsafeRawBufferPointer) {
        guard let state = RecipientState.all.first(where: { $0.word.utf8.elementsEqual(bytes) }) else {
            return nil
        }
        self = state
    }
}
