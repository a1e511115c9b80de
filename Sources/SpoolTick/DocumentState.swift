internal import SpoolExamine
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
internal import SpoolSystem

/// A mailing with its list in hand, as it was read for a delivery.
struct PreparedMailing {
    let content: Mailing
    let replay: Replay
    let title: MailingTitle
    /// Whether it was delivered in this tick, so that the schedule knows its pace.
    var isTakenUpAgain = false
}

/// What a tick knows of one version of a document that does not lie in `done/`, and what is to be done about it.
///
/// Pure: what a look sees, what an examination has found and what became of a delivery go in, and what to do comes out.
/// ``TickLoop`` carries it out.
struct DocumentState {
    /// How far the judgement of the document has come.
    enum Stage {
        /// Nothing is known that holds.
        case unjudged
        /// It is being read on another thread; what was known before holds meanwhile if `isJudged`.
        case examining(isJudged: Bool)
        /// What was found is a matter of the moment, and is looked at again at a time: half a document, a file that is
        /// still being written, or something that cannot be read.
        case unsettled(until: Timestamp, isHeldByFile: Bool)
        /// Its errors, or that it has none, are a judgement.
        case judged
        /// It has no errors, and its list is in hand for a delivery.
        case prepared(PreparedMailing)
        /// It is being delivered.
        case delivering
    }

    /// What a look sees of the document.
    struct Sight {
        let document: FoundDocument
        /// The spool's path, for commands that are named.
        let spool: String
        let standing: Lifecycle.Standing
        /// What documents are judged by beside themselves.
        let context: String
        /// Whether the files that it names are as they were.
        let hasSameFiles: Bool
        /// Whether messages of its mailing, as it was before, are still being handed over. A list that was read now would
        /// not know what comes of them, and a delivery by it would mail those people once more.
        let isInFlight: Bool
        let now: Timestamp
    }

    /// What is to be done about it.
    enum Action {
        /// Nothing, or nothing before a time.
        case wait(until: Timestamp?)
        /// Have it read and judged.
        case examine(ExaminationRequest.JournalUse)
        /// It goes out again to whoever has not got it: its mailing, which has ended, goes on.
        case reopen
        /// Its time has come: it goes to `active/`.
        case start(displacing: Bool)
        /// It is to be delivered.
        case deliver(PreparedMailing, displacing: Bool)
    }

    private(set) var stage: Stage
    /// What is said of it in the snapshot: its errors, its numbers, its title.
    private(set) var snapshot: DocumentSnapshot
    /// By what it was judged.
    private(set) var context: String
    /// Why it cannot be said which mailing it is; goes before its own errors.
    private(set) var conflict: Diagnostic?
    /// Whether it may be the document of a mailing that has lost its own; nil if nobody has compared it.
    private(set) var resemblance: Lifecycle.Resemblance?
    /// What would follow if it were taken for that of the mailing of its name; nil as long as that is not asked.
    private var forecast: SendForecast?
    /// The problems that have been said of this version.
    private(set) var said: [Diagnostic]

    /// - Parameters:
    ///   - remembered: what an earlier tick found of this version; nil if none has seen it.
    ///   - earlierContext: by what it was judged.
    init(
        _ document: FoundDocument, remembered: DocumentSnapshot?, judgedBy earlierContext: String,
        context: String
    ) {
        snapshot =
            remembered
            ?? DocumentSnapshot(
                name: document.name.string, folder: document.folder, version: document.version.text)
        self.context = context
        said = snapshot.isSaid ? snapshot.errors : []
        // An earlier tick's judgement holds as long as all that it was based on is the same.
        stage = snapshot.isJudged && earlierContext == context ? .judged : .unjudged
        if snapshot.isJudged {
            resemblance = .unrelated
        } else {
            // As long as it is being looked at anew, what an earlier tick has said of it stands.
            conflict = snapshot.errors.first
        }
        if case .unjudged = stage { snapshot.errors = [] }
    }

    // MARK: What follows from its state

    /// Whether its errors, or that it has none, are a judgement.
    var isJudged: Bool {
        switch stage {
        case .judged, .prepared, .delivering, .examining(isJudged: true): true
        case .unjudged, .unsettled, .examining(isJudged: false): false
        }
    }

    var isBeingExamined: Bool {
        if case .examining = stage { true } else { false }
    }

    var isDelivering: Bool {
        if case .delivering = stage { true } else { false }
    }

    /// Until when a file that it names holds it; nil if none does.
    var heldByFile: Timestamp? {
        if case .unsettled(let time, isHeldByFile: true) = stage { time } else { nil }
    }

    /// What keeps it from being sent.
    var problems: [Diagnostic] { conflict.map { [$0] } ?? snapshot.errors }

