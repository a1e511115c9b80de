internal import SpoolConsole
internal import SpoolDelivery
internal import SpoolExamine
internal import SpoolMail
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem
internal import SpoolTransport
internal import SpoolWriting

/// One look at the folders: it brings mailings, journals and deliveries into agreement with what lies where.
///
/// ``FolderScan`` says what that is, ``DocumentState`` what follows for each document; here it is carried out.
extension TickLoop {
    private static let mostRounds = 8

    /// Looks, repairs what disagrees, stops whose document has gone or changed, and brings every other one step on.
    func look(at moment: Moment) throws(SystemError) {
        try tick.snapshot.writeTickTime(moment.wall)
        agenda.clear()
        stamps = [:]
        defer { stamps = nil }
        _ = try tick.suppression.addresses()
        if let problem = tick.suppression.problem ?? tick.suppression.warning {
            announcements.sayOnce(problem)
        }
        agenda.wake(at: tick.suppression.settlesAt)
        try takeExaminations(at: moment)

        var sight = try sight(at: moment)
        var rounds = 0
        while try repair(sight, at: moment), rounds < TickLoop.mostRounds {
            sight = try self.sight(at: moment)
            rounds += 1
        }
        listed = zip(sight.listing.documents, sight.lifecycle.standings).filter { $0.0.folder != .done }
            .map { (document: $0.0, standing: $0.1) }
        try tick.preparations.keep(only: listed.map(\.document))
        try stopChanged(at: moment)
        try retryShortages(at: moment)
        let context =
            "\(Spool.version) \(configured.settings.judgementHash) \(tick.suppression.stamp) \(configured.settings.localZone.stamp)"
        suspects = []
        for (document, standing) in listed {
            try consider(document, standing, context, at: moment)
            try goOnDelivering()
        }
        prepareSuspect(at: moment)
        forgetVersions()
        tick.snapshot.current.context = context
        sayProblems()
        try findReports()
        try writeSnapshot(at: moment)
    }

    private func sight(at moment: Moment) throws(SystemError) -> FolderScan.Sight {
        try tick.folders.look(
            registry, at: moment.wall, pausing: goOnDelivering, resemblance: resemblance)
    }

    private func resemblance(_ version: DocumentVersion) -> Lifecycle.Resemblance? {
        if let state = tick.documents[version] { return state.resemblance }
        return tick.snapshot.earlier(version)?.isJudged == true ? .unrelated : nil
    }

    // MARK: Repairing

    /// Carries out what the lifecycle asks for; true if anything was done, so that the folders must be looked at again.
    private func repair(_ sight: FolderScan.Sight, at moment: Moment) throws(SystemError) -> Bool {
        var hasRepaired = false
        for move in sight.listing.halfMoves {
            hasRepaired = try tick.spool[move.from].remove(move.fromName) || hasRepaired
            tick.moves.note()
        }
        // What lies in two places was passed over by the listing: nothing is judged before it is seen again.
        if hasRepaired { return true }
        for repair in sight.lifecycle.repairs {
            if case .record(let name, let document) = repair { sayIfEdited(name, document) }
            // What is being handed over ends first; its outcome belongs into the journal under its present name.
            if let name = repair.journal, let mailing = dispatcher.mailing(name),
                try !stop(mailing, at: moment)
            {
                if case .record(_, let document) = repair { registry.note(document, of: mailing, at: moment) }
                continue
            }
            // Likewise the outcome of a report. A journal may be renamed meanwhile: it is open, and known by its mailing.
            if case .record(let name, _) = repair, reports.isHandedOver(name) { continue }
            try carryOut(repair, vanished: sight.lifecycle.vanished, at: moment)
            hasRepaired = true
        }
        return hasRepaired
    }

    private func carryOut(
        _ repair: Lifecycle.Repair, vanished: [FileName: MailingHistory], at moment: Moment
    ) throws(SystemError) {
        tick.moves.note()
        switch repair {
        case .rename(let journal, let name):
            try registry.rename(journal, to: name)
            announcements.mention("\(journal): is called \(name) now")
        case .displace(let name): try moves.displace(name, at: moment)
        case .record(let name, let document):
            try registry.write([.document(document.place)], of: name, at: moment)
        case .gone(let name):
            guard let history = registry[name] else { return }
            let nowhere = DocumentPlace(folder: nil, identity: history.identity)
            try registry.write([.document(nowhere)], of: name, at: moment)
        case .cancel(let name):
            try registry.close(name, as: .cancelled, at: moment)
            announcements.mention("\(name): cancelled")
        case .adopt(let document): try adopt(document, vanished: vanished, at: moment)
        }
    }

