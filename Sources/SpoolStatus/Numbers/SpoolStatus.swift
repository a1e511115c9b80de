internal import SpoolConsole
internal import SpoolExamine
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem

/// Where everything stands, as of one moment: read without a lock, from the folders, the journals' tails and what the
/// last look of a tick found.
struct SpoolStatus: Sendable {
    var path: String
    var at: Timestamp
    /// Whether a tick is at it.
    var isTicking: Bool
    /// When a tick last looked at the folders; nil if none ever did.
    var lastTick: Timestamp?
    /// When the journals' folder last changed: a spool that no tick has seen is at least as old.
    var madeAt: Timestamp
    /// The newest first.
    var mailings: [MailingStatus]
    var ignored: [IgnoredEntry]
    /// Set as long as the mail system accepts nothing.
    var refusal: TickSnapshot.Refusal?
    /// What is wrong with the spool as a whole, as the last tick said it.
    var complaints: [String]
    /// The time zone of config.json, else the machine's, to show times in.
    var localZone: LocalZone
    /// Whether recipients in doubt wait for a person, by config.json.
    var holdsInDoubt: Bool
    /// What cron is to run: it has a short PATH.
    var tickProgram = "spool-tick"

    var zone: TimeZoneRules { localZone.rules }
}

extension SpoolStatus {
    /// Reads a spool's status; never writes, never locks.
    init(_ path: String, at now: Timestamp) throws(SystemError) {
        let spool = try SpoolDirectory(path: path)
        let journals = try JournalDirectory(spool.journal)
        self.path = spool.root.absolutePath
        at = now
        isTicking = (try spool.journal.status(of: TickLock.name)).map(ProcessTable.isLocked) ?? false
        lastTick = SpoolStatus.lastTick(spool.journal)
        madeAt = Timestamp(try spool.journal.status().modified)
        let settings = try? ConfiguredSpool.settings(of: spool)
        if let settings { localZone = settings.localZone } else { localZone = try TimeZones.machine() }
        holdsInDoubt = settings?.inDoubt == .hold
        if let program = ProcessTable.neighbour("spool-tick") { tickProgram = program }
        let snapshot = try TickSnapshot(in: spool.journal)
        refusal = snapshot.mailSystem
        let said = snapshot.said.map(\.text)
        let user = try spool.journal.status().owner
        let foreign = [try spool.refusal(for: user)].compactMap { $0?.text(for: user) }
        let settled = ConfiguredSpool.refusals(of: spool)
        let refusals = settled + foreign.filter { !settled.contains($0) }
        // No tick need have looked since, and one that is refused leaves nothing behind.
        complaints = said + refusals.filter { !said.contains($0) }
        let listing = try Listing(spool)
        ignored = listing.ignored.sorted { $0.path < $1.path }
        let histories = try journals.histories()
        let lifecycle = Lifecycle(
            documents: listing.documents, histories: histories, obscured: listing.obscured)
        let entries = Dictionary(
            snapshot.entries.map { ($0.version, $0) }, uniquingKeysWith: { first, _ in first })
        mailings = []
        mailings.reserveCapacity(listing.documents.count)
        for (index, document) in listing.documents.enumerated() {
            let journal = lifecycle.journal(of: index)
            let history = journal.flatMap { histories[$0] }
            // Of a mailing that has ended its journal says all.
            let entry = document.folder == .done && history != nil ? nil : entries[document.version.text]
            var mailing = MailingStatus(
                document, history: history, entry: entry, spool: spool,
                journals: journals, standing: lifecycle.standings[index], isTicking: isTicking, at: now)
            mailing.journal = journal
            if let report = history?.pendingReport, report.state == .inDoubt {
                mailing.isReportHeld = holdsInDoubt || report.timeouts >= RecipientProgress.mostTimeouts
            }
            mailing.noteProgress(document, spool: spool)
            if !refusals.isEmpty { mailing.holdForConfiguration(at: now) }
            if let refusal, mailing.waitingFor == .mailSystem {
                mailing.warnings.append(
                    Diagnostic(
                        message: "the mail system is not accepting messages: \(refusal.reply)",
                        hint: "nobody fails by that; every tick tries again"))
            }
            mailings.append(mailing)
        }
        for (name, history) in histories
        where !lifecycle.hasDocument(name) && !listing.obscured.contains(name) {
            var mailing = MailingStatus(name, withoutDocument: history, isTicking: isTicking)
            mailing.isContested = lifecycle.isContested(name)
            mailings.append(mailing)
        }
        // What is moved about is a number and not a mailing.
        let order = mailings.indices.sorted { one, other in
            let (first, second) = (mailings[one].changedAt, mailings[other].changedAt)
            return first == second ? mailings[one].name < mailings[other].name : first > second
        }
        mailings = order.map { mailings[$0] }
    }

    /// Leaves only the mailings that are meant by some names, in the order of the status.
    mutating func select(_ texts: [FileName]) throws(CommandFailure) {
        let names = mailings.map { FileName($0.name) }
        var chosen: Set<FileName> = []
        for text in texts {
            let meant = MailingName(text)
            guard let name = meant.find(among: names) else {
                throw CommandFailure(meant.missing(among: names), .noInput)
            }
            chosen.insert(name)
        }
        mailings.removeAll { mailing in !chosen.contains(FileName(mailing.name)) }
    }

    private static func lastTick(_ journal: Directory) -> Timestamp? {
        guard let bytes = try? journal.open(FileName("tick")).contents(limit: 64) else { return nil }
        return Timestamp(rfc3339: String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self))
    }
}
