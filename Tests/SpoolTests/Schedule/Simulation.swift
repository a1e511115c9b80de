@testable import Spool

/// Weeks of a random spool in milliseconds: cron's ticks, the mail system, people, kills and set clocks.
///
/// It plays the owner of the schedule as a tick would, and at every decision compares it with rules that are
/// worked out anew, naively, from all that has happened. `violations` says what was wrong.
struct Simulation {
    private(set) var violations: [String] = []
    private(set) var messages = 0
    private(set) var decisions = 0
    private(set) var simulated: Int64 = 0

    private var random: SeededRandom
    private var mailings: [SimulatedMailing]
    private let spoolRate: Rate?
    private let concurrency: Int
    private let attempts: AttemptPolicy
    private let outage: Range<Int64>
    private let usesUnclear: Bool

    private var now: Int64 = 0
    private var skew: Int64 = 0
    private let base: Timestamp
    /// When the wall clock is set, and by how many milliseconds.
    private var jumps: [(at: Int64, by: Int64)]
    private var hasJumped = false
    private var era = 0
    private var tickBegan: Int64 = 0
    private var killAt = Int64.max
    private var isOutageKnown = false
    private var spoolHandOvers: [SimulatedHandOver] = []
    private var flights: [(mailing: Int, recipient: Int, ends: Int64)] = []
    private var schedule: Schedule<Int>

    init(seed: UInt64, zones: [TimeZoneRules]) {
        var random = SeededRandom(seed: seed)
        // Within a fortnight of a change of the clocks, more often than not.
        let changes: [Int64] = [1_792_886_400, 1_774_742_400, 1_793_512_800, 1_806_192_000]
        let change = changes[random.number(0...3)]
        base = Timestamp(seconds: change - random.number(Int64(0)...5 * 86_400))
        var maker = SpoolMaker(random: random, zones: zones, base: base)
        mailings = (0..<maker.random.number(1...4)).map { _ in maker.mailing() }
        spoolRate = maker.random.chance(0.3) ? maker.rate() : nil
        random = maker.random
        concurrency = random.number(1...4)
        attempts = AttemptPolicy(backoff: .standard, giveUpAfter: .days(random.number(Int64(1)...3)))
        let begins = random.number(Int64(0)...86_400_000_000)
        outage = begins..<begins + (random.chance(0.5) ? random.number(Int64(1)...3_600_000_000) : 1)
        usesUnclear = random.chance(0.5)
        jumps = []
        if random.chance(0.25) {
            jumps = (0..<random.number(1...2)).map { index in
                (Int64(index + 1) * 40_000_000_000, random.number(Int64(-10_800_000)...10_800_000))
            }
        }
        self.random = random
        schedule = Schedule(
            rate: nil, concurrency: 1, past: PastHandOvers(now: base), at: Moment(wall: base, monotonic: 0))
    }

    private var moment: Moment { moment(at: now) }

    private func moment(at time: Int64) -> Moment {
        Moment(wall: base + .milliseconds(time / 1000 + skew), monotonic: time)
    }

    private mutating func violation(_ text: String) {
        violations.append("at \(moment.wall.rfc3339Milliseconds) (\(now)): \(text)")
    }

    // MARK: Ticks

    mutating func run() {
        var ticks = 0
        while !mailings.allSatisfy(\.hasEnded), violations.isEmpty {
            ticks += 1
            guard ticks < 10_000 else { return violation("mailings do not end: \(unfinished)") }
            let next = tick()
            settleClock(until: next)
            now = max(next, now)
        }
        simulated = now
        checkRates()
        checkNobodyGood()
    }

    private var unfinished: String {
        let left = mailings.filter { !$0.hasEnded }
        return left.map {
            "\($0.policy.rate?.description ?? "-") \($0.recipients.filter { !$0.state.hasEnded })"
        }
        .joined(separator: "; ")
    }

