internal import SpoolDelivery
internal import SpoolExamine
internal import SpoolMail
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem
internal import SpoolWriting

/// What a look has to mend, and how a mailing makes room for another of its name.
extension Tick {
    /// Carries out what the lifecycle asks for; true if anything was done, so that the folders must be looked at again.
    func repair(
        _ lifecycle: Lifecycle, _ listing: Listing, delivery: Dispatcher, configured: ConfiguredSpool,
        at moment: Moment
    ) throws(SystemError) -> Bool {
        var hasRepaired = false
        for move in listing.halfMoves {
            hasRepaired = try spool[move.from].remove(move.fromName) || hasRepaired
            areFoldersUnsynchronized = true
        }
        // What lies in two places was passed over by the listing: nothing is judged before it is seen again.
        if hasRepaired { return true }
        for repair in lifecycle.repairs {
            // What is being handed over ends first; its outcome belongs into the journal under its present name.
            if let name = repair.journal, let run = delivery.mailing(name) {
                if try !end(run, delivery: delivery, at: moment) {
                    if case .record(_, let document) = repair { note(document, of: run, at: moment) }
                    continue
                }
            }
            // Likewise the outcome of a report. A journal may be renamed meanwhile: it is open, and known by its mailing.
            if case .record(let name, _) = repair, isReported(name, delivery) { continue }
            try carryOut(repair, configured: configured, at: moment)
            hasRepaired = true
        }
        return hasRepaired
    }

    /// Writes down at once where the document of a mailing lies of which something is still in flight: an editor may
    /// replace it there before that has ended, and then only this says that it is the same mailing.
    private func note(_ document: FoundDocument, of run: ActiveMailing, at moment: Moment) {
        run.record(
            .document(DocumentPlace(folder: document.folder, identity: document.identity)), at: moment.wall)
        histories[run.name] = run.history
    }

    private func carryOut(
        _ repair: Lifecycle.Repair, configured: ConfiguredSpool, at moment: Moment
    ) throws(SystemError) {
        areFoldersUnsynchronized = true
        switch repair {
        case .rename(let journal, let name):
            try journals.move(journal, to: name)
            histories[name] = histories.removeValue(forKey: journal)
            complaints.mention("\(journal): is called \(name) now")
        case .displace(let name):
            try displace(name, zone: configured.zone, at: moment)
        case .record(let name, let document):
            var entries: [JournalEntry] = []
            if let history = histories[name], !history.isOpen, history.folder == .done,
                document.folder != .done
            {
                entries.append(.reopened(.again))
            }
            entries.append(
                .document(DocumentPlace(folder: document.folder, identity: document.identity)))
            try write(entries, of: name, at: moment)
        case .gone(let name):
            guard let history = histories[name] else { return }
            try write(
                [.document(DocumentPlace(folder: nil, identity: history.identity))], of: name, at: moment)
        case .cancel(let name):
            try write([.closed(.cancelled)], of: name, at: moment)
            complaints.mention("\(name): cancelled")
        case .adopt(let document):
            try adopt(document, settings: configured.settings, at: moment)
        }
    }

    /// Whether the report on a mailing is being handed over, so that its journal is being written to.
    func isReported(_ name: FileName, _ delivery: Dispatcher) -> Bool {
        delivery.reports.mailing.map { $0 == histories[name]?.mailing } ?? false
    }

    /// Writes the numbers of a mailing down that was edited while it lay still: those of its recipients as they are now.
    func recount(_ examination: Examination, at moment: Moment) throws(SystemError) {
        let name = examination.document.name
        guard let counts = examination.counts, let history = histories[name], history.isOpen,
            history.identity == examination.document.identity, history.counts != counts
        else { return }
        try write([], of: name, counts: counts, title: examination.title, at: moment)
    }

    /// Adds lines to the journal of a mailing that is not being delivered, and its numbers and title behind them, which
    /// may be others than they were. Durable.
    func write(
        _ entries: [JournalEntry], of name: FileName, counts: MailingCounts? = nil,
        title: MailingTitle? = nil,
        at moment: Moment
    ) throws(SystemError) {
        guard var history = histories[name] else { return }
        history.counts = counts ?? history.counts
        history.title = title ?? history.title
        let journal = try journals.writer(of: name)
        for entry in entries { Tick.record(entry, in: &history, journal, at: moment) }
        Tick.writeSummary(history, to: journal, at: moment)
        try journal.synchronize()
        histories[name] = history
    }

