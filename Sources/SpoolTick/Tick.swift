internal import SpoolConsole
internal import SpoolDelivery
internal import SpoolExamine
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem
internal import SpoolText
internal import SpoolTransport
internal import SpoolWriting

/// One run of `spool-tick`: it alone joins the stages.
///
/// It takes the lock, and goes through stretches of one configuration each (``TickLoop``) until nothing can be sent
/// within the next minute. All of it happens on one thread, but for the reading of documents and lists (``Examiner``)
/// and of journals for reports (``CompletionReportPreparer``): a long list must not keep a short mailing waiting. Here
/// is what outlives a change of config.json.
final class Tick {
    let spool: SpoolDirectory
    /// The spool's path, as commands that are named have it.
    let path: String
    let surroundings: Surroundings
    let wakeups: any Wakeups
    let announcements: Announcements
    let registry: MailingRegistry
    let folders: FolderScan
    let moves: FolderMoves
    let examiner: Examiner
    let suppression: SuppressionWatch
    let reportPreparer: CompletionReportPreparer
    let snapshot: SnapshotKeeper
    let preparations: PreparationLog
    /// What is known of each document of `scheduled/`, `active/` and `paused/`.
    var documents: [DocumentVersion: DocumentState] = [:]
    /// A disk has failed that holds what a mailing needs: that one has waited, and the others went on.
    var hasMetDiskError = false
    /// What the stretch before leaves: how fast each mailing has gone, and how lists were read that are still in hand.
    private var former: (schedule: Schedule<FileName>, backoff: Backoff)?
    private let want: LockFile
    private let makeTransport: TransportMaker

    /// Makes the way by which messages leave, anew for each configuration.
    typealias TransportMaker = (
        ConfiguredSpool, SpoolDirectory, HandOverLock?, Surroundings
    ) throws(SystemError) -> any Transport

    /// A tick on a spool whose lock is held.
    init(
        _ spool: SpoolDirectory, isVerbose: Bool, to listener: Announcements.Listener = .standardError,
        wakeups: any Wakeups, in surroundings: Surroundings = .machine,
        transport makeTransport: @escaping TransportMaker
    ) throws(SystemError) {
        self.spool = spool
        path = spool.root.absolutePath
        self.surroundings = surroundings
        self.wakeups = wakeups
        self.makeTransport = makeTransport
        want = try LockFile(in: spool.journal, TickLock.wantName)
        let journals = try JournalDirectory(spool.journal)
        registry = try MailingRegistry(journals)
        folders = FolderScan(spool)
        moves = FolderMoves(spool)
        snapshot = try SnapshotKeeper(journals, in: surroundings)
        announcements = Announcements(
            said: snapshot.current.said, unsaid: snapshot.current.unsaid ?? [], isVerbose: isVerbose,
            to: listener, in: surroundings)
        suppression = try SuppressionWatch(root: spool.root, journal: journals, in: surroundings)
        preparations = try PreparationLog(in: spool.journal)
        examiner = Examiner(
            spool: spool, journals: journals, marks: preparations, wakeups: wakeups, in: surroundings)
        reportPreparer = CompletionReportPreparer(
            spool: path, journals: journals, wakeups: wakeups, in: surroundings)
    }

    /// Runs a tick on a spool; says on standard error what a person has to know.
    static func run(spool path: String, isVerbose: Bool) -> ExitStatus {
        Memory.keepSmall()
        let descriptors = DescriptorLimit.raised()
        do {
            let signals = try Signals()
            let spool = try open(path)
            guard let lock = try takeLock(of: spool) else { return .ok }
            return try withExtendedLifetime(lock) {
                try Tick(
                    spool, isVerbose: isVerbose, wakeups: signals,
                    transport: { configured, spool, lock, surroundings throws(SystemError) in
                        try Transports.make(
                            configured, of: spool, lock: lock, in: surroundings, descriptors: descriptors)
                    }
                ).run()
            }
        } catch {
            return report(error, path: path)
        }
    }

    /// Opens a spool to work on it: the one gate for all that writes to it.
    static func open(_ path: String) throws(CommandFailure) -> SpoolDirectory {
        if !ProcessTable.isVisible {
            throw CommandFailure(
                "/proc is not there, and without it no file of a mailing can be opened; "
                    + "have it mounted (mount -t proc proc /proc)", .configuration)
        }
        let spool: SpoolDirectory
        do throws(SpoolRefusal) {
            spool = try SpoolDirectory.open(path, for: ProcessTable.effectiveUser)
        } catch {
            throw failure(error, path: path)
        }
        if let exposure = ConfiguredSpool.exposure(of: spool) {
            throw CommandFailure(exposure, .configuration)
        }
        return spool
    }

