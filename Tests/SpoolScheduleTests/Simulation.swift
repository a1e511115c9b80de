@testable import SpoolSchedule
@testable import SpoolStore
@testable import TestSupport

/// Weeks of a random spool in milliseconds: cron's ticks, the mail system, people, kills and set clocks.
///
/// It plays the owner of the schedule as a tick would, and at every decision compares it with rules that are
/// worked out anew, naively, from all that has happened. `violations` says what was wrong.
struct Simulation {
    private(set) var violations: [String] = []
    private(set) var messages = 0
    private(set) var decisions = 0
    private(set) var simulated: Int64 = 0

    var random: SeededRandom
    var mailings: [SimulatedMailing]
    let spoolRate: Rate?
    let concurrency: Int
    let attempts: AttemptPolicy
    let outage: Range<Int64>
    let usesUnclear: Bool

    var now: Int64 = 0
    var skew: Int64 = 0
    let base: Timestamp
    /// When the wall clock is set, and by how many milliseconds.
    var jumps: [(at: Int64, by: Int64)]
    var hasJumped = false
    var jumpsMade = 0
    var ticks = 0
    var era = 0
    var tickBegan: Int64 = 0
    var killAt = Int64.max
    var knownOutage: Timestamp?
    var spoolHandOvers: [SimulatedHandOver] = []
    var flights: [(mailing: Int, recipient: Int, first: Timestamp?, ends: Int64)] = []
    var schedule: Schedule<Int>

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
        if random.chance(0.25) {
            // From the beginning, and for longer than anybody is tried.
            attempts = AttemptPolicy(giveUpAfter: .minutes(random.number(Int64(30)...240)))
            outage = 0..<random.number(Int64(1)...30 * 3_600_000_000)
        } else {
            attempts = AttemptPolicy(giveUpAfter: .days(random.number(Int64(1)...3)))
            let begins = random.number(Int64(0)...86_400_000_000)
            outage = begins..<begins + (random.chance(0.5) ? random.number(Int64(1)...3_600_000_000) : 1)
        }
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

    var moment: Moment { moment(at: now) }

    func moment(at time: Int64) -> Moment {
        Moment(wall: base + .milliseconds(time / 1000 + skew), monotonic: time)
    }

    mutating func violation(_ text: String) {
        violations.append("at \(moment.wall.rfc3339Milliseconds) (\(now)): \(text)")
    }

    // MARK: Ticks

    mutating func run() {
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

    var unfinished: String {
        let left = mailings.filter { !$0.hasEnded }
        return left.map {
            "\($0.policy.rate?.description ?? "-") \($0.recipients.filter { !$0.state.hasEnded })"
        }
        .joined(separator: "; ")
    }

    /// One run of the command; returns when cron starts the next that has something to do.
    mutating func tick() -> Int64 {
        tickBegan = now
        if hasJumped {
            era += 1
            hasJumped = false
        }
        killAt = random.chance(0.02) ? now + random.number(Int64(0)...120_000_000) : .max
        schedule = Schedule(
            rate: spoolRate, concurrency: concurrency, past: past(spoolHandOvers), outage: knownOutage,
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
                checkLeaving(next)
                knownOutage = schedule.outage
                return nextTick(next)
            }
        }
        return now
    }

    func demand(_ index: Int) -> Demand {
        mailings[index].demand(steady: schedule.steadyTime(at: moment))
    }

    func past(_ handOvers: [SimulatedHandOver]) -> PastHandOvers {
        var past = PastHandOvers(now: moment.wall)
        for handOver in handOvers { past.record(handOver.wall) }
        return past
    }

    mutating func takeUpRetries(_ index: Int) {
        for place in mailings[index].recipients.indices {
            let recipient = mailings[index].recipients[place]
            if let first = recipient.first { mailings[index].recipients[place].first?.steady = first.wall }
            guard let deferral = recipient.deferral else { continue }
            let due = Backoff.due(at: deferral.due.wall, deferredAt: deferral.at, now: moment.wall)
            mailings[index].recipients[place].deferral?.due.steady = due
        }
    }

    mutating func kill() -> Int64 {
        for flight in flights { mailings[flight.mailing].recipients[flight.recipient].state = .inDoubt }
        flights = []
        // Somebody starts it again at once, or cron does.
        if random.chance(0.5) { return now + random.number(Int64(1)...2_000_000) }
        return (now / 60_000_000 + 1) * 60_000_000
    }

    /// Cron starts a tick every minute; those that find nothing are left out.
    mutating func nextTick(_ next: Timestamp?) -> Int64 {
        var wake = next.map { moment.monotonic(atWall: $0) } ?? now + 86_400_000_000
        for mailing in mailings where !mailing.hasEnded {
            if !mailing.isStarted { wake = min(wake, moment.monotonic(atWall: mailing.sendAt)) }
            if let end = mailing.policy.sendUntil { wake = min(wake, moment.monotonic(atWall: end)) }
            if let intervention = mailing.interventions.first { wake = min(wake, intervention) }
        }
        if let jump = jumps.first { wake = min(wake, jump.at) }
        if random.chance(0.2) { wake = now }
        return (max(wake, now + 1) + 59_999_999) / 60_000_000 * 60_000_000
    }

