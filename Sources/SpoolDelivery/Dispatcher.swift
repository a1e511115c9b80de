internal import SpoolMail
package import SpoolMailing
package import SpoolSchedule
package import SpoolStore
package import SpoolSystem
package import SpoolTransport
internal import SpoolWriting

/// Hands messages over: as many at once as the configuration says, of the mailings that the schedule picks.
///
/// For each: the complete message, its intent in the journal and on the disk, a last look whether the document is
/// still in `active/`, the transport, the outcome in the journal. One fsync of each journal serves all that is
/// announced together, and the outcomes that came since the last; what has been handed over and is not yet written
/// down durably is therefore never more than the concurrency.
package final class Dispatcher {
    private let active: Directory
    private let transport: any Transport
    private let surroundings: Surroundings
    /// Hands over what is not to recipients.
    package let reports: CompletionReportDelivery
    private var byName: [FileName: ActiveMailing] = [:]
    private let marks: any PreparationMarks
    private var underWay: [Int: HandOver] = [:]
    private var room = MessageRoom()
    private var lastTicket = CompletionReportDelivery.ticket
    package private(set) var schedule: Schedule<FileName>
    /// The last thing that the mail system said to a deferral.
    package private(set) var lastReply = ""
    /// Whether the mail system cannot be reached at all.
    package private(set) var isMailSystemGone = false
    /// Whether anything was accepted in this tick.
    package private(set) var hasAccepted = false
    /// Hands nothing over any more; what is in flight still ends.
    package var isEnding = false

    /// So long nobody has to hand anything over before journal and attachments rest, in microseconds.
    private static let rest: Int64 = 10_000_000

    /// - Parameters:
    ///   - active: the folder in which the documents of these mailings lie.
    ///   - marks: what it is noted in that the first message of a mailing is being made.
    package init(
        active: Directory, transport: any Transport, schedule: Schedule<FileName>,
        marks: any PreparationMarks, in surroundings: Surroundings
    ) {
        self.active = active
        self.marks = marks
        self.transport = transport
        self.schedule = schedule
        self.surroundings = surroundings
        reports = CompletionReportDelivery(transport, in: surroundings)
    }

    // MARK: The mailings

    /// The mailings that take part.
    package var mailings: [ActiveMailing] { Array(byName.values) }

    /// A mailing that takes part.
    package func mailing(_ name: FileName) -> ActiveMailing? { byName[name] }

    /// Takes a mailing up.
    package func start(_ mailing: ActiveMailing, past: PastHandOvers, at moment: Moment) {
        byName[mailing.name] = mailing
        schedule.start(
            mailing.name, policy: mailing.mailing.timing.policy, past: past, deferred: mailing.newcomers,
            at: moment)
    }

    /// Hands nothing further over of a mailing; true once nothing of it is in flight and it is out.
    package func end(_ mailing: ActiveMailing) throws(SystemError) -> Bool {
        halt(mailing)
        if mailing.inFlight > 0 { return false }
        byName[mailing.name] = nil
        try mailing.journal.synchronize()
        try mailing.journal.close()
        return true
    }

    /// Begins nothing further of a mailing; the next look finds out what its document is now.
    package func halt(_ mailing: ActiveMailing) {
        if mailing.isEnding { return }
        mailing.isEnding = true
        schedule.stop(mailing.name)
    }

    /// Whether the schedule would hand something over now.
    package func mayHandOver(at moment: Moment) -> Bool {
        var asked = schedule
        if case .handOver = asked.next(at: moment, demand: openings(at: moment)) { return true }
        return false
    }

    /// When the next message in flight has taken too long, by the monotonic clock.
    package var nextDeadline: Int64? { transport.nextDeadline }

    /// Descriptors that can be read when there is something to collect.
    package var inputs: [Int32] { transport.inputs }

    /// How many messages are in flight, a report included.
    package var inFlight: Int { transport.underWay }

    /// Writes what came of attempts into the journals, so that it outlives a kill.
    package func write() throws(SystemError) {
        for mailing in byName.values { try mailing.journal.write() }
    }

    /// For a tick that ends: nothing of ours is running any more.
    package func release() { transport.release() }

    /// Who is to be mailed of a mailing, whether or not there is what it takes.
    package func demand(_ name: FileName, at moment: Moment) -> Demand {
        demands(at: moment)(name)
    }

    private func demands(at moment: Moment) -> (FileName) -> Demand {
        let now = schedule.steadyTime(at: moment)
        let mailings = byName
        return { mailings[$0]?.demand(at: now) ?? .none }
    }

    /// Who can be mailed of each mailing with what there is, to be asked while the schedule is at it.
    private func openings(at moment: Moment) -> (FileName) -> Demand {
        let now = schedule.steadyTime(at: moment)
        let mailings = byName
        return { [room] name in
            guard let mailing = mailings[name] else { return .none }
            let demand = mailing.demand(at: now)
            // What there is is asked for only where somebody is to be mailed: of thousands that wait that takes time.
            guard demand.readyNow else { return demand }
            let hasRoom = room.admits(mailing.expectedSize, isOnly: mailing.inFlight == 0)
            return mailing.isSupplied && hasRoom ? demand : .none
        }
    }

    // MARK: What the machine lacks

    /// Whether something waits for what the machine lacks, or for attachments that are being encoded, and will go on.
    package var isWaitingForMachine: Bool {
        byName.values.contains { $0.isHeldBack || $0.attachments.isAwaited }
    }

    /// Whether attachments are being encoded.
    package var isEncoding: Bool { byName.values.contains(where: \.attachments.isUnderWay) }

    /// Tries again what was held back, and lets those rest who have had nothing to hand over for a while; all who have
    /// nothing in flight, if anybody was held back.
    package func look(at moment: Moment) throws(SystemError) {
        let isShort = byName.values.contains(where: \.isHeldBack)
        for mailing in byName.values {
            mailing.retry()
            try mailing.rest(after: isShort ? 0 : Dispatcher.rest, at: moment)
        }
    }

    /// When there is something to be done about a mailing next, if nothing but time passes. Nil if it waits for a person or
    /// a change; this moment if it does not wait.
    package func nextOccasion(for mailing: ActiveMailing, at moment: Moment) -> Timestamp? {
        if isMailSystemGone || mailing.isEnding || mailing.left == 0 || mailing.shortage != nil
            || mailing.attachments.isUnderWay
        {
            return moment.wall
        }
        return schedule.nextOccasion(
            for: mailing.name, at: moment, demand: demand(mailing.name, at: moment))
    }

    /// Seconds until everybody of a mailing has been mailed; nil if nobody can tell.
    package func secondsLeft(_ mailing: ActiveMailing, perMinute: Double?, at moment: Moment) -> Int64? {
        schedule.secondsLeft(
            for: mailing.name, remaining: mailing.left - mailing.held, lastRetry: mailing.lastRetry,
            measuredPerSecond: perMinute.map { $0 / 60 }, demand: demands(at: moment), at: moment)
    }

    /// Whether the tick should now say that the mail system accepts nothing.
    package func isRefusedEverywhere(at moment: Moment) -> Bool {
        isMailSystemGone
            || schedule.everyMailingThatCouldSendIsStopped(at: moment, demand: demands(at: moment))
    }

    // MARK: One round

    /// Hands over as much as may be handed over now.
    ///
    /// - Parameter suppression: the addresses that are never mailed, as they are at this moment.
    /// - Returns: what the schedule says to do until the next round.
    package func fill(
        at moment: Moment, suppression: () throws(SystemError) -> Suppression?
    ) throws(SystemError) -> Schedule<FileName>.Decision {
        var decision = schedule.next(at: moment, demand: openings(at: moment))
        guard case .handOver = decision else { return decision }
        // What still ends wakes the one who waits.
        if isEnding || isMailSystemGone { return .wait(until: moment.monotonic + 1_000_000) }
        guard try transport.isReady(at: moment) else { return .wait(until: moment.monotonic + 50_000) }
        // All of a round are handed over at once; the next round asks anew.
        guard let addresses = try suppression() else { return .nothing(next: nil) }
        var announced: [HandOver] = []
        do throws(SystemError) {
            while case .handOver(let name) = decision {
                if let mailing = byName[name],
                    let handOver = try prepare(mailing, at: moment, suppression: addresses)
                {
                    announced.append(handOver)
                    schedule.handedOver(name, at: moment)
                }
                decision = schedule.next(at: moment, demand: openings(at: moment))
            }
        } catch {
            withdraw(announced, at: moment)
            throw error
        }
        try carryOut(announced, at: moment)
        // What was answered at once, or withdrawn, has made room already.
        if !announced.isEmpty, underWay.count < schedule.concurrency { return .wait(until: moment.monotonic) }
        return decision
    }

    /// Makes the message of the mailing's next recipient; nil if nobody is to be mailed after all.
    private func prepare(
        _ mailing: ActiveMailing, at moment: Moment, suppression: Suppression
    ) throws(SystemError) -> HandOver? {
        guard let attachments = try supplies(of: mailing),
            let place = mailing.takeNext(at: schedule.steadyTime(at: moment))
        else { return nil }
        if !mailing.hasBegun { marks.begin(mailing.document) }
        defer { if !mailing.hasBegun { marks.end(mailing.document) } }
        let before = mailing.list.table[place]
        let recipient: Recipient
        let rendered: RenderedMessage
        let messageID: String
        do {
            recipient = try mailing.list.recipient(at: place)
            let address = recipient.address.normalized
            if suppression.contains(recipient.address) {
                mailing.skip(place, address, .suppressed, at: moment)
                return nil
            }
            messageID = MessageID.make(
                mailing: mailing.id, address: address,
                domain: mailing.mailing.content.design.from.address.domain)
            rendered = try mailing.mailing.render(recipient, messageID: messageID, at: moment.wall)
        } catch {
            if let error = error as? RenderError { mailing.problem = problem(error, of: place, in: mailing) }
            // Otherwise the list is not what it was when it was checked: the next look reads it anew.
            mailing.putBack(place, from: before.state, at: moment)
            halt(mailing)
            return nil
        }
        let file: MessageFile
        do throws(SystemError) {
            file = try attachments.file(of: rendered)
        } catch {
            mailing.putBack(place, from: before.state, at: moment)
            guard error.isShortage else { throw error }
            mailing.holdBack(for: error)
            return nil
        }
        mailing.messageSize = file.size
        let message = OutgoingMessage(
            file: file, messageID: messageID,
            returnPath: mailing.mailing.content.returnPath.description,
            recipient: recipient.address.description)
        return HandOver(
            mailing.announce(place, recipient.address.normalized, at: moment), of: place, in: mailing,
            before: before.state,
            // The first answer fails nobody by the time, however long ago an attempt was whose outcome is unknown.
            firstAttempt: before.hasOwnDeferral ? before.firstAttemptTime : nil, message: message,
            share: room.enter(file.size))
    }

    /// What a hand-over of a mailing needs besides its message; nil if that is not there as yet.
    private func supplies(of mailing: ActiveMailing) throws(SystemError) -> EncodedAttachments? {
        let attachments: EncodedAttachments
        do throws(SystemError) {
            guard let taken = try mailing.attachments.take() else { return nil }
            attachments = taken
        } catch {
            // Otherwise somebody has changed a file since the mailing was judged: the next look judges it anew.
            if error.isShortage || error.isDiskError { mailing.holdBack(for: error) } else { halt(mailing) }
            return nil
        }
        guard canReadList(of: mailing) else { return nil }
        do throws(SystemError) {
            try mailing.journal.open()
        } catch {
            guard error.isShortage else { throw error }
            mailing.holdBack(for: error)
            return nil
        }
        return attachments
    }

    /// Whether the list of a mailing can be read; where not, nothing further of it begins until the next look.
    package func canReadList(of mailing: ActiveMailing) -> Bool {
        do throws(SystemError) {
            try mailing.list.open()
            return true
        } catch {
            // Otherwise it is not what it was: the next look judges the mailing anew.
            if error.isShortage || error.isDiskError { mailing.holdBack(for: error) } else { halt(mailing) }
            return false
        }
    }

    private func problem(_ error: RenderError, of place: Int, in mailing: ActiveMailing) -> Diagnostic {
        if error == .tooLarge {
            let found = mailing.mailing.tooLarge
            return Diagnostic(
                key: found.key, line: mailing.mailing.line(ofKey: found.key),
                message: "recipient \(place + 1) \(found.one)", hint: found.hint)
        }
        return Diagnostic(
            message: "the message to recipient \(place + 1) cannot be made: \(error)",
            hint: "correct the document or the list")
    }

    /// Brings the announcements to the disk, and then hands over what may still be handed over.
    private func carryOut(_ announced: [HandOver], at moment: Moment) throws(SystemError) {
        var rest = announced[...]
        if rest.isEmpty { return }
        do throws(SystemError) {
            for handOver in announced { try handOver.mailing.journal.reserveRoom() }
            // All of them: what was handed over of another mailing and is not yet on the disk counts as well.
            for mailing in byName.values { try mailing.journal.synchronize() }
            while let handOver = rest.first {
                let mailing = handOver.mailing
                // Its window may have closed while the disk was slow.
                let mayLeave = !isMailSystemGone && schedule.isOpen(mailing.name, at: surroundings.now().wall)
                let isInPlace = mayLeave ? try isInPlace(mailing.document) : true
                rest.removeFirst()
                if mayLeave && isInPlace {
                    try begin(handOver, at: moment)
                } else {
                    if !isInPlace { halt(mailing) }
                    withdraw([handOver], at: moment)
                }
            }
        } catch {
            withdraw(rest, at: moment)
            throw error
        }
    }

    /// Whether the document still lies in `active/` as it was read.
    package func isInPlace(_ document: FoundDocument) throws(SystemError) -> Bool {
        let status = try active.status(of: SpoolDirectory.documentName(document.name))
        return status.map(DocumentVersion.init) == document.version
    }

    private func withdraw(_ handOvers: some Sequence<HandOver>, at moment: Moment) {
        for handOver in handOvers {
            schedule.withdrew(handOver.mailing.name)
            room.leave(handOver.share)
            handOver.withdraw(at: moment)
        }
    }

    private func begin(_ handOver: HandOver, at moment: Moment) throws(SystemError) {
        precondition(handOver.isDurable, "a message without its intent on the disk")
        lastTicket += 1
        let ticket = lastTicket
        underWay[ticket] = handOver
        do throws(TransportFailure) {
            let answer = try transport.begin(handOver.message, ticket: ticket)
            handOver.mailing.noteHandOver()
            if let answer { conclude(ticket, answer, at: moment) }
        } catch {
            switch error {
            case .unavailable(let reason):
                underWay[ticket] = nil
                isMailSystemGone = true
                lastReply = reason
                withdraw([handOver], at: moment)
            case .shortage(let error):
                underWay[ticket] = nil
                withdraw([handOver], at: moment)
                handOver.mailing.holdBack(for: error)
            case .system(let error): throw error
            }
        }
    }

    // MARK: Outcomes

    /// Takes in what has ended or taken too long since the last call.
    package func collect(at moment: Moment) throws(SystemError) {
        let answers = transport.collect(at: moment)
        if answers.isEmpty { return }
        for (ticket, answer) in answers where ticket == CompletionReportDelivery.ticket {
            try reports.conclude(answer, at: moment)
        }
        for (ticket, answer) in answers { conclude(ticket, answer, at: moment) }
        try write()
    }

    /// Writes down what came of an attempt, and what follows from it for others.
    private func conclude(_ ticket: Int, _ answer: TransportAnswer, at moment: Moment) {
        guard let handOver = underWay.removeValue(forKey: ticket) else { return }
        room.leave(handOver.share)
        let mailing = handOver.mailing
        let wasDeferredBefore = mailing.hasOwnDeferral(handOver.place)
        let fate = mailing.fate(
            of: answer.verdict, handOver.place, first: handOver.firstAttempt, at: moment,
            random: surroundings.chance())
        switch fate {
        case .sent:
            hasAccepted = true
            for other in byName.values where other !== mailing { other.accepted(elsewhere: moment.wall) }
        case .deferred, .wouldFail: lastReply = answer.words
        case .failed, .inDoubt: break
        }
        handOver.conclude(fate, answer, at: moment)
        let reaction = schedule.ended(
            mailing.name, recipient: handOver.place, outcome: fate, deferredBefore: wasDeferredBefore,
            at: moment)
        carryOut(reaction, of: mailing, at: moment)
    }

    private func carryOut(
        _ reaction: Schedule<FileName>.Reaction, of mailing: ActiveMailing, at moment: Moment
    ) {
        for place in reaction.excused { mailing.excuse(place, at: moment) }
        for place in reaction.failed { mailing.giveUp(place, at: moment) }
    }

    /// Judges those whose last attempt waits for judgement, where nobody else is left to send to.
    package func settle(at moment: Moment) -> Bool {
        // A mail system that cannot be reached says nothing of anybody.
        if isMailSystemGone { return false }
        var hasSettled = false
        for name in schedule.unsettled {
            guard let mailing = byName[name] else { continue }
            let reaction = schedule.settle(name, demand: demand(name, at: moment), at: moment)
            if reaction != .none { hasSettled = true }
            carryOut(reaction, of: mailing, at: moment)
        }
        return hasSettled
    }
}