    /// Says that a mailing goes on by another file in another folder, as only an editor and a move between two looks can
    /// explain it.
    private func sayIfEdited(_ name: FileName, _ document: FoundDocument) {
        guard let history = registry[name], history.isOpen, document.folder != .done,
            document.folder != history.folder, document.identity != history.identity
        else { return }
        announcements.say(
            "\(document.path): edited and moved since the last look; it is taken for the unfinished mailing \(name) and "
                + "goes on where that was")
    }

    /// Takes the numbers of a document in `done/` that has never begun from the last judgement of it, or from a new one;
    /// unless it is the document of a mailing that has lost its own, edited and renamed: nobody is mailed in `done/`.
    private func adopt(
        _ document: FoundDocument, vanished: [FileName: MailingHistory], at moment: Moment
    ) throws(SystemError) {
        let known = tick.documents[document.version]?.snapshot ?? tick.snapshot.earlier(document.version)
        if let known, known.total != nil, vanished.isEmpty || resemblance(document.version) == .unrelated {
            let title = MailingTitle(subject: known.subject, from: known.from, sendAt: known.sendAt)
            return try registry.adopt(document, known.counts, title, at: moment)
        }
        let request = examinationRequest(document, .compared(vanished), context: "", at: moment)
        var examination = Examination(request)
        // One that has killed ticks, or that we may not read, has been cancelled all the same; nobody knows its numbers.
        if !tick.preparations.hasGivenUp(document) {
            tick.preparations.begin(document)
            defer { tick.preparations.end(document) }
            do throws(SystemError) {
                examination = try Examination.run(request, in: tick.spool, registry.journals)
            } catch {
                if error.isDiskError || error.isShortage { throw error }
            }
        }
        if case .mailing(let name)? = examination.resemblance {
            try registry.rename(name, to: document.name)
            return try registry.write([.document(document.place)], of: document.name, at: moment)
        }
        try registry.adopt(
            document, examination.summary?.counts ?? MailingCounts(), examination.title, at: moment)
    }

    // MARK: Stopping

