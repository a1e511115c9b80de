internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem

/// How far each recipient is, and which line of the journal said so last: eight bytes a recipient beside the table.
struct RecipientTrail {
    let table: RecipientTable
    /// Whether those count as skipped whom the journal says were: true of a mailing that has ended, while for one
    /// under way suppression is judged anew.
    private let keepsSkips: Bool
    private let now: Timestamp
    /// Where the last line about each recipient begins; -1 for none.
    private var lastLines: [Int]

    init(_ table: RecipientTable, keepsSkips: Bool, now: Timestamp) {
        self.table = table
        self.keepsSkips = keepsSkips
        self.now = now
        lastLines = Array(repeating: -1, count: table.count)
    }

    /// Takes in what a line says of the recipient at a place.
    mutating func take(_ line: JournalLine, of place: Int) {
        if place == lastLines.count { lastLines.append(-1) }
        // Whose fault a deferral is decides over the next attempt, and is not asked here.
        var deferrals = OpenDeferrals()
        Replay.apply(line, to: place, of: table, &deferrals, now: now)
        if keepsSkips, line.event == .skipped, let reason = RecipientState(word: line.texts(3)[2]) {
            table[state: place] = reason
        }
        switch line.event {
        // Both follow a deferral that says when it was and why.
        case .excused, .gaveUp: break
        default: lastLines[place] = line.offset
        }
    }

    /// The mailing goes out again to those who have not got it.
    mutating func beginAnew() {
        for place in 0..<table.count {
            table[place].beginAnew()
            if table[state: place] == .waiting { lastLines[place] = -1 }
        }
    }

    /// Where the last line about the recipient at a place begins; nil if there is none.
    func lastLine(of place: Int) -> Int? {
        lastLines[place] < 0 ? nil : lastLines[place]
    }
}
