internal import SpoolConsole
internal import SpoolDelivery
internal import SpoolExamine
import SpoolMail
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem
internal import SpoolTransport

/// The reports on mailings that have finished: which is due, and who hears of one that cannot be sent.
///
/// Nothing here touches a mailing's numbers or its folder. A report that was ordered and has not ended is found in its
/// journal's tail by every tick, so that none is lost and none is sent again once its outcome stands there.
extension Tick {
    /// A report and when it may be handed over.
    struct DueReport {
        let name: FileName
        let due: Timestamp
    }

    /// Finds the report that is due first.
    func findReports(at moment: Moment, configured: ConfiguredSpool, delivery: Dispatcher) throws(SystemError)
    {
        nextReport = nil
        // As long as nobody knows who is never mailed, nobody is.
        if suppression.problem != nil { return }
        var first: (due: Timestamp, closedAt: Timestamp, name: FileName)?
        for (name, history) in histories {
            guard history.pendingReport != nil, history.mailing != delivery.reports.mailing else { continue }
            // The tick before was killed between closing the journal and moving the document: that comes first.
            if history.folder != .done, isListed(name) { continue }
            if history.pendingReport?.doubtAfterKill(at: moment.wall) != nil {
                try doubtReport(name, configured, at: moment)
            }
            guard let report = histories[name]?.pendingReport,
                let due = due(report, configured.settings, at: moment.wall)
            else { continue }
            let candidate = (due, history.closedAt ?? history.startedAt, name)
            if first.map({ candidate < ($0.due, $0.closedAt, $0.name) }) ?? true { first = candidate }
        }
        nextReport = first.map { DueReport(name: $0.name, due: $0.due) }
    }

    private func isListed(_ name: FileName) -> Bool {
        listed.contains { $0.document.name == name && $0.standing == .continues }
    }

    /// When a report may be handed over; nil if a person has to say something first.
    private func due(
        _ report: RecipientProgress, _ settings: Configuration, at now: Timestamp
    ) -> Timestamp? {
        // A wait longer than any means that the clock has been set back since.
        let retry = report.nextAttempt - now > settings.attempts.backoff.most ? now : report.nextAttempt
        return switch report.state {
        case .waiting: now
        case .deferred: retry
        case .inDoubt: isHeld(report, settings) ? nil : retry
        case .sending, .sent, .failed, .skipped: nil
        }
    }

    private func isHeld(_ report: RecipientProgress, _ settings: Configuration) -> Bool {
        report.isHeld(holdsInDoubt: settings.inDoubt == .hold)
    }

    /// A killed tick has left an intent without an outcome.
    private func doubtReport(
        _ name: FileName, _ configured: ConfiguredSpool, at moment: Moment
    ) throws(SystemError) {
        try note(.inDoubt(until: moment.wall, .killed), of: name, at: moment)
        sayIfHeld(name, configured.settings)
    }

    /// Notes what has become of a report that is not being handed over. Durable.
    private func note(_ event: RecipientEvent, of name: FileName, at moment: Moment) throws(SystemError) {
        try write([.report(.progress(event))], of: name, at: moment)
    }

    private func sayIfHeld(_ name: FileName, _ settings: Configuration) {
        guard let report = histories[name]?.pendingReport, report.state == .inDoubt, isHeld(report, settings)
        else { return }
        let command = "spool-tick --spool \(spool.root.absolutePath.shellQuoted) --resolve"
        complaints.say(
            "\(name): nobody knows whether the mail system has taken the report on it; say so with: "
                + "\(command) \("\(name)=sent".shellQuoted), or =resend")
    }

    // MARK: Sending

