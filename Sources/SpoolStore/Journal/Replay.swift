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
    /// How the mailing stands, with counts of the list as it is now.
    package private(set) var history = MailingHistory()
    /// Where the last sound line ends.
    package private(set) var soundLength = 0
    /// The hand-overs of the last day, for the rates.
    package private(set) var past: PastHandOvers
    /// Deferrals that may be the mail system's fault.
    package private(set) var deferrals = OpenDeferrals()

    /// Reads the whole journal, line by line.
    package init(_ file: File?, into list: RecipientList, now: Timestamp) throws(SystemError) {
        self.list = list
        past = PastHandOvers(now: now)
        let table = list.table
        var history = MailingHistory()
        var past = past
        var deferrals = OpenDeferrals()
        var formerSent = 0
        guard let file else {
            self.history.counts = list.counts
            return
        }
        soundLength = try JournalReader(file: file).forEachLine { line in
            guard line.event.isAboutRecipient else {
                if line.event == .reopened, Reopening(field: line.texts(1)[0]) == .again {
                    for index in 0..<table.count { table[index].beginAnew() }
                    deferrals = OpenDeferrals()
                }
                history.read(line)
                return
            }
            if line.event == .attempt {
                history.handOver(at: line.time)
                past.record(line.time)
            } else if line.event == .withdrew {
                past.takeBack()
                history.withdrawHandOver()
            } else if line.event == .sent {
                history.lastAccepted = line.time
                for index in deferrals.accepted() { table[index].hasOwnDeferral = true }
            }
            guard let index = list.find(line.address) else {
                if line.event == .sent || (line.event == .resolved && line.texts(2)[1] == "sent") {
                    formerSent += 1
                }
                return
            }
            Replay.apply(line, to: index, of: table, &deferrals, now: now)
        }
        self.history = history
        self.past = past
        self.deferrals = deferrals
        self.history.counts = list.counts
        self.history.counts.formerSent = formerSent
    }

    /// Brings one event into the progress of the recipient whom it is about.
    package static func apply(
        _ line: JournalLine, to index: Int, of table: RecipientTable, _ deferrals: inout OpenDeferrals,
        now: Timestamp
    ) {
        switch line.event {
        case .attempt: table[index].beginAttempt(at: line.time)
        case .sent: table[state: index] = .sent
        case .deferred:
            let texts = line.texts(4)
            let isUnclear = texts[2] == "unclear"
            deferrals.deferred(index, isUnclear: isUnclear, isFirst: !table[index].hasOwnDeferral)
            table[index].deferred(
                until: Backoff.due(
                    at: Timestamp(text: texts[1]) ?? line.time, deferredAt: line.time, now: now),
                isUnclear: isUnclear)
        case .failed, .gaveUp:
            table[state: index] = .failed
            deferrals.ended(index)
        case .inDoubt:
            let texts = line.texts(3)
            table[index].doubted(
                until: Timestamp(text: texts[1]) ?? line.time, isTimeout: texts[2] == "timeout")
        case .withdrew:
            table[index].takeBackAttempt(to: RecipientState(word: line.texts(2)[1]) ?? .waiting)
        case .excused:
            let texts = line.texts(3)
            _ = deferrals.excuse(index, at: line.time)
            table[index].excused(isUnclear: texts[1] == "unclear", isFirst: texts[2] == "first")
        case .resolved: table[index].resolved(asSent: line.texts(2)[1] == "sent", at: line.time)
        case .skipped:
            // Suppression is judged anew by the list as it is now; who was too late stays so.
            if line.texts(3)[2] == "late" { table[state: index] = .skipped(.late) }
        case .opened, .document, .revision, .about, .counts, .closed, .reopened, .report: break
        }
    }
}

extension RecipientList {
    /// The place of a normalised address in a journal's line.
    package func find(_ address: UnsafeRawBufferPointer) -> Int? {
        table.find(AddressHash(address)) { place in
            (try? recipient(at: place))?.address.normalized.utf8.elementsEqual(address) ?? false
        }
    }

    /// The normalised address at a place, for a journal's line; read anew.
    package func address(at place: Int) -> String {
        (try? recipient(at: place))?.address.normalized ?? "?"
    }

    /// The numbers of the list with its progress.
    package var counts: MailingCounts {
        var counts = MailingCounts()
        counts.waiting = table.counts[.waiting]
        counts.sending = table.counts[.sending]
        counts.inDoubt = table.counts[.inDoubt]
        counts.sent = table.counts[.sent]
        counts.deferred = table.counts[.deferred]
        counts.failed = table.counts[.failed]
        counts.suppressed = table.counts[.skipped(.suppressed)]
        counts.late = table.counts[.skipped(.late)]
        counts.duplicate = summary.duplicates
        counts.invalid = summary.invalid
        return counts
    }
}
