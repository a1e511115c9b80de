/// The deferrals of one mailing since the mail system last accepted a message of it.
///
/// Five in a row, of different recipients, stop the mailing. They are taken for the mail system's fault and
/// not the recipients', unless each of the five had been deferred on its own before: at the end of a list
/// only those are left that nobody accepts, and they must come to an end too. A refusal says something of one
/// recipient and nothing of the mail system.
struct DeferralStreak: Sendable {
    static let most = 5

    /// Recipients of earlier ticks, none of whom had been deferred before: at a slow rate a tick makes a single
    /// attempt, and the row goes over several. They count only beside others like them.
    private var carried: Set<Int>
    /// Different recipients, in the order of their deferrals.
    private(set) var deferred: [Int] = []
    /// Those whose deferral was the last attempt they had, if the mail system works.
    private(set) var pending: [Int] = []
    /// Whether somebody is among them whose earlier deferrals, if any, were all excused.
    private(set) var pointsToMailSystem = false

    var isComplete: Bool { deferred.count + carried.count >= DeferralStreak.most }
    /// Those in the row who were excused already, as the mail system was known to be failing.
    private var excused: Set<Int> = []
    /// Those who are excused if the mail system turns out to be failing.
    var excusable: [Int] { carried.sorted() + deferred.filter { !excused.contains($0) } }

    init(carried: [Int] = []) {
        self.carried = Set(carried)
    }

    mutating func append(_ recipient: Int, isLastAttempt: Bool, deferredBefore: Bool, isExcused: Bool) {
        if isExcused { excused.insert(recipient) } else { excused.remove(recipient) }
        if deferredBefore { carried = [] } else { carried.remove(recipient) }
        if !deferred.contains(recipient) { deferred.append(recipient) }
        if isLastAttempt, !isExcused, !pending.contains(recipient) { pending.append(recipient) }
        if !deferredBefore { pointsToMailSystem = true }
    }

    /// Takes out those who wait for judgement; their deferrals stay in the row.
    mutating func takePending() -> [Int] {
        let taken = pending
        pending = []
        return taken
    }
}
