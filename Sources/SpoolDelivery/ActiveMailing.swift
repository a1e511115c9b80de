package import SpoolMailing
package import SpoolSchedule
package import SpoolStore
package import SpoolSystem
package import SpoolTransport

/// One mailing that a tick delivers: its valid content, its recipients with what has become of them, the end of its
/// journal, and who is next.
///
/// Every event of a recipient goes through ``take(_:of:at:)`` into table and numbers, and beside it into the journal,
/// so that all three say the same.
package final class ActiveMailing {
    /// The document as it was when its content was read; nothing is handed over once it is another.
    package let document: FoundDocument
    package let mailing: Mailing
    package let list: RecipientList
    package let journal: JournalWriter
    let attachments: AttachmentSupply
    private(set) var queue: RecipientQueue
    /// Recipients in doubt who wait for a person.
    private(set) var held = 0
    /// Set when the document was edited, moved or found wrong: what is in flight still ends, nothing further begins.
    package var isEnding = false
    /// Why the mailing cannot go on; found only when a message was made.
    package var problem: Diagnostic?
    /// What the machine lacked when something of it was last to be handed over; nil once that has worked again.
    package private(set) var shortage: SystemError?
    /// Begins nothing further until the next look, for that reason.
    private(set) var isHeldBack = false
    /// Whether anything of it was handed over in this tick.
    private(set) var hasBegun = false
    /// When something was last announced, by the monotonic clock.
    private(set) var lastUse = Int64.min
    /// Bytes of the message that was made last; the next one will hardly be much larger.
    var messageSize = 0
    /// When messages were accepted, for the rate of the last minute.
    package var acceptances = RecentAcceptances()

    private let holdsInDoubt: Bool
    /// When the tick began: the table and the queue keep its steady time, the journal the clock on the wall.
    private let beginning: Moment
    private var ledger: RecipientLedger
    /// All of the history but the numbers, which are the list's.
    private var past: MailingHistory
    private var linesSinceCounts = 0

    private var table: RecipientTable { list.table }

    /// How many lines a reader of the tail may have to go through.
    private static let linesBetweenCounts = 1000

    /// Takes up a mailing whose journal has been replayed into its list.
    ///
    /// Whoever was being handed over when the last tick was killed is in doubt from here on.
    package init(
        _ replay: Replay, history: MailingHistory, document: FoundDocument, mailing: Mailing,
        journal: JournalWriter, attachments: AttachmentSupply, holdsInDoubt: Bool,
        tickBegan beginning: Moment,
        at moment: Moment
    ) {
        list = replay.list
        ledger = replay.ledger
        past = history
        self.document = document
        self.mailing = mailing
        self.journal = journal
        self.attachments = attachments
        self.holdsInDoubt = holdsInDoubt
        self.beginning = beginning
        queue = RecipientQueue(count: replay.list.table.count)
        let skew = skew(at: moment)
        for place in 0..<table.count {
            if skew != .zero { table[place].shift(by: skew) }
            if let doubt = table[place].doubtAfterKill(at: moment.wall) {
                record(doubt, of: place, list.address(at: place), at: moment)
            }
            switch table[state: place] {
            case .inDoubt: queueInDoubt(place, at: table[place].nextAttempt)
            case .deferred: queue.retry(place, at: table[place].nextAttempt)
            case .waiting, .sending, .sent, .failed, .skipped: break
            }
        }
    }

    package var name: FileName { document.name }

    /// The mailing's random id.
    var id: String { past.mailing }

    private func queueInDoubt(_ place: Int, at time: Timestamp) {
        if table[place].isHeld(holdsInDoubt: holdsInDoubt) {
            held += 1
        } else if table[place].timeouts > 0 {
            queue.retry(place, at: time)
        } else {
            queue.resend(place)
        }
    }

    // MARK: How it stands

    /// What the journal says of the mailing, with the numbers of this moment.
    package var history: MailingHistory {
        var history = past
        history.counts = list.counts
        history.counts.formerSent = past.counts.formerSent
        return history
    }

    /// What the journal and the list say together of a mailing that has left the delivery, so that it can be taken up again
    /// in this tick without their being read again. The hand-overs are not in it: the schedule has its pace.
    package func replay(at moment: Moment) -> Replay {
        // Back to the clock on the wall, as a journal has it.
        let back = moment.wall - moment.steadyWall(since: beginning)
        if back != .zero { for place in 0..<table.count { table[place].shift(by: back) } }
        return Replay(ledger, of: list, history, soundLength: journal.soundLength, now: moment.wall)
    }

    /// How many messages are in flight, or announced.
    package var inFlight: Int { table.counts[.sending] }

    /// How many recipients have not ended.
    package var left: Int {
        table.counts[.waiting] + table.counts[.sending] + table.counts[.inDoubt] + table.counts[.deferred]
    }

    /// Whether all who are left wait for a person.
    package var waitsForPerson: Bool { held > 0 && left == held }

    // MARK: Who is next

    /// Who is to be mailed, for the schedule.
    func demand(at now: Timestamp) -> Demand {
        if isEnding { return .none }
        if queue.isReady(at: now, { table[state: $0] == .waiting }) { return .ready }
        return Demand(readyNow: false, nextRetry: queue.nextRetry)
    }

    /// Takes the next recipient from the queue.
    func takeNext(at now: Timestamp) -> Int? {
        queue.next(at: now) { table[state: $0] == .waiting }
    }

    /// Puts a recipient back who was taken from the queue and not announced.
    func putBack(_ place: Int, from state: RecipientState, at moment: Moment) {
        queue.putBack(place, from: state, at: moment.steadyWall(since: beginning))
    }

    /// When the last of the deferred recipients is due, in the tick's steady time.
    var lastRetry: Timestamp? { queue.lastRetry }

    /// Recipients whose first deferral came after something of the mailing was last accepted.
    var newcomers: [Int] { ledger.deferrals.newcomers }

    // MARK: Attempts

    /// Announces a hand-over; it may begin once the journal is synchronised.
    func announce(_ place: Int, _ address: String, at moment: Moment) -> Attempt {
        let (number, state) = (table[place].attempts + 1, table[state: place])
        take(.attempt(number: number, from: state), of: place, at: moment)
        let attempt = journal.announce(.recipient(address), number: number, from: state, at: moment.wall)
        addCountsIfDue(at: moment.wall)
        lastUse = moment.monotonic
        return attempt
    }

    /// A message of it has left.
    func noteHandOver() {
        hasBegun = true
        shortage = nil
    }

    // MARK: What it takes of the machine

    /// Begins nothing further until ``retry()``: the machine has not what it takes.
    func holdBack(for shortage: SystemError) {
        self.shortage = shortage
        isHeldBack = true
    }

    /// Whether nothing is known to be missing that a hand-over needs.
    var isSupplied: Bool { !isHeldBack && !attachments.isUnderWay }

    /// About how many bytes the next message has.
    var expectedSize: Int { max(messageSize, attachments.size) }

    /// Tries again what it was held back for.
    func retry() { isHeldBack = false }

    /// Lets go of what only hand-overs need, if none has been for a while.
    ///
    /// - Parameter interval: in microseconds.
    func rest(after interval: Int64, at moment: Moment) throws(SystemError) {
        guard inFlight == 0, lastUse <= moment.monotonic - interval else { return }
        attachments.drop()
        list.rest()
        try journal.rest()
    }

    /// Takes an announcement back: nothing was handed over.
    func withdraw(
        _ attempt: consuming Attempt, of place: Int, to state: RecipientState, at moment: Moment
    ) {
        conclude(attempt, .withdrew(to: state), of: place, at: moment)
        putBack(place, from: state, at: moment)
    }

    /// What an attempt that has been answered makes of its recipient.
    ///
    /// - Parameter first: when the first attempt that counts was made; nil if none was answered before.
    func fate(
        of verdict: AttemptPolicy.Verdict, _ place: Int, first: Timestamp?, at moment: Moment, random: Double
    ) -> AttemptPolicy.Fate {
        let progress = table[place]
        let attempts = AttemptPolicy.Attempts(
            made: progress.attempts, unclear: progress.unclearAttempts + (verdict == .unclear ? 1 : 0),
            first: first)
        return mailing.timing.attempts.fate(
            of: verdict, attempts: attempts, at: moment.steadyWall(since: beginning), random: random)
    }

    /// Writes down what came of an attempt.
    func conclude(
        _ attempt: consuming Attempt, of place: Int, _ fate: AttemptPolicy.Fate, _ answer: TransportAnswer,
        at moment: Moment
    ) {
        // The fate is in the tick's steady time, the journal in that of the clock on the wall.
        let skew = skew(at: moment)
        switch fate {
        case .sent:
            acceptances.add(moment.monotonic)
            queue.accepted()
            ledger.accepted()
            conclude(attempt, .sent(reply: answer.reply), of: place, at: moment)
        case .failed:
            conclude(attempt, .failed(status: answer.status, reply: answer.reply), of: place, at: moment)
        case .deferred(let until), .wouldFail(let until):
            queue.retry(place, at: until)
            let kind: RecipientEvent.DeferralKind = answer.verdict == .unclear ? .unclear : .notNow
            conclude(
                attempt, .deferred(until: until - skew, kind, status: answer.status, reply: answer.reply),
                of: place, at: moment)
        case .inDoubt(let until):
            conclude(attempt, .inDoubt(until: until - skew, .timeout), of: place, at: moment)
            queueInDoubt(place, at: until)
        }
    }

    private func conclude(
        _ attempt: consuming Attempt, _ event: RecipientEvent, of place: Int, at moment: Moment
    ) {
        take(event, of: place, at: moment)
        journal.conclude(attempt, event, at: moment.wall)
        addCountsIfDue(at: moment.wall)
    }

    // MARK: What happens to a recipient otherwise

    /// Passes a recipient over for good.
    func skip(_ place: Int, _ address: String, _ reason: RecipientState.SkipReason, at moment: Moment) {
        record(.skipped(from: table[state: place], reason), of: place, address, at: moment)
    }

    /// Passes everybody over who has not ended: it is too late to mail them.
    package func skipLate(at moment: Moment) {
        for place in 0..<table.count {
            switch table[state: place] {
            case .waiting, .deferred, .inDoubt: skip(place, list.address(at: place), .late, at: moment)
            case .sending, .sent, .failed, .skipped: break
            }
        }
        held = 0
    }

    /// Notes that the mail system has accepted something of another mailing: it works.
    package func accepted(elsewhere time: Timestamp) { ledger.accepted(elsewhere: time) }

    /// Whether a deferral of a recipient counts against it.
    func hasOwnDeferral(_ place: Int) -> Bool { table[place].hasOwnDeferral }

    /// Notes that a deferral was the mail system's fault.
    func excuse(_ place: Int, at moment: Moment) {
        switch table[state: place] {
        case .deferred, .sending:
            record(ledger.deferrals.excuse(of: place), of: place, list.address(at: place), at: moment)
        // It has ended in another way since.
        case .waiting, .inDoubt, .sent, .failed, .skipped: return
        }
    }

    /// Ends a deferred recipient: the last attempt that it had has been made.
    ///
    /// Whoever has been tried again since, or was too late, has another fate.
    func giveUp(_ place: Int, at moment: Moment) {
        guard table[state: place] == .deferred else { return }
        queue.cancelRetry(place)
        record(.gaveUp, of: place, list.address(at: place), at: moment)
    }

    private func record(_ event: RecipientEvent, of place: Int, _ address: String, at moment: Moment) {
        take(event, of: place, at: moment)
        journal.add(.recipient(address, event), at: moment.wall)
        addCountsIfDue(at: moment.wall)
    }

    private func take(_ event: RecipientEvent, of place: Int, at moment: Moment) {
        ledger.apply(event, to: place, at: moment.wall, skew: skew(at: moment))
        past.note(event, at: moment.wall)
    }

    /// What the tick's steady time is ahead of the clock on the wall: nothing, unless somebody has set it.
    private func skew(at moment: Moment) -> Interval { moment.steadyWall(since: beginning) - moment.wall }

    // MARK: The mailing as a whole

    /// Takes in what happens to the mailing as a whole, and writes it down.
    package func record(_ entry: JournalEntry, at now: Timestamp) {
        journal.record(entry, in: &past, at: now)
    }

    private func addCountsIfDue(at now: Timestamp) {
        linesSinceCounts += 1
        if linesSinceCounts >= ActiveMailing.linesBetweenCounts { writeCounts(at: now) }
    }

    /// Adds the numbers to the journal, so that a reader of its tail need not go further back.
    package func writeCounts(at now: Timestamp) {
        linesSinceCounts = 0
        journal.add(.counts(history), at: now)
    }

    /// Adds the numbers if any line came since they were last written.
    package func writeCountsIfChanged(at now: Timestamp) {
        if linesSinceCounts > 0 { writeCounts(at: now) }
    }

    /// Ends the mailing: every recipient has ended.
    package func finish(at now: Timestamp) {
        var history = history
        journal.close(&history, as: .finished, report: CompletionReportOrder(mailing), at: now)
        past = history
        linesSinceCounts = 0
    }
}
