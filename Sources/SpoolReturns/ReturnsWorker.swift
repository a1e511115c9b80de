internal import SpoolConsole
internal import SpoolExamine
internal import SpoolMail
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
internal import SpoolSystem
internal import SpoolText
internal import SpoolWriting

/// One run of `spool-returns`: opens what it needs, goes through the stages, and says what a person has to know.
struct ReturnsWorker {
    private let spool: SpoolDirectory
    private let returns: ReturnsDirectory
    /// Held until the end.
    private let lock: LockFile
    private let now: Timestamp
    private let listener: (String) -> Void
    /// Whether what was said before is said again: a person asks.
    private let saysAgain: Bool

    /// Opens a spool for a run; nil if another one is at it.
    ///
    /// - Parameter waits: for another one to end.
    init?(
        _ spool: SpoolDirectory, waits: Bool = false, saysAgain: Bool = true,
        at now: Timestamp = Moment.now().wall,
        to listener: @escaping (String) -> Void
    ) throws(SystemError) {
        self.spool = spool
        self.now = now
        self.listener = listener
        self.saysAgain = saysAgain
        returns = try ReturnsWriter.makeDirectory(in: spool)
        lock = try LockFile(in: returns.directory, ReturnsDirectory.lockName)
        if waits {
            try lock.takeWaiting()
        } else if try !lock.take() {
            return nil
        }
    }

    /// Judges all that is new.
    ///
    /// - Parameter tell: is told each message's meaning.
    func run(tell: (String) -> Void) throws(SystemError) -> (ExitStatus, ReturnsTally) {
        let state = try ReturnsState(in: returns)
        var problems: [(text: String, status: ExitStatus)] = []
        let run: ReturnsRun
        do throws(CommandFailure) {
            run = try open(state)
        } catch {
            problems = error.reasons.map { ($0, error.status) }
            var state = state
            let status = say(problems, &state)
            try state.write(in: returns)
            return (status, ReturnsTally())
        }
        defer { withExtendedLifetime(lock) {} }
        var failure: SystemError?
        do throws(SystemError) {
            problems += try readMessages(run, tell)
            for path in run.settings.webLogs {
                if let problem = try run.readLog(path) { problems.append((problem.text, problem.status)) }
            }
            try run.readRefusals()
            run.state.lastRun = now
        } catch {
            failure = error
        }
        let status = say(problems, &run.state)
        // What was read is in the journals; where it was read up to can be found again.
        if let failure {
            try? run.state.write(in: returns)
            throw failure
        }
        if run.state != state { try run.state.write(in: returns) }
        return (status, run.tally)
    }

    /// Writes down what a person decides, by what is known.
    func change(
        _ decide: (ReturnsRun) throws(CommandFailure) -> ([BlockedEntry], [ReturnsRun.Item])
    ) throws(CommandFailure) -> ExitStatus {
        let state: ReturnsState
        do throws(SystemError) {
            state = try ReturnsState(in: returns)
        } catch {
            throw CommandFailure(error)
        }
        let run = try open(state)
        let (entries, items) = try decide(run)
        do throws(SystemError) {
            try run.commit(items, entries)
        } catch {
            throw CommandFailure(error)
        }
        withExtendedLifetime(lock) {}
        return .ok
    }

    private func readMessages(
        _ run: ReturnsRun, _ tell: (String) -> Void
    ) throws(SystemError) -> [(text: String, status: ExitStatus)] {
        let path = run.settings.maildir
        let whole = path.hasPrefix("/") ? path : "\(spool.root.absolutePath)/\(path)"
        let maildir: Maildir
        do throws(SystemError) {
            maildir = try Maildir(path.hasPrefix("/") ? Directory(path: path) : spool.root.directory(path))
        } catch  where error.isMissing {
            let folders = ["new", "cur", "tmp"].map { "\(whole)/\($0)".shellQuoted }.joined(separator: " ")
            return [
                (
                    "there is no Maildir \(whole.quoted): \(error.path.quoted) is missing; make it with: "
                        + "mkdir -p -m 700 \(folders); or name another in config.json (returns.maildir)",
                    .noInput
                )
            ]
        } catch  where error.isForbidden || error.isLink {
            return [
                ("\(error); the Maildir must be a folder that spool-returns' user may use", .noPermission)
            ]
        }
        return try run.read(maildir, tell).map { ($0, .noPermission) }
    }

    /// Says what was not said before.
    private func say(_ problems: [(text: String, status: ExitStatus)], _ state: inout ReturnsState)
        -> ExitStatus
    {
        for problem in problems where saysAgain || !state.said.contains(problem.text) {
            listener(problem.text)
        }
        state.said = problems.map(\.text)
        return problems.map(\.status).max() ?? .ok
    }

    // MARK: What is needed

    /// Reads all that is known; fails where nothing may be judged.
    func open(_ state: ReturnsState) throws(CommandFailure) -> ReturnsRun {
        let settings: ReturnsSettings
        do throws(ConfiguredSpool.Failure) {
            settings = try ConfiguredSpool.settings(of: spool).returns
        } catch {
            switch error {
            case .system(let error): throw CommandFailure(error)
            case .refused(let reasons): throw CommandFailure(reasons: reasons, status: .configuration)
            }
        }
        var blocked = BlockedJournal(seen: state.blocked)
        let refusal: String?
        do throws(SystemError) {
            refusal = try blocked.update(in: spool.journal)
        } catch {
            throw CommandFailure(error)
        }
        if let refusal { throw CommandFailure(refusal, .configuration) }
        let keys = try keys()
        do throws(SystemError) {
            return try ReturnsRun(
                spool, returns, settings, keys: keys, blocked: blocked, state: state, at: now)
        } catch {
            throw CommandFailure(error)
        }
    }

    private static let keyName = FileName("key")
    private static let keyLimit = 1 << 16

    /// The keys that prove tokens; none where no mailing has had tokens as yet.
    private func keys() throws(CommandFailure) -> [SigningKey] {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try spool.journal.open(ReturnsWorker.keyName).contents(limit: ReturnsWorker.keyLimit)
        } catch {
            if error.isMissing { return [] }
            throw CommandFailure(
                "journal/key cannot be read: \(error.reason); mend it; until then nothing that came back is judged",
                .configuration)
        }
        guard let text = String(validating: bytes, as: UTF8.self), let keys = SigningKey.keys(inFile: text)
        else {
            throw CommandFailure(
                "journal/key holds something else than keys; put back what was there, from a backup; until then "
                    + "nothing that came back is judged", .configuration)
        }
        return keys
    }
}
