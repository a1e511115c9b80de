internal import SpoolConsole
internal import SpoolDelivery
internal import SpoolExamine
internal import SpoolMail
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem
internal import SpoolText
internal import SpoolTransport
internal import SpoolWriting

/// A stretch of a tick under one configuration: the loop of looking, handing over, and taking in what came of it.
final class TickLoop {
    let tick: Tick
    let configured: ConfiguredSpool
    let dispatcher: Dispatcher
    let reports: CompletionReports
    let moves: DocumentMoves
    /// The documents of the last look that are not in `done/`, and what they are.
    var listed: [(document: FoundDocument, standing: Lifecycle.Standing)] = []
    /// Whether there was a look at all: else what the one before has found is left as it stands.
    var hasLooked = false
    /// What is to be examined when nothing else is: documents that may have killed the tick before, and those that wait for
    /// one of them.
    var suspects: [(request: ExaminationRequest, state: DocumentState)] = []
    /// Whether what is being examined is such a one.
    var suspectInHand = false
    private var nextLook: Int64 = 0
    private var lastLook: Int64 = 0
    /// Before this there is no look: so long after one that took long as leaves the most of the time to deliveries,
    /// however many documents there are.
    private var earliestLook: Int64 = 0
    /// When deliveries were last seen to.
    private var lastRound: Int64 = 0
    /// The files that documents name, as this look has found them: many may name the same.
    var stamps: [String: FileStamp]?
    private var endsWith: Tick.Ending?

    var announcements: Announcements { tick.announcements }
    var registry: MailingRegistry { tick.registry }
    let agenda = Agenda()

    /// Between two looks at the folders, in microseconds.
    private static let lookInterval: Int64 = 1_000_000
    private static let shortestInterval: Int64 = 10_000
    /// So long deliveries wait for a look to go on, in microseconds.
    private static let longestPause: Int64 = 20_000
    /// How many times as long as a look took there is none after it, up to the interval.
    private static let lookShare: Int64 = 4
    /// How long a tick goes on that has said something: cron mails it only when the tick has ended.
    private static let speechLimit: Int64 = 30_000_000
    /// What lies further ahead is the next tick's.
    static let horizon = Interval.seconds(60)

    init(_ tick: Tick, _ configured: ConfiguredSpool, _ dispatcher: Dispatcher) {
        self.tick = tick
        self.configured = configured
        self.dispatcher = dispatcher
        reports = CompletionReports(tick, configured.settings, dispatcher.reports)
        moves = DocumentMoves(
            spool: tick.spool, registry: tick.registry, folders: tick.moves,
            announcements: tick.announcements, zone: configured.settings.zone)
    }

    /// Works until the tick, or this configuration, ends. A failing disk ends it.
    func run() -> Tick.Ending {
        defer { dispatcher.release() }
        do throws(SystemError) {
            try loop()
        } catch {
            announcements.say("\(error); nothing further is sent until that works")
            endAfterError()
            return .ended(.ioError)
        }
        do throws(SystemError) {
            return try end()
        } catch {
            announcements.say("\(error); nothing further is sent until that works")
            return .ended(.ioError)
        }
    }

    private func loop() throws(SystemError) {
        while true {
            let moment = tick.surroundings.now()
            lastRound = moment.monotonic
            try dispatcher.collect(at: moment)
            if reports.takeEnded() {
                try findReports()
                nextLook = 0
            }
            judgeEnding(moment)
            if endsWith == nil, isTimeToLook(moment) {
                nextLook = moment.monotonic + TickLoop.lookInterval
                lastLook = moment.monotonic
                try lookUnlessOver(at: moment)
                let end = tick.surroundings.now().monotonic
                earliestLook = end + min(TickLoop.lookInterval, (end - moment.monotonic) * TickLoop.lookShare)
            }
            var decision = try fill(at: moment)
            if case .handOver = decision {
            } else if dispatcher.settle(at: moment) {
                decision = try fill(at: moment)
            }
            try dispatcher.write()
            try finishMailings(at: moment)
            try sendReport(at: moment)
            if isOver(decision, at: moment) { return }
            wait(for: decision, at: moment)
        }
    }

    /// In the middle of what may take long: takes in what has ended, and hands over what is next.
    func goOnDelivering() throws(SystemError) {
        let moment = tick.surroundings.now()
        guard moment.monotonic - lastRound >= TickLoop.longestPause else { return }
        lastRound = moment.monotonic
        try dispatcher.collect(at: moment)
        _ = try fill(at: moment)
        try dispatcher.write()
    }