    /// Brings the report that is due one step on.
    ///
    /// - Parameter synchronizeFolders: brings what people have moved to the disk, before a hand-over.
    func sendReport(
        at moment: Moment, configured: ConfiguredSpool, delivery: Dispatcher,
        synchronizeFolders: () throws(SystemError) -> Void
    ) throws(SystemError) {
        guard delivery.reports.mailing == nil, !reportPreparer.isBusy, let next = nextReport,
            next.due <= moment.wall, let history = histories[next.name]
        else { return }
        if preparedReport == nil { preparedReport = try reportPreparer.takeResult() }
        guard let prepared = preparedReport, prepared.name == next.name, prepared.history == history else {
            preparedReport = nil
            reportPreparer.prepare(next.name, history, zone: configured.zone, at: moment.wall)
            return
        }
        guard try delivery.reports.mayHandOver(at: moment),
            let suppressed = try suppression.addresses(at: moment.wall)
        else { return }
        preparedReport = nil
        switch prepared.content {
        case .impossible(let reason):
            try failReport(next.name, reason, at: moment)
        case .message(_, let order) where order.to.mailbox.map({ suppressed.contains($0.address) }) ?? false:
            try note(.skipped(from: .waiting, .suppressed), of: next.name, at: moment)
            complaints.mention("\(next.name): the report is not sent, \(order.to.address) is suppressed")
        case .message(let message, let order):
            try synchronizeFolders()
            let file = try EncodedAttachments().file(of: message)
            let run = CompletionReportAttempt(
                order, of: history, message: file, journal: try reportJournal(prepared),
                backoff: configured.settings.attempts.backoff)
            try delivery.reports.handOver(run, at: Moment.now())
        }
        // Into a Maildir it goes at once.
        if try !takeEndedReport(at: moment, configured: configured, delivery: delivery) {
            try findReports(at: moment, configured: configured, delivery: delivery)
        }
    }

    /// The journal's end; lines that were added since the report was prepared are kept.
    private func reportJournal(_ prepared: PreparedCompletionReport) throws(SystemError) -> JournalWriter {
        var soundLength = 0
        if let file = try journals.open(prepared.name) {
            soundLength = try JournalReader(file: file).forEachLine(from: prepared.soundLength) { _ in }
        }
        return try journals.writer(of: prepared.name, soundLength: soundLength)
    }

    private func failReport(_ name: FileName, _ reason: String, at moment: Moment) throws(SystemError) {
        complaints.say("\(name): the report on it cannot be sent: \(reason)")
        if try journals.open(name) == nil {
            histories[name]?.report = nil
        } else {
            try note(.failed(status: "-", reply: Reply.clean(reason)), of: name, at: moment)
        }
    }

    /// Takes in what became of a report, before anything is done to its mailing; by now its journal may have another
    /// name.
    ///
    /// - Returns: whether one has ended, so that what waited for it may go on.
    func takeEndedReport(
        at moment: Moment, configured: ConfiguredSpool, delivery: Dispatcher
    ) throws(SystemError) -> Bool {
        guard let run = delivery.reports.takeEnded() else { return false }
        let mailing = run.history.mailing
        guard let name = histories.first(where: { $0.value.mailing == mailing })?.key else { return true }
        histories[name] = run.history
        switch run.outcome {
        case .sent: complaints.mention("\(name): reported to \(run.order.to.address)")
        case .failed(let status, let reply):
            let said = reply.isEmpty ? "exit status \(status), without a word" : reply
            complaints.say("\(name): the report to \(run.order.to.address) was not taken: \(said)")
        case .inDoubt: sayIfHeld(name, configured.settings)
        case .attempt, .deferred, .excused, .gaveUp, .resolved, .withdrew, .skipped, nil: break
        }
        try findReports(at: moment, configured: configured, delivery: delivery)
        return true
    }

    /// Whether a report is being prepared, or may be handed over within a length of time.
    func hasReport(within horizon: Interval, at now: Timestamp) -> Bool {
        reportPreparer.isBusy || (nextReport.map { $0.due - now <= horizon } ?? false)
    }

    /// How long the tick may wait before it must be at its reports again, in microseconds; nil for as long as it likes.
    func reportDelay(at moment: Moment, delivery: Dispatcher) -> Int64? {
        // Their ends wake the tick.
        if delivery.reports.mailing != nil || reportPreparer.isBusy { return nil }
        guard let next = nextReport else { return nil }
        // A report that is due and prepared waits for a sendmail that a killed tick has left behind.
        let least: Int64 = preparedReport == nil ? 0 : 50_000
        return max(least, (next.due - moment.wall).microseconds)
    }
}
