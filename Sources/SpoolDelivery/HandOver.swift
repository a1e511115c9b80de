internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
internal import SpoolTransport

/// A message to one recipient on its way: announced, then under way, then answered.
final class HandOver {
    let mailing: ActiveMailing
    /// The recipient's place in the list.
    let place: Int
    let message: OutgoingMessage
    /// What the recipient was before, should the announcement be taken back.
    let before: RecipientState
    /// When the first attempt that counts was made, in the tick's steady time; nil if none was answered before this.
    let firstAttempt: Timestamp?
    /// What it takes of the room that there is for messages.
    let share: MessageRoom.Share
    private var attempt: Attempt?

    init(
        _ attempt: consuming Attempt, of place: Int, in mailing: ActiveMailing, before: RecipientState,
        firstAttempt: Timestamp?, message: OutgoingMessage, share: MessageRoom.Share
    ) {
        self.attempt = consume attempt
        self.place = place
        self.mailing = mailing
        self.before = before
        self.firstAttempt = firstAttempt
        self.message = message
        self.share = share
    }

    /// Whether its intent is on the disk.
    var isDurable: Bool {
        switch attempt {
        case .some(let attempt): mailing.journal.isDurable(attempt)
        case .none: false
        }
    }

    /// Takes the announcement back: nothing was handed over.
    func withdraw(at moment: Moment) {
        guard let attempt = attempt.take() else { return }
        mailing.withdraw(attempt, of: place, to: before, at: moment)
    }

    /// Writes down what came of it.
    func conclude(_ fate: AttemptPolicy.Fate, _ answer: TransportAnswer, at moment: Moment) {
        guard let attempt = attempt.take() else { return }
        mailing.conclude(attempt, of: place, fate, answer, at: moment)
    }
}
