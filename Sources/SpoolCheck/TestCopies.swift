internal import SpoolExamine
import SpoolMail
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem
internal import SpoolTransport
internal import SpoolWriting

/// Sends copies of a mailing to those who want to see it first, by the way of delivery of the spool, beside everything
/// that a tick does: no lock, no journal, no statistics.
struct TestCopies {
    /// What came of one copy.
    enum Answer: Equatable {
        /// The mail system took it.
        case accepted
        /// It did not; what it said.
        case notAccepted(String)
        /// Somebody does not want to wait any longer.
        case interrupted
    }

    /// Stands before the subject of a copy.
    static let mark = "[test] "

    private let mailing: Mailing
    private let recipient: Recipient
    private let carrier: Carrier
    /// Microseconds.
    private let timeout: Int64
    private let attachments: EncodedAttachments
    private let signals: Signals

    /// - Parameter recipient: the one for whom the copies are rendered.
    init(
        of mailing: Mailing, as recipient: Recipient, spool: SpoolDirectory, configured: ConfiguredSpool,
        signals: Signals
    ) throws(SystemError) {
        self.mailing = mailing
        self.recipient = recipient
        self.signals = signals
        carrier = try Carrier(configured, of: spool)
        timeout = configured.timeout
        attachments = try EncodedAttachments(mailing, spool.files)
    }

    /// Sends one copy, with a Message-ID of its own, and waits for the answer.
    func send(to address: EmailAddress, at now: Timestamp) throws -> Answer {
        let messageID = MessageID.make(
            mailing: MessageID.newMailing(), address: address.normalized,
            domain: mailing.content.design.from.address.domain)
        let rendered = try mailing.render(
            recipient, messageID: messageID, at: now, subjectPrefix: TestCopies.mark)
        let message = try attachments.file(of: rendered)
        let returnPath = mailing.content.returnPath.description
        switch carrier {
        case .maildir(let maildir):
            try maildir.deliver(message, named: messageID, from: returnPath, to: address.description)
            return .accepted
        case .sendmail(let program):
            let child: ChildProcess
            do throws(SystemError) {
                child = try program.start(
                    ["-i", "-f", returnPath, "--", address.description], input: message, holding: nil)
            } catch {
                return .notAccepted("cannot start \(error)")
            }
            return wait(for: child)
        }
    }

    private func wait(for child: ChildProcess) -> Answer {
        let deadline = Clock.monotonicMicroseconds() + timeout
        while true {
            child.drainErrorOutput()
            if let ending = child.reap() {
                child.drainErrorOutput()
                return TestCopies.answer(ending, reply: Reply.lastLine(of: child.errorText))
            }
            let left = deadline - Clock.monotonicMicroseconds()
            if left <= 0 || signals.isTerminationAsked {
                child.kill()
                return left <= 0
                    ? .notAccepted("it did not end within \(timeout / 1_000_000) s and was killed")
                    : .interrupted
            }
            signals.wait(forInputOf: [child.errorDescriptor].compactMap(\.self), microseconds: left)
        }
    }

    private static func answer(_ ending: ChildProcess.Ending, reply: String) -> Answer {
        switch ending {
        case .exited(0): return .accepted
        case .exited(let status): return .notAccepted(text(reply, "exit status \(status)"))
        case .signalled(let signal): return .notAccepted(text(reply, "killed by signal \(signal)"))
        }
    }

    private static func text(_ reply: String, _ ending: String) -> String {
        reply.isEmpty ? "\(ending), without a word" : "\(reply) (\(ending))"
    }
}