    /// One run of the command; returns when cron starts the next that has something to do.
    private mutating func tick() -> Int64 {
        tickBegan = now
        if hasJumped {
            era += 1
            hasJumped = false
        }
        killAt = random.chance(0.02) ? now + random.number(Int64(0)...120_000_000) : .max
        schedule = Schedule(
            rate: spoolRate, concurrency: concurrency, past: past(spoolHandOvers), outage: isOutageKnown,
            at: moment)
        for index in mailings.indices {
            mailings[index].isRunning = false
            takeUpRetries(index)
        }
        var idle = 0
        while violations.isEmpty {
            look()
            decisions += 1
            switch schedule.next(at: moment, demand: demand) {
            case .handOver(let index):
                idle = 0
                handOver(index)
            case .wait(let until):
                idle += 1
                if idle > 500 { violation("the tick spins") }
                checkIdle(until: until)
                if settle() { continue }
                guard !wait(until: until) else { return kill() }
            case .nothing(let next):
                if settle() { continue }
                checkIdle(until: next.map { moment.monotonic(atWall: $0) } ?? now + 86_400_000_000)
                isOutageKnown = schedule.everyMailingThatCouldSendIsStopped(at: moment, demand: demand)
                return nextTick(next)
            }
        }
        return now
    }

    private func demand(_ index: Int) -> Demand {
        mailings[index].demand(steady: schedule.steadyTime(at: moment))
    }

    private func past(_ handOvers: [SimulatedHandOver]) -> PastHandOvers {
        var past = PastHandOvers(now: moment.wall)
        for handOver in handOvers { past.record(handOver.wall) }
        return past
    }

    private mutating func takeUpRetries(_ index: Int) {
        for place in mailings[index].recipients.indices {
            let recipient = mailings[index].recipients[place]
            guard case .deferred(let due) = recipient.state else { continue }
            mailings[index].recipients[place].state = .deferred(
                due: Backoff.due(at: due, deferredAt: recipient.deferredAt, now: moment.wall))
        }
    }

    private mutating func kill() -> Int64 {
        for flight in flights { mailings[flight.mailing].recipients[flight.recipient].state = .inDoubt }
        flights = []
        return (now / 60_000_000 + 1) * 60_000_000
    }

    /// Cron starts a tick every minute; those that find nothing are left out.
    private func nextTick(_ next: Timestamp?) -> Int64 {
        var wake = next.map { moment.monotonic(atWall: $0) } ?? now + 86_400_000_000
        for mailing in mailings where !mailing.hasEnded {
            if !mailing.isStarted { wake = min(wake, moment.monotonic(atWall: mailing.sendAt)) }
            if let end = mailing.policy.sendUntil { wake = min(wake, moment.monotonic(atWall: end)) }
            if let intervention = mailing.interventions.first { wake = min(wake, intervention) }
        }
        if let jump = jumps.first { wake = min(wake, jump.at) }
        return (max(wake, now + 1) + 59_999_999) / 60_000_000 * 60_000_000
    }

    // MARK: People, clocks and the mail system

    private mutating func settleClock(until time: Int64) {
        while let jump = jumps.first, jump.at <= time {
            skew += jump.by
            hasJumped = true
            jumps.removeFirst()
        }
    }

    /// What a tick does every second: folders, late recipients, finished mailings.
    private mutating func look() {
        settleClock(until: now)
        for index in mailings.indices {
            while let intervention = mailings[index].interventions.first, intervention <= now {
                mailings[index].interventions.removeFirst()
                mailings[index].isPaused.toggle()
            }
            if moment.wall >= mailings[index].sendAt { mailings[index].isStarted = true }
            if mailings[index].isStarted, mailings[index].policy.isLate(at: moment.wall) { skipLate(index) }
            let mailing = mailings[index]
            let shouldRun = mailing.isStarted && !mailing.isPaused && !mailing.hasEnded
            if shouldRun, !mailing.isRunning {
                schedule.start(index, policy: mailing.policy, past: past(mailing.handOvers), at: moment)
            } else if !shouldRun, mailing.isRunning {
                schedule.stop(index)
            }
            mailings[index].isRunning = shouldRun
        }
    }

    private mutating func skipLate(_ index: Int) {
        for place in mailings[index].recipients.indices {
            let state = mailings[index].recipients[place].state
            if !state.hasEnded, state != .sending { mailings[index].recipients[place].state = .late }
        }
    }

    private mutating func handOver(_ index: Int) {
        let steady = schedule.steadyTime(at: moment)
        guard let place = mailings[index].nextRecipient(steady: steady) else {
            return violation("mailing \(index) has nobody to mail")
        }
        checkHandOver(index)
        let handOver = SimulatedHandOver(monotonic: now, wall: moment.wall, era: era)
        schedule.handedOver(index, at: moment)
        if random.chance(0.01) { return schedule.withdrew(index) }
        messages += 1
        mailings[index].handOvers.append(handOver)
        spoolHandOvers.append(handOver)
        mailings[index].recipients[place].state = .sending
        mailings[index].recipients[place].made += 1
        let first = mailings[index].recipients[place].first
        mailings[index].recipients[place].first = first ?? moment.wall
        let duration =
            random.chance(0.05) ? random.number(Int64(1)...90_000_000) : random.number(Int64(1)...300_000)
        flights.append((index, place, now + duration))
    }

