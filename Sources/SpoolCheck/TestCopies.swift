internal import SpoolExamine
internal import SpoolMail
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
internal import SpoolSystem
internal import SpoolTransport

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
    private let transport: any Transport
    private let timeout: Interval
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
        transport = try Transports.make(configured, of: spool, lock: nil, in: .machine)
        timeout = configured.settings.timeout
        attachments = try EncodedAttachments(mailing, spool.files)
    }

    /// Sends one copy, with a Message-ID of its own, and waits for the answer.
    func send(to address: EmailAddress, at now: Timestamp) throws -> Answer {
        let messageID = MessageID.make(
            mailing: MessageID.newMailing(), address: address.normalized,
            domain: mailing.content.design.from.address.domain)
        let rendered = try mailing.render(
            recipient, messageID: messageID, at: now, subjectPrefix: TestCopies.mark)
        let message = OutgoingMessage(
            file: try attachments.file(of: rendered), messageID: messageID,
            returnPath: mailing.content.returnPath.description, recipient: address.description)
        do throws(TransportFailure) {
            if let answer = try transport.begin(message, ticket: 0) { return words(of: answer) }
        } catch {
            switch error {
            case .unavailable(let reason): return .notAccepted(reason)
            case .shortage(let error), .system(let error): throw error
            }
        }
        return wait()
    }

    private func wait() -> Answer {
        while true {
            let moment = Moment.now()
            if let (_, answer) = transport.collect(at: moment).first { return words(of: answer) }
            if signals.isTerminationAsked {
                transport.cancel()
                return .interrupted
            }
            signals.wait(
                forInputOf: transport.inputs,
                microseconds: max(0, (transport.nextDeadline ?? 0) - moment.monotonic))
        }
    }

    private func words(of answer: TransportAnswer) -> Answer {
        switch answer.verdict {
        case .accepted: .accepted
        case .noAnswer: .notAccepted("it did not end within \(timeout.seconds) s and was killed")
        case .refused, .notNow, .unclear: .notAccepted(answer.wordsWithStatus)
        }
    }
}
