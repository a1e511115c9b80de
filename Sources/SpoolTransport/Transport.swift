internal import SpoolMail
package import SpoolSchedule
package import SpoolSystem
package import SpoolWriting

/// The way by which messages leave: one for recipients, reports and test copies alike.
///
/// It is given whole messages and says of each what became of it. It knows nothing of mailings, and remembers nothing
/// beyond a message's end.
package protocol Transport: AnyObject {
    /// Whether messages may be handed over: not while one that a killed tick has left behind is under way.
    func isReady(at moment: Moment) throws(SystemError) -> Bool

    /// Begins to hand a message over.
    ///
    /// - Parameter ticket: by which ``collect(at:)`` will name it; no two that are under way have the same.
    /// - Returns: the answer where it comes at once; nil if it comes later.
    func begin(_ message: OutgoingMessage, ticket: Int) throws(TransportFailure) -> TransportAnswer?

    /// The answers that have come since the last call, and those that did not come in time.
    func collect(at moment: Moment) -> [(ticket: Int, answer: TransportAnswer)]

    /// How many messages are under way.
    var underWay: Int { get }

    /// Descriptors that can be read when there is something to collect; the end of a child process says so by a signal.
    var inputs: [Int32] { get }

    /// When the next message under way has taken too long, in microseconds of the monotonic clock; nil if none is.
    var nextDeadline: Int64? { get }

    /// Stops all that is under way, without an answer.
    func cancel()

    /// For a tick that ends in order: nothing that it leaves behind holds the next one up.
    func release()
}

/// A complete message and its envelope.
package struct OutgoingMessage {
    /// The bytes, sealed.
    package let file: MessageFile
    /// Without angle brackets; the same for every attempt at one recipient.
    package let messageID: String
    /// The envelope sender.
    package let returnPath: String
    /// The one envelope recipient.
    package let recipient: String

    /// Makes a message that can leave.
    package init(file: MessageFile, messageID: String, returnPath: String, recipient: String) {
        self.file = file
        self.messageID = messageID
        self.returnPath = returnPath
        self.recipient = recipient
    }
}

/// What became of a message that was handed over.
package struct TransportAnswer: Equatable, Sendable {
    /// What that means for the recipient.
    package let verdict: AttemptPolicy.Verdict
    /// The exit status; or `signal-N`, `timeout`, `not-started`.
    package let status: String
    /// What the mail system said, without control characters; empty if nothing.
    package let reply: String

    /// Makes an answer.
    package init(_ verdict: AttemptPolicy.Verdict, status: String, reply: String) {
        self.verdict = verdict
        self.status = status
        self.reply = reply
    }

    /// The message was taken.
    package static let accepted = TransportAnswer(.accepted, status: "0", reply: "")

    /// The answer in words, for people.
    package var words: String { Reply.words(reply, status: status) }

    /// The same, with the status behind what was said.
    package var wordsWithStatus: String {
        reply.isEmpty ? words : "\(reply) (\(Reply.ending(status)))"
    }
}

/// Why a message could not be handed over.
package enum TransportFailure: Error {
    /// The mail system cannot be reached, and nothing was handed over; what it said.
    case unavailable(String)
    /// The machine has not what it takes for this message now, and nothing was handed over.
    case shortage(SystemError)
    /// The disk or the machine fails; what had begun may be under way.
    case system(SystemError)
}
