internal import SpoolConsole
internal import SpoolDelivery
internal import SpoolExamine
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem
internal import SpoolTransport
internal import SpoolWriting

/// One look at the folders: who is where, what has to be repaired, who is due, who begins and who stops.
extension Tick {
    /// Looks, and brings mailings, journals and deliveries into agreement with what lies where.
    func look(at moment: Moment, configured: ConfiguredSpool, delivery: Dispatcher) throws(SystemError) {
        try writeTickTime(moment)
        upcoming = nil
        _ = try suppression.addresses(at: moment.wall)
        if let problem = suppression.problem ?? suppression.warning { complaints.sayOnce(problem) }
        wake(at: suppression.nextChange)
        try takeResults(delivery: delivery, at: moment)

        var listing = try stableListing(at: moment.wall)
        var lifecycle = lifecycle(of: listing)
        var rounds = 0
        while try repair(lifecycle, listing, delivery: delivery, configured: configured, at: moment),
            rounds < 8
        {
            listing = try stableListing(at: moment.wall)
            lifecycle = self.lifecycle(of: listing)
            rounds += 1
        }
        try stopRuns(not: listing, lifecycle, delivery: delivery, at: moment)
        let context = context(of: configured)
        for (index, document) in listing.documents.enumerated() where document.folder != .done {
            let standing = lifecycle.standings[index]
            try consider(
                document, standing, context: context, configured: configured, delivery: delivery, at: moment)
        }
        forgetVersions(not: listing)
        board.context = context
        board.program = Spool.version
        board.ignored = listing.ignored.sorted { $0.path < $1.path }
        listed = listing.documents.enumerated().compactMap { index, document in
            document.folder == .done ? nil : (document, lifecycle.standings[index])
        }
        sayErrors()
        try findReports(at: moment, configured: configured, delivery: delivery)
        try writeBoard(at: moment, delivery: delivery)
    }

    /// What documents are judged by beside themselves.
    private func context(of configured: ConfiguredSpool) -> String {
        "\(Spool.version) \(configured.stamp) \(suppression.stamp)"
    }

    /// Has the tick stay for something that is to be done at a time.
    func wake(at time: Timestamp?) {
        guard let time else { return }
        upcoming = upcoming.map { min($0, time) } ?? time
    }

    /// A listing in which nobody was seen twice or missed because it was moved while we looked.
    private func stableListing(at now: Timestamp) throws(SystemError) -> Listing {
        var listing = try folders.listing(at: now)
        for _ in 0..<2 where listing != judged?.listing && isDoubtful(listing) {
            Clock.sleep(milliseconds: 15)
            listing = try folders.listing(at: now)
        }
        return listing
    }

    private func lifecycle(of listing: Listing) -> Lifecycle {
        if let judged, judged.listing == listing { return judged.lifecycle }
        let lifecycle = Lifecycle(
            documents: listing.documents, histories: histories, obscured: listing.obscured)
        judged = (listing, lifecycle)
        return lifecycle
    }

    private func isDoubtful(_ listing: Listing) -> Bool {
        if !listing.halfMoves.isEmpty { return true }
        var identities: Set<DocumentIdentity> = []
        var names: Set<FileName> = []
        for document in listing.documents {
            if !identities.insert(document.identity).inserted { return true }
            if document.folder != .done, document.folder != .scheduled, !names.insert(document.name).inserted
            {
                return true
            }
        }
        return histories.contains { name, history in
            history.isOpen && !history.isGone && !identities.contains(history.identity)
        }
    }

    // MARK: Stopping

    /// Stops every delivery whose document is not in `active/` as it was read.
    private func stopRuns(
        not listing: Listing, _ lifecycle: Lifecycle, delivery: Dispatcher, at moment: Moment
    ) throws(SystemError) {
        var active: [FileName: FoundDocument] = [:]
        for (index, document) in listing.documents.enumerated() where document.folder == .active {
            if lifecycle.standings[index] == .continues { active[document.name] = document }
        }
        for run in delivery.mailings {
            let hasSameFiles = try filesAreUnchanged(run.document.version)
            let isUnchanged =
                hasSameFiles && active[run.name] == run.document && !run.isEnding
                && knowledge[run.document.version]?.examination != nil
            if !isUnchanged { _ = try end(run, delivery: delivery, at: moment) }
        }
    }

