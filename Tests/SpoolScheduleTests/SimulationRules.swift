@testable import SpoolSchedule
@testable import TestSupport

/// The rules, worked out anew and naively at every decision.
extension Simulation {
    /// Whether a mailing could hand over at a moment, but for the spool's rate and concurrency.
    func maySend(_ index: Int, at time: Int64) -> Bool {
        let mailing = mailings[index]
        let moment = moment(at: time)
        guard mailing.isRunning, !mailing.policy.isLate(at: moment.wall),
            !schedule.isStopped(index, at: moment),
            mailing.recipients.contains(where: { isSurelyReady($0, at: time) })
        else { return false }
        if let window = mailing.policy.window, !window.isOpen(at: moment.wall, in: mailing.policy.zone) {
            return false
        }
        return allows(mailing.policy.rate, after: mailing.handOvers, at: time)
    }

    /// When a deferred recipient is truly due by the monotonic clock; nil where a tick cannot know, since the clock
    /// was set after an earlier one wrote its time down.
    func trulyDue(_ recipient: SimulatedRecipient) -> Int64? {
        guard let deferral = recipient.deferral, deferral.tick == ticks || deferral.jumps == jumpsMade else {
            return nil
        }
        return deferral.begins + deferral.wait
    }

    func isSurelyReady(_ recipient: SimulatedRecipient, at time: Int64) -> Bool {
        switch recipient.state {
        case .waiting, .inDoubt: true
        case .deferred: trulyDue(recipient).map { time >= $0 + 2000 } ?? false
        case .sending, .sent, .failed, .late: false
        }
    }

    /// A retry comes after the wait that was drawn for it, and that keeps to its bounds.
    mutating func checkRetry(_ recipient: SimulatedRecipient) {
        guard let deferral = recipient.deferral, recipient.made > 0 else { return }
        let backoff = attempts.backoff
        if deferral.wait < backoff.first.microseconds || deferral.wait > backoff.most.microseconds {
            violation("a wait of \(deferral.wait)")
        }
        if let due = trulyDue(recipient), now < due - 2000 { violation("a retry \(due - now) early") }
    }

    func account(_ index: Int) -> String {
        let mailing = mailings[index]
        let waiting = schedule.waiting(for: index, at: moment, demand: demand(index))
        return """
            it waits for \(waiting), \(mailing.policy.rate?.description ?? "no rate"), last \
            \(mailing.handOvers.suffix(2)); spool \(spoolRate?.description ?? "no rate"), last \
            \(spoolHandOvers.suffix(2)); tick since \(tickBegan), era \(era), in flight \(flights)
            """
    }

    func allows(_ rate: Rate?, after handOvers: [SimulatedHandOver], at time: Int64) -> Bool {
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
        if !isKnown, rate.spacing > RateLimiter.horizon { return false }
        return time - max(last.monotonic, isKnown ? 0 : tickBegan) >= rate.pitch + 2000
    }

    mutating func checkIdle(until: Int64) {
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

    /// A tick stays for what can be sent within the minute; a mailing that is stopped does not keep it.
    mutating func checkLeaving(_ next: Timestamp?) {
        guard let next, !mailings.indices.contains(where: { schedule.isStopped($0, at: moment) }) else {
            return
        }
        if next - moment.wall < .seconds(60) { violation("left, though it may send at \(next.rfc3339)") }
    }

    mutating func checkHandOver(_ index: Int) {
        let mailing = mailings[index]
        if moment.wall < mailing.sendAt, hasJumped == false, era == 0 { violation("before sendAt") }
        if !mailing.isRunning { violation("handed over for a mailing that does not run") }
        if let end = mailing.policy.sendUntil, moment.wall >= end { violation("after sendUntil") }
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

    mutating func checkRates() {
        for (index, mailing) in mailings.enumerated() {
            check(mailing.policy.rate, mailing.handOvers, "mailing \(index)")
        }
        check(spoolRate, spoolHandOvers, "the spool")
    }

    mutating func check(_ rate: Rate?, _ handOvers: [SimulatedHandOver], _ whose: String) {
        guard let rate, handOvers.count > rate.count else { return }
        for first in 0..<handOvers.count - rate.count {
            let (one, other) = (handOvers[first], handOvers[first + rate.count])
            if one.era == other.era, other.monotonic - one.monotonic < rate.unit.microseconds {
                return violation("\(whose) above \(rate) from \(one.monotonic) to \(other.monotonic)")
            }
        }
    }

    /// Nobody whom the mail system would accept fails by an outage: by one of an hour in any case, by one of a day
    /// where there are enough recipients to know it by.
    mutating func checkNobodyGood() {
        for (index, mailing) in mailings.enumerated()
        where outage.count <= 3_600_000_000 || mailing.recipients.count >= 5 {
            for recipient in mailing.recipients where recipient.state == .failed {
                switch recipient.kind {
                case .good: violation("a good recipient of \(index) failed: \(recipient)")
                case .refused, .neverNow, .alwaysUnclear, .accepted: break
                }
            }
        }
    }
}
