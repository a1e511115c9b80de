internal import SpoolConsole
internal import SpoolDelivery
internal import SpoolMail
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem
internal import SpoolText
internal import SpoolTransport

/// The reports on mailings that have finished: which is due, and who hears of one that cannot be sent.
///
/// Nothing here touches a mailing's numbers or its folder. A report that was ordered and has not ended is found in its
/// journal's tail by every tick, so that none is lost and none is sent again once its outcome stands there.
final class CompletionReports {
    private let spool: SpoolDirectory
    private let settings: Configuration
    private let registry: MailingRegistry
    private let suppression: SuppressionWatch
    private let announcements: Announcements
    private let preparer: CompletionReportPreparer
    private let delivery: CompletionReportDelivery
    /// The report that is to be handed over next, as of the last look, and when.
    private var next: (name: FileName, due: Timestamp)?
    /// The message of it, once it has been made.
    private var prepared: PreparedCompletionReport?
    /// Why nothing is handed over until the next look: the machine has not what it takes.
    private(set) var shortage: SystemError?

    init(_ tick: Tick, _ settings: Configuration, _ delivery: CompletionReportDelivery) {
        spool = tick.spool
        registry = tick.registry
        suppression = tick.suppression
        announcements = tick.announcements
        preparer = tick.reportPreparer
        self.settings = settings
        self.delivery = delivery
    }

    /// Whether the report on a mailing is being handed over, so that its journal is being written to.
    func isHandedOver(_ name: FileName) -> Bool {
        delivery.mailing.map { $0 == registry[name]?.mailing } ?? false
    }

    /// Finds the report that is due first.
    ///
    /// - Parameter isListed: whether the document of a mailing lies in a folder as its own; the tick before may have been
    ///   killed between closing the journal and moving the document, and that comes first.
    func find(at moment: Moment, isListed: (FileName) -> Bool) throws(SystemError) {
        next = nil
        // As long as nobody knows who is never mailed, nobody is.
        if suppression.problem != nil { return }
        var first: (due: Timestamp, closedAt: Timestamp, name: FileName)?
        for name in registry.reporting {
            guard let history = registry[name], let report = history.pendingReport,
                history.mailing != delivery.mailing
            else { continue }
            if history.folder != .done, isListed(name) { continue }
            // A killed tick has left an intent without an outcome.
            if let doubt = report.doubtAfterKill(at: moment.wall) {
                try registry.write([.report(.progress(doubt))], of: name, at: moment)
                sayIfHeld(name)
            }
            guard let report = registry[name]?.pendingReport, let due = due(report, at: moment.wall) else {
                continue
            }
            let candidate = (due, history.closedAt ?? history.startedAt, name)
            if first.map({ candidate < ($0.due, $0.closedAt, $0.name) }) ?? true { first = candidate }
        }
        next = first.map { ($0.name, $0.due) }
    }

    /// When a report may be handed over; nil if a person has to say something first.
    private func due(_ report: RecipientProgress, at now: Timestamp) -> Timestamp? {
        let retry = settings.attempts.backoff.due(at: report.nextAttempt, now: now)
        return switch report.state {
        case .waiting: now
        case .deferred: retry
        case .inDoubt: isHeld(report) ? nil : retry
        case .sending, .sent, .failed, .skipped: nil
        }
    }

    private func isHeld(_ report: RecipientProgress) -> Bool {
        report.isHeld(holdsInDoubt: settings.inDoubt == .hold)
    }

    private func sayIfHeld(_ name: FileName) {
        guard let report = registry[name]?.pendingReport, isHeld(report) else { return }
        let command = "spool-tick --spool \(spool.root.absolutePath.shellQuoted) --resolve"
        announcements.say(
            "\(name): nobody knows whether the mail system has taken the report on it; say so with: "
                + "\(command) \("\(name)=sent".shellQuoted), or =resend")
    }

    // MARK: Sending

