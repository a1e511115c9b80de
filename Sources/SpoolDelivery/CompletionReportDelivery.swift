internal import SpoolMail
package import SpoolSchedule
internal import SpoolStore
package import SpoolSystem
package import SpoolTransport
package import SpoolWriting

/// Hands reports over, one at a time, beside the messages to recipients: a report takes none of their places, so that
/// one whose sendmail hangs holds no mailing up.
package final class CompletionReportDelivery {
    private let carrier: Carrier
    private let timeout: Int64
    private let lock: HandOverLock
    private var inFlight: (run: CompletionReportAttempt, child: ChildProcess, startedAt: Int64)?
    private var ended: CompletionReportAttempt?
    /// Whether a report was accepted in this tick.
    package private(set) var hasAccepted = false

    /// - Parameter timeout: microseconds before a sendmail counts as hung.
    package init(carrier: Carrier, timeout: Int64, lock: HandOverLock) {
        self.carrier = carrier
        self.timeout = timeout
        self.lock = lock
    }

    /// The mailing whose report is being handed over.
    package var mailing: String? { inFlight?.run.history.mailing }

    /// The child that is at it.
    package var children: [ChildProcess] { inFlight.map { [$0.child] } ?? [] }

    /// When it has taken too long, by the monotonic clock.
    package var deadlines: [Int64] { inFlight.map { [$0.startedAt + timeout] } ?? [] }

    /// Whether anything may be handed over: not as long as a sendmail of a killed tick is at it.
    package func mayHandOver(at moment: Moment) throws(SystemError) -> Bool {
        try lock.claim(now: moment.monotonic, timeout: timeout)
    }

    /// Writes the intent down, and then hands the report over.
    package func handOver(_ run: CompletionReportAttempt, at moment: Moment) throws(SystemError) {
        try run.announce(at: moment.wall)
        let order = run.order
        switch carrier {
        case .maildir(let maildir):
            try maildir.deliver(
                run.message, named: order.messageID, from: order.returnPath, to: order.to.address)
            try conclude(run, .answered(.accepted, status: "0", reply: ""), at: moment)
        case .sendmail(let program):
            let child: ChildProcess
            let since = ProcessTable.now()
            do throws(SystemError) {
                child = try program.start(
                    Carrier.arguments(from: order.returnPath, to: order.to.address), input: run.message,
                    holding: lock.inherited)
            } catch {
                let reply = Reply.clean("cannot start \(error)")
                return try conclude(run, .answered(.notNow, status: "not-started", reply: reply), at: moment)
            }
            inFlight = (run, child, Clock.monotonicMicroseconds())
            try lock.record(child.id, startedSince: since, slot: HandOverLock.reportSlot)
        }
    }

    /// Takes in what has ended or taken too long since the last call.
    package func collect(at moment: Moment) throws(SystemError) {
        guard let (run, child, startedAt) = inFlight else { return }
        child.drainErrorOutput()
        let outcome: Outcome
        if let ending = child.reap() {
            child.drainErrorOutput()
            outcome = Dispatcher.outcome(of: ending, reply: Reply.lastLine(of: child.errorText))
        } else if moment.monotonic - startedAt >= timeout {
            child.kill()
            outcome = .timedOut
        } else {
            return
        }
        inFlight = nil
        try conclude(run, outcome, at: moment)
    }

    private func conclude(_ run: CompletionReportAttempt, _ outcome: Outcome, at moment: Moment)
        throws(SystemError)
    {
        if case .answered(.accepted, _, _) = outcome { hasAccepted = true }
        ended = run
        try run.conclude(outcome, at: moment.wall)
    }

    /// The attempt that has ended since the last call.
    package func takeEnded() -> CompletionReportAttempt? {
        defer { ended = nil }
        return ended
    }
}
