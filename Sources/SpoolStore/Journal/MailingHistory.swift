internal import FoundationEssentials
package import SpoolMailing
package import SpoolSchedule
internal import SpoolSystem

/// What people call a mailing, for a reader who does not open its document.
package struct MailingTitle: Codable, Equatable, Sendable {
    package var subject: String?
    package var from: String?
    package var sendAt: String?

    package init(subject: String? = nil, from: String? = nil, sendAt: String? = nil) {
        (self.subject, self.from, self.sendAt) = (subject, from, sendAt)
    }

    /// Reads the fields of an `about` line; nil if they are damaged.
    package init?(json: UnsafeRawBufferPointer) {
        if let plain = MailingTitle(plain: json) {
            self = plain
        } else if let title = try? JSONDecoder().decode(MailingTitle.self, from: Data(json)) {
            self = title
        } else {
            return nil
        }
    }

    /// Reads them as we write them, `{"from":"…","sendAt":"…","subject":"…"}`, where nothing in them is escaped: nearly
    /// all are so, and a status over thousands of mailings reads thousands.
    private init?(plain json: UnsafeRawBufferPointer) {
        guard json.first == 0x7B, json.last == 0x7D, !json.contains(0x5C) else { return nil }
        self.init()
        let quotes = json.indices.filter { json[$0] == 0x22 }
        // Four quotes a member: a blank or a number between two of them is not ours.
        guard quotes.count.isMultiple(of: 4), json.count == quotes.last.map({ $0 + 2 }) ?? 2 else {
            return nil
        }
        for place in stride(from: 0, to: quotes.count, by: 4) {
            let begins = place == 0 ? json[quotes[0] - 1] == 0x7B : json[quotes[place] - 1] == 0x2C
            let isFirst = place == 0 ? quotes[0] == 1 : quotes[place] == quotes[place - 1] + 2
            guard begins, isFirst, quotes[place + 2] == quotes[place + 1] + 2,
                json[quotes[place + 1] + 1] == 0x3A
            else { return nil }
            let value = String(decoding: json[(quotes[place + 2] + 1)..<quotes[place + 3]], as: UTF8.self)
            switch String(decoding: json[(quotes[place] + 1)..<quotes[place + 1]], as: UTF8.self) {
            case "subject": subject = value
            case "from": from = value
            case "sendAt": sendAt = value
            default: break
            }
        }
    }
}

/// How a mailing ended.
package enum Closing: String, Sendable {
    /// Every recipient has ended.
    case finished
    /// A person moved the unfinished document to `done/`.
    case cancelled
    /// A person gave the journal up with `--forget`.
    case forgotten
}

/// Why a mailing that had ended goes on.
package enum Reopening: String, Sendable {
    /// Its document has come back from `done/`: it goes out again to whoever has not got it.
    case again
    /// Its document was edited between its end and the move to `done/`: it goes on to who is new.
    case edited

    /// Reads the field of a `reopened` line; old journals have none.
    package init(field: String) {
        self = Reopening(rawValue: field) ?? .again
    }
}