    /// Once a second, and when something is known to be due; but never in a tight loop.
    private func isTimeToLook(_ moment: Moment) -> Bool {
        if moment.monotonic < earliestLook { return false }
        if moment.monotonic >= nextLook || tick.examiner.hasResults { return true }
        // A document was found to be another than was read: what it is now must be known before the tick may end.
        let isDue = agenda.next.map { $0 <= moment.wall } ?? false
        return (isDue || hasHaltedMailing) && moment.monotonic >= lastLook + TickLoop.shortestInterval
    }

    private func fill(at moment: Moment) throws(SystemError) -> Schedule<FileName>.Decision {
        if endsWith != nil { return .nothing(next: nil) }
        if tick.moves.areUnsynchronized, dispatcher.mayHandOver(at: moment) { try tick.moves.synchronize() }
        return try dispatcher.fill(at: tick.surroundings.now()) { () throws(SystemError) in
            try self.tick.suppression.addresses()
        }
    }

    private func sendReport(at moment: Moment) throws(SystemError) {
        if endsWith != nil || dispatcher.isMailSystemGone { return }
        let isDone = try reports.send(
            at: moment, now: tick.surroundings.now, synchronizeFolders: tick.moves.synchronize)
        // Into a Maildir it goes at once.
        if reports.takeEnded() || isDone { try findReports() }
    }

    func findReports() throws(SystemError) {
        // Not by a clock that was read before the outcome that is looked at was written down.
        try reports.find(at: tick.surroundings.now()) { name in
            listed.contains { $0.document.name == name && $0.standing == .continues }
        }
    }

    private func judgeEnding(_ moment: Moment) {
        if endsWith != nil { return }
        if tick.wakeups.isTerminationAsked {
            finish(with: .ended(.ok))
        } else if let said = announcements.firstSaidAt, moment.monotonic - said > TickLoop.speechLimit {
            finish(with: .ended(exitStatus(at: moment)))
        }
    }

    private func finish(with ending: Tick.Ending) {
        endsWith = ending
        dispatcher.isEnding = true
    }

    private func lookUnlessOver(at moment: Moment) throws(SystemError) {
        if try tick.isLockWanted() { return finish(with: .ended(.ok)) }
        if try configured.hasChanged(in: tick.spool) { return finish(with: .configurationChanged) }
        try look(at: moment)
    }

    /// Whether the tick may end: nothing is in flight, and nothing can be done within the next minute.
    private func isOver(_ decision: Schedule<FileName>.Decision, at moment: Moment) -> Bool {
        if dispatcher.inFlight > 0 { return false }
        if endsWith != nil { return true }
        if dispatcher.isMailSystemGone || tick.suppression.problem != nil { return true }
        guard case .nothing = decision, !tick.examiner.isBusy, !tick.examiner.hasResults else { return false }
        if hasHaltedMailing || dispatcher.isWaitingForMachine { return false }
        if let next = agenda.next, next - moment.wall <= TickLoop.horizon { return false }
        return !reports.hasOne(within: TickLoop.horizon, at: moment.wall)
    }

    private var hasHaltedMailing: Bool { dispatcher.mailings.contains { $0.isEnding && $0.inFlight == 0 } }

    private func wait(for decision: Schedule<FileName>.Decision, at moment: Moment) {
        if case .handOver = decision { return }
        // A tick that ends waits for what is out, and that wakes it.
        var until =
            endsWith == nil ? nextOccasion(decision, at: moment) : moment.monotonic + TickLoop.lookInterval
        if let deadline = dispatcher.nextDeadline { until = min(until, deadline) }
        let now = tick.surroundings.now().monotonic
        tick.wakeups.wait(forInputOf: dispatcher.inputs, microseconds: max(0, until - now))
    }

    /// When there may be something to do, if nothing happens before.
    private func nextOccasion(_ decision: Schedule<FileName>.Decision, at moment: Moment) -> Int64 {
        var until = nextLookAtMost(at: moment)
        if case .wait(let time) = decision { until = min(until, time) }
        // None is handed over to a mail system that is gone.
        if !dispatcher.isMailSystemGone, let delay = reports.delay(at: moment) {
            until = min(until, moment.monotonic + delay)
        }
        return until
    }

    /// When the folders are looked at next, if nothing happens before.
    private func nextLookAtMost(at moment: Moment) -> Int64 {
        if tick.examiner.hasResults { return earliestLook }
        var until = nextLook
        let soonest = lastLook + TickLoop.shortestInterval
        if let next = agenda.next {
            let due = moment.monotonic + (next - moment.wall).microseconds
            until = min(until, max(due, soonest))
        }
        if hasHaltedMailing { until = min(until, soonest) }
        return max(until, earliestLook)
    }

    private func exitStatus(at moment: Moment) -> ExitStatus {
        if dispatcher.isRefusedEverywhere(at: moment) { return .temporaryFailure }
        return tick.suppression.problem == nil ? .ok : .configuration
    }

