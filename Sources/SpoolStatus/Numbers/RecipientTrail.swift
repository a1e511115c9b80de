internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem

/// How far each recipient is, and which line of the journal said so last: eight bytes a recipient beside the table.
struct RecipientTrail {
    private(set) var ledger: RecipientLedger
    /// Whether those count as skipped whom the journal says were: true of a mailing that has ended, while for one
    /// under way suppression is judged anew.
    private let keepsSkips: Bool
    private let now: Timestamp
    /// Where the last line about each recipient begins; -1 for none.
    private var lastLines: [Int]

    init(_ table: RecipientTable, keepsSkips: Bool, now: Timestamp) {
        ledger = RecipientLedger(table)
        self.keepsSkips = keepsSkips
        self.now = now
        lastLines = Array(repeating: -1, count: table.count)
    }

    var table: RecipientTable { ledger.table }

    /// Takes in what a line says of the recipient at a place.
    mutating func take(_ line: JournalLine, of place: Int) {
        guard let event = line.recipientEvent else { return }
        if place == lastLines.count { lastLines.append(-1) }
        if keepsSkips, case .skipped = event {
            ledger.apply(event, to: place, at: line.time)
        } else {
            ledger.replay(event, of: place, at: line.time, now: now)
        }
        switch event {
        // Both follow a deferral that says when it was and why.
        case .excused, .gaveUp: break
        default: lastLines[place] = line.offset
        }
    }

    /// The mailing goes out again to those who have not got it.
    mutating func beginAnew() {
        ledger.beginAnew()
        for place in 0..<table.count where table[state: place] == .waiting { lastLines[place] = -1 }
    }

    /// Where the last line about the recipient at a place begins; nil if there is none.
    func lastLine(of place: Int) -> Int? {
        lastLines[place] < 0 ? nil : lastLines[place]
    }
}
