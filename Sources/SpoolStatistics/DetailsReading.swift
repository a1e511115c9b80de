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
        switch line.event {
        case .opened: details.begunAt = line.time
        case .document:
            let text = line.texts(2)[0]
            note(FolderMove(folder: Folder(rawValue: text), at: line.time))
        case .revision: use(line.texts(1)[0], at: line.time)
        case .about, .counts, .report, .closed: break
        case .reopened: reopen(Reopening(field: line.texts(1)[0]), at: line.time)
        case .attempt, .sent, .deferred, .failed, .inDoubt, .withdrew, .excused, .gaveUp, .resolved, .skipped:
            readEvent(line)
        }
    }

    private mutating func readEvent(_ line: JournalLine) {
        let address = line.address
        let hash = AddressHash(address)
        let time = line.time
        switch line.event {
        case .attempt: announce(line, hash, at: time)
        case .withdrew:
            let state = RecipientState(word: line.texts(2)[1]) ?? .waiting
            details.attempts -= 1
            if state == .waiting { unended[hash] = nil }
            leave(.sending, for: state, address, at: time)
        case .sent: accepted(address, hash, at: time)
        case .deferred: deferred(line, hash, at: time)
        case .failed:
            let texts = line.texts(3)
            failed(texts[0], hash, status: texts[1], reply: texts[2], wasDeferred: false, at: time)
        case .gaveUp:
            let last = recent.first { $0.address == hash }
            failed(
                line.texts(1)[0], hash, status: last?.status ?? "-", reply: last?.reply ?? "",
                wasDeferred: true, at: time)
        case .inDoubt:
            let isTimeout = line.texts(3)[2] == "timeout"
            if isTimeout { details.timeouts += 1 }
            doubt(String(decoding: address, as: UTF8.self), hash, isTimeout: isTimeout, at: time)
        case .resolved:
            if line.texts(2)[1] == "sent" {
                accepted(address, hash, at: time)
            } else {
                details.byDomain.update(address) { $0.deferred += 1 }
            }
            believe(String(decoding: address, as: UTF8.self))
        case .skipped:
            leave(RecipientState(word: line.texts(3)[1]) ?? .waiting, for: .skipped(.late), address, at: time)
            unended[hash] = nil
        case .excused, .opened, .document, .revision, .about, .counts, .closed, .reopened, .report: break
        }
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

    private mutating func announce(_ line: JournalLine, _ hash: AddressHash, at time: Timestamp) {
        let texts = line.texts(3)
        details.attempts += 1
        details.lastHandOver = time
        if texts[1] != "1" { details.repeatedAttempts += 1 }
        leave(RecipientState(word: texts[2]) ?? .waiting, for: .sending, line.address, at: time)
        if unended[hash] != nil {
            unended[hash]?.revision = revision
        } else if unended.count < DetailsReading.mostUnended {
            unended[hash] = Unended(firstAttempt: time, revision: revision)
        }
    }

    /// A recipient leaves a state that is counted here for another.
    private mutating func leave(
        _ state: RecipientState, for next: RecipientState, _ address: UnsafeRawBufferPointer,
        at time: Timestamp
    ) {
        if state == .deferred { details.byDomain.update(address) { $0.endDeferral() } }
        if next == .deferred { details.byDomain.update(address) { $0.deferred += 1 } }
        guard state == .inDoubt || next == .inDoubt else { return }
        let text = String(decoding: address, as: UTF8.self)
        if state == .inDoubt { believe(text) }
        if next == .inDoubt { doubt(text, AddressHash(address), isTimeout: false, at: time) }
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

    private mutating func deferred(_ line: JournalLine, _ hash: AddressHash, at time: Timestamp) {
        let texts = line.texts(5)
        details.byDomain.update(line.address) {
            $0.deferred += 1
            $0.deferrals += 1
        }
        details.deferrals.add(status: texts[3], reply: texts[4], address: texts[0], at: time)
        plot(DeliveryTimeline.Bucket(deferred: 1), at: time)
        let deferral = Deferral(address: hash, status: texts[3], reply: texts[4])
        recent.removeAll { $0.address == hash }
        if recent.count >= DetailsReading.mostRecent { recent.removeFirst() }
        recent.append(deferral)
    }

    private mutating func failed(
        _ address: String, _ hash: AddressHash, status: String, reply: String, wasDeferred: Bool,
        at time: Timestamp
    ) {
        unended[hash] = nil
        var text = address
        text.withUTF8 { bytes in
            details.byDomain.update(UnsafeRawBufferPointer(bytes)) {
                $0.failed += 1
                if wasDeferred { $0.endDeferral() }
            }
        }
        details.failures.add(status: status, reply: reply, address: address, at: time)
        plot(DeliveryTimeline.Bucket(failed: 1), at: time)
    }

    private mutating func doubt(_ address: String, _ hash: AddressHash, isTimeout: Bool, at time: Timestamp) {
        if isTimeout { unended[hash]?.timeouts += 1 }
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
