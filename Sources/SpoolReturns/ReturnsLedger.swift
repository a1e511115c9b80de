internal import SpoolMail
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore

/// What is known of all that came back, by the lines of the journals; and what follows from it. Pure: a line means the same
/// when it is read again.
struct ReturnsLedger {
    /// A bounce of one recipient by one mailing.
    struct Bounce {
        let mailing: String
        let meaning: ReturnClass
        let time: Timestamp
        /// It says only that no host was found, which may be so for a day.
        let isHostMissing: Bool
    }

    /// What came back of one mailing.
    struct Mailing {
        /// What came back of each recipient, as bits of `ReturnClass`.
        fileprivate var classes: [AddressHash: UInt8] = [:]
        fileprivate(set) var counts = ReturnsCounts()
        /// Recipients with hard bounces, hand-overs included.
        fileprivate(set) var hardByDomain: [String: Int] = [:]
        /// Domains whose hard bounces block nobody; of all where `holdsAll`.
        fileprivate(set) var held: Set<String> = []
        fileprivate(set) var holdsAll = false
        /// A person has decided: nothing is held any more.
        fileprivate(set) var isSettled = false

        /// Whether a hard bounce of an address blocks nobody as yet.
        func holds(_ domain: String) -> Bool { !isSettled && (holdsAll || held.contains(domain)) }
    }

    private(set) var mailings: [String: Mailing] = [:]
    /// What has been counted, by hashes.
    private var sources: Set<Int> = []
    private var flagged: Set<Int> = []
    /// Bounces of hard and soft of each address, the first of each mailing, in the order of time.
    private var bounces: [AddressHash: [Bounce]] = [:]
    /// Addresses with complaints: by how many mailings.
    private var complaints: [AddressHash: Int] = [:]

    /// Whether something has been counted.
    func knows(_ source: ReturnSource) -> Bool { sources.contains(source.hashValue) }

    /// Whether it was a message for a person to look at.
    func hasFlagged(_ source: ReturnSource) -> Bool { flagged.contains(source.hashValue) }

    /// Takes in a line.
    ///
    /// - Parameter mailing: the id; nil for what belongs to none.
    mutating func apply(_ entry: ReturnsEntry, of mailing: String?, at time: Timestamp) {
        if let source = entry.source { sources.insert(source.hashValue) }
        if case .flagged(let source, _, _) = entry { flagged.insert(source.hashValue) }
        guard let mailing else { return }
        switch entry {
        case .returned(let found): take(found, of: mailing, isCounted: true, at: time)
        case .refused(let found): take(found, of: mailing, isCounted: false, at: time)
        case .held(let domain, _):
            if let domain {
                mailings[mailing, default: Mailing()].held.insert(domain)
            } else {
                mailings[mailing, default: Mailing()].holdsAll = true
            }
        case .settled: mailings[mailing, default: Mailing()].isSettled = true
        case .flagged, .unsigned, .other, .unproven, .counts: break
        }
    }

    private mutating func take(
        _ found: ReturnsEntry.Return, of mailing: String, isCounted: Bool, at time: Timestamp
    ) {
        let hash = AddressHash(found.address)
        var state = mailings[mailing] ?? Mailing()
        let before = state.classes[hash] ?? 0
        let bit = ReturnsLedger.bit(of: found.meaning)
        let now = before | bit
        state.classes[hash] = now
        if isCounted {
            let bouncing: [ReturnClass] = [.hard, .soft, .refused]
            if bouncing.contains(found.meaning) {
                let (old, new) = (ReturnsLedger.worst(before), ReturnsLedger.worst(now))
                if old != new {
                    if let old { state.counts[old] -= 1 }
                    if let new { state.counts[new] += 1 }
                }
            } else if before & bit == 0 {
                state.counts[found.meaning] += 1
            }
        }
        if found.meaning == .hard, before & bit == 0 {
            state.hardByDomain[ReturnsLedger.domain(of: found.address), default: 0] += 1
        }
        mailings[mailing] = state
        if found.meaning == .complaint, before & bit == 0 { complaints[hash, default: 0] += 1 }
        guard found.meaning == .hard || found.meaning == .soft else { return }
        let bounce = Bounce(
            mailing: mailing, meaning: found.meaning, time: time,
            isHostMissing: ReturnsLedger.isHostMissing(found))
        var all = bounces[hash] ?? []
        // The worse of two of one mailing counts.
        if let index = all.firstIndex(where: { $0.mailing == mailing }) {
            if found.meaning == .hard, all[index].meaning == .soft { all[index] = bounce }
        } else {
            all.append(bounce)
        }
        bounces[hash] = all
    }

