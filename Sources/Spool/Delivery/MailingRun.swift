internal import SpoolMail
internal import SpoolSystem

/// One mailing that a tick delivers: its valid content, its recipients with what has become of them, the end of its
/// journal, and who is next.
///
/// Every change of a recipient's state goes through here, so that table, numbers and journal say the same.
final class MailingRun {
    /// The document as it was when its content was read; nothing is handed over once it is another.
    let document: FoundDocument
    let mailing: Mailing
    let list: RecipientList
    let journal: JournalWriter
    private(set) var history: MailingHistory
    let attempts: AttemptPolicy
    let holdsInDoubt: Bool
    private(set) var queue: RecipientQueue
    /// Recipients in doubt who wait for a person.
    private(set) var held = 0
    var inFlight = 0
    /// Set when the document was edited, moved or found wrong: what is in flight still ends, nothing further begins.
    var isEnding = false
    /// When messages were accepted, for the pace: monotonic microseconds of the last minute.
    private(set) var acceptances = RecentAcceptances()
    private var linesSinceCounts = 0
    private var table: RecipientTable { list.table }

    var name: FileName { document.name }

    /// How many lines a reader of the tail may have to go through.
    private static let linesBetweenCounts = 1000
    /// After so many timeouts a recipient waits for a person.
    private static let mostTimeouts = 2

    /// Takes up a mailing whose journal has been replayed into its list.
    ///
    /// Whoever was being handed over when the last tick was killed is in doubt from here on.
    init(
        document: FoundDocument, mailing: Mailing, list: RecipientList, journal: JournalWriter,
        history: MailingHistory, holdsInDoubt: Bool, at moment: Moment
    ) {
        self.document = document
        self.mailing = mailing
        self.list = list
        self.journal = journal
        self.history = history
        self.holdsInDoubt = holdsInDoubt
        attempts = mailing.attempts
        queue = RecipientQueue(count: list.table.count)
        for index in 0..<table.count {
            switch table.state(of: index) {
            case .sending:
                change(index, to: .inDoubt, .inDoubt, "\(moment.wall.rfc3339Milliseconds) killed", at: moment.wall)
                queueInDoubt(index, at: moment.wall)
            case .inDoubt: queueInDoubt(index, at: table.nextAttempt(of: index))
            case .deferred: queue.retry(index, at: table.nextAttempt(of: index))
            case .waiting, .sent, .failed, .skipped: break
            }
        }
    }

    private func queueInDoubt(_ index: Int, at time: Timestamp) {
        if holdsInDoubt || table.timeouts(of: index) >= MailingRun.mostTimeouts {
            held += 1
        } else if table.timeouts(of: index) > 0 {
            queue.retry(index, at: time)
        } else {
            queue.resend(index)
        }
    }

    // MARK: Who is next

    /// What can be sent, for the schedule.
    func demand(at now: Timestamp) -> Demand {
        if isEnding { return .none }
        if queue.isReady(at: now, { table.state(of: $0) == .waiting }) { return .ready }
        return Demand(readyNow: false, nextRetry: queue.nextRetry)
    }

    /// Takes the next recipient from the queue.
    func takeNext(at now: Timestamp) -> Int? {
        queue.next(at: now, { table.state(of: $0) == .waiting })
    }

    /// Whether every recipient has ended.
    var isFinished: Bool { history.counts.left == 0 }

    /// Whether all who are left wait for a person.
    var waitsForPerson: Bool { held > 0 && history.counts.left == held }

    // MARK: What happens to a recipient

    /// Announces a hand-over; it may begin once the journal is synchronised.
    ///
    /// - Returns: the number of the attempt.
    func announce(_ index: Int, _ address: String, at now: Timestamp) {
        let before = table.state(of: index)
        let attempt = table.beginAttempt(index, at: now)
        history.lastHandOver = now
        change(index, to: .sending, .attempt, "\(attempt) \(before.word)", at: now, address: address)
    }

    /// Takes an announcement back: nothing was handed over.
    func withdraw(_ index: Int, _ address: String, to state: RecipientState, at now: Timestamp) {
        table.takeBackAttempt(index)
        change(index, to: state, .withdrew, state.word, at: now, address: address)
        queue.putBack(index, from: state, at: now)
    }

