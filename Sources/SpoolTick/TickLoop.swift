internal import SpoolConsole
internal import SpoolDelivery
internal import SpoolExamine
import SpoolMail
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem
internal import SpoolWriting

/// A stretch of a tick under one configuration: the loop of looking, handing over, and taking in what came of it.
final class TickLoop {
    let tick: Tick
    let configured: ConfiguredSpool
    let delivery: Dispatcher
    private var nextLook: Int64 = 0
    private var endsWith: Tick.SessionEnd?
    private var diskError: SystemError?

    /// Between two looks at the folders, in microseconds.
    private static let lookInterval: Int64 = 1_000_000
    private static let shortestInterval: Int64 = 10_000
    /// How long a tick goes on that has said something: cron mails it only when the tick has ended.
    private static let speechLimit: Int64 = 30_000_000
    /// What lies further ahead is the next tick's.
    private static let horizon = Interval.seconds(60)

    init(tick: Tick, configured: ConfiguredSpool, delivery: Dispatcher) {
        self.tick = tick
        self.configured = configured
        self.delivery = delivery
    }

    func run() throws(SystemError) -> Tick.SessionEnd {
        do throws(SystemError) {
            try loop()
        } catch {
            diskError = error
            tick.complaints.say("\(error); nothing further is sent until that works")
            endAfterError()
        }
        if diskError == nil {
            do throws(SystemError) {
                try end()
            } catch {
                diskError = error
                tick.complaints.say("\(error); nothing further is sent until that works")
            }
        }
        delivery.release()
        if diskError != nil { return .ended(.ioError) }
        return endsWith ?? .ended(.ok)
    }

    private func loop() throws(SystemError) {
        while true {
            let moment = Moment.now()
            try delivery.collect(at: moment)
            if try tick.takeEndedReport(at: moment, configured: configured, delivery: delivery) {
                nextLook = 0
            }
            try judgeEnding(moment)
            if endsWith == nil, isTimeToLook(moment) {
                nextLook = moment.monotonic + TickLoop.lookInterval
                try look(at: moment)
            }
            var decision = try fill(at: moment)
            if case .handOver = decision {
            } else if delivery.settle(at: moment) {
                decision = try fill(at: moment)
            }
            try delivery.write()
            try finishMailings(at: moment)
            try sendReport(at: moment)
            if isOver(decision, at: moment) { return }
            wait(for: decision, at: moment)
        }
    }

    /// Once a second, and when something is known to be due; but never in a tight loop.
    private func isTimeToLook(_ moment: Moment) -> Bool {
        if moment.monotonic >= nextLook || tick.examiner.hasResults { return true }
        // A document was found to be another than was read: what it is now must be known before the tick may end.
        let isDue = tick.upcoming.map { $0 <= moment.wall } ?? false
        guard isDue || hasHaltedMailing else { return false }
        return moment.monotonic >= nextLook - TickLoop.lookInterval + TickLoop.shortestInterval
    }

    private func fill(at moment: Moment) throws(SystemError) -> Schedule<FileName>.Decision {
        if endsWith != nil { return .nothing(next: nil) }
        if tick.areFoldersUnsynchronized, delivery.mayHandOver(at: moment) { try synchronizeFolders() }
        return try delivery.fill(at: Moment.now()) { () throws(SystemError) in
            try self.tick.suppression.addresses(at: moment.wall)
        }
    }

    /// A person's mv is not yet on the disk: after a power cut a stopped mailing would be back in active/.
    private func synchronizeFolders() throws(SystemError) {
        guard tick.areFoldersUnsynchronized else { return }
        for folder in Folder.allCases { try tick.spool[folder].synchronize() }
        try tick.spool.journal.synchronize()
        tick.areFoldersUnsynchronized = false
    }

    private func sendReport(at moment: Moment) throws(SystemError) {
        if endsWith != nil || delivery.isMailSystemGone { return }
        try tick.sendReport(
            at: moment, configured: configured, delivery: delivery, synchronizeFolders: synchronizeFolders)
    }

    private func judgeEnding(_ moment: Moment) throws(SystemError) {
        if endsWith != nil { return }
        if tick.signals.isTerminationAsked {
            finishWith(.ended(.ok))
        } else if let said = tick.complaints.firstSaidAt, moment.monotonic - said > TickLoop.speechLimit {
            finishWith(.ended(exitStatus(at: moment)))
        }
    }

    private func finishWith(_ end: Tick.SessionEnd) {
        endsWith = end
        delivery.isEnding = true
    }

    private func look(at moment: Moment) throws(SystemError) {
        if try tick.isLockWanted() { return finishWith(.ended(.ok)) }
        if try configured.hasChanged(in: tick.spool) { return finishWith(.configurationChanged) }
        try tick.look(at: moment, configured: configured, delivery: delivery)
    }

