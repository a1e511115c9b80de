internal import SpoolMail
internal import SpoolSchedule
internal import SpoolSystem
internal import SpoolWriting

/// Hands each message to a run of the machine's sendmail, whose exit status is the answer.
final class SendmailTransport: Transport {
    private struct Run {
        let child: ChildProcess
        /// Monotonic microseconds.
        let deadline: Int64
        let slot: Int
    }

    private let program: Program
    private let timeout: Int64
    private let lock: HandOverLock?
    private let now: @Sendable () -> Moment
    private var runs: [Int: Run] = [:]
    private var freeSlots = Array((0..<HandOverLock.slots).reversed())

    /// - Parameters:
    ///   - timeout: microseconds before a run counts as hung.
    ///   - lock: what runs inherit, so that a later tick knows of them; without one nobody does.
    init(
        _ program: Program, timeout: Int64, lock: HandOverLock?, now: @escaping @Sendable () -> Moment
    ) {
        self.program = program
        self.timeout = timeout
        self.lock = lock
        self.now = now
    }

    /// What every sendmail is given behind its own arguments, and nothing else.
    static func arguments(of message: OutgoingMessage) -> [String] {
        ["-i", "-f", message.returnPath, "--", message.recipient]
    }

    func isReady(at moment: Moment) throws(SystemError) -> Bool {
        try lock?.claim(now: moment.monotonic, timeout: timeout) ?? true
    }

    func begin(_ message: OutgoingMessage, ticket: Int) throws(TransportFailure) -> TransportAnswer? {
        let child: ChildProcess
        let since = ProcessTable.now()
        do throws(SystemError) {
            child = try program.start(
                SendmailTransport.arguments(of: message), input: message.file, holding: lock?.inherited)
        } catch {
            throw error.isShortage ? .shortage(error) : .unavailable("cannot start \(error)")
        }
        let slot = freeSlots.popLast() ?? 0
        runs[ticket] = Run(child: child, deadline: now().monotonic + timeout, slot: slot)
        do throws(SystemError) {
            try lock?.record(child.id, startedSince: since, slot: slot)
        } catch {
            throw .system(error)
        }
        return nil
    }

    func collect(at moment: Moment) -> [(ticket: Int, answer: TransportAnswer)] {
        var answers: [(ticket: Int, answer: TransportAnswer)] = []
        for (ticket, run) in runs {
            run.child.drainErrorOutput()
            if let ending = run.child.reap() {
                run.child.drainErrorOutput()
                answers.append((ticket, TransportAnswer(ending, saying: run.child.errorText)))
            } else if moment.monotonic >= run.deadline {
                run.child.kill()
                answers.append((ticket, TransportAnswer(.noAnswer, status: "timeout", reply: "")))
            }
        }
        for (ticket, _) in answers {
            if let run = runs.removeValue(forKey: ticket) { freeSlots.append(run.slot) }
        }
        return answers
    }

    var underWay: Int { runs.count }

    var inputs: [Int32] { runs.values.compactMap(\.child.errorDescriptor) }

    var nextDeadline: Int64? { runs.values.map(\.deadline).min() }

    func cancel() {
        for run in runs.values { run.child.kill() }
        runs = [:]
    }

    func release() { lock?.release() }
}

extension TransportAnswer {
    /// What the end of a sendmail says, and the last line of its standard error.
    init(_ ending: ChildProcess.Ending, saying errorText: [UInt8]) {
        let reply = Reply.lastLine(of: errorText)
        switch ending {
        case .exited(let status):
            self.init(.init(sendmailStatus: status), status: String(status), reply: reply)
        case .signalled(let signal): self.init(.unclear, status: "signal-\(signal)", reply: reply)
        }
    }
}

extension AttemptPolicy.Verdict {
    /// What an exit status of sendmail says about the message it was given (sysexits.h).
    init(sendmailStatus status: Int32) {
        switch status {
        case 0: self = .accepted
        case 65, 67, 68: self = .refused
        case 71, 73, 74, 75, 76: self = .notNow
        // Exim and ssmtp say 1 for everything.
        default: self = .unclear
        }
    }
}
