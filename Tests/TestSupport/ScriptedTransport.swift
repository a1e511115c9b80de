package import SpoolSchedule
package import SpoolSystem
package import SpoolTransport
internal import SpoolWriting

/// A mail system that does what a test has written down for it, and keeps what it was given.
package final class ScriptedTransport: Transport {
    /// A message that it was given.
    package struct HandOver {
        package let recipient: String
        package let returnPath: String
        package let messageID: String
        package let bytes: [UInt8]
        /// The how-manieth to this recipient, from 1.
        package let number: Int
        package let moment: Moment
    }

    /// What it does with a message.
    package enum Reaction {
        /// Answers before ``begin(_:ticket:)`` returns.
        case answersAtOnce(TransportAnswer)
        case answers(TransportAnswer, after: Interval)
        /// Does not answer until the timeout.
        case hangs
        /// Cannot be started; nothing is handed over.
        case isUnavailable(String)
        /// The machine lacks what it takes; nothing is handed over.
        case lacks(SystemError)
        /// Has begun when the machine fails, and goes on.
        case breaks(SystemError, answers: TransportAnswer, after: Interval)

        /// Takes it at once.
        package static let accepts = Reaction.answersAtOnce(.accepted)
    }

    private let clock: TestClock
    private let timeout: Int64
    private var react: (HandOver) -> Reaction
    private var pending: [Int: (due: Int64, answer: TransportAnswer)] = [:]
    /// Every message that was handed over, in order; not those that it was unavailable for.
    package private(set) var log: [HandOver] = []
    /// Every answer, in order.
    package private(set) var answers: [TransportAnswer] = []
    /// The most messages that were under way at once.
    package private(set) var mostUnderWay = 0
    /// Whether what an earlier tick has left behind is gone.
    package var isFree = true
    /// Is shown every message before anything is done with it.
    package var looksOn: (HandOver) -> Void = { _ in }

    /// A mail system of a script; without one it takes everything at once.
    package init(
        _ clock: TestClock, timeout: Interval = .seconds(300),
        _ react: @escaping (HandOver) -> Reaction = { _ in .accepts }
    ) {
        self.clock = clock
        self.timeout = timeout.microseconds
        self.react = react
    }

    /// Has it do something else from here on.
    package func react(_ react: @escaping (HandOver) -> Reaction) { self.react = react }

    /// Whom it was given messages for, in order.
    package var recipients: [String] { log.map(\.recipient) }

    package func isReady(at moment: Moment) throws(SystemError) -> Bool { isFree }

    package func begin(_ message: OutgoingMessage, ticket: Int) throws(TransportFailure) -> TransportAnswer? {
        let handOver: HandOver
        do throws(SystemError) {
            handOver = HandOver(
                recipient: message.recipient, returnPath: message.returnPath, messageID: message.messageID,
                bytes: try message.file.contents(),
                number: log.count { $0.recipient == message.recipient } + 1, moment: clock.now)
        } catch {
            throw error.isShortage ? .shortage(error) : .system(error)
        }
        looksOn(handOver)
        switch react(handOver) {
        case .answersAtOnce(let answer):
            log.append(handOver)
            answers.append(answer)
            mostUnderWay = max(mostUnderWay, underWay + 1)
            return answer
        case .answers(let answer, let interval):
            keep(handOver, ticket, answer, after: interval.microseconds)
        case .hangs:
            keep(handOver, ticket, TransportAnswer.of(.noAnswer), after: timeout)
        case .isUnavailable(let reason): throw .unavailable(reason)
        case .lacks(let error): throw .shortage(error)
        case .breaks(let error, let answer, let interval):
            keep(handOver, ticket, answer, after: interval.microseconds)
            throw .system(error)
        }
        return nil
    }

    private func keep(_ handOver: HandOver, _ ticket: Int, _ answer: TransportAnswer, after length: Int64) {
        log.append(handOver)
        pending[ticket] = (handOver.moment.monotonic + length, answer)
        mostUnderWay = max(mostUnderWay, underWay)
        // As the end of a child process does.
        clock.after(Interval(milliseconds: (length + 999) / 1000)) { [clock] in clock.wake() }
    }

    package func collect(at moment: Moment) -> [(ticket: Int, answer: TransportAnswer)] {
        let ended = pending.filter { $0.value.due <= moment.monotonic }
            .sorted { ($0.value.due, $0.key) < ($1.value.due, $1.key) }
        for (ticket, _) in ended { pending[ticket] = nil }
        answers += ended.map(\.value.answer)
        return ended.map { (ticket: $0.key, answer: $0.value.answer) }
    }

    package var underWay: Int { pending.count }

    package var inputs: [Int32] { [] }

    package var nextDeadline: Int64? { pending.values.map(\.due).min() }

    package func cancel() { pending = [:] }

    package func release() {}
}

extension TransportAnswer {
    /// An answer as sendmail gives it.
    package static func of(_ verdict: AttemptPolicy.Verdict) -> TransportAnswer {
        switch verdict {
        case .accepted: .accepted
        case .refused: TransportAnswer(verdict, status: "67", reply: "no such user")
        case .notNow: TransportAnswer(verdict, status: "75", reply: "not now")
        case .unclear: TransportAnswer(verdict, status: "1", reply: "")
        case .noAnswer: TransportAnswer(verdict, status: "timeout", reply: "")
        }
    }
}