    /// What to say that has not been said of this version.
    ///
    /// Of a document that is not judged anew as yet, what was said before may still stand.
    var unsaid: [Diagnostic]? {
        problems == said || (problems.isEmpty && !isJudged) ? nil : problems
    }

    /// What the snapshot holds of it, unless nothing has been found out yet: a reader then does better to look for
    /// itself.
    func entry(of document: FoundDocument) -> DocumentSnapshot? {
        let isUnsettled = if case .unsettled = stage { true } else { false }
        guard isJudged || isUnsettled || snapshot.total != nil || !problems.isEmpty else { return nil }
        var entry = snapshot
        entry.name = document.name.string
        entry.folder = document.folder
        entry.version = document.version.text
        entry.errors = problems
        entry.isSaid = !said.isEmpty
        entry.isJudged = isJudged && conflict == nil && resemblance != nil
        (entry.waitingFor, entry.next, entry.perMinute, entry.endsAt) = (nil, nil, nil, nil)
        return entry
    }

    /// What the next look must know of it, if nothing is to be done about it, nor said of it, before its time comes or
    /// something changes; nil if there is.
    func rest(of document: FoundDocument, _ standing: Lifecycle.Standing) -> DocumentRest? {
        // Whether one is still given up, another file says.
        guard case .judged = stage, standing.mayRest, conflict == nil, resemblance != nil,
            problems == said, problems != [PreparationLog.problem]
        else { return nil }
        var until: Timestamp?
        if snapshot.errors.isEmpty {
            switch document.folder {
            case .paused: break
            case .scheduled:
                guard let sendAt = snapshot.sendAt else { return nil }
                until = sendAt
            case .active, .done: return nil
            }
        }
        return DocumentRest(document, until: until, files: snapshot.files)
    }

    // MARK: Events

    /// A look sees it in `scheduled/`, `active/` or `paused/`, and nobody is at it.
    mutating func look(_ sight: Sight) -> Action {
        if context != sight.context || !sight.hasSameFiles {
            stage = isBeingExamined ? .examining(isJudged: false) : .unjudged
            context = sight.context
            forecast = nil
        }
        noteConflict(sight)
        let isFree: Bool
        var isDisplacing = false
        switch sight.standing {
        case .continues: isFree = true
        case .new(let displacing): (isFree, isDisplacing) = (true, displacing)
        case .returned, .unfamiliar, .conflict, .waits, .over: isFree = false
        }
        let isDeliverable = isFree && sight.document.folder == .active
        let use = journalUse(sight, isDeliverable: isDeliverable)
        switch stage {
        case .examining: return .wait(until: nil)
        case .unsettled(let time, _) where sight.now < time: return .wait(until: time)
        case .unsettled, .unjudged: return examine(use)
        case .judged, .prepared, .delivering:
            if isAsking(sight) { return examine(use) }
        }
        if case .judged = stage, isDeliverable, !sight.isInFlight, snapshot.errors.isEmpty {
            return examine(use)
        }
        if case .returned = sight.standing, DocumentState.isToBeSent(sight), problems.isEmpty {
            return .reopen
        }
        guard isFree, snapshot.errors.isEmpty else { return .wait(until: nil) }
        switch (sight.document.folder, stage) {
        case (.scheduled, _):
            if let sendAt = snapshot.sendAt, sendAt > sight.now {
                return .wait(until: sendAt)
            }
            return .start(displacing: isDisplacing)
        case (.active, .prepared(let mailing)) where !sight.isInFlight:
            return .deliver(mailing, displacing: isDisplacing)
        case (.active, _), (.paused, _), (.done, _): return .wait(until: nil)
        }
    }

    /// In `paused/` nothing is sent, so that nothing has to be known.
    private static func isToBeSent(_ sight: Sight) -> Bool {
        switch sight.document.folder {
        case .scheduled, .active: true
        case .paused, .done: false
        }
    }

    private func journalUse(_ sight: Sight, isDeliverable: Bool) -> ExaminationRequest.JournalUse {
        switch sight.standing {
        case .returned where DocumentState.isToBeSent(sight): .forecast
        case .conflict(.unrecognised): .forecast
        case .unfamiliar(let mailings): .compared(mailings)
        case _ where isDeliverable && sight.isInFlight: .none
        case .continues: isDeliverable ? .replayed : .counted
        case .new where isDeliverable: .new
        case .new: sight.document.folder == .scheduled ? .newIfDue : .none
        case .returned, .conflict, .waits, .over: .none
        }
    }

