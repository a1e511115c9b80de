package import SpoolMailing
package import SpoolSchedule

/// How far everybody of a list is, and whose fault the deferrals are: it changes alike when things happen and when they
/// are read again.
package struct RecipientLedger {
    /// The list's, with the progress of each.
    package let table: RecipientTable
    /// Deferrals that may be the mail system's fault.
    package private(set) var deferrals = OpenDeferrals()

    /// A ledger in which nothing has happened yet but what the table says.
    package init(_ table: RecipientTable) { self.table = table }

    /// Takes in what has happened to the recipient at a place; see ``RecipientProgress/apply(_:at:skew:)``.
    package mutating func apply(
        _ event: RecipientEvent, to place: Int, at time: Timestamp, skew: Interval = .zero
    ) {
        var progress = table[place]
        switch event {
        case .deferred(_, let kind, _, _):
            deferrals.deferred(place, kind, isFirst: !progress.hasOwnDeferral)
        case .excused: deferrals.excuse(place, at: time)
        case .failed, .gaveUp: deferrals.ended(place)
        case .attempt, .sent, .inDoubt, .withdrew, .resolved, .skipped: break
        }
        progress.apply(event, at: time, skew: skew)
        table[place] = progress
    }

    /// Something of the mailing was accepted, of whomever: the mail system works.
    package mutating func accepted() {
        for place in deferrals.accepted() { table[place].hasOwnDeferral = true }
    }

    /// Something of another mailing was accepted.
    package mutating func accepted(elsewhere time: Timestamp) {
        for place in deferrals.accepted(elsewhere: time) { table[place].hasOwnDeferral = true }
    }

    /// The mailing goes out again to those who have not got it.
    package mutating func beginAnew() {
        for place in 0..<table.count { table[place].beginAnew() }
        deferrals = OpenDeferrals()
    }
}