/// What a journal says of its mailing as a whole, from all of its lines or from its last `counts` line on.
package struct MailingHistory: Equatable, Sendable {
    /// Random, made when the mailing began; part of every Message-ID.
    package var mailing = ""
    /// The file that the journal belongs to, as of the last look.
    package var identity = DocumentIdentity(inode: 0, birth: nil)
    /// Where the file was at the last look.
    package var folder = Folder.active
    /// Whether the last look found the file nowhere.
    package var isGone = false
    /// The content that recipients get.
    package var revision = ""
    package var startedAt = Timestamp(milliseconds: 0)
    package var closing: Closing?
    package var closedAt: Timestamp?
    /// When a message was last handed over, and before that; a hand-over that was withdrawn does not count.
    package private(set) var lastHandOver: Timestamp?
    private var handOverBefore: Timestamp?
    /// When a message was last accepted.
    package var lastAccepted: Timestamp?
    package var title: MailingTitle?
    package var counts = MailingCounts()
    /// How the report on its last finishing stands; nil if nobody is to get one. See ``pendingReport``.
    package var report: RecipientProgress?

    /// Nothing has happened yet.
    package init() {}

    /// Whether the mailing has begun and not ended.
    package var isOpen: Bool { closing == nil }

    /// Takes in that a mailing which had ended goes on.
    package mutating func reopen(_ cause: Reopening) {
        closing = nil
        closedAt = nil
        report = nil
        guard cause == .again else { return }
        counts.waiting += counts.failed + counts.late
        counts.failed = 0
        counts.late = 0
    }

    /// Notes a hand-over.
    package mutating func handOver(at time: Timestamp) {
        handOverBefore = lastHandOver
        lastHandOver = time
    }

    /// Notes that the latest hand-over was not made after all; where the one before is not known, it stands.
    package mutating func withdrawHandOver() {
        lastHandOver = handOverBefore ?? lastHandOver
    }

    /// The fields of a `document` line.
    package var documentFields: String { "\(isGone ? "gone" : folder.rawValue) \(identity.text)" }

    /// The fields of a `counts` line: everything here but the title.
    package var countsFields: String {
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
        return text + reportFields
    }

    /// Takes in the next line. Counts are right only if a `counts` line came before; see ``JournalReader``.
    package mutating func read(_ line: JournalLine) {
        switch line.event {
        case .opened:
            mailing = line.texts(2)[1]
            startedAt = line.time
        case .document: readDocument(line.texts(3))
        case .revision: revision = line.texts(1)[0]
        case .about:
            title = MailingTitle(json: line.fields)
        case .counts: readCounts(line.fields)
        case .closed:
            closing = Closing(rawValue: line.texts(1)[0]) ?? .forgotten
            closedAt = line.time
        case .reopened: reopen(Reopening(field: line.texts(1)[0]))
        case .report:
            if let event = CompletionReportEvent(line) { takeReport(event, at: line.time) }
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
            counts.settle(from: .inDoubt, to: line.texts(2)[1] == "sent" ? .sent : .deferred)
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

    /// Reads `key=value` fields, none of which has a blank in it.
    private mutating func readCounts(_ fields: UnsafeRawBufferPointer) {
        counts = MailingCounts()
        report = nil
        (isGone, closing, closedAt, handOverBefore) = (false, nil, nil, nil)
        var inode = ""
        var position = fields.startIndex
        while position < fields.endIndex {
            let end = fields[position...].firstIndex(of: 0x20) ?? fields.endIndex
            if let equals = fields[position..<end].firstIndex(of: 0x3D) {
                readField(
                    String(decoding: fields[position..<equals], as: UTF8.self),
                    UnsafeRawBufferPointer(rebasing: fields[(equals + 1)..<end]), &inode)
            }
            position = end + 1
        }
    }

    /// - Parameter inode: kept until the time of birth, which stands behind it.
    private mutating func readField(_ key: String, _ bytes: UnsafeRawBufferPointer, _ inode: inout String) {
        let value = String(decoding: bytes, as: UTF8.self)
        switch key {
        case "recipients": break
        case "mailing": mailing = value
        case "folder": isGone = value == "gone"
        case "last-folder": folder = Folder(rawValue: value) ?? folder
        case "inode": inode = value
        case "birth": identity = DocumentIdentity(inode: inode, birth: value) ?? identity
        case "revision": revision = value == "-" ? "" : value
        case "started": startedAt = Timestamp(rfc3339: bytes) ?? startedAt
        case "closed": closing = Closing(rawValue: value)
        case "ended": closedAt = Timestamp(rfc3339: bytes)
        case "last-try": lastHandOver = Timestamp(rfc3339: bytes) ?? lastHandOver
        case "last-sent": lastAccepted = Timestamp(rfc3339: bytes) ?? lastAccepted
        default: if !counts.read(key: key, value: value) { readReport(key: key, value: value) }
        }
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

    package init?(word: String) {
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
