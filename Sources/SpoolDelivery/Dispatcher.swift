internal import SpoolMail
package import SpoolMailing
package import SpoolSchedule
package import SpoolStore
package import SpoolSystem
package import SpoolTransport
package import SpoolWriting

/// Hands messages over: as many at once as the configuration says, of the mailings that the schedule picks.
///
/// For each: the complete message, its intent in the journal and on the disk, a last look whether the document is
/// still in `active/`, sendmail, the outcome in the journal. One fsync serves all that is announced together, and the
/// outcomes that came since the last; what has been handed over and is not yet written down durably is therefore never
/// more than the concurrency.
package final class Dispatcher {
    private let spool: SpoolDirectory
    private let carrier: Carrier
    private let timeout: Int64
    private let lock: HandOverLock
    /// Hands over what is not to recipients.
    package let reports: CompletionReportDelivery
    private var runs: [FileName: ActiveMailing] = [:]
    private var inFlight: [Attempt] = []
    private var freeSlots = Array((0..<HandOverLock.reportSlot).reversed())
    package private(set) var schedule: Schedule<FileName>
    /// The last thing that the mail system said to a deferral, and whether it can be started at all.
    package private(set) var lastReply = ""
    package private(set) var isMailSystemGone = false
    /// Whether anything was accepted in this tick.
    package private(set) var hasAccepted = false
    /// Hands nothing over any more; what is in flight still ends.
    package var isEnding = false

    /// - Parameter timeout: microseconds before a sendmail counts as hung.
    package init(
        spool: SpoolDirectory, carrier: Carrier, timeout: Int64, lock: HandOverLock,
        schedule: Schedule<FileName>
    ) {
        self.spool = spool
        self.carrier = carrier
        self.timeout = timeout
        self.lock = lock
        self.schedule = schedule
        reports = CompletionReportDelivery(carrier: carrier, timeout: timeout, lock: lock)
    }

    // MARK: The mailings

    /// The mailings that take part.
    package var mailings: [ActiveMailing] { Array(runs.values) }

    /// A mailing that takes part.
    package func run(of name: FileName) -> ActiveMailing? { runs[name] }

    /// Takes a mailing up.
    package func start(_ run: ActiveMailing, past: PastHandOvers, at moment: Moment) {
        runs[run.name] = run
        schedule.start(
            run.name, policy: run.mailing.timing.policy, past: past, deferred: run.newcomers,
            at: moment)
    }

    /// Hands nothing further over of a mailing; true once nothing of it is in flight and it is out.
    package func end(_ run: ActiveMailing) throws(SystemError) -> Bool {
        halt(run)
        if run.inFlight > 0 { return false }
        runs[run.name] = nil
        try run.journal.synchronize()
        try run.journal.close()
        return true
    }

    /// Begins nothing further of a mailing; the next look finds out what its document is now.
    package func halt(_ run: ActiveMailing) {
        if run.isEnding { return }
        run.isEnding = true
        schedule.stop(run.name)
    }

    /// Whether the schedule would hand something over now.
    package func mayHandOver(at moment: Moment) -> Bool {
        var asked = schedule
        if case .handOver = asked.next(at: moment, demand: demands(at: moment)) { return true }
        return false
    }

    /// When the next hand-over in flight has taken too long, by the monotonic clock.
    package var nextDeadline: Int64? { (inFlight.map { $0.startedAt + timeout } + reports.deadlines).min() }

    /// Writes what came of attempts into the journals, so that it outlives a kill.
    package func write() throws(SystemError) {
        for run in runs.values { try run.journal.write() }
    }

    /// Frees the lock on hand-overs: nothing of ours is running any more.
    package func release() { lock.release() }

    /// What can be sent of a mailing.
    package func demand(_ name: FileName, at moment: Moment) -> Demand {
        demands(at: moment)(name)
    }

    /// What can be sent of each mailing, to be asked while the schedule is at it.
    private func demands(at moment: Moment) -> (FileName) -> Demand {
        let now = schedule.steadyTime(at: moment)
        let runs = runs
        return { runs[$0]?.demand(at: now) ?? .none }
    }

    /// Seconds until everybody of a mailing has been mailed; nil if nobody can tell.
    package func secondsLeft(_ run: ActiveMailing, perMinute: Double?, at moment: Moment) -> Int64? {
        schedule.secondsLeft(
            for: run.name, remaining: run.history.counts.left - run.held, lastRetry: run.lastRetry,
            measuredPerSecond: perMinute.map { $0 / 60 }, demand: demands(at: moment), at: moment)
    }

    /// The children that may write to their standard error.
    package var children: [ChildProcess] { inFlight.compactMap(\.child) + reports.children }

    /// How many messages are in flight, a report included.
    package var inFlightCount: Int { inFlight.count + reports.children.count }

    /// Whether the tick should now say that the mail system accepts nothing.
    package func isRefusedEverywhere(at moment: Moment) -> Bool {
        isMailSystemGone
            || schedule.everyMailingThatCouldSendIsStopped(at: moment, demand: demands(at: moment))
    }

    // MARK: One round

    /// Hands over as much as may be handed over now.
    ///
    /// - Parameter suppression: the addresses that are never mailed, as they are at this moment.
    /// - Returns: what the schedule says to do until the next round.
    package func fill(
        at moment: Moment, suppression: () throws(SystemError) -> Suppression?
    ) throws(SystemError) -> Schedule<FileName>.Decision {
        let demands = demands(at: moment)
        var decision = schedule.next(at: moment, demand: demands)
        guard case .handOver = decision else { return decision }
        // What still ends wakes the one who waits.
        if isEnding || isMailSystemGone { return .wait(until: moment.monotonic + 1_000_000) }
        guard try lock.claim(now: moment.monotonic, timeout: timeout) else {
            return .wait(until: moment.monotonic + 50_000)
        }
        // All of a round are handed over at once; the next round asks anew.
        guard let addresses = try suppression() else { return .nothing(next: nil) }
        var announced: [Attempt] = []
        do throws(SystemError) {
            while case .handOver(let name) = decision {
                if let run = runs[name], let handOver = try prepare(run, at: moment, suppression: addresses) {
                    announced.append(handOver)
                    run.inFlight += 1
                    schedule.handedOver(name, at: moment)
                }
                decision = schedule.next(at: moment, demand: demands)
            }
        } catch {
            for handOver in announced { withdraw(handOver, at: moment) }
            throw error
        }
        try carryOut(announced, at: moment)
        // What a Maildir took, or what was withdrawn, has made room already.
        if !announced.isEmpty, inFlight.count < schedule.concurrency { return .wait(until: moment.monotonic) }
        return decision
    }

    /// Makes the message of the mailing's next recipient; nil if nobody is to be mailed after all.
    private func prepare(
        _ run: ActiveMailing, at moment: Moment, suppression: Suppression
    ) throws(SystemError) -> Attempt? {
        guard let index = run.takeNext(at: schedule.steadyTime(at: moment)) else { return nil }
        let before = run.list.table[state: index]
        let recipient: Recipient
        let rendered: RenderedMessage
        let messageID: String
        do {
            recipient = try run.list.recipient(at: index)
            let address = recipient.address.normalized
            if suppression.contains(recipient.address) {
                run.skip(index, address, .skipped(.suppressed), at: moment.wall)
                return nil
            }
            messageID = MessageID.make(
                mailing: run.history.mailing, address: address, domain: run.design.from.address.domain)
            rendered = try run.render(recipient, messageID: messageID, at: moment.wall)
        } catch let error as RenderError {
            run.problem = Diagnostic(
                message: "the message to recipient \(index + 1) cannot be made: \(error)",
                hint: "correct the document or the list")
            run.putBack(index, from: before, at: moment)
            halt(run)
            return nil
        } catch {
            // The list is not what it was when it was checked: the next look reads it anew.
            run.putBack(index, from: before, at: moment)
            halt(run)
            return nil
        }
        let message = try run.file(of: rendered)
        let progress = run.list.table[index]
        // The first answer fails nobody by the time, however long ago an attempt was whose outcome is unknown.
        let firstAttempt = progress.hasOwnDeferral ? progress.firstAttemptTime : nil
        run.announce(index, recipient.address.normalized, at: moment)
        return Attempt(
            run: run, recipient: index, address: recipient.address.normalized,
            envelope: recipient.address.description, before: before, firstAttempt: firstAttempt,
            message: message, messageID: messageID)
    }

    /// Brings the announcements to the disk, and then hands over what may still be handed over.
    private func carryOut(_ announced: [Attempt], at moment: Moment) throws(SystemError) {
        if announced.isEmpty { return }
        do throws(SystemError) {
            for handOver in announced { try handOver.run.journal.reserveRoom() }
            // All of them: what was handed over of another mailing and is not yet on the disk counts as well.
            for run in runs.values { try run.journal.synchronize() }
        } catch {
            for handOver in announced { withdraw(handOver, at: moment) }
            throw error
        }
        var rest = announced[...]
        do throws(SystemError) {
            while let handOver = rest.first {
                let now = Timestamp(milliseconds: Clock.wallMilliseconds())
                // Its window may have closed while the disk was slow.
                let mayLeave = !isMailSystemGone && schedule.isOpen(handOver.run.name, at: now)
                let isInPlace = mayLeave ? try isInPlace(handOver.run.document) : true
                rest.removeFirst()
                if mayLeave && isInPlace {
                    try carryOut(handOver, at: moment)
                } else {
                    if !isInPlace { halt(handOver.run) }
                    withdraw(handOver, at: moment)
                }
            }
        } catch {
            for handOver in rest { withdraw(handOver, at: moment) }
            throw error
        }
    }

    /// Whether the document still lies in `active/` as it was read.
    package func isInPlace(_ document: FoundDocument) throws(SystemError) -> Bool {
        let status = try spool[.active].status(of: SpoolDirectory.documentName(document.name))
        return status.map(DocumentVersion.init) == document.version
    }

    private func withdraw(_ handOver: Attempt, at moment: Moment) {
        handOver.run.inFlight -= 1
        schedule.withdrew(handOver.run.name)
        handOver.run.withdraw(handOver.recipient, handOver.address, to: handOver.before, at: moment)
    }

    private func carryOut(_ handOver: Attempt, at moment: Moment) throws(SystemError) {
        let returnPath = handOver.run.mailing.content.returnPath.description
        switch carrier {
        case .maildir(let maildir):
            try maildir.deliver(
                handOver.message, named: handOver.messageID, from: returnPath, to: handOver.envelope)
            conclude(handOver, .answered(.accepted, status: "0", reply: ""), at: moment)
        case .sendmail(let program):
            let child: ChildProcess
            let since = ProcessTable.now()
            do throws(SystemError) {
                child = try program.start(
                    Carrier.arguments(from: returnPath, to: handOver.envelope), input: handOver.message,
                    holding: lock.inherited)
            } catch {
                isMailSystemGone = true
                lastReply = "cannot start \(error)"
                withdraw(handOver, at: moment)
                return
            }
            handOver.child = child
            handOver.startedAt = Clock.monotonicMicroseconds()
            handOver.slot = freeSlots.popLast() ?? 0
            inFlight.append(handOver)
            try lock.record(child.id, startedSince: since, slot: handOver.slot)
        }
    }

    // MARK: Outcomes

    /// Takes in what has ended or taken too long since the last call.
    package func collect(at moment: Moment) throws(SystemError) {
        try reports.collect(at: moment)
        var running: [Attempt] = []
        var ended: [(Attempt, Outcome)] = []
        for handOver in inFlight {
            guard let child = handOver.child else { continue }
            child.drainErrorOutput()
            if let ending = child.reap() {
                child.drainErrorOutput()
                ended.append(
                    (handOver, Dispatcher.outcome(of: ending, reply: Reply.lastLine(of: child.errorText))))
            } else if moment.monotonic - handOver.startedAt >= timeout {
                child.kill()
                ended.append((handOver, .timedOut))
            } else {
                running.append(handOver)
            }
        }
        if ended.isEmpty { return }
        inFlight = running
        for (handOver, outcome) in ended { conclude(handOver, outcome, at: moment) }
        for (handOver, _) in ended {
            freeSlots.append(handOver.slot)
            try handOver.run.journal.write()
        }
    }

    package static func outcome(of ending: ChildProcess.Ending, reply: String) -> Outcome {
        switch ending {
        case .exited(let status):
            let verdict: AttemptPolicy.Verdict =
                switch SendmailVerdict(exitStatus: status) {
                case .accepted: .accepted
                case .refused: .refused
                case .notNow: .notNow
                case .unclear: .unclear
                }
            return .answered(verdict, status: String(status), reply: reply)
        case .signalled(let signal):
            return .answered(.unclear, status: "signal-\(signal)", reply: reply)
        }
    }

    /// Writes down what came of an attempt, and what follows from it for others.
    private func conclude(_ handOver: Attempt, _ outcome: Outcome, at moment: Moment) {
        let run = handOver.run
        let index = handOver.recipient
        run.inFlight -= 1
        let steady = schedule.steadyTime(at: moment)
        let wasDeferredBefore = run.list.table[index].hasOwnDeferral
        let scheduled: Schedule<FileName>.Outcome
        switch outcome {
        case .timedOut:
            let wait = run.attempts.backoff.delay(
                afterAttempt: run.list.table[index].attempts, random: .random(in: 0..<1))
            run.timedOut(index, handOver.address, for: wait, at: moment)
            scheduled = .inDoubt
        case .answered(let verdict, let status, let reply):
            let fate = run.attempts.fate(
                of: verdict,
                attempts: run.attemptsMade(index, including: verdict, first: handOver.firstAttempt),
                at: steady, random: .random(in: 0..<1))
            switch fate {
            case .sent:
                hasAccepted = true
                for other in runs.values where other !== run { other.accepted(elsewhere: moment.wall) }
                run.sent(index, handOver.address, reply: reply, at: moment)
                scheduled = .accepted
            case .failed:
                run.failed(index, handOver.address, status: status, reply: reply, at: moment.wall)
                scheduled = .refused
            case .deferred(let until), .wouldFail(let until):
                lastReply = reply.isEmpty ? "exit status \(status), without a word" : reply
                run.deferred(
                    index, handOver.address, for: until - steady, isUnclear: verdict == .unclear,
                    status: status, reply: reply, at: moment)
                if case .wouldFail = fate { scheduled = .wouldFail } else { scheduled = .deferred }
            }
        }
        let reaction = schedule.ended(
            run.name, recipient: index, outcome: scheduled, deferredBefore: wasDeferredBefore, at: moment)
        carryOut(reaction, of: run, at: moment)
    }

    private func carryOut(_ reaction: Schedule<FileName>.Reaction, of run: ActiveMailing, at moment: Moment) {
        for index in reaction.excused { run.excuse(index, at: moment.wall) }
        for index in reaction.failed { run.giveUp(index, at: moment.wall) }
    }

    /// Judges those whose last attempt waits for judgement, where nobody else is left to send to.
    package func settle(at moment: Moment) -> Bool {
        // A mail system that cannot be started says nothing of anybody.
        if isMailSystemGone { return false }
        var hasSettled = false
        for name in schedule.unsettled {
            guard let run = runs[name] else { continue }
            let reaction = schedule.settle(name, demand: demand(name, at: moment), at: moment)
            if reaction != .none { hasSettled = true }
            carryOut(reaction, of: run, at: moment)
        }
        return hasSettled
    }
}