    /// Takes a mailing out of the delivery; false while something of it is in flight.
    func end(_ run: ActiveMailing, delivery: Dispatcher, at moment: Moment) throws(SystemError) -> Bool {
        run.writeCountsIfChanged(at: moment.wall)
        guard try delivery.end(run) else { return false }
        histories[run.name] = run.history
        knowledge[run.document.version]?.examination = nil
        knowledge[run.document.version]?.isJudged = false
        if let problem = run.problem { knowledge[run.document.version]?.refuse([problem]) }
        complaints.mention("\(run.name): stopped")
        return true
    }

    // MARK: Judging

    /// What an earlier tick found of the document if that still holds, or nothing.
    private func remembered(_ document: FoundDocument, context: String) -> DocumentSnapshot {
        if var entry = board.entry(version: document.version) {
            entry.name = document.name.string
            entry.folder = document.folder
            return entry
        }
        return DocumentSnapshot(
            name: document.name.string, folder: document.folder, version: document.version.text)
    }

    /// Whether the files that a document names are as they were when it was judged.
    func filesAreUnchanged(_ version: DocumentVersion) throws(SystemError) -> Bool {
        guard let files = knowledge[version]?.entry.files else { return true }
        for (path, stamp) in files where try Examiner.stamp(of: path, in: spool.files) != stamp {
            return false
        }
        return true
    }

    /// Brings one document of `scheduled/`, `active/` or `paused/` one step on.
    private func consider(
        _ document: FoundDocument, _ standing: Lifecycle.Standing, context: String,
        configured: ConfiguredSpool,
        delivery: Dispatcher, at moment: Moment
    ) throws(SystemError) {
        if delivery.mailing(document.name)?.document == document { return }
        if standing == .continues, isReported(document.name, delivery) { return }
        let version = document.version
        if knowledge[version] == nil {
            var known = DocumentState(entry: remembered(document, context: context))
            // An earlier tick's judgement holds as long as all that it was based on is the same.
            known.isJudged =
                board.context == context && board.entry(version: version)?.isJudged == true
            if known.entry.isSaid { known.said = known.entry.errors }
            if !known.isJudged { known.entry.errors = [] }
            known.judgedBy = context
            knowledge[version] = known
        }
        let hasSameFiles = try filesAreUnchanged(version)
        if knowledge[version]?.judgedBy != context || !hasSameFiles {
            knowledge[version]?.isJudged = false
            knowledge[version]?.examination = nil
            knowledge[version]?.judgedBy = context
        }
        let wantsList =
            document.folder == .active && isFree(standing) && delivery.mailing(document.name) == nil
        if needsExamination(version, wantsList: wantsList, at: moment) {
            knowledge[version]?.isBeingExamined = true
            knowledge[version]?.examineAgainAt = nil
            let past: Examination.JournalUse =
                switch (wantsList, standing) {
                case (false, .continues): .counted
                case (false, _): .none
                case (true, .continues): .replayed
                case (true, _): .new
                }
            examiner.examine(
                document, settings: configured.settings, suppression: suppression.latest, context: context,
                journal: past, at: moment)
        }
        if case .conflict(let conflict) = standing {
            knowledge[version]?.conflict = conflict.problem(of: document)
        } else {
            knowledge[version]?.conflict = nil
        }
        guard let known = knowledge[version] else { return }
        wake(at: known.examineAgainAt)
        guard known.isJudged, !known.isRefused, isFree(standing) else { return }
        switch document.folder {
        case .scheduled:
            try startIfDue(document, standing, known, configured: configured, at: moment)
        case .active:
            try deliver(document, standing, known, configured: configured, delivery: delivery, at: moment)
        case .paused, .done: break
        }
    }

    private func isFree(_ standing: Lifecycle.Standing) -> Bool {
        switch standing {
        case .continues, .new: true
        case .waits, .over, .conflict: false
        }
    }

    private func needsExamination(_ version: DocumentVersion, wantsList: Bool, at moment: Moment) -> Bool {
        guard let known = knowledge[version], !known.isBeingExamined else { return false }
        if let time = known.examineAgainAt, moment.wall < time { return false }
        if known.examineAgainAt != nil || !known.isJudged { return true }
        return wantsList && !known.isRefused && known.examination?.replay == nil
    }

