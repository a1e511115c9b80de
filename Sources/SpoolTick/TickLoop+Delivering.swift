internal import SpoolDelivery
internal import SpoolExamine
internal import SpoolMail
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem
internal import SpoolTransport

/// How deliveries begin and stop.
extension TickLoop {
    // MARK: Beginning

    /// Begins or takes up the delivery of a mailing in `active/`.
    func deliver(
        _ document: FoundDocument, _ prepared: PreparedMailing, _ standing: Lifecycle.Standing,
        isDisplacing: Bool,
        at moment: Moment
    ) throws(SystemError) {
        let replay = prepared.replay
        // Read for another past than it has: a journal has come to it, or has gone, since.
        let past = standing == .continues ? registry[document.name]?.mailing ?? "" : ""
        let hasPace = !prepared.isTakenUpAgain || dispatcher.schedule.knows(document.name)
        if replay.history.mailing != past || !hasPace {
            tick.documents[document.version]?.discardList()
            return agenda.wake(at: moment.wall)
        }
        if isDisplacing { try moves.displace(document.name, at: moment) }
        if let history = registry[document.name], !history.isOpen, history.folder != .done,
            replay.history.counts.left == 0
        {
            // It has ended, and the tick that ended it was killed before it moved the document.
            return try moves.finish(document, at: moment)
        }
        let mailing: ActiveMailing
        do throws(SystemError) {
            mailing = try begin(document, prepared, at: moment)
        } catch {
            guard error.isShortage else { throw error }
            sayShortage(error)
            let time = moment.wall + .seconds(1)
            tick.documents[document.version]?.wait(for: Diagnostic(shortage: error), until: time)
            return agenda.wake(at: time)
        }
        tick.moves.note()
        registry.hand(over: mailing)
        dispatcher.start(mailing, past: replay.past, at: moment)
        tick.documents[document.version]?.delivered()
        announcements.mention(
            "\(document.name): \(mailing.left) of \(mailing.history.counts.recipients) to send")
    }

    /// Opens the mailing's journal, or makes one, and brings it up to date.
    ///
    /// What is written here is on the disk before the first hand-over, which synchronises the journal and, before the
    /// first of a tick, the directory that it stands in.
    private func begin(
        _ document: FoundDocument, _ prepared: PreparedMailing, at moment: Moment
    ) throws(SystemError) -> ActiveMailing {
        let (content, replay) = (prepared.content, prepared.replay)
        var history = replay.history
        var soundLength = replay.soundLength
        let isNew = history.mailing.isEmpty
        if !isNew, let file = try registry.journals.open(document.name) {
            // Lines that were added since it was replayed say where the document lies.
            soundLength = try JournalReader(file: file).forEachLine(from: soundLength) { line in
                if case .document? = line.entry { history.apply(line) }
            }
        }
        let journal = try registry.journals.writer(of: document.name, soundLength: soundLength)
        func record(_ entry: JournalEntry) { journal.record(entry, in: &history, at: moment.wall) }
        if isNew { record(.opened(mailing: MessageID.newMailing())) }
        if isNew || history.place != document.place { record(.document(document.place)) }
        // It had ended, and somebody was added before its document could be moved.
        if !history.isOpen { record(.reopened(.edited)) }
        if history.revision != content.content.revision { record(.revision(content.content.revision)) }
        if history.wording != content.content.wording { record(.wording(content.content.wording)) }
        let attachments = AttachmentSupply(
            of: content, as: document, in: tick.spool.files, marks: tick.preparations, wakeups: tick.wakeups,
            in: tick.surroundings)
        let mailing = ActiveMailing(
            replay, history: history, document: document, mailing: content, journal: journal,
            attachments: attachments, holdsInDoubt: configured.settings.inDoubt == .hold,
            tickBegan: dispatcher.schedule.beginning, at: moment)
        if let latest = registry.lastAccepted { mailing.accepted(elsewhere: latest) }
        if history.title != prepared.title { mailing.record(.about(prepared.title), at: moment.wall) }
        // A mailing that waits for days is taken up every minute: its journal does not grow by that.
        if journal.hasPending || registry[document.name] != mailing.history {
            mailing.writeCounts(at: moment.wall)
        }
        // Its file is closed until something is handed over: of a mailing outside its window that may be long.
        try journal.synchronize()
        try journal.rest()
        return mailing
    }

    // MARK: Stopping

    /// Stops every delivery whose document is not in `active/` as it was read.
    func stopChanged(at moment: Moment) throws(SystemError) {
        var active: [FileName: FoundDocument] = [:]
        for (document, standing) in listed where document.folder == .active && standing == .continues {
            active[document.name] = document
        }
        for mailing in dispatcher.mailings {
            let version = mailing.document.version
            let isUnchanged =
                try hasSameFiles(version) && active[mailing.name] == mailing.document && !mailing.isEnding
                && tick.documents[version]?.isDelivering == true
            if !isUnchanged { _ = try stop(mailing, at: moment) }
        }
    }

    /// Takes a mailing out of the delivery that cannot go on as it is; false while something of it is in flight.
    func stop(_ mailing: ActiveMailing, at moment: Moment) throws(SystemError) -> Bool {
        mailing.writeCountsIfChanged(at: moment.wall)
        guard try release(mailing) else { return false }
        tick.documents[mailing.document.version]?.stopped(for: mailing.problem)
        announcements.mention("\(mailing.name): stopped")
        return true
    }

    // MARK: What the machine lacks

    /// Tries again what was held back for a shortage since the last look, and says that there was one.
    func retryShortages(at moment: Moment) throws(SystemError) {
        for error in dispatcher.mailings.compactMap(\.shortage) + [reports.shortage].compactMap(\.self) {
            sayShortage(error)
        }
        reports.retry()
        try dispatcher.look(at: moment)
    }

    private func sayShortage(_ error: SystemError) {
        guard error.isShortage else {
            tick.hasMetDiskError = true
            return announcements.sayOnce("\(error); a mailing waits for that")
        }
        let (what, remedy) = error.missingResource
        announcements.sayOnce("\(what); the mailings that need more wait, and are tried again; \(remedy)")
    }
}