    /// Stops every delivery whose document is not in `active/` as it was read.
    private func stopChanged(at moment: Moment) throws(SystemError) {
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
    private func stop(_ mailing: ActiveMailing, at moment: Moment) throws(SystemError) -> Bool {
        mailing.writeCountsIfChanged(at: moment.wall)
        guard try release(mailing) else { return false }
        tick.documents[mailing.document.version]?.stopped(for: mailing.problem)
        announcements.mention("\(mailing.name): stopped")
        return true
    }

    /// Whether the files that a document names are as they were when it was judged.
    func hasSameFiles(_ version: DocumentVersion) throws(SystemError) -> Bool {
        guard let files = tick.documents[version]?.snapshot.files else { return true }
        do throws(SystemError) {
            for (path, stamp) in files where try self.stamp(of: path) != stamp {
                return false
            }
        } catch  where error.isShortage {
            // It cannot be said; the next look asks again.
        }
        return true
    }

    private func stamp(of path: String) throws(SystemError) -> FileStamp {
        if let known = stamps?[path] { return known }
        let stamp = try FileStamp(of: path, in: tick.spool.files)
        stamps?[path] = stamp
        return stamp
    }

    // MARK: Judging

    /// Brings one document of `scheduled/`, `active/` or `paused/` one step on.
    private func consider(
        _ document: FoundDocument, _ standing: Lifecycle.Standing, _ context: String, at moment: Moment
    ) throws(SystemError) {
        // Also while what was in flight when it changed still is.
        if dispatcher.mailing(document.name)?.document == document { return }
        if standing.isItsOwn, reports.isHandedOver(document.name) { return }
        let version = document.version
        var state =
            tick.documents[version]
            ?? DocumentState(
                document, remembered: tick.snapshot.earlier(version), judgedBy: tick.snapshot.earlierContext,
                context: context)
        if tick.preparations.hasGivenUp(document) {
            state.giveUp(for: PreparationLog.problem)
            tick.documents[version] = state
            return
        }
        state.forgive(PreparationLog.problem)
        tick.documents[version] = state
        let action = state.look(
            DocumentState.Sight(
                document: document, spool: tick.path, standing: standing, context: context,
                hasSameFiles: try hasSameFiles(version),
                isInFlight: dispatcher.mailing(document.name) != nil, now: moment.wall))
        if case .examine(let past) = action {
            let request = examinationRequest(document, past, context: context, at: moment)
            if isPreparingSuspect || tick.preparations.isSuspect(document) {
                // As if nobody had asked yet: the next look asks again.
                suspects.append((request, state))
                return
            }
            tick.examiner.examine(request)
        }
        tick.documents[version] = state
        switch action {
        case .wait(let time): agenda.wake(at: time)
        case .examine: break
        case .reopen:
            try registry.write([.reopened(.again)], of: document.name, at: moment)
            agenda.wake(at: moment.wall)
        case .start(let isDisplacing):
            if isDisplacing { try moves.displace(document.name, at: moment) }
            // What lies in active/, or where a person was quicker, is seen by the next look, which follows at once.
            _ = try moves.start(document.name)
            agenda.wake(at: moment.wall)
        case .deliver(let mailing, let isDisplacing):
            try deliver(document, mailing, standing, isDisplacing: isDisplacing, at: moment)
        }
    }

    /// Whether a document is being examined that may have killed the tick before.
    private var isPreparingSuspect: Bool { suspectInHand && tick.examiner.isBusy }

    /// Has one of those examined that may have killed the tick before, when nothing else is: if it kills this one too,
    /// nobody else can have been it.
    private func prepareSuspect(at moment: Moment) {
        guard let (request, state) = suspects.first else { return }
        agenda.wake(at: moment.wall + .seconds(1))
        if tick.examiner.isBusy { return }
        suspectInHand = tick.preparations.isSuspect(request.document)
        tick.documents[request.document.version] = state
        tick.examiner.examine(request)
    }

    private func examinationRequest(
        _ document: FoundDocument, _ past: ExaminationRequest.JournalUse, context: String, at moment: Moment
    ) -> ExaminationRequest {
        var request = ExaminationRequest(
            document, settings: configured.settings, suppression: tick.suppression.latest, journal: past,
            at: moment)
        request.context = context
        request.configuration = configured.stamp
        return request
    }

    /// Takes in what the examiner has found since the last look.
    private func takeExaminations(at moment: Moment) throws(SystemError) {
        for examination in tick.examiner.takeResults() {
            let document = examination.request.document
            if examination.request.configuration != configured.stamp {
                tick.documents[document.version]?.discardExamination()
                continue
            }
            guard tick.documents[document.version]?.examined(examination) == true else { continue }
            if examination.resemblance != nil { registry.noteFinding() }
            guard let counts = examination.counts else { continue }
            let hasEndedSince = counts.sending > (registry[document.name]?.counts.sending ?? 0)
            if dispatcher.mailing(document.name) != nil || hasEndedSince {
                // Counted while a message was still in flight: counted anew when that has ended.
                tick.documents[document.version]?.countAgain(at: moment.wall + .seconds(1))
            } else if let history = registry[document.name], history.isOpen,
                history.identity == document.identity, history.counts != counts
            {
                // Edited while it lay still: the numbers of its recipients as they are now.
                try registry.write([], of: document.name, at: moment) {
                    $0.counts = counts
                    $0.title = examination.title
                }
            }
        }
    }

    private func forgetVersions() {
        let present = Set(listed.map(\.document.version))
        tick.documents = tick.documents.filter { present.contains($0.key) || $0.value.isBeingExamined }
    }

    // MARK: Delivering

    /// Begins or takes up the delivery of a mailing in `active/`.
    private func deliver(
        _ document: FoundDocument, _ prepared: PreparedMailing, _ standing: Lifecycle.Standing,
        isDisplacing: Bool,
        at moment: Moment
    ) throws(SystemError) {
        let replay = prepared.replay
        // Read for another past than it has: a journal has come to it, or has gone, since.
        let past = standing == .continues ? registry[document.name]?.mailing ?? "" : ""
        if replay.history.mailing != past {
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

    // MARK: What the machine lacks

    /// Tries again what was held back for a shortage since the last look, and says that there was one.
    private func retryShortages(at moment: Moment) throws(SystemError) {
        for error in dispatcher.mailings.compactMap(\.shortage) + [reports.shortage].compactMap(\.self) {
            sayShortage(error)
        }
        reports.retry()
        try dispatcher.look(at: moment)
    }

    private func sayShortage(_ error: SystemError) {
        guard error.isShortage else { return announcements.sayOnce("\(error); a mailing waits for that") }
        let (what, remedy) = error.missingResource
        announcements.sayOnce("\(what); the mailings that need more wait, and are tried again; \(remedy)")
    }
}

extension Lifecycle.Standing {
    /// Whether the document is that of the mailing of its name.
    fileprivate var isItsOwn: Bool {
        switch self {
        case .continues, .returned: true
        case .new, .waits, .unfamiliar, .over, .conflict: false
        }
    }
}

extension Lifecycle.Repair {
    /// The mailing whose journal is written to or renamed.
    fileprivate var journal: FileName? {
        switch self {
        case .rename(let name, _), .displace(let name), .record(let name, _), .gone(let name),
            .cancel(let name):
            name
        case .adopt: nil
        }
    }
}
