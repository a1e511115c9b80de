internal import SpoolMail
package import SpoolMailing
package import SpoolSchedule
package import SpoolSystem

/// Brings what a journal says into a list of recipients.
///
/// Progress belongs to the address: an event of somebody who is no longer on the list changes nothing but the number
/// of former recipients who got the mailing.
package struct Replay {
    package let list: RecipientList
    /// How far everybody is.
    package private(set) var ledger: RecipientLedger
    /// How the mailing stands, with counts of the list as it is now.
    package private(set) var history = MailingHistory()
    /// Where the last sound line ends.
    package private(set) var soundLength = 0
    /// The hand-overs of the last day, for the rates.
    package private(set) var past: PastHandOvers

    /// What a journal says that was read into its list before, and what has been added to both since.
    ///
    /// - Parameters:
    ///   - history: with counts of the list as it is now.
    ///   - soundLength: where the last line ends.
    package init(
        _ ledger: RecipientLedger, of list: RecipientList, _ history: MailingHistory, soundLength: Int,
        now: Timestamp
    ) {
        self.list = list
        self.ledger = ledger
        self.history = history
        self.soundLength = soundLength
        past = PastHandOvers(now: now)
    }

    /// Reads the whole journal, line by line.
    package init(_ file: File?, into list: RecipientList, now: Timestamp) throws(SystemError) {
        self.list = list
        ledger = RecipientLedger(list.table)
        past = PastHandOvers(now: now)
        var formerSent = 0
        if let file {
            var (ledger, history, past) = (ledger, history, past)
            soundLength = try JournalReader(file: file).forEachLine { line in
                guard let address = line.address else {
                    guard let entry = line.entry else { return }
                    if entry == .reopened(.again) { ledger.beginAnew() }
                    history.apply(entry, at: line.time)
                    return
                }
                guard let event = line.recipientEvent else { return }
                let time = line.time
                history.note(event, at: time)
                switch event {
                case .attempt: past.record(time)
                case .withdrew: past.takeBack()
                case .sent: ledger.accepted()
                default: break
                }
                if let place = list.find(address) {
                    ledger.replay(event, of: place, at: time, now: now)
                } else if case .sent? = event.transition?.to {
                    formerSent += 1
                }
            }
            (self.ledger, self.history, self.past) = (ledger, history, past)
        }
        history.counts = list.counts
        history.counts.formerSent = formerSent
    }
}

extension RecipientLedger {
    /// Takes in an event as it stands in a journal.
    package mutating func replay(_ event: RecipientEvent, of place: Int, at time: Timestamp, now: Timestamp) {
        switch event {
        // Suppression is judged anew by the list as it is now; who was too late stays so.
        case .skipped(_, .suppressed): return
        case .deferred(let until, let kind, let status, let reply):
            let due = Backoff.due(at: until, deferredAt: time, now: now)
            apply(.deferred(until: due, kind, status: status, reply: reply), to: place, at: time)
        default: apply(event, to: place, at: time)
        }
    }
}

extension RecipientList {
    /// The normalised address at a place, for a journal's line; read anew.
    package func address(at place: Int) -> String {
        (try? recipient(at: place))?.address.normalized ?? "?"
    }

    /// The numbers of the list with its progress.
    package var counts: MailingCounts {
        var counts = MailingCounts()
        for state in RecipientState.all { counts[state] = table.counts[state] }
        counts.duplicate = summary.duplicates
        counts.invalid = summary.invalid
        return counts
    }
}
