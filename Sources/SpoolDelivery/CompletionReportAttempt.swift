internal import SpoolMail
internal import SpoolMailing
package import SpoolSchedule
package import SpoolStore
internal import SpoolSystem
internal import SpoolTransport
package import SpoolWriting

extension CompletionReportOrder {
    /// The report on a mailing that finishes now; nil if nobody is to get one.
    init?(_ mailing: Mailing) {
        guard let reportTo = mailing.reportTo else { return nil }
        self.init(
            id: MessageID.newMailing(), to: Person(reportTo), from: Person(mailing.content.design.from),
            returnPath: mailing.content.returnPath.description, timeZone: mailing.zoneName,
            giveUpAfter: mailing.timing.attempts.giveUpAfter.seconds)
    }
}

/// One attempt at the report on a mailing that has finished: the complete message, and the end of the journal that its
/// intent and its outcome go into.
///
/// The report is treated as one more recipient would be, but is none: no number of the mailing, no rate and no window
/// knows of it, and what the mail system says to it is not held against anybody else.
package final class CompletionReportAttempt {
    /// How the mailing stands, by which its journal is known, whatever its name is by now.
    package private(set) var history: MailingHistory
    package let order: CompletionReportOrder
    let message: OutgoingMessage
    /// What came of it, once it has ended.
    package private(set) var outcome: RecipientEvent?
    private let journal: JournalWriter
    private let policy: AttemptPolicy
    private var attempt: Attempt?
    /// What the report was before, should the announcement be taken back.
    private var before = RecipientState.waiting

    /// - Parameter journal: of the mailing; closed when the attempt has ended.
    package init(
        _ order: CompletionReportOrder, of history: MailingHistory, message: MessageFile,
        journal: JournalWriter,
        backoff: Backoff
    ) {
        self.history = history
        self.order = order
        self.message = OutgoingMessage(
            file: message, messageID: order.messageID, returnPath: order.returnPath,
            recipient: order.to.address)
        self.journal = journal
        policy = AttemptPolicy(backoff: backoff, giveUpAfter: .seconds(order.giveUpAfter))
    }

    /// Writes the intent down; it is on the disk, with room for the outcome behind it, when this returns.
    func announce(at now: Timestamp) throws(SystemError) {
        before = history.report?.state ?? .waiting
        let number = (history.report?.attempts ?? 0) + 1
        history.apply(.report(.progress(.attempt(number: number, from: before))), at: now)
        attempt = journal.announce(.report, number: number, from: before, at: now)
        do throws(SystemError) {
            try journal.reserveRoom()
            try journal.synchronize()
        } catch {
            take(.withdrew(to: before), at: now)
            // As far as the disk lets us; without it the report is in doubt.
            try? journal.write()
            throw error
        }
    }

    /// Takes the announcement back: nothing was handed over.
    func withdraw(at now: Timestamp) throws(SystemError) {
        take(.withdrew(to: before), at: now)
        try end(at: now)
    }

    /// Writes down what came of the attempt, durably.
    func conclude(_ answer: TransportAnswer, at now: Timestamp, random: Double) throws(SystemError) {
        let event = event(of: answer, at: now, random: random)
        outcome = event
        take(event, at: now)
        try end(at: now)
    }

    private func end(at now: Timestamp) throws(SystemError) {
        // Attempts over days must not push the numbers out of the tail.
        journal.add(.counts(history), at: now)
        try journal.synchronize()
        try journal.close()
    }

    private func take(_ event: RecipientEvent, at now: Timestamp) {
        guard let attempt = attempt.take() else { return }
        history.apply(.report(.progress(event)), at: now)
        journal.conclude(attempt, event, at: now)
    }

    private func event(of answer: TransportAnswer, at now: Timestamp, random: Double) -> RecipientEvent {
        let progress = history.report ?? RecipientProgress()
        let attempts = AttemptPolicy.Attempts(
            made: progress.attempts,
            unclear: progress.unclearAttempts + (answer.verdict == .unclear ? 1 : 0),
            first: progress.attempts > 1 ? progress.firstAttemptTime ?? now : now)
        switch policy.fate(of: answer.verdict, attempts: attempts, at: now, random: random) {
        case .sent: return .sent(reply: answer.reply)
        case .failed, .wouldFail: return .failed(status: answer.status, reply: answer.reply)
        case .deferred(let until):
            return .deferred(
                until: until, answer.verdict == .unclear ? .unclear : .notNow, status: answer.status,
                reply: answer.reply)
        case .inDoubt(let until): return .inDoubt(until: until, .timeout)
        }
    }
}