    /// Finishes mailings of which everybody has ended.
    private func finishMailings(at moment: Moment) throws(SystemError) {
        for mailing in dispatcher.mailings where mailing.inFlight == 0 && !mailing.isEnding {
            let isLate = dispatcher.schedule.isLate(mailing.name, at: moment)
            guard isLate || mailing.left == 0 else { continue }
            // Somebody may have been added since the last look.
            guard try dispatcher.isInPlace(mailing.document), try hasSameFiles(mailing.document.version)
            else {
                dispatcher.halt(mailing)
                continue
            }
            if isLate {
                // Each is named in the journal by the address that the list has.
                guard dispatcher.canReadList(of: mailing) else { continue }
                mailing.skipLate(at: moment)
            }
            // Closed first: a crash before the document is moved finds an ended mailing in `active/` and only moves it.
            mailing.finish(at: moment.wall)
            guard try release(mailing) else { continue }
            announcements.mention("\(mailing.name): finished, \(TickLoop.outcome(mailing.history.counts))")
            try moves.finish(mailing.document, at: moment)
            try findReports()
            nextLook = 0
        }
    }

    static func outcome(_ counts: MailingCounts) -> String {
        HumanNumber.list(
            [
                (counts.sent, "sent"), (counts.failed, "failed"), (counts.skipped, "skipped"),
                (counts.left, "left"),
            ], always: ["sent"])
    }

    /// Takes a mailing out of the delivery, whose document and content are still what they were: there is no other way
    /// out but ``stop(_:at:)``, which comes here. False while something of it is in flight.
    func release(_ mailing: ActiveMailing) throws(SystemError) -> Bool {
        guard try dispatcher.end(mailing) else { return false }
        registry.take(back: mailing)
        tick.documents[mailing.document.version]?.released()
        return true
    }

    // MARK: The end

    private func end() throws(SystemError) -> Tick.Ending {
        let moment = tick.surroundings.now()
        if let problem = tick.suppression.problem { announcements.sayOnce(problem) }
        let status = exitStatus(at: moment)
        noteMailSystem(isRefusing: status == .temporaryFailure, at: moment)
        // First what the mailings wait for, as long as they are there to be asked.
        try writeSnapshot(at: moment)
        let ending = endsWith ?? .ended(status)
        let rests = dispatcher.mailings.map { (mailing: $0, rest: restTime(of: $0, at: moment)) }
        for (mailing, rest) in rests {
            mailing.writeCountsIfChanged(at: moment.wall)
            guard try release(mailing) else { continue }
            switch ending {
            case .configurationChanged: keepList(of: mailing, at: moment)
            case .ended: if let rest { try noteRest(of: mailing, rest, at: moment) }
            }
        }
        try tick.snapshot.write(pausing: nil)
        try tick.snapshot.writeTickTime(moment.wall)
        if tick.hasMetDiskError, case .ended(.ok) = ending { return .ended(.ioError) }
        return ending
    }

    /// What was read of a mailing holds under another configuration, unless it is judged by what has changed.
    private func keepList(of mailing: ActiveMailing, at moment: Moment) {
        let replay = mailing.replay(at: moment)
        let prepared = PreparedMailing(
            content: mailing.mailing, replay: replay, title: replay.history.title ?? MailingTitle(),
            isTakenUpAgain: true)
        tick.documents[mailing.document.version]?.released(keeping: prepared)
    }

    private func noteMailSystem(isRefusing: Bool, at moment: Moment) {
        // What it has refused after that is another failure, and is said anew.
        if dispatcher.hasAccepted || dispatcher.reports.hasAccepted { tick.snapshot.current.mailSystem = nil }
        if isRefusing {
            let reply = PlainText.clean(dispatcher.lastReply)
            if tick.snapshot.current.mailSystem == nil {
                announcements.say("the mail system is not accepting messages: \(reply)")
                tick.snapshot.current.mailSystem = TickSnapshot.Refusal(since: moment.wall, reply: reply)
            }
            tick.snapshot.current.mailSystem?.reply = reply
        }
        tick.snapshot.current.outage = dispatcher.schedule.outage
    }

    /// After a failing disk: waits for what is in flight, and writes down what can still be written.
    private func endAfterError() {
        dispatcher.isEnding = true
        while dispatcher.inFlight > 0 {
            let moment = tick.surroundings.now()
            try? dispatcher.collect(at: moment)
            let deadline = dispatcher.nextDeadline ?? moment.monotonic
            if dispatcher.inFlight > 0 {
                tick.wakeups.wait(
                    forInputOf: dispatcher.inputs, microseconds: max(1000, deadline - moment.monotonic))
            }
        }
        for mailing in dispatcher.mailings { try? mailing.journal.write() }
    }
}