    /// Passes a recipient over for good.
    func skip(_ index: Int, _ address: String, _ reason: RecipientState, at now: Timestamp) {
        let before = table.state(of: index)
        change(index, to: reason, .skipped, "\(before.word) \(reason.word)", at: now, address: address)
    }

    /// Notes that the mail system has accepted the message.
    func sent(_ index: Int, _ address: String, reply: String, at moment: Moment) {
        acceptances.add(moment.monotonic)
        queue.accepted()
        change(index, to: .sent, .sent, reply, at: moment.wall, address: address)
    }

    /// Notes that the mail system has refused the recipient for good.
    func failed(_ index: Int, _ address: String, status: String, reply: String, at now: Timestamp) {
        change(index, to: .failed, .failed, "\(status) \(reply)", at: now, address: address)
    }

    /// Notes that the recipient is to be tried again.
    func deferred(
        _ index: Int, _ address: String, until: Timestamp, isUnclear: Bool, status: String, reply: String,
        at now: Timestamp
    ) {
        table.setNextAttempt(index, until)
        if isUnclear { table.countUnclear(index, by: 1) }
        queue.retry(index, at: until)
        let verdict = isUnclear ? "unclear" : "not-now"
        change(
            index, to: .deferred, .deferred, "\(until.rfc3339Milliseconds) \(verdict) \(status) \(reply)",
            at: now, address: address)
    }

    /// Notes that a deferral was the mail system's fault.
    func excuse(_ index: Int, _ address: String, at now: Timestamp) {
        table.countUnclear(index, by: -1)
        add(.excused, address, at: now)
    }

    /// Ends a deferred recipient: the last attempt that it had has been made.
    func giveUp(_ index: Int, _ address: String, reply: String, at now: Timestamp) {
        change(index, to: .failed, .gaveUp, reply, at: now, address: address)
    }

    /// Notes that a hand-over took too long and was killed.
    func timedOut(_ index: Int, _ address: String, until: Timestamp, at now: Timestamp) {
        table.setNextAttempt(index, until)
        table.countTimeout(index)
        change(
            index, to: .inDoubt, .inDoubt, "\(until.rfc3339Milliseconds) timeout", at: now, address: address)
        queueInDoubt(index, at: until)
    }

    private func change(
        _ index: Int, to state: RecipientState, _ event: JournalEvent, _ fields: String, at now: Timestamp,
        address: String? = nil
    ) {
        history.counts.move(from: table.state(of: index), to: state)
        table.setState(index, state)
        let name = address ?? list.address(at: index)
        add(event, fields.isEmpty ? name : "\(name) \(fields)", at: now)
    }

    private func add(_ event: JournalEvent, _ fields: String, at now: Timestamp) {
        journal.add(event, fields, at: now)
        linesSinceCounts += 1
        if linesSinceCounts >= MailingRun.linesBetweenCounts { writeCounts(at: now) }
    }

    // MARK: The mailing as a whole

    /// Adds the numbers to the journal, so that a reader of its tail need not go further back.
    func writeCounts(at now: Timestamp) {
        linesSinceCounts = 0
        journal.add(.counts, history.countsFields, at: now)
    }

    /// Adds the numbers if any line came since they were last written.
    func writeCountsIfChanged(at now: Timestamp) {
        if linesSinceCounts > 0 { writeCounts(at: now) }
    }

    /// Ends the journal: every recipient has ended.
    func close(at now: Timestamp) {
        history.closing = .finished
        history.closedAt = now
        journal.add(.closed, Closing.finished.rawValue, at: now)
        writeCounts(at: now)
    }
}

/// When messages were accepted in the last minute.
struct RecentAcceptances {
    private var times: ArraySlice<Int64> = []
    private static let minute: Int64 = 60_000_000

    mutating func add(_ time: Int64) {
        times.append(time)
        if times.count > 100_000 { times.removeFirst(50_000) }
    }

    /// Messages a minute, by the last minute or what of it there is; nil before the second.
    mutating func perMinute(at now: Int64) -> Double? {
        while let first = times.first, now - first > RecentAcceptances.minute { times.removeFirst() }
        guard let first = times.first, times.count > 1, now > first else { return nil }
        return Double(times.count) * Double(RecentAcceptances.minute) / Double(max(now - first, 1_000_000))
    }
}