    /// Whether the tick may end: nothing is in flight, and nothing can be done within the next minute.
    private func isOver(_ decision: Schedule<FileName>.Decision, at moment: Moment) -> Bool {
        if delivery.inFlight > 0 { return false }
        if endsWith != nil { return true }
        if delivery.isMailSystemGone || tick.suppression.problem != nil { return true }
        guard case .nothing = decision, !tick.examiner.isBusy, !tick.examiner.hasResults else { return false }
        if hasHaltedMailing { return false }
        if let upcoming = tick.upcoming, upcoming - moment.wall <= TickLoop.horizon { return false }
        return !tick.hasReport(within: TickLoop.horizon, at: moment.wall)
    }

    private var hasHaltedMailing: Bool { delivery.mailings.contains { $0.isEnding && $0.inFlight == 0 } }

    private func wait(for decision: Schedule<FileName>.Decision, at moment: Moment) {
        var until = nextLook
        switch decision {
        case .handOver: return
        case .wait(let time): until = min(until, time)
        case .nothing: break
        }
        if let upcoming = tick.upcoming, endsWith == nil {
            let due = moment.monotonic + (upcoming - moment.wall).microseconds
            until = min(until, max(due, nextLook - TickLoop.lookInterval + TickLoop.shortestInterval))
        }
        if hasHaltedMailing {
            until = min(until, nextLook - TickLoop.lookInterval + TickLoop.shortestInterval)
        }
        if let delay = tick.reportDelay(at: moment, delivery: delivery), endsWith == nil {
            until = min(until, moment.monotonic + delay)
        }
        if let deadline = delivery.nextDeadline { until = min(until, deadline) }
        let now = Clock.monotonicMicroseconds()
        tick.signals.wait(
            forInputOf: delivery.inputs, microseconds: max(0, until - now))
    }

    private func exitStatus(at moment: Moment) -> ExitStatus {
        if delivery.isRefusedEverywhere(at: moment) { return .temporaryFailure }
        return tick.suppression.problem == nil ? .ok : .configuration
    }

    /// Finishes mailings of which everybody has ended.
    private func finishMailings(at moment: Moment) throws(SystemError) {
        for run in delivery.mailings where run.inFlight == 0 && !run.isEnding {
            let isLate = delivery.schedule.isLate(run.name, at: moment)
            guard isLate || run.left == 0 else { continue }
            // Somebody may have been added since the last look.
            guard try delivery.isInPlace(run.document), try tick.filesAreUnchanged(run.document.version)
            else {
                delivery.halt(run)
                continue
            }
            if isLate { run.skipLate(at: moment) }
            try tick.finish(run, delivery: delivery, at: moment)
            try tick.findReports(at: moment, configured: configured, delivery: delivery)
            nextLook = 0
        }
    }

    // MARK: The end

    private func end() throws(SystemError) {
        let moment = Moment.now()
        if let problem = tick.suppression.problem { tick.complaints.sayOnce(problem) }
        let status = exitStatus(at: moment)
        try noteMailSystem(isRefusing: status == .temporaryFailure, at: moment)
        // First what the mailings wait for, as long as they are there to be asked.
        try tick.writeBoard(at: moment, delivery: delivery)
        for run in delivery.mailings {
            run.writeCountsIfChanged(at: moment.wall)
            _ = try delivery.end(run)
            tick.histories[run.name] = run.history
            tick.knowledge[run.document.version]?.examination = nil
        }
        try tick.writeTickTime(moment)
        if endsWith == nil { endsWith = .ended(status) }
    }

    private func noteMailSystem(isRefusing: Bool, at moment: Moment) throws(SystemError) {
        // What it has refused after that is another failure, and is said anew.
        if delivery.hasAccepted || delivery.reports.hasAccepted { tick.board.mailSystem = nil }
        if isRefusing {
            let reply = Reply.clean(delivery.lastReply)
            if tick.board.mailSystem == nil {
                tick.complaints.say("the mail system is not accepting messages: \(reply)")
                tick.board.mailSystem = TickSnapshot.Refusal(since: moment.wall.rfc3339, reply: reply)
            }
            tick.board.mailSystem?.reply = reply
        }
        tick.board.outage = delivery.schedule.outage?.rfc3339
    }

    /// After a failing disk: waits for what is in flight, and writes down what can still be written.
    private func endAfterError() {
        delivery.isEnding = true
        while delivery.inFlight > 0 {
            let moment = Moment.now()
            try? delivery.collect(at: moment)
            let deadline = delivery.nextDeadline ?? moment.monotonic
            if delivery.inFlight > 0 {
                tick.signals.wait(
                    forInputOf: delivery.inputs,
                    microseconds: max(1000, deadline - moment.monotonic))
            }
        }
        for run in delivery.mailings { try? run.journal.write() }
    }
}
