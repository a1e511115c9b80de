internal import SpoolMailing
internal import SpoolSchedule
package import SpoolStore

/// Makes ``MailingDetails`` of a journal's lines, one after the other.
package struct DetailsReading {
    package private(set) var details = MailingDetails()

    /// What must be known of a recipient until the attempts have ended.
    private struct Unended {
        var firstAttempt: Timestamp
        var revision: Int
        var timeouts = 0
    }

    /// What was said to a deferral that may be the last one.
    private struct Deferral {
        let address: AddressHash
        let status: String
        let reply: String
    }

    private var unended: [AddressHash: Unended] = [:]
    /// Where a revision stands in the details.
    private var places: [String: Int] = [:]
    private var revision = 0
    /// The last deferrals: whoever is given up is given up soon after the last of theirs.
    private var recent: [Deferral] = []

    /// Nothing has happened yet.
    package init() {}

    private static let mostUnended = 1 << 17
    private static let mostRecent = 256
    private static let mostMoves = 20
    private static let mostInDoubt = 1000
    private static let twoDays = Interval.days(2)

    /// Takes in the next line.
    package mutating func read(_ line: JournalLine) {
        let time = line.time
        if let address = line.address {
            if let event = line.recipientEvent { read(event, of: address, at: time) }
            return
        }
        switch line.entry {
        case .opened: details.begunAt = time
        case .document(let place): note(FolderMove(folder: place.folder, at: time))
        case .revision(let hash): use(hash, at: time)
        case .reopened(let cause): reopen(cause, at: time)
        case .wording, .about, .counts, .closed, .report, .recipient, nil: break
        }
    }

    private mutating func read(
        _ event: RecipientEvent, of address: UnsafeRawBufferPointer, at time: Timestamp
    ) {
        let hash = AddressHash(address)
        switch event {
        case .attempt(let number, _): announce(number, hash, at: time)
        case .withdrew(let state):
            details.attempts -= 1
            if state == .waiting { unended[hash] = nil }
        case .sent: accepted(address, hash, at: time)
        case .deferred(_, _, let status, let reply):
            deferred(address, hash, status: status, reply: reply, at: time)
        case .failed(let status, let reply):
            failed(address, hash, status: status, reply: reply, at: time)
        case .gaveUp:
            let last = recent.first { $0.address == hash }
            failed(address, hash, status: last?.status ?? "-", reply: last?.reply ?? "", at: time)
        case .inDoubt(_, .timeout):
            details.timeouts += 1
            unended[hash]?.timeouts += 1
        case .resolved(.sent): accepted(address, hash, at: time)
        case .skipped: unended[hash] = nil
        case .inDoubt(_, .killed), .resolved(.resend), .excused: break
        }
        if let (from, to) = event.transition { move(from, to, address, hash, at: time) }
    }

    // MARK: The mailing as a whole

    private mutating func note(_ move: FolderMove) {
        if details.moves.last?.folder == move.folder, !details.moves.isEmpty { return }
        details.moves.append(move)
        if details.moves.count > DetailsReading.mostMoves { details.moves.removeFirst() }
    }

    private mutating func use(_ hash: String, at time: Timestamp) {
        if let place = places[hash] {
            revision = place
            return
        }
        revision = details.revisions.count
        places[hash] = revision
        details.revisions.append(ContentRevision(hash: hash, since: time))
    }

    /// Sent again, whoever failed is tried again, so that no reason for it holds any more.
    private mutating func reopen(_ cause: Reopening, at time: Timestamp) {
        guard cause == .again else { return }
        details.reopenedAt = time
        details.failures = ReasonTally()
        details.byDomain.forgetFailures()
    }

    // MARK: A recipient

    private mutating func announce(_ number: Int, _ hash: AddressHash, at time: Timestamp) {
        details.attempts += 1
        details.lastAttempt = time
        if number != 1 { details.repeatedAttempts += 1 }
        if unended[hash] != nil {
            unended[hash]?.revision = revision
        } else if unended.count < DetailsReading.mostUnended {
            unended[hash] = Unended(firstAttempt: time, revision: revision)
        }
    }

    /// A recipient leaves a state that is counted here for another.
    private mutating func move(
        _ state: RecipientState, _ next: RecipientState, _ address: UnsafeRawBufferPointer,
        _ hash: AddressHash,
        at time: Timestamp
    ) {
        if state == .deferred { details.byDomain.update(address) { $0.endDeferral() } }
        if next == .deferred { details.byDomain.update(address) { $0.deferred += 1 } }
        guard state == .inDoubt || next == .inDoubt else { return }
        let text = String(decoding: address, as: UTF8.self)
        if state == .inDoubt { believe(text) }
        if next == .inDoubt { doubt(text, hash, at: time) }
    }

    private mutating func accepted(_ address: UnsafeRawBufferPointer, _ hash: AddressHash, at time: Timestamp)
    {
        let known = unended.removeValue(forKey: hash)
        details.byDomain.update(address) {
            $0.sent += 1
            if let known { $0.addTime(time - known.firstAttempt) }
        }
        let place = known?.revision ?? revision
        if details.revisions.indices.contains(place) { details.revisions[place].sent += 1 }
        plot(DeliveryTimeline.Bucket(accepted: 1), at: time)
    }

    private mutating func deferred(
        _ address: UnsafeRawBufferPointer, _ hash: AddressHash, status: String, reply: String,
        at time: Timestamp
    ) {
        details.byDomain.update(address) { $0.deferrals += 1 }
        details.deferrals.add(
            status: status, reply: reply, address: String(decoding: address, as: UTF8.self), at: time)
        plot(DeliveryTimeline.Bucket(deferred: 1), at: time)
        recent.removeAll { $0.address == hash }
        if recent.count >= DetailsReading.mostRecent { recent.removeFirst() }
        recent.append(Deferral(address: hash, status: status, reply: reply))
    }

    private mutating func failed(
        _ address: UnsafeRawBufferPointer, _ hash: AddressHash, status: String, reply: String,
        at time: Timestamp
    ) {
        unended[hash] = nil
        details.byDomain.update(address) { $0.failed += 1 }
        details.failures.add(
            status: status, reply: reply, address: String(decoding: address, as: UTF8.self), at: time)
        plot(DeliveryTimeline.Bucket(failed: 1), at: time)
    }

    private mutating func doubt(_ address: String, _ hash: AddressHash, at time: Timestamp) {
        details.inDoubtCount += 1
        guard details.inDoubt.count < DetailsReading.mostInDoubt else { return }
        details.inDoubt.append(
            DoubtfulRecipient(address: address, since: time, timeouts: unended[hash]?.timeouts ?? 0))
    }

    private mutating func believe(_ address: String) {
        details.inDoubtCount -= 1
        if let place = details.inDoubt.firstIndex(where: { $0.address == address }) {
            details.inDoubt.remove(at: place)
        }
    }

    private mutating func plot(_ event: DeliveryTimeline.Bucket, at time: Timestamp) {
        details.timeline.record(event, at: time)
        guard let begunAt = details.begunAt, time >= begunAt, time - begunAt < DetailsReading.twoDays else {
            return
        }
        details.firstTwoDays.record(event, at: time)
    }
}
