internal import SpoolConsole
internal import SpoolDelivery
internal import SpoolExamine
import SpoolMail
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem
internal import SpoolTransport
internal import SpoolWriting

/// One run of `spool-tick`: it alone joins the stages.
///
/// It takes the lock, looks at the folders once a second, moves what is due, delivers what is active, and ends when
/// nothing can be sent within the next minute. All of it happens on one thread, but for the reading of documents and
/// lists (``Examiner``): a long list must not keep a short mailing waiting.
final class Tick {
    let path: String
    let surroundings = Surroundings.machine
    let signals: Signals
    let complaints: Announcements
    let spool: SpoolDirectory
    let journals: JournalDirectory
    let want: LockFile
    var board: TickSnapshot
    /// The board as it stands in the file.
    var writtenBoard: TickSnapshot
    private var writtenTickTime = ""
    var histories: [FileName: MailingHistory] = [:] {
        didSet { judged = nil }
    }
    let folders: FolderScan
    /// The last listing and what it means, as long as no journal says otherwise.
    var judged: (listing: Listing, lifecycle: Lifecycle)?
    var knowledge: [DocumentVersion: DocumentState] = [:]
    let examiner: Examiner
    let suppression: SuppressionWatch
    let reportPreparer: CompletionReportPreparer
    /// The report that is to be handed over next, as of the last look.
    var nextReport: DueReport?
    /// The message of it, once it has been made.
    var preparedReport: PreparedCompletionReport?
    /// The documents of the last look that are not in `done/`, and what they are.
    var listed: [(document: FoundDocument, standing: Lifecycle.Standing)] = []
    /// Whether the folders must be brought to the disk before the next hand-over: somebody has moved something.
    var areFoldersUnsynchronized = true
    /// The earliest that something other than a hand-over has to be done at, as of the last look.
    var upcoming: Timestamp?

    init(path: String, spool: SpoolDirectory, signals: Signals, want: LockFile, isVerbose: Bool)
        throws(SystemError)
    {
        self.path = path
        self.spool = spool
        self.signals = signals
        self.want = want
        folders = FolderScan(spool)
        journals = try JournalDirectory(spool.journal)
        board = try TickSnapshot(in: spool.journal)
        writtenBoard = board
        complaints = Announcements(said: board.said, isVerbose: isVerbose)
        suppression = try SuppressionWatch(root: spool.root, journal: journals)
        examiner = Examiner(spool: spool, journals: journals, signals: signals)
        reportPreparer = CompletionReportPreparer(
            spool: spool.root.absolutePath, journals: journals, signals: signals)
    }

    /// Runs a tick on a spool; says on standard error what a person has to know.
    static func run(spool path: String, isVerbose: Bool) -> ExitStatus {
        StandardStream.openMissing()
        do {
            let signals = try Signals()
            let spool = try SpoolDirectory(path: path)
            let lock = try LockFile(in: spool.journal, TickLock.name)
            guard try lock.take(), try lock.isInPlace() else { return .ok }
            let want = try LockFile(in: spool.journal, TickLock.wantName)
            let tick = try Tick(path: path, spool: spool, signals: signals, want: want, isVerbose: isVerbose)
            return try tick.run()
        } catch {
            return report(error, path: path)
        }
    }

    /// Says why a spool cannot be worked on.
    static func report(_ error: SystemError, path: String) -> ExitStatus {
        let status: ExitStatus
        let text: String
        if error.isMissing {
            status = .configuration
            text = "\(error); is this a spool? Make one with: spool-tick --init \(path)"
        } else if error.isForbidden {
            status = .noPermission
            text = "\(error); run it as the user whom the spool belongs to"
        } else {
            status = .ioError
            text = "\(error); nothing further is sent until that works"
        }
        try? StandardStream.error.write("spool-tick: \(Reply.clean(text))\n")
        return status
    }

    // MARK: Sessions

    /// A stretch of a tick under one configuration.
    enum SessionEnd {
        /// config.json has changed: everything is set up anew.
        case configurationChanged
        case ended(ExitStatus)
    }

    private func run() throws(SystemError) -> ExitStatus {
        histories = try journals.historiesFinishingHalfMoves()
        while true {
            switch try session() {
            case .configurationChanged: continue
            case .ended(let status): return status
            }
        }
    }

    private func session() throws(SystemError) -> SessionEnd {
        let configured: ConfiguredSpool
        do throws(ConfiguredSpool.Failure) {
            configured = try ConfiguredSpool(spool: spool)
        } catch {
            switch error {
            case .system(let error): throw error
            case .refused(let reasons):
                let version = try ConfiguredSpool.version(of: spool)
                for reason in reasons { complaints.sayOnce(reason, of: version) }
                try writeTickTime(Moment.now())
                board.said = complaints.remembered
                try board.write(in: journals)
                return .ended(.configuration)
            }
        }
        let moment = Moment.now()
        let delivery = Dispatcher(
            active: spool[.active],
            transport: try Transports.make(
                configured, of: spool, lock: try HandOverLock(in: spool.journal), in: surroundings),
            schedule: Schedule(
                rate: configured.settings.rate, concurrency: configured.settings.concurrency,
                past: try pastHandOvers(for: configured.settings.rate, at: moment),
                outage: board.outage.flatMap(Timestamp.init(text:)), at: moment),
            in: surroundings)
        let session = TickLoop(tick: self, configured: configured, delivery: delivery)
        return try session.run()
    }

    /// The hand-overs of all mailings that the spool's rate counts.
    private func pastHandOvers(for rate: Rate?, at moment: Moment) throws(SystemError) -> PastHandOvers {
        var past = PastHandOvers(now: moment.wall)
        guard let rate else { return past }
        for (name, history) in histories {
            guard let last = history.lastAttempt else { continue }
            if rate.unit != .day || moment.wall - last > .days(1) {
                past.record(last)
            } else if let file = try journals.open(name) {
                _ = try JournalReader(file: file).forEachLine { line in
                    if case .attempt? = line.recipientEvent { past.record(line.time) }
                }
            }
        }
        return past
    }

    /// Leaves the time of this look in `journal/tick`.
    func writeTickTime(_ moment: Moment) throws(SystemError) {
        let time = moment.wall.rfc3339
        if time == writtenTickTime { return }
        try journals.directory.replace(
            FileName("tick"), with: Array((time + "\n").utf8), mode: journals.mode, durable: false)
        writtenTickTime = time
    }
}
