/// Decides which active mailing may hand over its next message, and when.
///
/// A pure state machine: it is told what starts, stops, is handed over and ends, with the clocks at that
/// moment, and answers who is next or how long to wait. It lives for one tick under one config.json; the next
/// is built anew from the journals. Whatever is held back, by its own rate, window or failures, delays nobody
/// else; and nothing waits while something may be sent.
package struct Schedule<ID: Hashable & Sendable>: Sendable {
    /// What to do next.
    package enum Decision: Equatable, Sendable {
        /// Take the next recipient of this mailing and call ``handedOver(_:at:)`` before asking again.
        case handOver(ID)
        /// Ask again when the monotonic clock shows this (at most a minute from now), when an outcome arrives
        /// or anything else changes, and every second, since the wall clock may be set.
        case wait(until: Int64)
        /// Nothing is in flight and nothing can be sent within the next minute: the tick may end. `next` is
        /// when something could be sent, if nothing else changes; nil means never.
        case nothing(next: Timestamp?)
    }

    /// The halt of one mailing after five deferrals in a row.
    struct Stop: Sendable {
        /// By the monotonic clock.
        let until: Int64
        let isExcused: Bool
    }

    /// One mailing and how far it has come.
    struct Lane: Sendable {
        let id: ID
        var policy: MailingPolicy
        var pace: RateLimiter
        var isActive = true
        var inFlight = 0
        var streak = DeferralStreak()
        /// Set while the mailing is stopped for a failing mail system.
        var stop: Stop?
        /// What the window said last, and for which moments of the wall clock that holds.
        var windowState: (isOpen: Bool, from: Timestamp, until: Timestamp)?
    }

    /// How long a mailing is stopped before it is tried again: as long as until the next tick of cron.
    static var stopLength: Int64 { 60_000_000 }

    /// Every mailing that took part in this tick; one that left keeps its place and its pace.
    var lanes: [Lane] = []
    private var slots: [ID: Int] = [:]
    /// Whose turn it is, as places in `lanes`: the first that may send does, and goes to the end.
    private(set) var turns: [Int] = []
    var spoolPace: RateLimiter
    package let beginning: Moment
    /// When the mail system last seemed to fail by a row of deferrals, if it has accepted nothing since. In steady
    /// time.
    package internal(set) var outage: Timestamp?
    /// Something of any mailing was accepted after the last time that one was stopped.
    var acceptedSinceStop = false

    /// How many messages may be in flight at once.
    package var concurrency: Int
    /// How many messages are in flight.
    var inFlight = 0

    /// Makes the schedule of a tick, without mailings.
    ///
    /// - Parameters:
    ///   - rate: the rate of the whole spool.
    ///   - past: the hand-overs of all mailings, finished ones included.
    ///   - outage: ``outage`` as it was at the end of the last tick.
    ///   - moment: the beginning of the tick.
    package init(
        rate: Rate?, concurrency: Int, past: PastHandOvers, outage: Timestamp? = nil, at moment: Moment
    ) {
        spoolPace = RateLimiter(rate: rate, past: past, at: moment)
        self.concurrency = concurrency
        beginning = moment
        self.outage = outage
    }

    /// The schedule as another config.json wants it, in the same tick: with the paces of all mailings, which have left, and
    /// with nothing in flight.
    ///
    /// - Parameter past: the hand-overs of all mailings, finished ones included.
    package func renewed(
        rate: Rate?, concurrency: Int, past: PastHandOvers, at moment: Moment
    ) -> Schedule {
        var schedule = self
        schedule.spoolPace = RateLimiter(rate: rate, past: past, at: moment)
        schedule.concurrency = concurrency
        schedule.acceptedSinceStop = false
        return schedule
    }

    /// Whether a mailing has taken part, so that its pace is known.
    package func knows(_ id: ID) -> Bool { slots[id] != nil }

    /// The rate of the whole spool; a new one counts from the last hand-over on.
    var rate: Rate? {
        get { spoolPace.rate }
        set { spoolPace.rate = newValue }
    }

    /// The wall clock as it would be if nobody had set it since the tick began.
    ///
    /// Inside a tick, retry times are kept and compared in this time, so that setting the clock neither
    /// hurries nor holds up a retry. It equals the wall clock as long as that is not set.
    package func steadyTime(at moment: Moment) -> Timestamp {
        moment.steadyWall(since: beginning)
    }
}

extension Schedule {
    /// Takes a mailing up among those that share the deliveries.
    ///
    /// Whoever handed over longest ago, or never, has the next turn; so mailings share also a rate that leaves
    /// each tick a single message.
    ///
    /// A mailing that left in this tick and comes back goes on with the pace that it had.
    ///
    /// - Parameters:
    ///   - past: the hand-overs of this mailing in earlier ticks.
    ///   - newcomers: recipients who were deferred for the first time after the mail system last accepted
    ///     something of this mailing; they begin its row of deferrals.
    package mutating func start(
        _ id: ID, policy: MailingPolicy, past: PastHandOvers, deferred newcomers: [Int] = [],
        at moment: Moment
    ) {
        // A tick that was killed may have left a whole row.
        let streak = DeferralStreak(carried: newcomers.suffix(DeferralStreak.most - 1))
        guard let slot = slots[id] else {
            let pace = RateLimiter(rate: policy.rate, past: past, at: moment)
            slots[id] = lanes.count
            lanes.append(Lane(id: id, policy: policy, pace: pace, streak: streak))
            takeTurn(lanes.count - 1)
            return
        }
        update(id, policy: policy)
        guard !lanes[slot].isActive else { return }
        lanes[slot].isActive = true
        lanes[slot].streak = streak
        takeTurn(slot)
    }