    /// Why nothing can be done on a spool, with the command that can.
    static func failure(_ refusal: SpoolRefusal, path: String) -> CommandFailure {
        if case .system(let error) = refusal { return failure(error, path: path) }
        let whole = (try? Directory(path: path))?.absolutePath ?? path
        let given = ProcessTable.arguments() ?? []
        var command = [TickCommand.name] + given.map { $0 == path ? whole : $0 }
        if command.allSatisfy({ !$0.contains(whole) }) { command += ["--spool", whole] }
        return CommandFailure(
            refusal.text(
                for: ProcessTable.effectiveUser, command: command.map(\.shellQuoted).joined(separator: " ")),
            refusal.isAboutUser ? .noPermission : .configuration)
    }

    /// The lock of the one tick that works; nil if another has it.
    static func takeLock(of spool: SpoolDirectory) throws(SystemError) -> LockFile? {
        for _ in 1...3 {
            let lock = try LockFile(in: spool.journal, TickLock.name)
            if try !lock.take() { return nil }
            if try lock.isInPlace() { return lock }
        }
        throw .stale(spool.journal.path(of: TickLock.name))
    }

    /// Says why a spool cannot be worked on.
    static func report(_ error: any Error, path: String) -> ExitStatus {
        let failure =
            switch error {
            case let failure as CommandFailure: failure
            case let error as SystemError: self.failure(error, path: path)
            default: CommandFailure("\(error)", .ioError)
            }
        return failure.say(as: TickCommand.name, within: Announcements.patience)
    }

    private static func failure(_ error: SystemError, path: String) -> CommandFailure {
        let remedy =
            if error.isNoDirectory {
                "name the directory of a spool"
            } else if error.isMissing {
                "is this a spool? Make one, or what is missing of it, with: "
                    + "spool-tick --init \(path.shellQuoted)"
            } else if error.isForbidden {
                "run it as the user whom the spool belongs to"
            } else if error.isLink {
                CommandFailure.linkRemedy
            } else {
                "nothing further is sent until that works"
            }
        return CommandFailure("\(error); \(remedy)", ExitStatus(error, missing: .configuration))
    }

    // MARK: Stretches

    /// How a stretch under one configuration ends.
    enum Ending {
        /// config.json has changed: everything is set up anew.
        case configurationChanged
        case ended(ExitStatus)
    }

    func run() throws(SystemError) -> ExitStatus {
        let status: ExitStatus
        do throws(SystemError) {
            status = try stretches()
        } catch {
            try? preparations.close()
            throw error
        }
        do throws(SystemError) {
            try preparations.close()
        } catch {
            // It has been said already.
            if status != .ioError { throw error }
        }
        return status
    }

    private func stretches() throws(SystemError) -> ExitStatus {
        while true {
            switch try stretch() {
            case .configurationChanged: continue
            case .ended(let status): return status
            }
        }
    }

    private func stretch() throws(SystemError) -> Ending {
        let configured: ConfiguredSpool
        do throws(ConfiguredSpool.Failure) {
            configured = try ConfiguredSpool(spool: spool)
        } catch {
            switch error {
            case .system(let error): throw error
            case .refused(let reasons):
                let version = try ConfiguredSpool.version(of: spool)
                for reason in reasons { announcements.sayOnce(reason, of: version) }
                try snapshot.writeTickTime(surroundings.now().wall)
                snapshot.current.remember(announcements)
                try snapshot.write(pausing: nil)
                return .ended(.configuration)
            }
        }
        let moment = surroundings.now()
        let settings = configured.settings
        let transport = try makeTransport(
            configured, spool, try HandOverLock(in: spool.journal), surroundings)
        let past = try pastHandOvers(for: settings.rate, at: moment)
        let schedule =
            former?.schedule.renewed(
                rate: settings.rate, concurrency: settings.concurrency, past: past, at: moment)
            ?? Schedule(
                rate: settings.rate, concurrency: settings.concurrency, past: past,
                outage: snapshot.current.outage, at: moment)
        let dispatcher = Dispatcher(
            active: spool[.active], transport: transport, schedule: schedule, marks: preparations,
            in: surroundings)
        // Which is the one setting that no judgement depends on, and that a mailing has in hand.
        let backoff = settings.attempts.backoff
        if let former, former.backoff != backoff {
            for version in documents.keys { documents[version]?.discardList() }
        }
        let ending = TickLoop(self, configured, dispatcher).run()
        former = (dispatcher.schedule, backoff)
        return ending
    }

    /// Whether a command waits for the lock.
    func isLockWanted() throws(SystemError) -> Bool {
        if try want.take() {
            want.release()
            return false
        }
        return true
    }

    /// The hand-overs of all mailings that the spool's rate counts.
    private func pastHandOvers(for rate: Rate?, at moment: Moment) throws(SystemError) -> PastHandOvers {
        var past = PastHandOvers(now: moment.wall)
        guard let rate else { return past }
        for (name, history) in registry.atRest {
            guard let last = history.lastAttempt else { continue }
            if rate.unit != .day || moment.wall - last > .days(1) {
                past.record(last)
            } else if let file = try registry.journals.open(name) {
                _ = try JournalReader(file: file).forEachLine { line in
                    if case .attempt? = line.recipientEvent { past.record(line.time) }
                }
            }
        }
        return past
    }
}
