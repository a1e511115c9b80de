internal import SpoolExamine
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem

/// Where one mailing stands, with numbers that add up.
struct MailingStatus: Sendable {
    var name: String
    var state: MailingState
    var subject: String?
    var from: String?
    var sendAt: Timestamp?
    var startedAt: Timestamp?
    var finishedAt: Timestamp?
    var isCancelled = false
    /// Nil as long as no tick has counted.
    var counts: MailingCounts?
    var perMinute: Double?
    var secondsLeft: Int?
    var next: Timestamp?
    var waitingFor: WaitReason?
    var errors: [Diagnostic] = []
    var warnings: [Diagnostic] = []
    /// When it ended, or began, or was written, for the order of the overview.
    var changedAt: Timestamp
    /// The mailing whose journal it has: its own name, unless it was renamed a moment ago; nil if it has not begun.
    var journal: FileName?
    /// Whether the report on it is in doubt and waits for a person.
    var isReportHeld = false
    /// Whether its document is nowhere, and another file may be it: that one has the error.
    var isContested = false
    /// When an active mailing was last seen to move, by its journal and its document; nil for others.
    var lastProgress: Timestamp?

    /// Where its document lies: two mailings may have one name, in two folders.
    var place: String { "\(state.rawValue)/\(name)" }

    /// The state as people call it: a cancelled mailing is not done.
    var stateWord: String { isCancelled ? "cancelled" : state.rawValue }
}

extension MailingStatus {
    init(
        _ document: FoundDocument, history: MailingHistory?, entry: DocumentSnapshot?, spool: SpoolDirectory,
        journals: JournalDirectory, standing: Lifecycle.Standing, isTicking: Bool, at now: Timestamp
    ) {
        name = document.name.string
        state = MailingState(document.folder)
        changedAt = history?.closedAt ?? history?.startedAt ?? Timestamp(document.version.modified)
        if let history { take(history, isTicking: isTicking) }
        if let entry, document.folder != .done { take(entry, hasHistory: history != nil, at: now) }
        if entry == nil, history == nil || document.folder != .done {
            readCheaply(document, spool, journals, at: now)
        }
        // Since the last look somebody may have said what became of those in doubt.
        if waitingFor == .person, counts?.inDoubt == 0 { waitingFor = nil }
        if case .conflict(let conflict) = standing, errors.isEmpty {
            errors = [conflict.problem(of: document, in: spool.root.absolutePath)]
        }
        if standing == .waits, waitingFor == nil { waitingFor = .otherMailing }
    }

    /// Notes that nothing is sent before the configuration is mended, where the mailing would wait for nothing else.
    mutating func holdForConfiguration(at now: Timestamp) {
        let isDue =
            switch state {
            case .active: true
            case .scheduled: (sendAt ?? now) <= now
            case .paused, .gone, .done: false
            }
        guard isDue, errors.isEmpty, (counts?.left ?? 1) > 0 else { return }
        switch waitingFor {
        case .person, .otherMailing, .configuration: return
        // What the last tick expected is not what will happen.
        case .sendAt, .window, .rate, .retry, .file, .mailSystem, nil: break
        }
        (waitingFor, next, secondsLeft) = (.configuration, nil, nil)
    }

    /// A mailing of which only the journal is left.
    init(_ name: FileName, withoutDocument history: MailingHistory, isTicking: Bool) {
        self.name = name.string
        journal = name
        state = history.isOpen ? .gone : .done
        changedAt = history.closedAt ?? history.startedAt
        take(history, isTicking: isTicking)
    }

    /// Notes when an active mailing last moved: a line was added to its journal, or a person moved or edited it.
    mutating func noteProgress(_ document: FoundDocument, spool: SpoolDirectory) {
        guard document.folder == .active else { return }
        let file = try? spool[.active].status(of: SpoolDirectory.documentName(document.name))
        let lines = journal.flatMap { try? spool.journal.status(of: JournalDirectory.fileName(of: $0)) }
        lastProgress = [file?.changed, lines?.modified].compactMap { $0.map(Timestamp.init) }.max()
    }

    private mutating func take(_ history: MailingHistory, isTicking: Bool) {
        counts = history.counts.seen(isTicking: isTicking)
        subject = history.title?.subject
        from = history.title?.from
        sendAt = history.title?.sendAt
        startedAt = history.startedAt
        guard let closedAt = history.closedAt, state == .done else { return }
        finishedAt = closedAt
        isCancelled = history.closing != .finished
        let minutes = Double(closedAt.milliseconds - history.startedAt.milliseconds) / 60_000
        let sent = history.counts.sent
        if sent > 0 { perMinute = Double(sent) / max(minutes, 1.0 / 60) }
    }

    private mutating func take(_ entry: DocumentSnapshot, hasHistory: Bool, at now: Timestamp) {
        errors = entry.errors
        warnings = entry.warnings
        subject = entry.subject ?? subject
        from = entry.from ?? from
        sendAt = entry.sendAt ?? sendAt
        if !hasHistory { counts = entry.counts }
        waitingFor = entry.waitingFor
        next = entry.next
        perMinute = entry.perMinute
        secondsLeft = entry.endsAt.map { max(0, Int(clamping: saturatingSum($0, -now.seconds))) }
        if state == .scheduled, waitingFor == nil, let sendAt, sendAt > now {
            waitingFor = .sendAt
            next = sendAt
        }
    }

    /// What can be said of a document that no tick has seen, unless reading it would take long.
    private mutating func readCheaply(
        _ document: FoundDocument, _ spool: SpoolDirectory, _ journals: JournalDirectory, at now: Timestamp
    ) {
        guard document.version.size <= MailingStatus.cheap,
            let settings = try? ConfiguredSpool.settings(of: spool)
        else { return }
        let size = try? SuppressionFile.size(in: spool)
        let suppression =
            (size ?? .max) <= MailingStatus.cheap ? try? SuppressionFile.current(in: spool) : nil
        var request = ExaminationRequest(
            document, settings: settings, suppression: suppression ?? .none, journal: .none,
            at: Moment(wall: now, monotonic: 0))
        request.listLimit = MailingStatus.cheap
        guard let examination = try? Examination.run(request, in: spool, journals) else { return }
        subject = examination.title.subject ?? subject
        from = examination.title.from ?? from
        if document.folder == .done { return }
        sendAt = examination.sendAt ?? sendAt
        errors = examination.errors
        warnings = examination.warnings
        // Who is suppressed belongs to the numbers; where that is not known, they are left to the tick as well.
        if suppression != nil { counts = counts ?? examination.summary?.counts }
    }

    /// What is larger than this is left to the tick, in bytes.
    private static let cheap: Int64 = 1 << 20
}
