internal import SpoolSystem

/// Brings what a journal says into a list of recipients.
///
/// Progress belongs to the address: an event of somebody who is no longer on the list changes nothing but the number
/// of former recipients who got the mailing.
struct Replay {
    /// How the mailing stands, with counts of the list as it is now.
    private(set) var history = MailingHistory()
    /// Where the last sound line ends.
    private(set) var soundLength = 0
    /// The hand-overs of the last day, for the rates.
    private(set) var past: PastHandOvers
    private var formerSent = 0

    /// Reads the whole journal, line by line.
    init(_ file: File, into list: RecipientList, now: Timestamp) throws(SystemError) {
        past = PastHandOvers(now: now)
        let table = list.table
        var history = MailingHistory()
        var past = past
        var formerSent = 0
        soundLength = try JournalReader(file: file).forEachLine { line in
            guard line.event.isAboutRecipient else {
                if line.event == .reopened { Replay.reopen(table) }
                history.read(line)
                return
            }
            if line.event == .attempt {
                history.lastHandOver = line.time
                past.record(line.time)
            }
            guard let index = table.find(line.address) else {
                if line.event == .sent || (line.event == .resolved && line.texts(2)[1] == "sent") {
                    formerSent += 1
                }
                return
            }
            Replay.apply(line, to: index, of: table)
        }
        self.history = history
        self.past = past
        self.history.counts = list.counts
        self.history.counts.formerSent = formerSent
    }

    private static func apply(_ line: JournalLine, to index: Int, of table: RecipientTable) {
        switch line.event {
        case .attempt:
            _ = table.beginAttempt(index, at: line.time)
            table.setState(index, .sending)
        case .sent: table.setState(index, .sent)
        case .deferred:
            let texts = line.texts(4)
            table.setState(index, .deferred)
            table.setNextAttempt(index, Timestamp(text: texts[1]) ?? line.time)
            if texts[2] == "unclear" { table.countUnclear(index, by: 1) }
        case .failed, .gaveUp: table.setState(index, .failed)
        case .inDoubt:
            let texts = line.texts(3)
            table.setState(index, .inDoubt)
            table.setNextAttempt(index, Timestamp(text: texts[1]) ?? line.time)
            if texts[2] == "timeout" { table.countTimeout(index) }
        case .withdrew:
            table.takeBackAttempt(index)
            table.setState(index, RecipientState(word: line.texts(2)[1]) ?? .waiting)
        case .excused: table.countUnclear(index, by: -1)
        case .resolved:
            if line.texts(2)[1] == "sent" {
                table.setState(index, .sent)
            } else {
                table.setState(index, .deferred)
                table.setNextAttempt(index, line.time)
            }
        case .skipped:
            // Suppression is judged anew by the list as it is now; who was too late stays so.
            if line.texts(3)[2] == "late" { table.setState(index, .skipped(.late)) }
        case .opened, .document, .revision, .about, .counts, .closed, .reopened: break
        }
    }

    /// A mailing that comes back from `done/` goes to whoever has not got it.
    private static func reopen(_ table: RecipientTable) {
        for index in 0..<table.count {
            switch table.state(of: index) {
            case .failed, .skipped(.late): table.beginAnew(index)
            case .waiting, .sending, .inDoubt, .sent, .deferred, .skipped(.suppressed): break
            }
        }
    }
}

extension Timestamp {
    /// Reads RFC 3339.
    init?(text: String) {
        var text = text
        guard let time = text.withUTF8({ Timestamp(rfc3339: UnsafeRawBufferPointer($0)) }) else { return nil }
        self = time
    }
}
