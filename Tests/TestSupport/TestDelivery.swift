package import SpoolDelivery
package import SpoolMailing
package import SpoolSchedule
package import SpoolStore
package import SpoolSystem
internal import SpoolTransport

/// A delivery as a tick has it, over real journals, with a mail system and a clock of the test's.
package final class TestDelivery {
    package let spool: TestSpool
    package let clock: TestClock
    package let transport: ScriptedTransport
    package let dispatcher: Dispatcher
    /// Who is never mailed.
    package var suppression: Suppression? = Suppression.none

    package init(
        _ spool: TestSpool, _ transport: ScriptedTransport, _ clock: TestClock, concurrency: Int = 2,
        rate: Rate? = nil
    ) {
        self.spool = spool
        self.clock = clock
        self.transport = transport
        let moment = clock.now
        dispatcher = Dispatcher(
            active: spool.directory[.active], transport: transport,
            schedule: Schedule(
                rate: rate, concurrency: concurrency, past: PastHandOvers(now: moment.wall), at: moment),
            marks: NoMarks(), in: clock.surroundings)
    }

    /// Begins or takes up the delivery of a document that lies in `active/`.
    @discardableResult
    package func begin(_ document: FoundDocument, holdsInDoubt: Bool = false) throws -> ActiveMailing {
        let moment = clock.now
        let text = try spool.directory[.active].open(SpoolDirectory.documentName(document.name)).contents()
        let mailing = try TestDocument.validate(
            String(decoding: text, as: UTF8.self), in: spool.directory.files
        ).outcome.get()
        let list = try RecipientList.load(
            mailing, files: spool.directory.files, suppression: suppression ?? .none)
        let replay = try Replay(try spool.journals.open(document.name), into: list, now: moment.wall)
        let journal = try spool.journals.writer(of: document.name, soundLength: replay.soundLength)
        var history = replay.history
        if history.mailing.isEmpty {
            let place = DocumentPlace(folder: .active, identity: document.identity)
            for entry in [
                .opened(mailing: "id-of-\(document.name)"), .document(place),
                JournalEntry.revision(mailing.content.revision),
            ] {
                journal.record(entry, in: &history, at: moment.wall)
            }
        }
        let active = ActiveMailing(
            replay, history: history, document: document, mailing: mailing, journal: journal,
            attachments: AttachmentSupply(), holdsInDoubt: holdsInDoubt,
            tickBegan: dispatcher.schedule.beginning, at: moment)
        active.writeCounts(at: moment.wall)
        try journal.synchronize()
        dispatcher.start(active, past: replay.past, at: moment)
        return active
    }

    /// One round of handing over.
    @discardableResult
    package func fill() throws(SystemError) -> Schedule<FileName>.Decision {
        try dispatcher.fill(at: clock.now) { () throws(SystemError) in suppression }
    }

    /// Goes on as a tick does until nothing can be done within the next minute.
    package func run() throws(SystemError) {
        while true {
            let moment = clock.now
            try dispatcher.collect(at: moment)
            var decision = try fill()
            if dispatcher.settle(at: moment) { decision = try fill() }
            try dispatcher.write()
            switch decision {
            case .nothing: return
            case .wait where dispatcher.isMailSystemGone && dispatcher.inFlight == 0: return
            case .wait(let time): wait(until: time)
            case .handOver: break
            }
        }
    }

    /// As a tick does whose disk has failed: what is under way ends, and what can be written down is.
    package func endAfterError() {
        dispatcher.isEnding = true
        while dispatcher.inFlight > 0 {
            try? dispatcher.collect(at: clock.now)
            if let deadline = dispatcher.nextDeadline { wait(until: deadline) }
        }
        for mailing in dispatcher.mailings { try? mailing.journal.write() }
    }

    private func wait(until time: Int64) {
        let end = dispatcher.nextDeadline.map { min($0, time) } ?? time
        clock.wait(forInputOf: [], microseconds: end - clock.now.monotonic)
    }
}

/// Notes nothing down.
package struct NoMarks: PreparationMarks {
    package init() {}
    package func begin(_ document: FoundDocument) {}
    package func end(_ document: FoundDocument) {}
}

extension ActiveMailing {
    /// How far everybody of the list is, by address.
    package var progress: [String: RecipientProgress] {
        Dictionary(
            uniqueKeysWithValues: (0..<list.table.count).map { (list.address(at: $0), list.table[$0]) })
    }

    /// The state of each recipient, in list order.
    package var states: [RecipientState] { (0..<list.table.count).map { list.table[state: $0] } }
}
