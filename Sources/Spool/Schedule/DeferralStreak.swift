/// The deferrals of one mailing since the mail system last accepted a message of it.
///
/// Five in a row, of different recipients, are taken for a failure of the mail system and not of theirs.
/// A refusal is neither: it says something of one recipient.
struct DeferralStreak: Sendable {
    static let most = 5

    /// Different recipients, in the order of their deferrals.
    private var deferred: [Int] = []
    /// Those whose deferral was the last attempt they had, if the mail system works.
    private(set) var pending: [Int] = []

    var length: Int { deferred.count }

    /// Adds a deferral; true if the mail system is now taken to be failing.
    mutating func append(_ recipient: Int, isLastAttempt: Bool) -> Bool {
        if !deferred.contains(recipient) { deferred.append(recipient) }
        if isLastAttempt, !pending.contains(recipient) { pending.append(recipient) }
        return deferred.count >= DeferralStreak.most
    }

    /// Ends the streak and returns who was in it.
    mutating func end() -> (deferred: [Int], pending: [Int]) {
        let ended = (deferred, pending)
        deferred = []
        pending = []
        return ended
    }

    /// Takes out those who wait for judgement; their deferrals stay in the streak.
    mutating func takePending() -> [Int] {
        let taken = pending
        pending = []
        return taken
    }
}