    /// Brings the report that is due one step on.
    ///
    /// - Parameters:
    ///   - now: asked when it is handed over.
    ///   - synchronizeFolders: brings what people have moved to the disk, before a hand-over.
    /// - Returns: whether something has been done, so that the next one is to be found.
    func send(
        at moment: Moment, now: () -> Moment, synchronizeFolders: () throws(SystemError) -> Void
    ) throws(SystemError) -> Bool {
        if shortage != nil { return false }
        do throws(SystemError) {
            return try sendNext(at: moment, now: now, synchronizeFolders: synchronizeFolders)
        } catch {
            guard error.isShortage else { throw error }
            shortage = error
            return false
        }
    }

    /// Tries again what it lacked something for.
    func retry() { shortage = nil }

    private func sendNext(
        at moment: Moment, now: () -> Moment, synchronizeFolders: () throws(SystemError) -> Void
    ) throws(SystemError) -> Bool {
        guard delivery.mailing == nil, !preparer.isBusy, let next, next.due <= moment.wall,
            let history = registry[next.name]
        else { return false }
        if prepared == nil { prepared = try preparer.takeResult() }
        guard let report = prepared, report.name == next.name, report.history == history else {
            prepared = nil
            preparer.prepare(next.name, history, zone: settings.zone, at: moment.wall)
            return false
        }
        guard try delivery.mayHandOver(at: moment),
            let suppressed = try suppression.addresses()
        else { return false }
        prepared = nil
        switch report.content {
        case .impossible(let reason): try fail(next.name, reason, at: moment)
        case .message(_, let order) where order.to.mailbox.map({ suppressed.contains($0.address) }) ?? false:
            let skip = RecipientEvent.skipped(from: .waiting, .suppressed)
            try registry.write([.report(.progress(skip))], of: next.name, at: moment)
            announcements.mention("\(next.name): the report is not sent, \(order.to.address) is suppressed")
        case .message(let message, let order):
            try synchronizeFolders()
            let file = try EncodedAttachments().file(of: message)
            let attempt = CompletionReportAttempt(
                order, of: history, message: file, journal: try registry.journals.writer(of: next.name),
                backoff: settings.attempts.backoff)
            try delivery.handOver(attempt, at: now())
        }
        return true
    }

    private func fail(_ name: FileName, _ reason: String, at moment: Moment) throws(SystemError) {
        announcements.say("\(name): the report on it cannot be sent: \(reason)")
        if try registry.journals.open(name) == nil {
            var history = registry[name]
            history?.report = nil
            registry.put(history, of: name)
        } else {
            let failure = RecipientEvent.failed(status: "-", reply: PlainText.clean(reason))
            try registry.write([.report(.progress(failure))], of: name, at: moment)
        }
    }

    /// Takes in what became of a report, before anything is done to its mailing; by now its journal may have another
    /// name.
    ///
    /// - Returns: whether one has ended, so that what waited for it may go on.
    func takeEnded() -> Bool {
        guard let report = delivery.takeEnded() else { return false }
        guard let name = registry.name(ofMailing: report.history.mailing) else { return true }
        registry.put(report.history, of: name)
        switch report.outcome {
        case .sent: announcements.mention("\(name): reported to \(report.order.to.address)")
        case .failed(let status, let reply):
            let said = Reply.words(reply, status: status)
            announcements.say("\(name): the report to \(report.order.to.address) was not taken: \(said)")
        case .inDoubt: sayIfHeld(name)
        case .attempt, .deferred, .excused, .gaveUp, .resolved, .withdrew, .skipped, nil: break
        }
        return true
    }

    /// Whether a report is being prepared, or may be handed over within a length of time.
    func hasOne(within horizon: Interval, at now: Timestamp) -> Bool {
        preparer.isBusy || (next.map { $0.due - now <= horizon } ?? false)
    }

    /// How long the tick may wait before it must be at its reports again, in microseconds; nil for as long as it likes.
    func delay(at moment: Moment) -> Int64? {
        // Their ends wake the tick, and so does the next look.
        if shortage != nil { return nil }
        if delivery.mailing != nil || preparer.isBusy { return nil }
        guard let next else { return nil }
        // A report that is due and prepared waits for what a killed tick has left behind.
        let least: Int64 = prepared == nil ? 0 : 50_000
        return max(least, (next.due - moment.wall).microseconds)
    }
}