    /// Whether something else has to be known of a document without fault than what was judged.
    private func isAsking(_ sight: Sight) -> Bool {
        guard snapshot.errors.isEmpty else { return false }
        return switch sight.standing {
        case .returned: DocumentState.isToBeSent(sight) && forecast == nil
        case .conflict(.unrecognised): forecast == nil
        case .unfamiliar: resemblance == nil
        case .continues, .new, .conflict, .waits, .over: false
        }
    }

    /// Finds out why it cannot be said which mailing it is, or that it would not be sent to anybody; while that is being
    /// found out anew, what was found before stands.
    private mutating func noteConflict(_ sight: Sight) {
        let cause: Lifecycle.Conflict?
        switch sight.standing {
        case .returned(let history) where DocumentState.isToBeSent(sight):
            guard let forecast else { return }
            cause = forecast.conflict(history)
        case .conflict(.unrecognised(let history)):
            if forecast == nil, !isJudged || snapshot.errors.isEmpty { return }
            cause = .unrecognised(history)
        case .conflict(let conflict): cause = conflict
        case .unfamiliar: return
        case .returned, .continues, .new, .waits, .over:
            // A document that was here before a mailing loses its own is not that one.
            (cause, forecast, resemblance) = (nil, nil, .unrelated)
        }
        conflict = cause?.problem(of: sight.document, in: sight.spool, forecast?.recipients)
    }

    private mutating func examine(_ use: ExaminationRequest.JournalUse) -> Action {
        stage = .examining(isJudged: isJudged)
        return .examine(use)
    }

    /// It has been read.
    ///
    /// - Returns: false if it was judged by what does not hold any more; the next look has it read again.
    mutating func examined(_ found: Examination) -> Bool {
        guard found.request.context == context else {
            stage = .unjudged
            return false
        }
        forecast = found.forecast ?? forecast
        resemblance = found.resemblance ?? resemblance
        // Errors that stand as they stood are not said again, unless a file that they may be about has changed.
        if snapshot.files != found.files { said = [] }
        snapshot.files = found.files
        snapshot.errors = found.errors
        snapshot.warnings = found.warnings
        snapshot.subject = found.title.subject
        snapshot.from = found.title.from
        snapshot.sendAt = found.sendAt
        snapshot.total = found.summary?.rows
        snapshot.duplicate = found.summary?.duplicates
        snapshot.invalid = found.summary?.invalid
        snapshot.suppressed = found.summary?.suppressed
        if let time = found.againAt {
            stage = .unsettled(until: time, isHeldByFile: found.isHeldByFile)
        } else if let content = found.content, let replay = found.replay {
            stage = .prepared(PreparedMailing(content: content, replay: replay, title: found.title))
        } else {
            stage = .judged
        }
        return true
    }

    /// It was read by settings that do not hold any more; the next look has it read again.
    mutating func discardExamination() { stage = .unjudged }

    /// What was counted was still in motion: it is counted again at a time.
    mutating func countAgain(at time: Timestamp) { stage = .unsettled(until: time, isHeldByFile: false) }

    /// The list in hand was read for another past than the mailing has by now, or by other settings.
    mutating func discardList() {
        if case .prepared = stage { stage = .judged }
    }

    /// Its delivery begins.
    mutating func delivered() { stage = .delivering }

    /// Its delivery was stopped, for a problem that only the delivery has found, or because something has changed.
    mutating func stopped(for problem: Diagnostic?) {
        (stage, forecast) = (.unjudged, nil)
        guard let problem else { return }
        snapshot.errors = [problem]
        stage = .judged
    }

    /// Something was lacking to take its delivery up; it is tried again at a time, and not said of each mailing.
    mutating func wait(for problem: Diagnostic, until time: Timestamp) {
        snapshot.errors = [problem]
        said = [problem]
        stage = .unsettled(until: time, isHeldByFile: false)
    }

    /// It is not prepared any more, for a problem that only an edit or a move mends.
    mutating func giveUp(for problem: Diagnostic) {
        snapshot.errors = [problem]
        stage = .judged
    }

    /// It may be prepared again, if that is what it was given up for.
    mutating func forgive(_ problem: Diagnostic) {
        guard snapshot.errors == [problem] else { return }
        snapshot.errors = []
        stage = .unjudged
    }

    /// Its delivery has ended, or ends with the tick; what was found of the document stands.
    ///
    /// - Parameter list: what is at hand to take it up again in this tick.
    mutating func released(keeping list: PreparedMailing? = nil) {
        stage = list.map(Stage.prepared) ?? .judged
    }

    /// Its problems have been said.
    mutating func noteSaid() { said = problems }
}

extension Lifecycle.Standing {
    /// Whether what was found of the document itself says all that is to be done about it.
    var mayRest: Bool {
        switch self {
        case .continues, .new: true
        case .returned, .waits, .unfamiliar, .over, .conflict: false
        }
    }
}
