package import SpoolMail
package import SpoolMailing
package import SpoolSchedule
package import SpoolStore
package import SpoolSystem
package import SpoolTransport
package import SpoolWriting

/// One mailing that a tick delivers: its valid content, its recipients with what has become of them, the end of its
/// journal, and who is next.
///
/// Every change of a recipient's state goes through here, so that table, numbers and journal say the same.
package final class ActiveMailing {
    /// The document as it was when its content was read; nothing is handed over once it is another.
    package let document: FoundDocument
    package let mailing: Mailing
    package let list: RecipientList
    package let journal: JournalWriter
    package private(set) var history: MailingHistory
    package let attempts: AttemptPolicy
    package let attachments: EncodedAttachments
    package let holdsInDoubt: Bool
    package private(set) var queue: RecipientQueue
    /// Recipients in doubt who wait for a person.
    package private(set) var held = 0
    package var inFlight = 0
    /// Set when the document was edited, moved or found wrong: what is in flight still ends, nothing further begins.
    package var isEnding = false
    /// When messages were accepted, for the pace: monotonic microseconds of the last minute.
    package var acceptances = RecentAcceptances()
    private var linesSinceCounts = 0
    /// Deferrals that may be the mail system's fault.
    private var deferrals: OpenDeferrals
    /// When the tick began: the table and the queue keep its steady time, the journal the clock on the wall.
    private let beginning: Moment
    /// Why the mailing cannot go on; found only when a message was made.
    package var problem: Diagnostic?
    private var table: RecipientTable { list.table }

    package var name: FileName { document.name }

    /// How many lines a reader of the tail may have to go through.
    private static let linesBetweenCounts = 1000

    /// Takes up a mailing whose journal has been replayed into its list.
    ///
    /// Whoever was being handed over when the last tick was killed is in doubt from here on.
    package init(
        document: FoundDocument, mailing: Mailing, list: RecipientList, deferrals: OpenDeferrals,
        journal: JournalWriter, history: MailingHistory, attachments: EncodedAttachments, holdsInDoubt: Bool,
        tickBegan beginning: Moment, at moment: Moment
    ) {
        self.deferrals = deferrals
        self.beginning = beginning
        self.document = document
        self.mailing = mailing
        self.list = list
        self.journal = journal
        self.history = history
        self.holdsInDoubt = holdsInDoubt
        self.attachments = attachments
        attempts = mailing.timing.attempts
        queue = RecipientQueue(count: list.table.count)
        let skew = moment.steadyWall(since: beginning) - moment.wall
        for index in 0..<table.count {
            if skew != .zero { table[index].shift(by: skew) }
            switch table[state: index] {
            case .sending:
                record(index, .inDoubt, "\(moment.wall.rfc3339Milliseconds) killed", at: moment.wall) {
                    $0.doubted(until: moment.wall, isTimeout: false)
                }
                queueInDoubt(index, at: moment.wall)
            case .inDoubt: queueInDoubt(index, at: table[index].nextAttempt)
            case .deferred: queue.retry(index, at: table[index].nextAttempt)
            case .waiting, .sent, .failed, .skipped: break
            }
        }
    }

    private func queueInDoubt(_ index: Int, at time: Timestamp) {
        if holdsInDoubt || table[index].timeouts >= RecipientProgress.mostTimeouts {
            held += 1
        } else if table[index].timeouts > 0 {
            queue.retry(index, at: time)
        } else {
            queue.resend(index)
        }
    }

    // MARK: Who is next

    /// What can be sent, for the schedule.
    package func demand(at now: Timestamp) -> Demand {
        if isEnding { return .none }
        if queue.isReady(at: now, { table[state: $0] == .waiting }) { return .ready }
        return Demand(readyNow: false, nextRetry: queue.nextRetry)
    }

    /// Takes the next recipient from the queue.
    package func takeNext(at now: Timestamp) -> Int? {
        queue.next(at: now, { table[state: $0] == .waiting })
    }

    /// When the last of the deferred recipients is due, in the tick's steady time.
    package var lastRetry: Timestamp? { queue.lastRetry }

    /// Recipients whose first deferral came after something of the mailing was last accepted.
    package var newcomers: [Int] { deferrals.newcomers }

    /// Whether every recipient has ended.
    package var isFinished: Bool { history.counts.left == 0 }

    /// Whether all who are left wait for a person.
    package var waitsForPerson: Bool { held > 0 && history.counts.left == held }

    // MARK: What happens to a recipient

    /// Announces a hand-over; it may begin once the journal is synchronised.
    package func announce(_ index: Int, _ address: String, at moment: Moment) {
        let progress = table[index]
        history.handOver(at: moment.wall)
        record(
            index, .attempt, "\(progress.attempts + 1) \(progress.state.word)", at: moment.wall,
            address: address
        ) { $0.beginAttempt(at: steady(moment)) }
    }

    private func steady(_ moment: Moment) -> Timestamp {
        moment.steadyWall(since: beginning)
    }

    /// Takes an announcement back: nothing was handed over.
    package func withdraw(_ index: Int, _ address: String, to state: RecipientState, at moment: Moment) {
        history.withdrawHandOver()
        record(index, .withdrew, state.word, at: moment.wall, address: address) {
            $0.takeBackAttempt(to: state)
        }
        putBack(index, from: state, at: moment)
    }

    /// The attempts of a recipient, the one that has just been answered included.
    package func attemptsMade(
        _ index: Int, including verdict: AttemptPolicy.Verdict, first: Timestamp?
    ) -> AttemptPolicy.Attempts {
        let progress = table[index]
        return AttemptPolicy.Attempts(
            made: progress.attempts, unclear: progress.unclearAttempts + (verdict == .unclear ? 1 : 0),
            first: first)
    }

    /// Puts a recipient back who was taken from the queue and not announced.
    package func putBack(_ index: Int, from state: RecipientState, at moment: Moment) {
        queue.putBack(index, from: state, at: steady(moment))
    }

    /// Passes a recipient over for good.
    package func skip(_ index: Int, _ address: String, _ reason: RecipientState, at now: Timestamp) {
        let before = table[state: index]
        record(index, .skipped, "\(before.word) \(reason.word)", at: now, address: address) {
            $0.state = reason
        }
    }

    /// Passes everybody over who has not ended: it is too late to mail them.
    package func skipLate(at now: Timestamp) {
        for index in 0..<table.count {
            switch table[state: index] {
            case .waiting, .deferred, .inDoubt: skip(index, list.address(at: index), .skipped(.late), at: now)
            case .sending, .sent, .failed, .skipped: break
            }
        }
        held = 0
    }

    /// Notes that the mail system has accepted the message.
    package func sent(_ index: Int, _ address: String, reply: String, at moment: Moment) {
        acceptances.add(moment.monotonic)
        queue.accepted()
        history.lastAccepted = moment.wall
        for other in deferrals.accepted() { table[other].hasOwnDeferral = true }
        record(index, .sent, reply, at: moment.wall, address: address) { $0.state = .sent }
    }

    /// Notes that the mail system has accepted something of another mailing: it works.
    package func accepted(elsewhere time: Timestamp) {
        for index in deferrals.accepted(elsewhere: time) { table[index].hasOwnDeferral = true }
    }

    /// Notes that the mail system has refused the recipient for good.
    package func failed(_ index: Int, _ address: String, status: String, reply: String, at now: Timestamp) {
        record(index, .failed, "\(status) \(reply)", at: now, address: address) { $0.state = .failed }
    }

    /// Notes that the recipient is to be tried again after a wait.
    package func deferred(
        _ index: Int, _ address: String, for wait: Interval, isUnclear: Bool, status: String, reply: String,
        at moment: Moment
    ) {
        let until = steady(moment) + wait
        deferrals.deferred(index, isUnclear: isUnclear, isFirst: !table[index].hasOwnDeferral)
        queue.retry(index, at: until)
        let verdict = isUnclear ? "unclear" : "not-now"
        record(
            index, .deferred,
            "\((moment.wall + wait).rfc3339Milliseconds) \(verdict) \(status) \(reply)", at: moment.wall,
            address: address
        ) { $0.deferred(until: until, isUnclear: isUnclear) }
    }

    /// Notes that a deferral was the mail system's fault.
    package func excuse(_ index: Int, at now: Timestamp) {
        switch table[state: index] {
        case .deferred, .sending: break
        // It has ended in another way since.
        case .waiting, .inDoubt, .sent, .failed, .skipped: return
        }
        let deferral = deferrals.excuse(index, at: now)
        let verdict = deferral.isUnclear ? "unclear" : "not-now"
        record(index, .excused, verdict + (deferral.isFirst ? " first" : ""), at: now) {
            $0.excused(isUnclear: deferral.isUnclear, isFirst: deferral.isFirst)
        }
    }

    /// Ends a deferred recipient: the last attempt that it had has been made.
    ///
    /// Whoever has been tried again since, or was too late, has another fate.
    package func giveUp(_ index: Int, at now: Timestamp) {
        guard table[state: index] == .deferred else { return }
        queue.cancelRetry(index)
        deferrals.ended(index)
        record(index, .gaveUp, "", at: now) { $0.state = .failed }
    }

    /// Notes that a hand-over took too long and was killed.
    package func timedOut(_ index: Int, _ address: String, for wait: Interval, at moment: Moment) {
        let until = steady(moment) + wait
        record(
            index, .inDoubt, "\((moment.wall + wait).rfc3339Milliseconds) timeout", at: moment.wall,
            address: address
        ) { $0.doubted(until: until, isTimeout: true) }
        queueInDoubt(index, at: until)
    }

    private func record(
        _ index: Int, _ event: JournalEvent, _ fields: String, at now: Timestamp, address: String? = nil,
        _ change: (inout RecipientProgress) -> Void
    ) {
        var progress = table[index]
        let before = progress.state
        change(&progress)
        table[index] = progress
        history.counts.move(from: before, to: progress.state)
        let name = address ?? list.address(at: index)
        add(event, fields.isEmpty ? name : "\(name) \(fields)", at: now)
    }

    private func add(_ event: JournalEvent, _ fields: String, at now: Timestamp) {
        journal.add(event, fields, at: now)
        linesSinceCounts += 1
        if linesSinceCounts >= ActiveMailing.linesBetweenCounts { writeCounts(at: now) }
    }

    // MARK: The mailing as a whole

    /// Writes down where the document lies now.
    package func moved(to document: FoundDocument, at now: Timestamp) {
        history.folder = document.folder
        history.identity = document.identity
        history.isGone = false
        journal.add(.document, history.documentFields, at: now)
    }

    /// Adds the numbers to the journal, so that a reader of its tail need not go further back.
    package func writeCounts(at now: Timestamp) {
        linesSinceCounts = 0
        journal.add(.counts, history.countsFields, at: now)
    }

    /// Adds the numbers if any line came since they were last written.
    package func writeCountsIfChanged(at now: Timestamp) {
        if linesSinceCounts > 0 { writeCounts(at: now) }
    }

    /// Ends the journal: every recipient has ended.
    ///
    /// The report is ordered before the end: a crash between the two lines leaves a mailing that is not closed, and
    /// the order of one that is not closed means nothing.
    package func close(at now: Timestamp) {
        history.report = nil
        if let order = CompletionReportOrder(mailing) {
            let event = CompletionReportEvent.due(order)
            history.takeReport(event, at: now)
            journal.add(.report, event.fields, at: now)
        }
        history.closing = .finished
        history.closedAt = now
        journal.add(.closed, Closing.finished.rawValue, at: now)
        writeCounts(at: now)
    }
}

/// When messages were accepted in the last minute.
package struct RecentAcceptances {
    private var times: ArraySlice<Int64> = []
    private static let minute: Int64 = 60_000_000

    package mutating func add(_ time: Int64) {
        times.append(time)
        if times.count > 100_000 { times.removeFirst(50_000) }
    }

    /// Messages a minute, by the last minute or what of it there is; nil before the second.
    package mutating func perMinute(at now: Int64) -> Double? {
        while let first = times.first, now - first > RecentAcceptances.minute { times.removeFirst() }
        guard let first = times.first, times.count > 1, now > first else { return nil }
        return Double(times.count) * Double(RecentAcceptances.minute) / Double(max(now - first, 1_000_000))
    }
}

extension ActiveMailing {
    package var design: MessageDesign { mailing.content.design }

    /// The message to one recipient.
    package func render(
        _ recipient: Recipient, messageID: String, at now: Timestamp
    ) throws(RenderError) -> RenderedMessage {
        try mailing.render(recipient, messageID: messageID, at: now)
    }

    /// The message as a file for a mail system to read.
    package func file(of message: RenderedMessage) throws(SystemError) -> MessageFile {
        try attachments.file(of: message)
    }
}
