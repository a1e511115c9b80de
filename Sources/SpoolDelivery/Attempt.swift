package import SpoolMailing
package import SpoolSchedule
internal import SpoolSystem
package import SpoolWriting

/// One attempt: a complete message for one recipient, which the run has announced in its journal.
///
/// Only ``ActiveMailing`` and the journal behind it issue these, and only what is issued can be carried out.
package final class Attempt {
    package let run: ActiveMailing
    package let recipient: Int
    /// The normalised address, by which the journal knows the recipient.
    package let address: String
    /// The address as it is given to the mail system.
    package let envelope: String
    /// What the recipient was before, should the announcement be taken back.
    package let before: RecipientState
    /// When the first attempt that counts was made, in the tick's steady time; nil if none was answered before this.
    package let firstAttempt: Timestamp?
    package let message: MessageFile
    package let messageID: String
    /// The running sendmail, from its start on.
    package var child: ChildProcess?
    package var slot = 0
    /// Monotonic microseconds.
    package var startedAt: Int64 = 0

    package init(
        run: ActiveMailing, recipient: Int, address: String, envelope: String, before: RecipientState,
        firstAttempt: Timestamp?, message: MessageFile, messageID: String
    ) {
        self.run = run
        self.recipient = recipient
        self.address = address
        self.envelope = envelope
        self.before = before
        self.firstAttempt = firstAttempt
        self.message = message
        self.messageID = messageID
    }
}

/// What came of an attempt.
package enum Outcome {
    /// The mail system answered with an exit status or by dying of a signal.
    case answered(AttemptPolicy.Verdict, status: String, reply: String)
    /// It did not answer in time and was killed.
    case timedOut
}