    private static func bit(of meaning: ReturnClass) -> UInt8 {
        1 << UInt8(ReturnClass.allCases.firstIndex(of: meaning) ?? 0)
    }

    private static func worst(_ classes: UInt8) -> ReturnClass? {
        [.hard, .soft, .refused].first { classes & bit(of: $0) != 0 }
    }

    static func domain(of address: String) -> String {
        String(address.drop { $0 != "@" }.dropFirst())
    }

    private static func isHostMissing(_ found: ReturnsEntry.Return) -> Bool {
        found.meaning == .hard
            && (["5.1.2", "5.4.4"].contains(found.code ?? "")
                || ["no-such-host", "null-mx"].contains(found.rule))
    }

    // MARK: - What follows

    /// A day must lie between two mailings whose host was not found.
    static let hostPatience = Interval.days(1)
    /// Older bounces are no part of a row.
    static let rowLength = Interval.days(90)

    /// Whether a bounce blocks its address, by what came back of it so far, this one included.
    ///
    /// - Parameter lastSuccess: when the last mailing to the address was handed over that brought no bounce, of those
    ///   between two times; asked only if all else is so.
    func blocks<E: Error>(
        _ found: ReturnsEntry.Return, of mailing: String, by policy: ReturnsSettings.Block, at now: Timestamp,
        lastSuccess: (Set<String>, ClosedRange<Timestamp>) throws(E) -> Timestamp?
    ) throws(E) -> Bool {
        let hash = AddressHash(found.address)
        let all = (bounces[hash] ?? []).sorted { $0.time < $1.time }
        switch found.meaning {
        case .hard:
            let hard = all.filter { $0.meaning == .hard }
            if policy.hard > 0, !isHeld(found, mailing) {
                let certain = hard.filter { !$0.isHostMissing }
                if certain.count >= policy.hard { return true }
                if let first = hard.first, let last = hard.last, hard.count >= max(policy.hard, 2),
                    last.time - first.time >= ReturnsLedger.hostPatience
                {
                    return true
                }
            }
        case .soft: break
        case .complaint: return policy.complaint > 0 && complaints[hash, default: 0] >= policy.complaint
        case .refused, .delayed, .delivered, .unsubscribed, .autoReply: return false
        }
        // Whatever is held is no sign of anything.
        let row = all.filter { now - $0.time <= ReturnsLedger.rowLength && !isHeld($0, found.address) }
        guard policy.soft > 0, ReturnsLedger.isRow(row, policy), let first = row.first, let last = row.last
        else {
            return false
        }
        let success = try lastSuccess(Set(all.map(\.mailing)), first.time...last.time)
        return success.map { time in ReturnsLedger.isRow(row.filter { $0.time > time }, policy) } ?? true
    }

    private static func isRow(_ row: [Bounce], _ policy: ReturnsSettings.Block) -> Bool {
        guard let first = row.first, let last = row.last else { return false }
        return row.count >= policy.soft && last.time - first.time >= policy.softSpan
    }

    private func isHeld(_ found: ReturnsEntry.Return, _ mailing: String) -> Bool {
        mailings[mailing]?.holds(ReturnsLedger.domain(of: found.address)) ?? false
    }

    private func isHeld(_ bounce: Bounce, _ address: String) -> Bool {
        bounce.meaning == .hard
            && mailings[bounce.mailing]?.holds(ReturnsLedger.domain(of: address)) ?? false
    }

    /// So many hard bounces may be a wave.
    static let waveSize = 20

    /// The domains of a mailing, nil for all of it, whose hard bounces are a wave: nobody's death.
    ///
    /// - Parameter handedOver: how many recipients there were at each domain; asked only if there are enough bounces.
    func waves<E: Error>(
        in mailing: String, handedOver: () throws(E) -> [String: Int]
    ) throws(E) -> [String?] {
        guard let state = mailings[mailing], !state.isSettled, !state.holdsAll else { return [] }
        let hard = state.hardByDomain
        let total = hard.values.reduce(0, +)
        guard total >= ReturnsLedger.waveSize else { return [] }
        let recipients = try handedOver()
        // A journal that is gone tells nothing.
        if recipients.isEmpty { return [] }
        if total * 5 > recipients.values.reduce(0, +) { return [nil] }
        return hard.filter { domain, count in
            !state.held.contains(domain) && count >= ReturnsLedger.waveSize
                && count * 10 > recipients[domain, default: 0]
        }.keys.sorted()
    }
}
