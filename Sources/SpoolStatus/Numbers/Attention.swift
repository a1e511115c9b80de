internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStatistics
internal import SpoolStore
import SpoolSystem

/// Something that will not become well without a person.
enum AttentionItem: Equatable, Sendable {
    /// No tick has looked at the spool since it was made.
    case neverTicked
    /// No tick has looked for more than five minutes.
    case noTick(since: Timestamp)
    /// A tick is running, and has not looked for more than five minutes.
    case hangingTick(since: Timestamp)
    /// Something of the spool as a whole that the last tick has said: config.json, suppressed.txt.
    case complaint(String)
    /// The mail system accepts nothing.
    case refusal(TickSnapshot.Refusal)
    /// An error keeps a mailing from being sent.
    case error(mailing: String, Diagnostic)
    /// Recipients in doubt wait for a person.
    case held(mailing: String, count: Int)
    /// The report on a mailing is in doubt and waits for a person.
    case heldReport(mailing: String)
    /// The document of an unfinished mailing is in no folder.
    case gone(mailing: String, MailingCounts)
    /// An active mailing has neither gone on nor said why for more than fifteen minutes.
    case standstill(mailing: String, since: Timestamp)
}

/// What in a spool needs a person.
extension SpoolStatus {
    /// After so long without a look of a tick, cron is not running it.
    static let longestSilence = Interval.minutes(5)
    /// After so long without progress and without a reason, something hangs.
    static let longestStandstill = Interval.minutes(15)

    /// What is wrong with the spool as a whole.
    var attention: [AttentionItem] {
        var items: [AttentionItem] = []
        if let silence { items.append(silence) }
        items += complaints.map(AttentionItem.complaint)
        if let refusal { items.append(.refusal(refusal)) }
        return items
    }

    /// No tick has looked for a while.
    private var silence: AttentionItem? {
        guard at - (lastTick ?? madeAt) > SpoolStatus.longestSilence else { return nil }
        guard let lastTick else { return isTicking ? .hangingTick(since: madeAt) : .neverTicked }
        return isTicking ? .hangingTick(since: lastTick) : .noTick(since: lastTick)
    }

    /// What is wrong with one mailing.
    ///
    /// - Parameter held: how many of its recipients wait in doubt for a person.
    func attention(about mailing: MailingStatus, held: Int) -> [AttentionItem] {
        var items = mailing.errors.map { AttentionItem.error(mailing: mailing.name, $0) }
        if held > 0 { items.append(.held(mailing: mailing.name, count: held)) }
        if mailing.isReportHeld { items.append(.heldReport(mailing: mailing.name)) }
        if mailing.state == .gone, !mailing.isContested {
            items.append(.gone(mailing: mailing.name, mailing.counts ?? MailingCounts()))
        }
        // Where no tick looks, nothing can be expected to happen, and that is said already.
        if silence == nil, let since = standstill(of: mailing) {
            items.append(.standstill(mailing: mailing.name, since: since))
        }
        return items
    }

    private func standstill(of mailing: MailingStatus) -> Timestamp? {
        guard mailing.state == .active, mailing.errors.isEmpty, mailing.waitingFor == nil,
            mailing.counts.map({ $0.left > 0 }) ?? true, let last = mailing.lastProgress,
            at - last > SpoolStatus.longestStandstill
        else { return nil }
        return last
    }
}

extension MailingStatus {
    /// Recipients in doubt of an unfinished mailing, whoever settles it.
    var unsettled: Int { state == .done ? 0 : counts?.inDoubt ?? 0 }

    /// How many recipients in doubt wait for a person, as far as that can be said without the journal.
    func heldAtFirstSight(holdsInDoubt: Bool) -> Int {
        holdsInDoubt || waitingFor == .person ? unsettled : 0
    }

    /// How many recipients in doubt wait for a person: all, where config.json says so or the mailing waits for nothing
    /// else; otherwise those whose hand-over hung twice, by what the journal says.
    func held(holdsInDoubt: Bool, _ details: MailingDetails) -> Int {
        if state == .done { return 0 }
        let hung = details.inDoubt.count { $0.timeouts >= RecipientProgress.mostTimeouts }
        return max(hung, heldAtFirstSight(holdsInDoubt: holdsInDoubt))
    }
}
