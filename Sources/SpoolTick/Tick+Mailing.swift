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
                if case .document? = line.entry { history.apply(line) }
            }
        }
        let journal = try journals.writer(of: document.name, soundLength: soundLength)
        func record(_ entry: JournalEntry) { Tick.record(entry, in: &history, journal, at: moment) }
        if isNew { record(.opened(mailing: MessageID.newMailing())) }
        let place = DocumentPlace(folder: .active, identity: document.identity)
        if isNew || history.place != place { record(.document(place)) }
        // It had ended, and somebody was added before its document could be moved.
        if !history.isOpen { record(.reopened(.edited)) }
        if history.revision != mailing.content.revision { record(.revision(mailing.content.revision)) }
        let isRetitled = history.title != title
        history.title = title
        let run = ActiveMailing(
            replay, history: history, document: document, mailing: mailing, journal: journal,
            attachments: attachments, holdsInDoubt: configured.settings.inDoubt == .hold,
            tickBegan: delivery.schedule.beginning, at: moment)
        let accepted =
            histories.values.compactMap(\.lastAccepted) + delivery.mailings.compactMap(\.history.lastAccepted)
        if let latest = accepted.max() { run.accepted(elsewhere: latest) }
        if isRetitled { run.record(.about(title), at: moment.wall) }
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
        let journal = try journals.writer(of: document.name)
        let place = DocumentPlace(folder: .done, identity: ended.identity)
        Tick.record(.document(place), in: &ended, journal, at: moment)
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
