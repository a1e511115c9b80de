/// Where a recipient of a mailing stands.
package enum RecipientState: Hashable, Sendable {
    /// Why a recipient is never mailed.
    package enum SkipReason: Hashable, Sendable {
        /// The address is in `suppressed.txt`.
        case suppressed
        /// `sendUntil` has passed.
        case late
    }

    /// Not tried yet.
    case waiting
    /// Handed over at this moment.
    case sending
    /// Handed over, outcome unknown.
    case inDoubt
    /// Accepted by the mail system.
    case sent
    /// To be tried again.
    case deferred
    /// Refused, or given up.
    case failed
    /// Never to be mailed.
    case skipped(SkipReason)

    /// All states there are.
    package static let all: [RecipientState] = [
        .waiting, .sending, .inDoubt, .sent, .deferred, .failed, .skipped(.suppressed), .skipped(.late),
    ]

    /// The state's place in ``all``.
    var code: UInt64 {
        switch self {
        case .waiting: 0
        case .sending: 1
        case .inDoubt: 2
        case .sent: 3
        case .deferred: 4
        case .failed: 5
        case .skipped(.suppressed): 6
        case .skipped(.late): 7
        }
    }
}

/// What is known of the attempts to mail one recipient.
package struct RecipientProgress: Hashable, Sendable {
    /// Where the recipient stands.
    package var state: RecipientState
    /// Hand-overs so far, up to ``attemptLimit``.
    package var attempts: Int
    /// Those that ended with an exit status that says nothing clear, up to 7.
    package var unclearAttempts: Int
    /// Those that timed out, up to 3.
    package var timeouts: Int
    /// Whether a deferral counts against the recipient: it was not put down to the mail system, or the mail system
    /// has accepted something since.
    package var hasOwnDeferral: Bool
    /// When the first hand-over that counts was, in seconds since 1970 UTC; up to the year 2106. One that ended in a
    /// deferral by the fault of the mail system does not count.
    package var firstAttempt: UInt32?
    /// When the next is due, likewise.
    package var nextRetry: UInt32?

    /// More attempts than this are counted as this many.
    static let attemptLimit = 0x3FFF

    /// Makes the progress of somebody who has not been tried yet.
    package init(
        state: RecipientState = .waiting, attempts: Int = 0, unclearAttempts: Int = 0, timeouts: Int = 0,
        hasOwnDeferral: Bool = false, firstAttempt: UInt32? = nil, nextRetry: UInt32? = nil
    ) {
        self.state = state
        self.attempts = attempts
        self.unclearAttempts = unclearAttempts
        self.timeouts = timeouts
        self.hasOwnDeferral = hasOwnDeferral
        self.firstAttempt = firstAttempt
        self.nextRetry = nextRetry
    }
}

/// How many recipients are in each state.
package struct RecipientCounts: Equatable, Sendable {
    private var counts: [Int]

    init() {
        counts = Array(repeating: 0, count: RecipientState.all.count)
    }

    /// The number of recipients in a state.
    package internal(set) subscript(state: RecipientState) -> Int {
        get { counts[Int(state.code)] }
        set { counts[Int(state.code)] = newValue }
    }
}
