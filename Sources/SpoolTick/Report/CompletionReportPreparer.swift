internal import SpoolDelivery
import SpoolMail
internal import SpoolSchedule
internal import SpoolStatistics
internal import SpoolStore
import SpoolSystem
internal import Synchronization

/// A report as it can be handed over, or why it cannot be made.
struct PreparedCompletionReport: Sendable {
    enum Content: Sendable {
        case message(RenderedMessage, CompletionReportOrder)
        /// Nothing can be sent, now or later, for this reason.
        case impossible(String)
    }

    /// The mailing's name when it was prepared.
    let name: FileName
    /// Of which finishing it tells.
    let history: MailingHistory
    let content: Content
}

/// Reads journals for reports beside what the tick does: that of a long mailing takes a second or two, which must not keep
/// other mailings waiting.
final class CompletionReportPreparer: Sendable {
    private enum State {
        case idle
        case busy
        case done(Result<PreparedCompletionReport, SystemError>)
    }

    private let spool: String
    private let journals: JournalDirectory
    private let wakeups: any Wakeups
    private let surroundings: Surroundings
    private let state = Mutex(State.idle)

    /// - Parameter spool: its absolute path, for the reports to name.
    init(
        spool: String, journals: JournalDirectory, wakeups: any Wakeups, in surroundings: Surroundings
    ) {
        self.spool = spool
        self.journals = journals
        self.wakeups = wakeups
        self.surroundings = surroundings
    }

    /// Whether a report is being prepared.
    var isBusy: Bool {
        state.withLock { if case .busy = $0 { true } else { false } }
    }

    /// The report that was prepared since the last call.
    func takeResult() throws(SystemError) -> PreparedCompletionReport? {
        let result: Result<PreparedCompletionReport, SystemError>? = state.withLock { state in
            guard case .done(let result) = state else { return nil }
            state = .idle
            return result
        }
        return try result?.get()
    }

    /// Has the report on a mailing made.
    ///
    /// - Parameter zone: of its times, if the mailing names none.
    func prepare(_ name: FileName, _ history: MailingHistory, zone: TimeZoneRules, at now: Timestamp) {
        state.withLock { $0 = .busy }
        surroundings.beside { [self] in
            let result: Result<PreparedCompletionReport, SystemError>
            do throws(SystemError) {
                result = .success(
                    try PreparedCompletionReport(
                        name, history, in: journals, spool: spool, zone: zone, at: now))
            } catch {
                result = .failure(error)
            }
            state.withLock { $0 = .done(result) }
            wakeups.wake()
        }
    }
}

extension PreparedCompletionReport {
    /// Reads the journal, and makes the message.
    fileprivate init(
        _ name: FileName, _ history: MailingHistory, in journals: JournalDirectory, spool: String,
        zone: TimeZoneRules, at now: Timestamp
    ) throws(SystemError) {
        self.name = name
        self.history = history
        var reading = DetailsReading()
        var order: CompletionReportOrder?
        guard let file = try journals.open(name) else {
            content = .impossible("its journal is gone")
            return
        }
        _ = try JournalReader(file: file).forEachLine { line in
            reading.read(line)
            if case .report(.due(let found))? = line.entry { order = found }
        }
        guard let order else {
            content = .impossible("the line of the journal that orders it is damaged")
            return
        }
        let zone = try order.timeZone.flatMap(TimeZones.known) ?? zone
        let report = CompletionReport(
            name: name.string, subject: history.title?.subject, counts: history.counts,
            details: reading.details,
            startedAt: history.startedAt, finishedAt: history.closedAt ?? now, zone: zone, spool: spool)
        do {
            content = .message(try order.message(report, at: now), order)
        } catch let error as MessageDesignError {
            content = .impossible("\(error)")
        } catch let error as RenderError {
            content = .impossible("\(error)")
        } catch {
            content = .impossible("one of its addresses is not valid")
        }
    }
}

extension CompletionReportOrder {
    /// The report as a message: plain text, and marked as no person's own words (RFC 3834).
    func message(_ report: CompletionReport, at now: Timestamp) throws -> RenderedMessage {
        guard let from = from.mailbox, let to = to.mailbox else { throw EmailAddressError.empty }
        let design = try MessageDesign(
            from: from, subject: Template(literal: report.subjectLine), text: Template(literal: report.text),
            html: nil, headers: [("Auto-Submitted", Template(literal: "auto-generated"))])
        return try design.render(
            to: to, messageID: messageID, date: now.rfc5322(utcOffset: report.zone.utcOffset(at: now)),
            value: { _ in nil })
    }
}
