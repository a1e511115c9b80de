internal import Dispatch
internal import SpoolExamine
import SpoolMail
internal import SpoolMailing
internal import SpoolSchedule
import SpoolSystem
internal import SpoolTransport
internal import Synchronization

/// Renders the message to every recipient while the lists are read, and keeps what is remarkable about them.
///
/// It renders in batches, on all cores: a million messages take a while.
final class MessageSurvey: ExaminationObserver {
    /// Recipients of whom the same can be said: how many, and who is the first.
    struct Group: Equatable, Sendable {
        private(set) var count = 0
        private(set) var first: String?

        mutating func add(_ address: @autoclosure () -> String) {
            count += 1
            if first == nil { first = address() }
        }

        /// Adds those who stand behind these in the list.
        mutating func add(_ others: Group) {
            count += others.count
            first = first ?? others.first
        }
    }

    /// A message by its size in bytes, as the mail system gets it.
    struct SizedMessage: Equatable, Sendable {
        var bytes: Int
        var address: String
    }

    /// What was found.
    struct Findings: Equatable, Sendable {
        var messages = 0
        var largest: SizedMessage?
        /// Whose message is over ``MessageSurvey/sizeLimit``.
        var oversized = Group()
        /// Whose subject is over ``MessageSurvey/subjectLimit``.
        var longSubjects = Group()

        /// Adds what was found of the recipients behind these in the list.
        mutating func add(_ others: Findings) {
            messages += others.messages
            if let other = others.largest, other.bytes > largest?.bytes ?? -1 { largest = other }
            oversized.add(others.oversized)
            longSubjects.add(others.longSubjects)
        }
    }

    /// All of it, once the lists have been read.
    struct Result: Sendable {
        var mailing: Mailing?
        var written: Document?
        var findings = Findings()
        /// The first recipient who can be mailed.
        var first: Recipient?
        /// Of those who were asked for, by their normalised address.
        var wanted: [String: Recipient] = [:]
    }

    private struct State {
        var result = Result()
        var fileSizes: [Int] = []
        var batch: [Recipient] = []
        var extent = ListExtent()
    }

    /// Bytes; what is larger is turned away by many mail systems.
    static let sizeLimit = 10_000_000
    /// Characters; what is longer is cut by every reader.
    static let subjectLimit = 150
    private static let batchSize = 1024
    private static let slices = ProcessTable.processorCount

    private let now: Timestamp
    private let wanted: Set<String>
    private let progress: @Sendable (_ fraction: Double, _ messages: Int) -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - wanted: recipients who are to be kept, by their normalised address.
    ///   - progress: told now and then how much of the lists has been read, and how many messages that was.
    init(
        at now: Timestamp, wanted: [EmailAddress],
        progress: @escaping @Sendable (_ fraction: Double, _ messages: Int) -> Void
    ) {
        self.now = now
        self.wanted = Set(wanted.map(\.normalized))
        self.progress = progress
    }

    func begins(_ mailing: Mailing, written: Document) {
        state.withLock { state in
            state.result.mailing = mailing
            state.result.written = written
            state.fileSizes = mailing.content.attachments.map {
                Base64Lines.encodedCount(of: Int($0.file.status?.size ?? 0))
            }
            state.extent = ListExtent(mailing.recipients)
        }
    }

    func passes(_ recipient: Recipient) {
        state.withLock { state in
            if state.result.first == nil { state.result.first = recipient }
            if !wanted.isEmpty {
                let address = recipient.address.normalized
                if wanted.contains(address) { state.result.wanted[address] = recipient }
            }
            state.batch.append(recipient)
            if state.batch.count == MessageSurvey.batchSize { renderBatch(&state) }
        }
    }

    /// What was found, after the last recipient.
    func finish() -> Result {
        state.withLock { state in
            renderBatch(&state)
            return state.result
        }
    }

    private func renderBatch(_ state: inout State) {
        guard let mailing = state.result.mailing, let last = state.batch.last else { return }
        let (batch, fileSizes, now) = (state.batch, state.fileSizes, now)
        let size = (batch.count + MessageSurvey.slices - 1) / MessageSurvey.slices
        let slices = Mutex([Int: Findings]())
        DispatchQueue.concurrentPerform(iterations: (batch.count + size - 1) / size) { number in
            var findings = Findings()
            for recipient in batch[(number * size)..<min(batch.count, (number + 1) * size)] {
                findings.look(at: recipient, of: mailing, fileSizes: fileSizes, at: now)
            }
            slices.withLock { $0[number] = findings }
        }
        for (_, findings) in slices.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            state.result.findings.add(findings)
        }
        state.batch.removeAll(keepingCapacity: true)
        progress(state.extent.fraction(at: last.record.offset), state.result.findings.messages)
    }
}

extension MessageSurvey.Findings {
    /// Renders one message.
    fileprivate mutating func look(
        at recipient: Recipient, of mailing: Mailing, fileSizes: [Int], at now: Timestamp
    ) {
        let messageID = PreviewMessage.messageID(of: recipient, in: mailing, history: nil)
        // Whoever's message cannot be rendered lacks a value, which the list's own findings say.
        guard let message = try? mailing.render(recipient, messageID: messageID, at: now) else { return }
        messages += 1
        let bytes = message.segments.reduce(0) { sum, segment in
            switch segment {
            case .bytes(let bytes): sum + bytes.count
            case .attachment(let index): sum + fileSizes[index]
            }
        }
        if bytes > largest?.bytes ?? -1 {
            largest = MessageSurvey.SizedMessage(bytes: bytes, address: recipient.address.description)
        }
        if bytes > MessageSurvey.sizeLimit { oversized.add(recipient.address.description) }
        if let subject = mailing.subject(for: recipient), subject.utf8.count > MessageSurvey.subjectLimit,
            subject.count > MessageSurvey.subjectLimit
        {
            longSubjects.add(recipient.address.description)
        }
    }
}

extension Mailing {
    /// The subject as a recipient will see it; nil if a value is missing.
    func subject(for recipient: Recipient) -> String? {
        try? content.design.subject.rendered(value: recipient.value)
    }
}

/// How far into its lists a reader is, by the places of the records it meets: those of the document come first, and
/// then those of the file.
struct ListExtent {
    private var inlineBytes = 0
    private var fileBytes = 0
    private var isInFile = true
    private var lastOffset = 0

    /// Nothing to read.
    init() {}

    init(_ recipients: MailingRecipients) {
        self.init(
            inlineBytes: recipients.inline?.bytes.count ?? 0,
            fileBytes: Int(recipients.file?.status?.size ?? 0))
    }

    init(inlineBytes: Int, fileBytes: Int) {
        self.inlineBytes = inlineBytes
        self.fileBytes = fileBytes
        isInFile = inlineBytes == 0
    }

    /// The share that lies before a record; records are asked for in their order.
    mutating func fraction(at offset: Int) -> Double {
        // Offsets grow inside a list, so one that is smaller, or beyond the document, stands in the file.
        if offset < lastOffset || offset > inlineBytes { isInFile = true }
        lastOffset = offset
        let total = inlineBytes + fileBytes
        if total == 0 { return 1 }
        return min(1, Double(offset + (isInFile ? inlineBytes : 0)) / Double(total))
    }
}
