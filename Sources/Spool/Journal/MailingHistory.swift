internal import Foundation
internal import SpoolSystem

/// What people call a mailing, for a reader who does not open its document.
struct MailingTitle: Codable, Equatable, Sendable {
    var subject: String?
    var from: String?
    var sendAt: String?
}

/// How a mailing ended.
enum Closing: String, Sendable {
    /// Every recipient has ended.
    case finished
    /// A person moved the unfinished document to `done/`.
    case cancelled
    /// A person gave the journal up with `--forget`.
    case forgotten
}

/// What a journal says of its mailing as a whole, from all of its lines or from its last `counts` line on.
struct MailingHistory: Equatable, Sendable {
    /// Random, made when the mailing began; part of every Message-ID.
    var mailing = ""
    /// The file that the journal belongs to, as of the last look.
    var identity = DocumentIdentity(inode: 0, birth: nil)
    /// Where the file was at the last look.
    var folder = Folder.active
    /// Whether the last look found the file nowhere.
    var isGone = false
    /// The content that recipients get.
    var revision = ""
    var startedAt = Timestamp(milliseconds: 0)
    var closing: Closing?
    var closedAt: Timestamp?
    /// When a message was last handed over, and before that; a hand-over that was withdrawn does not count.
    private(set) var lastHandOver: Timestamp?
    private var handOverBefore: Timestamp?
    /// When a message was last accepted.
    var lastAccepted: Timestamp?
    var title: MailingTitle?
    var counts = MailingCounts()

    /// Whether the mailing has begun and not ended.
    var isOpen: Bool { closing == nil }

    /// The mailing has come back from `done/`: it goes out again to whoever has not got it.
    mutating func reopen() {
        closing = nil
        closedAt = nil
        counts.waiting += counts.failed + counts.late
        counts.failed = 0
        counts.late = 0
    }

    /// Notes a hand-over.
    mutating func handOver(at time: Timestamp) {
        handOverBefore = lastHandOver
        lastHandOver = time
    }

    /// Notes that the latest hand-over was not made after all; where the one before is not known, it stands.
    mutating func withdrawHandOver() {
        lastHandOver = handOverBefore ?? lastHandOver
    }

    /// The fields of a `document` line.
    var documentFields: String { "\(isGone ? "gone" : folder.rawValue) \(identity.text)" }

    /// The fields of a `counts` line: everything here but the title.
    var countsFields: String {
        var text = counts.text
        let identity = identity.text.split(separator: " ")
        text += " mailing=\(mailing) folder=\(isGone ? "gone" : folder.rawValue)"
        text += " last-folder=\(folder.rawValue) inode=\(identity[0]) birth=\(identity[1])"
        text += " revision=\(revision.isEmpty ? "-" : revision) started=\(startedAt.rfc3339Milliseconds)"
        if let closing, let closedAt {
            text += " closed=\(closing.rawValue) ended=\(closedAt.rfc3339Milliseconds)"
        }
        if let lastHandOver { text += " last-try=\(lastHandOver.rfc3339Milliseconds)" }
        if let lastAccepted { text += " last-sent=\(lastAccepted.rfc3339Milliseconds)" }
        return text
    }

    /// Takes in the next line. Counts are right only if a `counts` line came before; see ``JournalReader``.
    mutating func read(_ line: JournalLine) {
        switch line.event {
        case .opened:
            mailing = line.texts(2)[1]
            startedAt = line.time
        case .document: readDocument(line.texts(3))
        case .revision: revision = line.texts(1)[0]
        case .about:
            title = try? JSONDecoder().decode(MailingTitle.self, from: Data(line.fields))
        case .counts: readCounts(line.texts(1)[0])
        case .closed:
            closing = Closing(rawValue: line.texts(1)[0]) ?? .forgotten
            closedAt = line.time
        case .reopened: reopen()
        case .attempt:
            handOver(at: line.time)
            move(line.texts(3)[2], .sending)
        case .sent:
            lastAccepted = line.time
            counts.move(from: .sending, to: .sent)
        case .deferred: counts.move(from: .sending, to: .deferred)
        case .failed: counts.move(from: .sending, to: .failed)
        case .inDoubt: counts.move(from: .sending, to: .inDoubt)
        case .withdrew:
            withdrawHandOver()
            let state = RecipientState(word: line.texts(2)[1]) ?? .waiting
            counts.move(from: .sending, to: state)
        case .excused: break
        case .gaveUp: counts.move(from: .deferred, to: .failed)
        case .resolved:
            counts.move(from: .inDoubt, to: line.texts(2)[1] == "sent" ? .sent : .deferred)
        case .skipped:
            let texts = line.texts(3)
            if let reason = RecipientState(word: texts[2]) { move(texts[1], reason) }
        }
    }

    private mutating func move(_ from: String, _ to: RecipientState) {
        if let state = RecipientState(word: from) { counts.move(from: state, to: to) }
    }

    private mutating func readDocument(_ texts: [String]) {
        isGone = texts[0] == "gone"
        if let folder = Folder(rawValue: texts[0]) { self.folder = folder }
        if let identity = DocumentIdentity(inode: texts[1], birth: texts[2]) { self.identity = identity }
    }

    private mutating func readCounts(_ text: String) {
        var values: [Substring: String] = [:]
        for field in text.split(separator: " ") {
            let parts = field.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { values[parts[0]] = String(parts[1]) }
        }
        counts = MailingCounts()
        for (key, value) in values { _ = counts.read(key: String(key), value: value) }
        func time(_ key: Substring) -> Timestamp? {
            values[key].flatMap { text in
                var text = text
                return text.withUTF8 { Timestamp(rfc3339: UnsafeRawBufferPointer($0)) }
            }
        }
        mailing = values["mailing"] ?? mailing
        isGone = values["folder"] == "gone"
        folder = values["last-folder"].flatMap(Folder.init(rawValue:)) ?? folder
        if let inode = values["inode"], let birth = values["birth"],
            let identity = DocumentIdentity(inode: inode, birth: birth)
        {
            self.identity = identity
        }
        revision = values["revision"].map { $0 == "-" ? "" : $0 } ?? revision
        startedAt = time("started") ?? startedAt
        closing = values["closed"].flatMap(Closing.init(rawValue:))
        closedAt = time("ended")
        lastHandOver = time("last-try") ?? lastHandOver
        lastAccepted = time("last-sent") ?? lastAccepted
    }
}

extension RecipientState {
    /// The state's name in a journal.
    var word: String {
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

    init?(word: String) {
        switch word {
        case "waiting": self = .waiting
        case "sending": self = .sending
        case "in-doubt": self = .inDoubt
        case "sent": self = .sent
        case "deferred": self = .deferred
        case "failed": self = .failed
        case "suppressed": self = .skipped(.suppressed)
        case "late": self = .skipped(.late)
        default: return nil
        }
    }
}
