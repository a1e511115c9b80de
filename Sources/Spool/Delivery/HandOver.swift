internal import SpoolSystem

/// One attempt: a complete message for one recipient, which the run has announced in its journal.
///
/// Only ``MailingRun`` and the journal behind it issue these, and only what is issued can be carried out.
final class HandOver {
    let run: MailingRun
    let recipient: Int
    /// The normalised address, by which the journal knows the recipient.
    let address: String
    /// The address as it is given to the mail system.
    let envelope: String
    /// What the recipient was before, should the announcement be taken back.
    let before: RecipientState
    /// When the first attempt that counts was made, in the tick's steady time; nil if none was answered before this.
    let firstAttempt: Timestamp?
    let message: MessageFile
    let messageID: String
    /// The running sendmail, from its start on.
    var child: ChildProcess?
    var slot = 0
    /// Monotonic microseconds.
    var startedAt: Int64 = 0

    init(
        run: MailingRun, recipient: Int, address: String, envelope: String, before: RecipientState,
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
enum Outcome {
    /// The mail system answered with an exit status or by dying of a signal.
    case answered(AttemptPolicy.Verdict, status: String, reply: String)
    /// It did not answer in time and was killed.
    case timedOut
}