    /// Moves on to the next event and carries it out; true if the tick is killed.
    private mutating func wait(until: Int64) -> Bool {
        var wake = until
        for flight in flights { wake = min(wake, flight.ends) }
        for mailing in mailings where !mailing.hasEnded {
            if let intervention = mailing.interventions.first, intervention > now {
                wake = min(wake, intervention)
            }
            let sendAt = moment.monotonic(atWall: mailing.sendAt)
            if sendAt > now { wake = min(wake, sendAt) }
        }
        if let jump = jumps.first { wake = min(wake, jump.at) }
        if killAt <= wake {
            now = max(now, killAt)
            return true
        }
        if wake <= now { violation("asked to wait until the past") }
        now = wake
        settleClock(until: now)
        for (place, flight) in flights.enumerated().reversed() where flight.ends <= now {
            flights.remove(at: place)
            ended(flight.mailing, flight.recipient)
        }
        return false
    }

    private func verdict(_ recipient: SimulatedRecipient) -> AttemptPolicy.Verdict {
        if outage.contains(now) { return usesUnclear ? .unclear : .notNow }
        switch recipient.kind {
        case .good: return .accepted
        case .refused: return .refused
        case .neverNow: return .notNow
        case .alwaysUnclear: return .unclear
        case .accepted(let deferrals): return recipient.made > deferrals ? .accepted : .notNow
        }
    }

    private mutating func ended(_ index: Int, _ place: Int) {
        var recipient = mailings[index].recipients[place]
        let verdict = verdict(recipient)
        recipient.wasLastUnclear = verdict == .unclear
        let before = recipient.countedDeferrals > 0
        if verdict == .unclear { recipient.unclear += 1 }
        let fate = attempts.fate(
            of: verdict,
            attempts: .init(
                made: recipient.made, unclear: recipient.unclear, first: recipient.first ?? moment.wall),
            at: moment.wall, random: Double.random(in: 0..<1, using: &random))
        let outcome: Schedule<Int>.Outcome
        switch fate {
        case .sent: (recipient.state, outcome) = (.sent, .accepted)
        case .failed: (recipient.state, outcome) = (.failed, .refused)
        case .deferred(let until), .wouldFail(let until):
            if case .wouldFail = fate { outcome = .wouldFail } else { outcome = .deferred }
            let delay = until - moment.wall
            recipient.state = .deferred(due: schedule.steadyTime(at: moment) + delay)
            recipient.deferredAt = moment.wall
            recipient.countedDeferrals += 1
        }
        mailings[index].recipients[place] = recipient
        apply(
            schedule.ended(index, recipient: place, outcome: outcome, deferredBefore: before, at: moment),
            to: index)
    }

    private mutating func apply(_ reaction: Schedule<Int>.Reaction, to index: Int) {
        for place in reaction.excused {
            mailings[index].recipients[place].countedDeferrals -= 1
            if mailings[index].recipients[place].wasLastUnclear {
                mailings[index].recipients[place].unclear -= 1
            }
            guard case .deferred = mailings[index].recipients[place].state else {
                return violation("excused somebody who is not deferred")
            }
        }
        for place in reaction.failed where !mailings[index].recipients[place].state.hasEnded {
            mailings[index].recipients[place].state = .failed
        }
    }

    private mutating func settle() -> Bool {
        var changed = false
        for index in schedule.unsettled {
            let reaction = schedule.settle(index, demand: demand(index), at: moment)
            apply(reaction, to: index)
            changed = changed || reaction != .none
        }
        return changed
    }
}

// MARK: The rules, worked out naively

extension Simulation {
    /// Whether a mailing could hand over at a moment, but for the spool's rate and concurrency.
    private func maySend(_ index: Int, at time: Int64) -> Bool {
        let mailing = mailings[index]
        let moment = moment(at: time)
        guard mailing.isRunning, !mailing.policy.isLate(at: moment.wall),
            !schedule.isStopped(index, at: moment),
            mailing.nextRecipient(steady: schedule.steadyTime(at: moment)) != nil
        else { return false }
        if let window = mailing.policy.window, !window.isOpen(at: moment.wall, in: mailing.policy.zone) {
            return false
        }
        return allows(mailing.policy.rate, after: mailing.handOvers, at: time)
    }

