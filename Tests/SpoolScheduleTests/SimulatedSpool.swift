@testable import SpoolSchedule
@testable import SpoolStore
@testable import TestSupport

/// A recipient as the simulation keeps it: what a journal would know, and what the mail system thinks of it.
struct SimulatedRecipient {
    enum Kind {
        /// Accepted unless the mail system is out of order.
        case good
        case refused
        case neverNow
        case alwaysUnclear
        /// Deferred so many times, then accepted.
        case accepted(afterDeferrals: Int)
    }

    enum State: Equatable {
        case waiting, sending, inDoubt, sent, failed, late, deferred

        var hasEnded: Bool { self == .sent || self == .failed || self == .late }
    }

    let kind: Kind
    var state = State.waiting
    var made = 0
    var unclear = 0
    var hasOwnDeferral = false
    /// When the first attempt that counts was made.
    var first: KeptTime?
    var deferral: Deferral?

    /// What a deferral has come to, as the tick reckons with it and as it truly is.
    struct Deferral {
        let at: Timestamp
        var due: KeptTime
        /// By the monotonic clock.
        let begins: Int64
        let wait: Int64
        let tick: Int
        /// How often the clock had been set.
        let jumps: Int
    }
}

/// A time as a tick keeps it in memory, in its steady time, and as the journal keeps it for the next.
struct KeptTime {
    var steady: Timestamp
    let wall: Timestamp
}

struct SimulatedMailing {
    let sendAt: Timestamp
    var policy: MailingPolicy
    var recipients: [SimulatedRecipient]
    /// Moments of the monotonic clock at which a person stops it and starts it again, in turns.
    var interventions: [Int64]
    var isPaused = false
    var isStarted = false
    var isRunning = false
    /// Hand-overs by both clocks; `era` grows with every tick that cannot know the times of the last.
    var handOvers: [SimulatedHandOver] = []
    /// How often others came first while this one could send.
    var passedOver = 0
    var deferrals = OpenDeferrals()

    var hasEnded: Bool { recipients.allSatisfy(\.state.hasEnded) }

    /// Whom the tick would mail next, in doubt first, then the waiting in list order, then the deferred.
    func nextRecipient(steady: Timestamp) -> Int? {
        var waiting: Int?
        var due: (index: Int, at: Timestamp)?
        for (index, recipient) in recipients.enumerated() {
            switch recipient.state {
            case .inDoubt: return index
            case .waiting: waiting = waiting ?? index
            case .deferred:
                guard let at = recipient.deferral?.due.steady else { continue }
                if at <= steady, at < (due?.at ?? Timestamp(milliseconds: .max)) { due = (index, at) }
            case .sending, .sent, .failed, .late: break
            }
        }
        return waiting ?? due?.index
    }

    func demand(steady: Timestamp) -> Demand {
        if nextRecipient(steady: steady) != nil { return .ready }
        let retries = recipients.compactMap { $0.state == .deferred ? $0.deferral?.due.steady : nil }
        return Demand(readyNow: false, nextRetry: retries.min())
    }
}

struct SimulatedHandOver {
    let monotonic: Int64
    let wall: Timestamp
    let era: Int
}

/// Makes random spools: mailings, people, outages, kills and clocks that are set.
struct SpoolMaker {
    var random: SeededRandom
    let zones: [TimeZoneRules]
    let base: Timestamp

    mutating func mailing() -> SimulatedMailing {
        let zone = zones[random.number(0...zones.count - 1)]
        let sendAt = random.chance(0.4) ? base : base + .minutes(random.number(Int64(0)...3 * 1440))
        var policy = MailingPolicy(
            window: random.chance(0.4) ? window() : nil, zone: zone,
            rate: random.chance(0.5) ? rate() : nil)
        if random.chance(0.3) {
            let most = random.chance(0.5) ? Int64(60) : 5 * 1440
            policy.sendUntil = sendAt + .milliseconds(random.number(Int64(1000)...most * 60_000))
        }
        let recipients = (0..<random.number(1...30)).map { _ in SimulatedRecipient(kind: kind()) }
        var interventions: [Int64] = []
        if random.chance(0.2) {
            let first = random.number(Int64(0)...4 * 86_400_000_000)
            interventions = [first, first + random.number(Int64(1)...7_200_000_000)]
        }
        return SimulatedMailing(
            sendAt: sendAt, policy: policy, recipients: recipients, interventions: interventions)
    }

    mutating func kind() -> SimulatedRecipient.Kind {
        switch random.number(0...19) {
        case 0: .refused
        case 1: .neverNow
        case 2: .alwaysUnclear
        case 3: .accepted(afterDeferrals: random.number(1...3))
        default: .good
        }
    }

    mutating func rate() -> Rate {
        switch random.number(0...3) {
        case 0: Rate(count: random.number(1...20), per: .second)
        case 1: Rate(count: random.number(1...120), per: .minute)
        case 2: Rate(count: random.number(1...900), per: .hour)
        default: Rate(count: random.number(1...40), per: .day)
        }
    }

    mutating func window() -> DeliveryWindow? {
        let hour = { (half: Int) in
            (half < 20 ? "0\(half / 2)" : "\(half / 2)") + (half % 2 == 0 ? ":00" : ":30")
        }
        let days = Weekday.allCases.map(\.rawValue).filter { _ in random.chance(0.7) }
        return try? DeliveryWindow(
            from: hour(random.number(0...47)), until: hour(random.number(0...48)),
            days: days.isEmpty ? nil : days)
    }
}
