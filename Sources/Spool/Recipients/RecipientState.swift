/// Where a recipient of a mailing stands.
public enum RecipientState: Hashable, Sendable {
    /// Why a recipient is never mailed.
    public enum SkipReason: Hashable, Sendable {
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
    public static let all: [RecipientState] = [
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
public struct RecipientProgress: Hashable, Sendable {
    /// Where the recipient stands.
    public var state: RecipientState
    /// Hand-overs so far, up to ``attemptLimit``.
    public var attempts: Int
    /// Those that ended with an exit status that says nothing clear, up to 7.
    public var unclearAttempts: Int
    /// Those that timed out, up to 3.
    public var timeouts: Int
    /// Whether a deferral counts against the recipient: it was not put down to the mail system, or the mail system
    /// has accepted something since.
    public var hasOwnDeferral: Bool
    /// When the first hand-over that counts was, in seconds since 1970 UTC; up to the year 2106. One that ended in a
    /// deferral by the fault of the mail system does not count.
    public var firstAttempt: UInt32?
    /// When the next is due, likewise.
    public var nextRetry: UInt32?

    /// More attempts than this are counted as this many.
    public static let attemptLimit = 0x3FFF

    /// Makes the progress of somebody who has not been tried yet.
    public init(
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
public struct RecipientCounts: Equatable, Sendable {
    private var counts: [Int]

    init() {
        counts = Array(repeating: 0, count: RecipientState.all.count)
    }

    /// The number of recipients in a state.
    public internal(set) subscript(state: RecipientState) -> Int {
        get { counts[Int(state.code)] }
        set { counts[Int(state.code)] = newValue }
    }

    /// All recipients.
    public var total: Int { counts.reduce(0, +) }
}