    private func account(_ index: Int) -> String {
        let mailing = mailings[index]
        let waiting = schedule.waiting(for: index, at: moment, demand: demand(index))
        return """
            it waits for \(waiting), \(mailing.policy.rate?.description ?? "no rate"), last \
            \(mailing.handOvers.suffix(2)); spool \(spoolRate?.description ?? "no rate"), last \
            \(spoolHandOvers.suffix(2)); tick since \(tickBegan), era \(era), in flight \(flights)
            """
    }

    private func allows(_ rate: Rate?, after handOvers: [SimulatedHandOver], at time: Int64) -> Bool {
        guard let rate, let last = handOvers.last else { return true }
        // A clock that was set between ticks hides how long ago the last hand-overs were; then they count
        // as made when the tick began, and a quota is not judged.
        let isKnown =
            last.era == era && !handOvers.contains { $0.wall > moment(at: tickBegan).wall && $0.era != era }
        if rate.unit == .day {
            // Those of one minute come back together, at its end.
            let recent = handOvers.reversed().prefix { time - $0.monotonic < 86_461_000_000 || $0.era != era }
            return recent.count < rate.count && recent.allSatisfy { $0.era == era }
        }
        if !isKnown, rate.spacing > Pace.horizon { return false }
        return time - max(last.monotonic, isKnown ? 0 : tickBegan) >= rate.spacing + 2000
    }

    private mutating func checkIdle(until: Int64) {
        guard flights.count < concurrency else { return }
        let soonest = flights.map(\.ends).min() ?? .max
        let end = min(until, soonest, jumps.first?.at ?? .max)
        for time in [now, end > now + 1000 ? random.number(now...end - 1001) : now] {
            guard allows(spoolRate, after: spoolHandOvers, at: time) else { continue }
            for index in mailings.indices where maySend(index, at: time) {
                return violation(
                    "idle until \(until), though \(index) may send at \(time); \(account(index))")
            }
        }
    }

    private mutating func checkHandOver(_ index: Int) {
        let mailing = mailings[index]
        if moment.wall < mailing.sendAt, hasJumped == false, era == 0 { violation("before sendAt") }
        if !mailing.isRunning { violation("handed over for a mailing that does not run") }
        if mailing.policy.isLate(at: moment.wall) { violation("after sendUntil") }
        if flights.count >= concurrency { violation("above the concurrency") }
        if schedule.isStopped(index, at: moment) { violation("although stopped") }
        if let window = mailing.policy.window, !window.isOpen(at: moment.wall, in: mailing.policy.zone) {
            violation("outside the window")
        }
        for other in mailings.indices where other != index {
            mailings[other].passedOver = maySend(other, at: now) ? mailings[other].passedOver + 1 : 0
            if mailings[other].passedOver > 2 * mailings.count {
                violation("\(other) does not get its turn; \(account(other))")
            }
        }
        mailings[index].passedOver = 0
    }

    private mutating func checkRates() {
        for (index, mailing) in mailings.enumerated() {
            check(mailing.policy.rate, mailing.handOvers, "mailing \(index)")
        }
        check(spoolRate, spoolHandOvers, "the spool")
    }

    private mutating func check(_ rate: Rate?, _ handOvers: [SimulatedHandOver], _ whose: String) {
        guard let rate, handOvers.count > rate.count else { return }
        for first in 0..<handOvers.count - rate.count {
            let (one, other) = (handOvers[first], handOvers[first + rate.count])
            if one.era == other.era, other.monotonic - one.monotonic < rate.unit.microseconds {
                return violation("\(whose) above \(rate) from \(one.monotonic) to \(other.monotonic)")
            }
        }
    }

    /// The outage lasts an hour at most: nobody whom the mail system would accept fails by it.
    private mutating func checkNobodyGood() {
        for (index, mailing) in mailings.enumerated() {
            for recipient in mailing.recipients where recipient.state == .failed {
                switch recipient.kind {
                case .good: violation("a good recipient of \(index) failed: \(recipient)")
                case .refused, .neverNow, .alwaysUnclear, .accepted: break
                }
            }
        }
    }
}
