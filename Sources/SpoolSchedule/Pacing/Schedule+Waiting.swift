extension Schedule {
    /// Whether it is too late to mail anybody of a mailing (`sendUntil`).
    package func isLate(_ id: ID, at moment: Moment) -> Bool {
        guard let slot = slot(of: id) else { return false }
        return lanes[slot].policy.isLate(at: moment.wall)
    }

    /// Whether a mailing's hours allow a hand-over at this very moment: it is inside its window, and not too late.
    package func isOpen(_ id: ID, at time: Timestamp) -> Bool {
        guard let slot = slot(of: id) else { return false }
        let policy = lanes[slot].policy
        return !policy.isLate(at: time) && (policy.window?.isOpen(at: time, in: policy.zone) ?? true)
    }

    /// Why a mailing does not go on at this moment, and when it can.
    ///
    /// Both are nil if it can go on now, or if nobody is left to be mailed; of several reasons it is the
    /// one that lasts longest.
    package func waiting(
        for id: ID, at moment: Moment, demand: Demand
    ) -> (reason: WaitReason?, next: Timestamp?) {
        guard let slot = slot(of: id), lanes[slot].isActive else { return (nil, nil) }
        let spoolOpens = spoolPace.earliest(at: moment.monotonic)
        guard let ready = readiness(slot, demand: demand, notBefore: spoolOpens, at: moment),
            ready.time > moment.monotonic
        else { return (nil, nil) }
        return (ready.reason, moment.wall(atMonotonic: ready.time))
    }

    /// When there is something to be done about a mailing next, if nothing but time passes: somebody can be mailed, or it is
    /// too late to mail anybody. Nil if that never comes; this moment if it is not known.
    package func nextOccasion(for id: ID, at moment: Moment, demand: Demand) -> Timestamp? {
        guard let slot = slot(of: id), lanes[slot].isActive, lanes[slot].stop == nil,
            lanes[slot].inFlight == 0, lanes[slot].streak.pending.isEmpty
        else { return moment.wall }
        let spoolOpens = spoolPace.earliest(at: moment.monotonic)
        let ready = readiness(slot, demand: demand, notBefore: spoolOpens, at: moment)
        let times = [ready.map { moment.wall(atMonotonic: $0.time) }, lanes[slot].policy.sendUntil]
        return times.compactMap(\.self).min()
    }

    /// When a mailing can hand over next by the monotonic clock, and what it waits for; nil if never.
    ///
    /// - Parameter spoolOpens: when the spool's rate allows a hand-over.
    func readiness(
        _ slot: Int, demand: Demand, notBefore spoolOpens: Int64, at moment: Moment
    ) -> (time: Int64, reason: WaitReason?)? {
        let lane = lanes[slot]
        var time = moment.monotonic
        var reason: WaitReason?
        func hold(until later: Int64, for cause: WaitReason) {
            guard later > time else { return }
            time = later
            reason = cause
        }
        if !demand.readyNow {
            guard let retry = demand.nextRetry else { return nil }
            // Whoever waits because of a failing mail system waits for that.
            hold(until: beginning.monotonic(atWall: retry), for: isOutage(at: moment) ? .mailSystem : .retry)
        }
        hold(until: max(lane.pace.earliest(at: moment.monotonic), spoolOpens), for: .rate)
        if let stop = lane.stop { hold(until: stop.until, for: .mailSystem) }
        if let window = lane.policy.window {
            let from = moment.wall(atMonotonic: time)
            guard let opening = window.nextOpening(after: from, in: lane.policy.zone) else { return nil }
            if opening > from { hold(until: moment.monotonic(atWall: opening), for: .window) }
        }
        return lane.policy.isLate(at: moment.wall(atMonotonic: time)) ? nil : (time, reason)
    }
}