    /// Takes in what the examiner has found since the last look.
    private func takeResults(delivery: Dispatcher, at moment: Moment) throws(SystemError) {
        for examination in examiner.takeResults() {
            let version = examination.document.version
            guard var known = knowledge[version] else { continue }
            known.isBeingExamined = false
            // Found by what held when it began; if that has changed, the next look has it done again.
            guard known.judgedBy == examination.context else {
                knowledge[version] = known
                continue
            }
            known.take(examination)
            knowledge[version] = known
            guard let counts = examination.counts else { continue }
            let name = examination.document.name
            let hasEndedSince = counts.sending > (histories[name]?.counts.sending ?? 0)
            if delivery.mailing(name) != nil || hasEndedSince {
                // Counted while a message was still in flight: counted anew when that has ended.
                knowledge[version]?.isJudged = false
                knowledge[version]?.examineAgainAt = moment.wall + .seconds(1)
            } else {
                try recount(examination, at: moment)
            }
        }
    }

    private func forgetVersions(not listing: Listing) {
        let present = Set(listing.documents.filter { $0.folder != .done }.map(\.version))
        for version in Array(knowledge.keys) where !present.contains(version) {
            if knowledge[version]?.isBeingExamined != true { knowledge[version] = nil }
        }
    }

    // MARK: Starting

    /// Moves a scheduled mailing into `active/` when its time has come.
    private func startIfDue(
        _ document: FoundDocument, _ standing: Lifecycle.Standing, _ known: DocumentState,
        configured: ConfiguredSpool, at moment: Moment
    ) throws(SystemError) {
        if known.isHeldByFile { return }
        if let sendAt = known.sendAt, sendAt > moment.wall {
            wake(at: sendAt)
            return
        }
        if case .new(displacing: true) = standing {
            try displace(document.name, zone: configured.zone, at: moment)
        }
        let name = SpoolDirectory.documentName(document.name)
        do throws(SystemError) {
            try spool[.scheduled].move(name, to: spool[.active], as: name)
        } catch  where error.isMissing || error.isOccupied {
            // A person was quicker; the next look sees what they did.
            return wake(at: moment.wall)
        }
        areFoldersUnsynchronized = true
        complaints.mention("\(document.name): due, moved to active/")
        // What lies in active/ is delivered by the next look, which follows at once.
        wake(at: moment.wall)
    }

    /// Begins or takes up the delivery of a mailing in `active/`.
    private func deliver(
        _ document: FoundDocument, _ standing: Lifecycle.Standing, _ known: DocumentState,
        configured: ConfiguredSpool, delivery: Dispatcher, at moment: Moment
    ) throws(SystemError) {
        if delivery.mailing(document.name) != nil { return }
        guard let examination = known.examination, let replay = examination.replay,
            let content = examination.content
        else { return }
        // Read for another past than it has: a journal has come to it, or has gone, since.
        let past = standing == .continues ? histories[document.name]?.mailing ?? "" : ""
        if replay.history.mailing != past {
            knowledge[document.version]?.examination = nil
            return wake(at: moment.wall)
        }
        if case .new(displacing: true) = standing {
            try displace(document.name, zone: configured.zone, at: moment)
        }
        if let history = histories[document.name], !history.isOpen, history.folder != .done,
            replay.history.counts.left == 0
        {
            // It has ended, and the tick that ended it was killed before it moved the document.
            return try moveToDone(document, history, zone: configured.zone, at: moment)
        }
        let attachments: EncodedAttachments
        do throws(SystemError) {
            attachments = try EncodedAttachments(content, spool.files)
        } catch  where !error.isDiskError {
            // Somebody has changed a file since the mailing was judged: it is judged anew.
            knowledge[document.version]?.examination = nil
            knowledge[document.version]?.isJudged = false
            return wake(at: moment.wall)
        }
        let run = try begin(
            document, content, replay, attachments, title: examination.title, configured: configured,
            delivery: delivery, at: moment)
        areFoldersUnsynchronized = true
        delivery.start(run, past: replay.past, at: moment)
        complaints.mention(
            "\(document.name): \(run.left) of \(run.history.counts.recipients) to send")
    }
}
