internal import SpoolConsole
internal import SpoolDelivery
internal import SpoolExamine
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem

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
        hasLooked = true
        try goOnDelivering()
        try tick.preparations.keep(only: listed.lazy.map(\.document))
        try stopChanged(at: moment)
        try retryShortages(at: moment)
        let context =
            "\(Spool.version) \(configured.settings.judgementHash) \(tick.suppression.stamp) \(configured.settings.localZone.stamp)"
        suspects = []
        let mailings = dispatcher.mailings.count
        for (number, (document, standing)) in listed.enumerated() {
            if try !rests(document, standing, context, at: moment) {
                try consider(document, standing, context, at: moment)
            } else if !number.isMultiple(of: 64) {
                continue
            }
            try goOnDelivering()
        }
        // The attachments of what was taken up just now are encoded with its first message.
        prepareSuspect(isQuiet: dispatcher.mailings.count == mailings, at: moment)
        try goOnDelivering()
        forgetVersions()
        tick.snapshot.current.context = context
        sayProblems()
        try findReports()
        try writeSnapshot(at: moment, pausing: goOnDelivering)
    }

    private func sight(at moment: Moment) throws(SystemError) -> FolderScan.Sight {
        try tick.folders.look(
            registry, at: moment.wall, pausing: goOnDelivering, resemblance: resemblance)
    }

    func resemblance(_ version: DocumentVersion) -> Lifecycle.Resemblance? {
        if let state = tick.documents[version] { return state.resemblance }
        return tick.snapshot.isJudged(version) ? .unrelated : nil
    }

    // MARK: Judging

    /// Whether nothing is to be done about a document before its time comes or something changes, by what stands of it in
    /// the snapshot alone.
    private func rests(
        _ document: FoundDocument, _ standing: Lifecycle.Standing, _ context: String, at moment: Moment
    ) throws(SystemError) -> Bool {
        guard standing.mayRest, let rest = tick.snapshot.rest(of: document, judgedBy: context),
            tick.documents[document.version] == nil, !tick.preparations.hasGivenUp(document)
        else { return false }
        if let until = rest.until, until <= moment.wall { return false }
        guard try waits(rest, at: moment), try areSame(rest.files) else { return false }
        if rest.delivery == nil { agenda.wake(at: rest.until) }
        return true
    }

    /// Brings one document of `scheduled/`, `active/` or `paused/` one step on.
    private func consider(
        _ document: FoundDocument, _ standing: Lifecycle.Standing, _ context: String, at moment: Moment
    ) throws(SystemError) {
        // Also while what was in flight when it changed still is.
        if dispatcher.mailing(document.name)?.document == document { return }
        if standing.isItsOwn, reports.isHandedOver(document.name) { return }
        let version = document.version
        var state = tick.documents[version] ?? recall(document, context)
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

    /// What is known of a document by what was found of it before.
    private func recall(_ document: FoundDocument, _ context: String) -> DocumentState {
        let found = tick.snapshot.found(document.version)
        return DocumentState(
            document, remembered: found?.entry, judgedBy: found?.context ?? "", context: context)
    }

    /// Whether a document is being examined that may have killed the tick before.
    private var isPreparingSuspect: Bool { suspectInHand && tick.examiner.isBusy }

    /// Has one of those examined that may have killed the tick before, when nothing else is examined or encoded: if it
    /// kills this one too, nobody else can have been it.
    private func prepareSuspect(isQuiet: Bool, at moment: Moment) {
        guard let (request, state) = suspects.first else { return }
        agenda.wake(at: moment.wall + .seconds(1))
        if !isQuiet || tick.examiner.isBusy || dispatcher.isEncoding { return }
        suspectInHand = tick.preparations.isSuspect(request.document)
        tick.documents[request.document.version] = state
        tick.examiner.examine(request)
    }

    func examinationRequest(
        _ document: FoundDocument, _ past: ExaminationRequest.JournalUse, context: String, at moment: Moment
    ) -> ExaminationRequest {
        var request = ExaminationRequest(
            document, settings: configured.settings, suppression: tick.suppression.latest, journal: past,
            at: moment)
        request.context = context
        return request
    }

    /// Takes in what the examiner has found since the last look.
    private func takeExaminations(at moment: Moment) throws(SystemError) {
        for examination in tick.examiner.takeResults() {
            try goOnDelivering()
            let document = examination.request.document
            if examination.request.settings.attempts.backoff != configured.settings.attempts.backoff {
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
        let present = Set(listed.lazy.map(\.document.version).filter { self.tick.documents[$0] != nil })
        let gone = tick.documents.filter { !present.contains($0.key) && !$0.value.isBeingExamined }
        for version in gone.keys { tick.documents[version] = nil }
    }

    // MARK: The files that documents name

    /// Whether the files that a document names are as they were when it was judged.
    func hasSameFiles(_ version: DocumentVersion) throws(SystemError) -> Bool {
        try areSame(tick.documents[version]?.snapshot.files ?? [:])
    }

    private func areSame(_ files: [String: FileStamp]) throws(SystemError) -> Bool {
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
