extension Schedule {
    /// What an outcome means for recipients, beyond the one that it belongs to.
    package struct Reaction: Equatable, Sendable {
        /// The mail system is taken to be failing; the mailing is stopped for now.
        var stopped = false
        /// Recipients whose latest deferral is not their fault: it does not count towards the attempts of
        /// unclear status, and whoever would have failed by it stays deferred.
        package var excused: [Int] = []
        /// Recipients whose last attempt is now known to have been their own: they have failed.
        package var failed: [Int] = []

        /// Nothing follows.
        package static var none: Reaction { Reaction() }

        /// Makes a reaction.
        init(stopped: Bool = false, excused: [Int] = [], failed: [Int] = []) {
            self.stopped = stopped
            self.excused = excused
            self.failed = failed
        }
    }

    /// Notes how a hand-over ended.
    ///
    /// Five deferrals in a row, of different recipients and with nothing accepted between them, stop the
    /// mailing for a minute. They are excused, and so are those that were still in flight, unless each of the
    /// five recipients had been deferred on its own before. From then on every deferral is excused at once, until
    /// the mail system accepts anything, or for three days without another such row: when fewer than five are
    /// left, it may be them whom nobody accepts, and they must come to an end too.
    ///
    /// An attempt that would fail its recipient (`wouldFail`) leaves it deferred until it is clear whose
    /// fault it was: it has failed if the mail system accepts another message of the mailing, is excused if
    /// the row comes to five, and is otherwise judged by ``settle(_:demand:at:)``. The caller first writes the
    /// deferral into the journal and then what the reaction says, so that a crash between them fails nobody.
    ///
    /// - Parameters:
    ///   - recipient: any number that stands for the recipient within the mailing.
    ///   - deferredBefore: whether an earlier deferral of this recipient counted, that is, was not excused.
    package mutating func ended(
        _ id: ID, recipient: Int, outcome: AttemptPolicy.Fate, deferredBefore: Bool = false, at moment: Moment
    ) -> Reaction {
        guard let slot = slot(of: id) else { return .none }
        inFlight -= 1
        lanes[slot].inFlight -= 1
        let isLastAttempt: Bool
        switch outcome {
        // A doubt neither lengthens nor ends a row of deferrals.
        case .failed, .inDoubt: return .none
        case .sent: return accepted(slot)
        case .deferred: isLastAttempt = false
        case .wouldFail: isLastAttempt = true
        }
        guard lanes[slot].isActive else { return .none }
        if let stop = lanes[slot].stop {
            if stop.isExcused { return Reaction(excused: [recipient]) }
            return Reaction(failed: isLastAttempt ? [recipient] : [])
        }
        let isExcused = isOutage(at: moment)
        lanes[slot].streak.append(
            recipient, isLastAttempt: isLastAttempt, deferredBefore: deferredBefore,
            isExcused: isExcused)
        var reaction = lanes[slot].streak.isComplete ? stop(slot, at: moment) : .none
        if isExcused { reaction.excused.append(recipient) }
        return reaction
    }

    /// Whether deferrals are taken to be the mail system's fault.
    func isOutage(at moment: Moment) -> Bool {
        outage.map { steadyTime(at: moment) - $0 < .days(3) } ?? false
    }

    private mutating func accepted(_ slot: Int) -> Reaction {
        outage = nil
        acceptedSinceStop = true
        let streak = lanes[slot].streak
        lanes[slot].streak = DeferralStreak()
        return Reaction(failed: streak.pending)
    }

    private mutating func stop(_ slot: Int, at moment: Moment) -> Reaction {
        let streak = lanes[slot].streak
        lanes[slot].streak = DeferralStreak()
        lanes[slot].stop = Stop(
            until: moment.monotonic + Schedule.stopLength, isExcused: streak.pointsToMailSystem)
        acceptedSinceStop = false
        guard streak.pointsToMailSystem else { return Reaction(stopped: true, failed: streak.pending) }
        outage = steadyTime(at: moment)
        return Reaction(stopped: true, excused: streak.excusable)
    }

    /// The mailings that have recipients waiting for judgement.
    ///
    /// Call ``settle(_:demand:at:)`` for each when ``next(at:demand:)`` hands nothing over, and then ask again.
    package var unsettled: [ID] {
        turns.filter { !lanes[$0].streak.pending.isEmpty }.map { lanes[$0].id }
    }

    /// Judges last attempts of a mailing that cannot send to anybody else in the next minute.
    ///
    /// They have failed; but if another mailing was stopped and nothing accepted since, they are excused.
    /// As long as messages are in flight, or others can be mailed soon, nothing is judged yet. Recipients who
    /// have ended meanwhile in another way, as late, are for the caller to leave out.
    package mutating func settle(_ id: ID, demand: Demand, at moment: Moment) -> Reaction {
        guard let slot = slot(of: id), lanes[slot].inFlight == 0 else { return .none }
        if demand.readyNow {
            let spoolOpens = spoolPace.earliest(at: moment.monotonic)
            let ready = readiness(slot, demand: demand, notBefore: spoolOpens, at: moment)
            if let ready, ready.time <= moment.monotonic + RateLimiter.horizon { return .none }
        }
        let pending = lanes[slot].streak.takePending()
        return isOutage(at: moment) ? Reaction(excused: pending) : Reaction(failed: pending)
    }

    /// Whether "the mail system is not accepting messages" is what a tick that ends now has to say.
    ///
    /// A mailing is stopped, nothing of any mailing was accepted since, and no other mailing has anybody to
    /// send to at this hour.
    package func everyMailingThatCouldSendIsStopped(at moment: Moment, demand: (ID) -> Demand) -> Bool {
        guard !acceptedSinceStop, turns.contains(where: { lanes[$0].stop != nil }) else { return false }
        return !turns.contains { slot in
            let lane = lanes[slot]
            return lane.stop == nil && isOpen(lane.id, at: moment.wall) && demand(lane.id).readyNow
        }
    }
}
