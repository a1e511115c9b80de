internal import SpoolDelivery
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem

/// What a look leaves for the next tick and for `spool-status`.
extension DocumentSnapshot {
    /// The entry, unless nothing has been found out yet: a reader then does better to look for itself.
    fileprivate func ifKnown(_ known: DocumentState) -> DocumentSnapshot? {
        known.isJudged || known.examineAgainAt != nil || total != nil || !known.problems.isEmpty ? self : nil
    }
}

extension Tick {
    /// Says every error once for each version of its document.
    func sayErrors() {
        for (document, _) in listed {
            guard let known = knowledge[document.version], known.problems != known.said else { continue }
            // Not judged anew as yet: what was said before may still stand.
            if known.problems.isEmpty, !known.isJudged { continue }
            for problem in known.problems { complaints.say("\(document.path): \(problem)") }
            knowledge[document.version]?.said = known.problems
        }
    }

    /// Writes the board if it is another than it was.
    func writeBoard(at moment: Moment, delivery: Dispatcher) throws(SystemError) {
        board.said = complaints.remembered
        board.entries = listed.compactMap { document, standing in
            guard let known = knowledge[document.version], var entry = known.entry.ifKnown(known) else {
                return nil
            }
            entry.errors = known.problems
            entry.isSaid = !known.said.isEmpty
            entry.name = document.name.string
            entry.folder = document.folder
            entry.version = document.version.text
            entry.isJudged = known.isJudged && known.conflict == nil
            describe(&entry, document, standing, delivery: delivery, at: moment)
            return entry
        }.sorted { ($0.folder.rawValue, $0.name) < ($1.folder.rawValue, $1.name) }
        if board != writtenBoard {
            try board.write(in: journals)
            writtenBoard = board
        }
    }

    private func describe(
        _ entry: inout DocumentSnapshot, _ document: FoundDocument, _ standing: Lifecycle.Standing,
        delivery: Dispatcher,
        at moment: Moment
    ) {
        entry.waitingFor = nil
        entry.next = nil
        entry.perMinute = nil
        entry.secondsLeft = nil
        guard entry.errors.isEmpty else { return }
        let known = knowledge[document.version]
        if standing == .waits {
            entry.waitingFor = WaitReason.otherMailing.rawValue
        } else if known?.isHeldByFile == true {
            entry.waitingFor = WaitReason.file.rawValue
            entry.next = known?.examineAgainAt?.rfc3339
        } else if document.folder == .active, let run = delivery.mailing(document.name) {
            describe(&entry, run, delivery: delivery, at: moment)
        }
    }

    private func describe(
        _ entry: inout DocumentSnapshot, _ run: ActiveMailing, delivery: Dispatcher, at moment: Moment
    ) {
        let rate = run.acceptances.perMinute(at: moment.monotonic)
        entry.perMinute = rate
        if run.waitsForPerson {
            entry.waitingFor = WaitReason.person.rawValue
            return
        }
        let demand = delivery.demand(run.name, at: moment)
        let waiting = delivery.schedule.waiting(for: run.name, at: moment, demand: demand)
        if run.inFlight == 0 {
            entry.waitingFor =
                delivery.isMailSystemGone ? WaitReason.mailSystem.rawValue : waiting.reason?.rawValue
        }
        entry.next = waiting.next?.rfc3339
        entry.secondsLeft = delivery.secondsLeft(run, perMinute: rate, at: moment).map { Int(clamping: $0) }
    }
}
