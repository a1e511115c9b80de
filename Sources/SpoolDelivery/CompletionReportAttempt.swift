internal import SpoolMail
package import SpoolMailing
package import SpoolSchedule
package import SpoolStore
package import SpoolSystem
package import SpoolWriting

extension CompletionReportOrder {
    /// The report on a mailing that finishes now; nil if nobody is to get one.
    package init?(_ mailing: Mailing) {
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
    package let message: MessageFile
    private let journal: JournalWriter
    private let attempts: AttemptPolicy
    /// What came of it, once it has ended.
    package private(set) var outcome: CompletionReportEvent?

    /// - Parameter journal: of the mailing; closed when the attempt has ended.
    package init(
        _ order: CompletionReportOrder, of history: MailingHistory, message: MessageFile,
        journal: JournalWriter,
        backoff: Backoff
    ) {
        self.history = history
        self.order = order
        self.message = message
        self.journal = journal
        attempts = AttemptPolicy(backoff: backoff, giveUpAfter: .seconds(order.giveUpAfter))
    }

    /// Writes the intent down; it is on the disk, with room for the outcome behind it, when this returns.
    package func announce(at now: Timestamp) throws(SystemError) {
        let before = history.report?.state ?? .waiting
        take(.attempt((history.report?.attempts ?? 0) + 1), at: now)
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

    /// Writes down what came of the attempt, durably.
    package func conclude(_ outcome: Outcome, at now: Timestamp) throws(SystemError) {
        let event = event(of: outcome, at: now)
        self.outcome = event
        take(event, at: now)
        // Attempts over days must not push the numbers out of the tail.
        journal.add(.counts, history.countsFields, at: now)
        try journal.synchronize()
        try journal.close()
    }

    private func take(_ event: CompletionReportEvent, at now: Timestamp) {
        history.takeReport(event, at: now)
        journal.add(.report, event.fields, at: now)
    }

    private func event(of outcome: Outcome, at now: Timestamp) -> CompletionReportEvent {
        let progress = history.report ?? RecipientProgress()
        let first = progress.attempts > 1 ? progress.firstAttempt : nil
        let random = Double.random(in: 0..<1)
        switch outcome {
        case .timedOut:
            let wait = attempts.backoff.delay(afterAttempt: progress.attempts, random: random)
            return .inDoubt(until: now + wait, isTimeout: true)
        case .answered(let verdict, let status, let reply):
            let made = AttemptPolicy.Attempts(
                made: progress.attempts, unclear: progress.unclearAttempts + (verdict == .unclear ? 1 : 0),
                first: first.map { Timestamp(seconds: Int64($0)) } ?? now)
            let fate = attempts.fate(of: verdict, attempts: made, at: now, random: random)
            switch fate {
            case .sent: return .sent(reply: reply)
            case .failed, .wouldFail: return .failed(status: status, reply: reply)
            case .deferred(let until):
                return .deferred(
                    until: until, isUnclear: verdict == .unclear, status: status, reply: reply)
            }
        }
    }
}