    private mutating func takeTurn(_ slot: Int) {
        let lastTurn = lanes[slot].pace.lastTurn
        turns.insert(slot, at: turns.firstIndex { lanes[$0].pace.lastTurn > lastTurn } ?? turns.count)
    }

    /// Gives a mailing the policy of its edited document.
    mutating func update(_ id: ID, policy: MailingPolicy) {
        guard let slot = slots[id] else { return }
        lanes[slot].policy = policy
        lanes[slot].pace.rate = policy.rate
        lanes[slot].windowState = nil
    }

    /// Takes a mailing out: stopped by a person, or finished. Its messages in flight still end.
    ///
    /// Recipients whose last attempt waits for judgement stay deferred.
    package mutating func stop(_ id: ID) {
        guard let slot = slots[id] else { return }
        lanes[slot].isActive = false
        lanes[slot].streak = DeferralStreak()
        lanes[slot].stop = nil
        turns.removeAll { $0 == slot }
    }

    /// Notes that a message of a mailing is being handed over; it counts for the rates from this moment.
    package mutating func handedOver(_ id: ID, at moment: Moment) {
        guard let slot = slots[id] else { return }
        inFlight += 1
        spoolPace.record(at: moment.monotonic)
        lanes[slot].inFlight += 1
        lanes[slot].pace.record(at: moment.monotonic)
        guard let turn = turns.firstIndex(of: slot) else { return }
        turns.remove(at: turn)
        turns.append(slot)
    }

    /// Notes that the latest hand-over of a mailing was not made after all, so that rates do not count it.
    package mutating func withdrew(_ id: ID) {
        guard let slot = slots[id] else { return }
        inFlight -= 1
        spoolPace.takeBack()
        lanes[slot].inFlight -= 1
        lanes[slot].pace.takeBack()
    }

    func slot(of id: ID) -> Int? { slots[id] }
}

extension Schedule {
    /// Decides what comes next.
    ///
    /// - Parameters:
    ///   - moment: the clocks now.
    ///   - demand: what a mailing's list of recipients says; asked only of mailings that may send, or
    ///     of all when none may.
    package mutating func next(at moment: Moment, demand: (ID) -> Demand) -> Decision {
        liftStops(at: moment)
        let horizon = moment.monotonic + RateLimiter.horizon
        guard inFlight < concurrency else { return .wait(until: horizon) }
        let spoolOpens = spoolPace.earliest(at: moment.monotonic)
        if spoolOpens <= moment.monotonic {
            for slot in turns where mayHandOver(slot, at: moment) && demand(lanes[slot].id).readyNow {
                return .handOver(lanes[slot].id)
            }
        }
        return rest(at: moment, spoolOpens: spoolOpens, demand: demand)
    }

    /// How long to wait, when nobody may send.
    private mutating func rest(at moment: Moment, spoolOpens: Int64, demand: (ID) -> Demand) -> Decision {
        let horizon = moment.monotonic + RateLimiter.horizon
        var earliest = Int64.max
        var earliestOfStopped = Int64.max
        for slot in turns {
            guard
                let ready = readiness(slot, demand: demand(lanes[slot].id), notBefore: spoolOpens, at: moment)
            else { continue }
            if lanes[slot].stop == nil {
                earliest = min(earliest, ready.time)
            } else {
                earliestOfStopped = min(earliestOfStopped, ready.time)
            }
        }
        // A stopped mailing may start again in this tick, but does not keep the tick going.
        let first = min(earliest, earliestOfStopped)
        guard inFlight > 0 || earliest <= horizon else {
            return .nothing(next: first == .max ? nil : moment.wall(atMonotonic: first))
        }
        return .wait(until: max(moment.monotonic + Schedule.leastWait, min(first, horizon)))
    }

    /// So that an owner who contradicts himself cannot make the tick spin.
    private static var leastWait: Int64 { 1000 }

    private mutating func liftStops(at moment: Moment) {
        for slot in turns {
            if let stop = lanes[slot].stop, stop.until <= moment.monotonic { lanes[slot].stop = nil }
        }
    }

    /// Whether everything but the mailing's recipients and the spool's rate allows a hand-over.
    private mutating func mayHandOver(_ slot: Int, at moment: Moment) -> Bool {
        lanes[slot].stop == nil
            && !lanes[slot].policy.isLate(at: moment.wall)
            && lanes[slot].pace.earliest(at: moment.monotonic) <= moment.monotonic
            && lanes[slot].isWindowOpen(at: moment.wall)
    }
}

extension Schedule.Lane {
    /// Asked for every hand-over; the answer is kept for as long as it holds.
    mutating func isWindowOpen(at time: Timestamp) -> Bool {
        guard let window = policy.window else { return true }
        if let state = windowState, time >= state.from, time < state.until { return state.isOpen }
        let isOpen = window.isOpen(at: time, in: policy.zone)
        let end =
            isOpen
            ? window.closes(after: time, in: policy.zone)
            : window.nextOpening(after: time, in: policy.zone)
        windowState = (isOpen, time, end ?? Timestamp(milliseconds: .max))
        return isOpen
    }
}
