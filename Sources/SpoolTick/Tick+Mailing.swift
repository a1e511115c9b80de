internal import SpoolDelivery
internal import SpoolExamine
internal import SpoolMail
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem
internal import SpoolTransport
internal import SpoolWriting

/// How a mailing begins and how it ends.
extension Tick {
    /// Takes up a mailing in `active/`: opens its journal, or makes one, and brings it up to date.
    ///
    /// What is written here is on the disk before the first hand-over, which synchronises the journal and, before the
    /// first of a tick, the directory that it stands in.
    func begin(
        _ document: FoundDocument, _ mailing: Mailing, _ replay: Replay,
        _ attachments: EncodedAttachments, title: MailingTitle, configured: ConfiguredSpool,
        delivery: Dispatcher, at moment: Moment
    ) throws(SystemError) -> ActiveMailing {
        var soundLength = replay.soundLength
        var history = replay.history
        let isNew = history.mailing.isEmpty
        if !isNew, let file = try journals.open(document.name) {
            // Lines that were added since it was replayed say where the document lies.
            soundLength = try JournalReader(file: file).forEachLine(from: soundLength) { line in
                if line.event == .document { history.read(line) }
            }
        }
        let journal = try journals.writer(of: document.name, soundLength: soundLength)
        if isNew {
            history.mailing = MessageID.newMailing()
            history.startedAt = moment.wall
            journal.add(.opened, "1 \(history.mailing)", at: moment.wall)
        }
        if isNew || history.folder != .active || history.identity != document.identity || history.isGone {
            history.folder = .active
            history.identity = document.identity
            history.isGone = false
            journal.add(.document, history.documentFields, at: moment.wall)
        }
        if !history.isOpen {
            // It had ended, and somebody was added before its document could be moved.
            history.reopen(.edited)
            journal.add(.reopened, Reopening.edited.rawValue, at: moment.wall)
        }
        if history.revision != mailing.content.revision {
            history.revision = mailing.content.revision
            journal.add(.revision, mailing.content.revision, at: moment.wall)
        }
        let isRetitled = history.title != title
        history.title = title
        let run = ActiveMailing(
            document: document, mailing: mailing, list: replay.list, deferrals: replay.deferrals,
            journal: journal, history: history, attachments: attachments,
            holdsInDoubt: configured.settings.inDoubt == .hold, tickBegan: delivery.schedule.beginning,
            at: moment)
        let accepted =
            histories.values.compactMap(\.lastAccepted) + delivery.mailings.compactMap(\.history.lastAccepted)
        if let latest = accepted.max() { run.accepted(elsewhere: latest) }
        if isRetitled { Tick.writeTitle(run.history, to: journal, at: moment) }
        // A mailing that waits for days is taken up every minute: its journal does not grow by that.
        if journal.hasPending || histories[document.name] != run.history { run.writeCounts(at: moment.wall) }
        try journal.synchronize()
        histories[document.name] = run.history
        return run
    }

    /// Ends a mailing of which everybody has ended: closes its journal, then moves its document to `done/`.
    ///
    /// In that order, so that a crash between the two finds an ended mailing in `active/` and only moves it.
    func finish(_ run: ActiveMailing, delivery: Dispatcher, at moment: Moment) throws(SystemError) {
        run.close(at: moment.wall)
        guard try delivery.end(run) else { return }
        histories[run.name] = run.history
        knowledge[run.document.version]?.examination = nil
        complaints.mention("\(run.name): finished, \(run.history.counts.sent) sent")
        try moveToDone(run.document, run.history, zone: nil, at: moment)
    }

    /// Moves an ended mailing's document to `done/`, and says so in its journal.
    func moveToDone(
        _ document: FoundDocument, _ history: MailingHistory, zone: TimeZoneRules?, at moment: Moment
    ) throws(SystemError) {
        let name = SpoolDirectory.documentName(document.name)
        guard let status = try spool[.active].status(of: name), DocumentVersion(status) == document.version
        else { return }
        do throws(SystemError) {
            try spool[.active].move(name, to: spool[.done], as: name)
        } catch  where error.isOccupied {
            // A document without a journal of its own is in the way: it makes room like an ended mailing.
            try moveAside(document.name, history, zone: zone ?? .utc, at: moment)
            try spool[.active].move(name, to: spool[.done], as: name)
        } catch  where error.isMissing {
            return
        }
        if let moved = try spool[.done].status(of: name), DocumentVersion(moved) != document.version {
            // Somebody replaced the document between the look and the move: what was moved is not what has ended.
            try spool[.done].move(name, to: spool[.active], as: name)
            return
        }
        areFoldersUnsynchronized = true
        var ended = history
        ended.folder = .done
        let journal = try journals.writer(of: document.name)
        journal.add(.document, ended.documentFields, at: moment.wall)
        Tick.writeSummary(ended, to: journal, at: moment)
        try journal.synchronize()
        histories[document.name] = ended
    }

    private func moveAside(
        _ name: FileName, _ history: MailingHistory, zone: TimeZoneRules, at moment: Moment
    ) throws(SystemError) {
        let aside = try freeDatedName(name, day: moment.wall.day(in: zone))
        try spool[.done].move(
            SpoolDirectory.documentName(name), to: spool[.done], as: SpoolDirectory.documentName(aside))
    }
}
