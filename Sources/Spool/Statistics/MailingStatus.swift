internal import SpoolSystem

/// Where one mailing stands, with numbers that add up.
struct MailingStatus: Sendable {
    var name: String
    var state: Folder
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
    var waitingFor: String?
    var errors: [Problem] = []
    var warnings: [Problem] = []
    /// When anything last happened to it, for the order of the overview.
    var changedAt: Timestamp
}

/// Where everything stands, as of one moment: read without a lock, from the folders, the journals' tails and what the
/// last look of a tick found.
struct SpoolStatus: Sendable {
    var path: String
    var at: Timestamp
    var isTicking: Bool
    var lastTick: Timestamp?
    var mailings: [MailingStatus]
    var ignored: [IgnoredEntry]
    var refusal: Board.Refusal?

    /// Reads a spool's status; never writes, never locks.
    init(_ path: String, at now: Timestamp) throws(SystemError) {
        let spool = try SpoolDirectory(path: path)
        let journals = try JournalDirectory(spool.journal)
        self.path = spool.root.absolutePath
        at = now
        isTicking = (try spool.journal.status(of: TickLock.name)).map(ProcessTable.isLocked) ?? false
        lastTick = SpoolStatus.lastTick(spool.journal)
        let board = try Board(in: spool.journal)
        refusal = board.mailSystem
        let listing = try Listing(spool)
        ignored = listing.ignored.sorted { $0.path < $1.path }
        var histories: [FileName: MailingHistory] = [:]
        for name in try journals.mailings() {
            if let history = try journals.history(of: name) { histories[name] = history }
        }
        let lifecycle = Lifecycle(
            documents: listing.documents, histories: histories, obscured: listing.obscured)
        mailings = []
        for (index, document) in listing.documents.enumerated() {
            let history = lifecycle.journal(of: index).flatMap { histories[$0] }
            mailings.append(
                MailingStatus(
                    document, history: history, entry: board.entry(version: document.version), spool: spool,
                    journals: journals, standing: lifecycle.standings[index], isTicking: isTicking, at: now))
        }
        if let refusal {
            for index in mailings.indices where mailings[index].waitingFor == WaitReason.mailSystem.rawValue {
                mailings[index].warnings.append(
                    Problem(
                        message: "the mail system is not accepting messages: \(refusal.reply)",
                        hint: "nobody fails by that; every tick tries again"))
            }
        }
        mailings.sort { ($0.changedAt, $1.name) > ($1.changedAt, $0.name) }
    }

    private static func lastTick(_ journal: Directory) -> Timestamp? {
        guard let bytes = try? journal.open(FileName("tick")).contents(limit: 64) else { return nil }
        return Timestamp(text: String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self))
    }
}

extension MailingStatus {
    init(
        _ document: FoundDocument, history: MailingHistory?, entry: BoardEntry?, spool: SpoolDirectory,
        journals: JournalDirectory, standing: Lifecycle.Standing, isTicking: Bool, at now: Timestamp
    ) {
        name = document.name.string
        state = document.folder
        changedAt = history?.closedAt ?? history?.startedAt ?? Timestamp(document.version.modified)
        if let history { take(history, isTicking: isTicking) }
        if let entry, document.folder != .done { take(entry, hasHistory: history != nil, at: now) }
        if entry == nil, history == nil || document.folder != .done {
            readCheaply(document, spool, journals, at: now)
        }
        if case .conflict(let conflict) = standing, errors.isEmpty {
            errors = [conflict.problem(of: document)]
        }
        if standing == .waits, waitingFor == nil { waitingFor = WaitReason.otherMailing.rawValue }
    }

    private mutating func take(_ history: MailingHistory, isTicking: Bool) {
        var counts = history.counts
        if !isTicking {
            // Nobody is at it: what was being handed over when the tick was killed is in doubt.
            counts.inDoubt += counts.sending
            counts.sending = 0
        }
        self.counts = counts
        subject = history.title?.subject
        from = history.title?.from
        sendAt = history.title?.sendAt.flatMap(Timestamp.init(text:))
        startedAt = history.startedAt
        guard let closedAt = history.closedAt, state == .done else { return }
        finishedAt = closedAt
        isCancelled = history.closing != .finished
        let minutes = Double(closedAt.milliseconds - history.startedAt.milliseconds) / 60_000
        if counts.sent > 0 { perMinute = Double(counts.sent) / max(minutes, 1.0 / 60) }
    }

    private mutating func take(_ entry: BoardEntry, hasHistory: Bool, at now: Timestamp) {
        errors = entry.errors
        warnings = entry.warnings
        subject = entry.subject ?? subject
        from = entry.from ?? from
        sendAt = entry.sendAt.flatMap(Timestamp.init(text:)) ?? sendAt
        if !hasHistory { counts = entry.counts }
        waitingFor = entry.waitingFor
        next = entry.next.flatMap(Timestamp.init(text:))
        perMinute = entry.perMinute
        secondsLeft = entry.secondsLeft
        if state == .scheduled, waitingFor == nil, let sendAt, sendAt > now {
            waitingFor = WaitReason.sendAt.rawValue
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
        let examination = Examination(document, context: "")
        examination.listLimit = MailingStatus.cheap
        let suppression = (try? spool.root.open(FileName("suppressed.txt"), followingLink: true))
            .flatMap { try? Suppression(parsing: $0.contents(limit: Int(MailingStatus.cheap))) }
        try? examination.run(
            spool: spool, journals: journals, settings: settings, suppression: suppression ?? .none,
            journal: .none,
            at: Moment(wall: now, monotonic: 0))
        subject = examination.title.subject ?? subject
        from = examination.title.from ?? from
        if document.folder == .done { return }
        sendAt = examination.sendAt ?? sendAt
        errors = examination.errors
        warnings = examination.warnings
        counts = counts ?? examination.summary?.counts
    }

    /// What is larger than this is left to the tick, in bytes.
    private static let cheap: Int64 = 1 << 20
}
