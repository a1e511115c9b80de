internal import SpoolDelivery
internal import SpoolExamine
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem

/// What a look leaves for the next tick and for `spool-status`, and says to people.
extension TickLoop {
    /// Says every problem once for each version of its document.
    func sayProblems() {
        for (document, _) in listed {
            guard let problems = tick.documents[document.version]?.unsaid else { continue }
            // Else all of them are said at the next look, or by the next tick.
            guard problems.allSatisfy({ announcements.isHeard("\(document.path): \($0)") }) else { return }
            tick.documents[document.version]?.noteSaid()
        }
    }

    /// Writes the snapshot if it is another than it was.
    ///
    /// - Parameter pause: see ``SnapshotKeeper``.
    func writeSnapshot(
        at moment: Moment, pausing pause: (() throws(SystemError) -> Void)? = nil
    ) throws(SystemError) {
        announcements.sayUnsaid()
        tick.snapshot.current.remember(announcements)
        if hasLooked {
            var versions: [DocumentVersion] = []
            for (number, (document, standing)) in listed.enumerated() {
                if noteEntry(of: document, standing, at: moment) { versions.append(document.version) }
                if number.isMultiple(of: 64) { try pause?() }
            }
            tick.snapshot.keep(only: versions)
        }
        try tick.snapshot.write(pausing: pause)
    }

    /// Notes what the snapshot is to hold of a document; false if nothing. Of one at rest nothing else is kept.
    private func noteEntry(
        of document: FoundDocument, _ standing: Lifecycle.Standing, at moment: Moment
    ) -> Bool {
        let version = document.version
        guard let state = tick.documents[version] else {
            return tick.snapshot.rest(of: document, judgedBy: tick.snapshot.current.context) != nil
        }
        guard var entry = state.entry(of: document) else { return false }
        if let shortage = dispatcher.mailing(document.name)?.shortage, entry.errors.isEmpty {
            // A matter of the moment: the next tick looks for itself.
            entry.errors = [Diagnostic(shortage: shortage)]
            entry.isJudged = false
        }
        if entry.errors.isEmpty { describe(&entry, document, standing, state, at: moment) }
        let isSettled = entry.isJudged && state.context == tick.snapshot.current.context
        let rest = isSettled ? state.rest(of: document, standing) : nil
        tick.snapshot.note(entry, of: version, rest)
        if rest != nil { tick.documents[version] = nil }
        return true
    }

    private func describe(
        _ entry: inout DocumentSnapshot, _ document: FoundDocument, _ standing: Lifecycle.Standing,
        _ state: DocumentState, at moment: Moment
    ) {
        if standing == .waits {
            entry.waitingFor = .otherMailing
        } else if let time = state.heldByFile {
            entry.waitingFor = .file
            entry.next = time.wholeSecond
        } else if document.folder == .active, let mailing = dispatcher.mailing(document.name) {
            describe(&entry, mailing, at: moment)
        }
    }

    private func describe(_ entry: inout DocumentSnapshot, _ mailing: ActiveMailing, at moment: Moment) {
        // Of one that waits the last minute says nothing.
        let rate =
            restTime(of: mailing, at: moment) == nil
            ? mailing.acceptances.perMinute(at: moment.monotonic) : nil
        entry.perMinute = rate
        if mailing.waitsForPerson {
            entry.waitingFor = .person
            return
        }
        let demand = dispatcher.demand(mailing.name, at: moment)
        let waiting = dispatcher.schedule.waiting(for: mailing.name, at: moment, demand: demand)
        if mailing.inFlight == 0 {
            entry.waitingFor = dispatcher.isMailSystemGone ? .mailSystem : waiting.reason
        }
        // Milliseconds differ from look to look, and would have the file written anew each time.
        entry.next = waiting.next?.wholeSecond
        entry.endsAt = dispatcher.secondsLeft(mailing, perMinute: rate, at: moment).map {
            (moment.wall + .seconds($0)).seconds
        }
    }

    // MARK: Deliveries that wait

    /// Until when the ticks need not take up the delivery of a mailing, if nothing changes: nobody can be mailed before.
    struct RestTime {
        /// Nil if it waits for a person.
        let until: Timestamp?
    }

    /// Nil of a mailing that does not wait for longer than a tick would wait for it.
    func restTime(of mailing: ActiveMailing, at moment: Moment) -> RestTime? {
        let next = dispatcher.nextOccasion(for: mailing, at: moment)
        if let next, next - moment.wall <= TickLoop.horizon { return nil }
        return RestTime(until: next)
    }

    /// Leaves it to the ticks to come that the delivery of a mailing waits, which has been released.
    func noteRest(of mailing: ActiveMailing, _ rest: RestTime, at moment: Moment) throws(SystemError) {
        guard let files = tick.documents[mailing.document.version]?.snapshot.files else { return }
        tick.snapshot.rest(
            DocumentRest(
                mailing.document, until: rest.until, files: files,
                delivery: DocumentRest.Delivery(
                    since: moment.wall, configuration: configured.stamp,
                    journal: try registry.journals.stamp(of: mailing.name))))
    }

    /// Whether a delivery still waits.
    func waits(_ rest: DocumentRest, at moment: Moment) throws(SystemError) -> Bool {
        guard let delivery = rest.delivery else { return true }
        if let until = rest.until, until - moment.wall <= TickLoop.horizon { return false }
        if delivery.since > moment.wall || delivery.configuration != configured.stamp { return false }
        return try registry.journals.stamp(of: rest.document.name) == delivery.journal
    }
}