    /// Takes in what has happened, and adds it to the journal.
    static func record(
        _ entry: JournalEntry, in history: inout MailingHistory, _ journal: JournalWriter, at moment: Moment
    ) {
        history.apply(entry, at: moment.wall)
        journal.add(entry, at: moment.wall)
    }

    /// Ends what is appended with the lines that a reader of the tail looks for.
    static func writeSummary(_ history: MailingHistory, to journal: JournalWriter, at moment: Moment) {
        if let title = history.title { journal.add(.about(title), at: moment.wall) }
        journal.add(.counts(history), at: moment.wall)
    }

    /// Opens a journal for a document in `done/` that has never begun, so that it is known as cancelled.
    private func adopt(
        _ document: FoundDocument, settings: Configuration, at moment: Moment
    ) throws(SystemError) {
        var history = MailingHistory()
        history.identity = document.identity
        history.folder = .done
        if let entry = board.entry(version: document.version), entry.total != nil {
            history.counts = entry.counts
            history.title = MailingTitle(subject: entry.subject, from: entry.from, sendAt: entry.sendAt)
        } else {
            let examination = Examination(document, context: "")
            do throws(SystemError) {
                try examination.run(
                    spool: spool, journals: journals, settings: settings, suppression: suppression.latest,
                    journal: .none, at: moment)
            } catch  where !error.isDiskError {
                // A document that we may not read has been cancelled all the same; nobody knows its numbers.
            }
            history.counts = examination.summary?.counts ?? MailingCounts()
            history.title = examination.title
        }
        let journal = try journals.writer(of: document.name, soundLength: 0)
        Tick.record(.opened(mailing: MessageID.newMailing()), in: &history, journal, at: moment)
        Tick.record(.closed(.cancelled), in: &history, journal, at: moment)
        Tick.writeSummary(history, to: journal, at: moment)
        try journal.synchronize()
        histories[document.name] = history
    }

    /// Gives an ended mailing's document and journal their dated names, so that its own is free.
    ///
    /// The document goes first: if we are killed in between, the journal is found to belong to a renamed document and
    /// follows it.
    func displace(_ name: FileName, zone: TimeZoneRules, at moment: Moment) throws(SystemError) {
        guard let history = histories[name], !history.isOpen else { return }
        let aside = try freeDatedName(name, day: (history.closedAt ?? moment.wall).day(in: zone))
        areFoldersUnsynchronized = true
        if try !isTakenByOther(name) {
            do throws(SystemError) {
                try spool[.done].move(
                    SpoolDirectory.documentName(name), to: spool[.done],
                    as: SpoolDirectory.documentName(aside))
            } catch  where error.isMissing {
                // Somebody has cleaned up; only the journal is left.
            }
        }
        try journals.move(name, to: aside)
        histories[aside] = histories.removeValue(forKey: name)
        try spool[.done].synchronize()
        try journals.directory.synchronize()
        complaints.mention("\(name): the one that has ended is called \(aside) now")
    }

    /// Whether what lies in `done/` under a mailing's name is the document of another, which a person has renamed.
    private func isTakenByOther(_ name: FileName) throws(SystemError) -> Bool {
        guard let status = try spool[.done].status(of: SpoolDirectory.documentName(name)) else {
            return false
        }
        let found = DocumentVersion(status).identity
        return histories.contains { $0.key != name && $0.value.identity.isSurely(found) }
    }

    /// The first dated name that neither a document nor a journal has.
    func freeDatedName(_ name: FileName, day: String) throws(SystemError) -> FileName {
        var count = 1
        while true {
            let candidate = DatedName.make(name, day: day, count: count)
            let isFree = try spool[.done].status(of: SpoolDirectory.documentName(candidate)) == nil
            let isTaken = try journals.isTaken(candidate)
            if isFree && !isTaken { return candidate }
            count += 1
        }
    }
}

extension Lifecycle.Repair {
    /// The mailing whose journal is written to or renamed.
    var journal: FileName? {
        switch self {
        case .rename(let name, _), .displace(let name), .record(let name, _), .gone(let name),
            .cancel(let name):
            name
        case .adopt: nil
        }
    }
}