    // MARK: People, clocks and the mail system

    mutating func settleClock(until time: Int64) {
        while let jump = jumps.first, jump.at <= time {
            skew += jump.by
            hasJumped = true
            jumpsMade += 1
            jumps.removeFirst()
        }
    }

    /// What a tick does every second: folders, late recipients, finished mailings.
    mutating func look() {
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
                schedule.start(
                    index, policy: mailing.policy, past: past(mailing.handOvers),
                    deferred: mailing.deferrals.newcomers, at: moment)
            } else if !shouldRun, mailing.isRunning {
                schedule.stop(index)
            }
            mailings[index].isRunning = shouldRun
        }
    }

    mutating func skipLate(_ index: Int) {
        for place in mailings[index].recipients.indices {
            let state = mailings[index].recipients[place].state
            if !state.hasEnded, state != .sending { mailings[index].recipients[place].state = .late }
        }
    }

    mutating func handOver(_ index: Int) {
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
        checkRetry(mailings[index].recipients[place])
        let recipient = mailings[index].recipients[place]
        let firstBefore = recipient.hasOwnDeferral ? recipient.first?.steady : nil
        mailings[index].recipients[place].made += 1
        if recipient.first == nil {
            mailings[index].recipients[place].first = KeptTime(steady: steady, wall: moment.wall)
        }
        let duration =
            random.chance(0.05) ? random.number(Int64(1)...90_000_000) : random.number(Int64(1)...300_000)
        flights.append((index, place, firstBefore, now + duration))
    }

    /// Moves on to the next event and carries it out; true if the tick is killed.
    mutating func wait(until: Int64) -> Bool {
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
            ended(flight.mailing, flight.recipient, first: flight.first)
        }
        return false
    }

    func verdict(_ recipient: SimulatedRecipient) -> AttemptPolicy.Verdict {
        if outage.contains(now) { return usesUnclear ? .unclear : .notNow }
        switch recipient.kind {
        case .good: return .accepted
        case .refused: return .refused
        case .neverNow: return .notNow
        case .alwaysUnclear: return .unclear
        case .accepted(let deferrals): return recipient.made > deferrals ? .accepted : .notNow
        }
    }

    mutating func ended(_ index: Int, _ place: Int, first: Timestamp?) {
        var recipient = mailings[index].recipients[place]
        let verdict = verdict(recipient)
        let steady = schedule.steadyTime(at: moment)
        let before = recipient.hasOwnDeferral
        if verdict == .unclear { recipient.unclear += 1 }
        let fate = attempts.fate(
            of: verdict,
            attempts: .init(made: recipient.made, unclear: recipient.unclear, first: first),
            at: steady, random: Double.random(in: 0..<1, using: &random))
        switch fate {
        case .sent:
            recipient.state = .sent
            noteAcceptance(of: index)
        case .failed: recipient.state = .failed
        case .deferred(let until), .wouldFail(let until):
            let wait = until - steady
            recipient.state = .deferred
            recipient.deferral = .init(
                at: moment.wall, due: KeptTime(steady: until, wall: moment.wall + wait), begins: now,
                wait: wait.microseconds, tick: ticks, jumps: jumpsMade)
            mailings[index].deferrals.deferred(
                place, verdict == .unclear ? .unclear : .notNow, isFirst: !before)
            recipient.hasOwnDeferral = true
        case .inDoubt: violation("a message hung that never does")
        }
        mailings[index].recipients[place] = recipient
        apply(
            schedule.ended(index, recipient: place, outcome: fate, deferredBefore: before, at: moment),
            to: index)
    }

    mutating func apply(_ reaction: Schedule<Int>.Reaction, to index: Int) {
        for place in reaction.excused where !mailings[index].recipients[place].state.hasEnded {
            let excuse = mailings[index].deferrals.excuse(of: place)
            mailings[index].deferrals.excuse(place, at: moment.wall)
            guard case .excused(let kind, let isFirst) = excuse else { continue }
            if kind == .unclear { mailings[index].recipients[place].unclear -= 1 }
            guard isFirst else { continue }
            mailings[index].recipients[place].hasOwnDeferral = false
            mailings[index].recipients[place].first = nil
        }
        for place in reaction.failed where !mailings[index].recipients[place].state.hasEnded {
            mailings[index].recipients[place].state = .failed
            mailings[index].deferrals.ended(place)
        }
    }

    /// The mail system works: whoever was excused before answers for the next deferral.
    mutating func noteAcceptance(of index: Int) {
        for other in mailings.indices {
            let cleared =
                other == index
                ? mailings[other].deferrals.accepted()
                : mailings[other].deferrals.accepted(elsewhere: moment.wall)
            for place in cleared { mailings[other].recipients[place].hasOwnDeferral = true }
        }
    }

    mutating func settle() -> Bool {
        var changed = false
        for index in schedule.unsettled {
            let reaction = schedule.settle(index, demand: demand(index), at: moment)
            apply(reaction, to: index)
            changed = changed || reaction != .none
        }
        return changed
    }
}
