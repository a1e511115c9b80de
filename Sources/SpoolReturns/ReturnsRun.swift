internal import SpoolConsole
internal import SpoolExamine
internal import SpoolMail
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
internal import SpoolSystem
internal import SpoolWriting

/// What the stages of one `spool-returns` share: what is known so far, and how more of it gets onto the disk.
///
/// The order is the promise: blocks first, then what came back, each on the disk before the next, and only then is a
/// message moved or a place in a log noted. Whoever is killed in between judges the same once more, finds what stands there
/// by its source, and adds nothing to it.
final class ReturnsRun {
    let spool: SpoolDirectory
    let returns: ReturnsDirectory
    let settings: ReturnsSettings
    let histories: [FileName: MailingHistory]
    let journals: JournalDirectory
    let now: Timestamp
    /// What the next run is told.
    var state: ReturnsState
    var proofs: TokenProofs
    private(set) var ledger = ReturnsLedger()
    private(set) var tally = ReturnsTally()
    private let writer: ReturnsWriter
    /// Who is blocked and who has left, what is about to be written included.
    private var blocked: BlockedAddresses
    /// Where the last whole line of `journal/blocked` ends.
    private var blockedEnd: Int
    /// Why whoever is blocked is so, by the last line about each.
    private var causes: [AddressHash: BlockedEntry.Block.Cause] = [:]
    private var blockSources: Set<ReturnSource> = []
    /// Where the last whole line of each journal ends.
    private var ends: [FileName: Int] = [:]
    private let mailings: [String: FileName]

    /// Reads all that is known, under the lock of the one that works.
    init(
        _ spool: SpoolDirectory, _ returns: ReturnsDirectory, _ settings: ReturnsSettings,
        keys: [SigningKey], blocked: BlockedJournal, state: ReturnsState, at now: Timestamp
    ) throws(SystemError) {
        (self.spool, self.returns, self.settings, self.state, self.now) = (
            spool, returns, settings, state, now
        )
        self.state.blocked = blocked.seen
        (self.blocked, blockedEnd) = (blocked.addresses, blocked.seen?.length ?? 0)
        journals = try JournalDirectory(spool.journal)
        histories = try journals.histories()
        mailings = Dictionary(histories.map { ($0.value.mailing, $0.key) }) { first, _ in first }
        proofs = TokenProofs(keys, histories, journals, returns)
        writer = try ReturnsWriter(spool, returns)
        var causes = causes
        var blockSources = blockSources
        try BlockedJournal.forEachEntry(in: spool.journal) { entry, _ in
            if case .block(let block) = entry, let source = block.source { blockSources.insert(source) }
            ReturnsRun.note(entry, in: &causes)
        }
        (self.causes, self.blockSources) = (causes, blockSources)
        for name in try returns.journals() {
            let mailing = name == ReturnsDirectory.otherName ? nil : name.string
            var ledger = ledger
            ends[name] = try returns.forEachEntry(of: name) { entry, line in
                ledger.apply(entry, of: mailing, at: line.time)
            }
            self.ledger = ledger
        }
    }

    private static func note(_ entry: BlockedEntry, in causes: inout [AddressHash: BlockedEntry.Block.Cause])
    {
        switch entry {
        case .block(let block) where !block.cause.isDeparture:
            causes[AddressHash(block.subject)] = block.cause
        case .unblock(let subject), .release(let subject): causes[AddressHash(subject)] = nil
        case .block, .counts: break
        }
    }

    /// What came back, as it is written down, and by which mailing; nil for none.
    struct Item {
        let mailing: String?
        let entry: ReturnsEntry
    }

    /// Brings what came back, and what follows from it, to the disk.
    ///
    /// - Parameter decisions: what a person says of whom besides.
    func commit(_ items: [Item], _ decisions: [BlockedEntry] = []) throws(SystemError) {
        guard !items.isEmpty || !decisions.isEmpty else { return }
        for item in items { ledger.apply(item.entry, of: item.mailing, at: now) }
        let (held, releases) = try waves(items)
        for item in held { ledger.apply(item.entry, of: item.mailing, at: now) }
        var changes: [BlockedEntry] = []
        for decision in decisions { take(decision, into: &changes) }
        for release in releases { take(release, into: &changes) }
        for item in items { if let block = try block(by: item) { take(.block(block), into: &changes) } }
        if !changes.isEmpty {
            blockedEnd = try writer.appendBlocked(changes + [blocked.counts], behind: blockedEnd, at: now)
        }
        var entries: [FileName: [ReturnsEntry]] = [:]
        for item in items + held {
            entries[item.mailing.map { FileName($0) } ?? ReturnsDirectory.otherName, default: []].append(
                item.entry)
        }
        for (name, lines) in entries.sorted(by: { $0.key < $1.key }) {
            let counts = ledger.mailings[name.string].map { [ReturnsEntry.counts($0.counts)] } ?? []
            ends[name] = try writer.append(lines + counts, to: name, behind: ends[name] ?? 0, at: now)
        }
        for item in items { tally.add(item.entry) }
    }

    private func take(_ entry: BlockedEntry, into changes: inout [BlockedEntry]) {
        changes.append(entry)
        blocked.apply(entry)
        ReturnsRun.note(entry, in: &causes)
        tally.add(entry)
    }

    /// Why an address, normalised, or `@` and a domain is blocked; nil if it is not.
    func cause(of subject: String) -> BlockedEntry.Block.Cause? { causes[AddressHash(subject)] }

    /// Whether there is anything that an unblock of a subject would lift.
    func isNamed(_ subject: String) -> Bool { cause(of: subject) != nil || blocked.hasLeftAnything(subject) }

    // MARK: Waves

    private func waves(_ items: [Item]) throws(SystemError) -> (held: [Item], releases: [BlockedEntry]) {
        var held: [Item] = []
        var releases: [BlockedEntry] = []
        for mailing in Set(items.filter { $0.entry.hard != nil }.compactMap(\.mailing)).sorted() {
            let waves = try ledger.waves(in: mailing) { () throws(SystemError) in
                try self.handedOver(of: mailing)
            }
            for domain in waves {
                let hard = try self.hard(of: mailing, besides: items).filter {
                    domain == nil || ReturnsLedger.domain(of: $0.address) == domain
                }
                held.append(
                    Item(mailing: mailing, entry: .held(domain: domain, reply: hard.last?.reply ?? "")))
                releases += Set(hard.map(\.address)).sorted().filter {
                    causes[AddressHash($0)] == .returned(.hard)
                }.map { .release($0) }
            }
        }
        return (held, releases)
    }

    /// All hard bounces of a mailing.
    func hard(of mailing: String, besides items: [Item] = []) throws(SystemError) -> [ReturnsEntry.Return] {
        var hard: [ReturnsEntry.Return] = []
        try returns.forEachEntry(of: FileName(mailing)) { entry, _ in
            if let found = entry.hard { hard.append(found) }
        }
        return hard + items.filter { $0.mailing == mailing }.compactMap(\.entry.hard)
    }

    /// How many recipients of a mailing were handed over, or refused at it, by domain.
    private func handedOver(of mailing: String) throws(SystemError) -> [String: Int] {
        var recipients: [String: Int] = [:]
        guard let name = mailings[mailing], let file = try journals.open(name) else { return [:] }
        _ = try JournalReader(file: file).forEachLine { line in
            switch line.recipientEvent {
            case .sent, .failed:
                guard let address = line.address else { return }
                recipients[ReturnsLedger.domain(of: String(decoding: address, as: UTF8.self)), default: 0] +=
                    1
            case .attempt, .deferred, .inDoubt, .withdrew, .excused, .gaveUp, .resolved, .skipped, nil: break
            }
        }
        return recipients
    }

    // MARK: Blocks

    /// The block that follows from something, if it does not stand there already.
    private func block(by item: Item) throws(SystemError) -> BlockedEntry.Block? {
        let found: ReturnsEntry.Return
        switch item.entry {
        case .returned(let entry), .refused(let entry): found = entry
        case .flagged, .unsigned, .other, .unproven, .held, .settled, .counts: return nil
        }
        guard let mailing = item.mailing, !blockSources.contains(found.source) else { return nil }
        if found.meaning == .unsubscribed {
            let topic = mailings[mailing].flatMap { histories[$0]?.title?.topic }
            if let address = try? EmailAddress(found.address), blocked.hasLeft(address, topic: topic) {
                return nil
            }
            return BlockedEntry.Block(
                found.address, .returned(.unsubscribed), mailing: mailing, topic: topic, source: found.source,
                reply: found.rule)
        }
        let isBlocked = try ledger.blocks(found, of: mailing, by: settings.block, at: now) {
            (mailings, times) throws(SystemError) in
            try self.lastSuccess(of: found.address, notOf: mailings, in: times)
        }
        let cause = BlockedEntry.Block.Cause.returned(found.meaning)
        let standing = causes[AddressHash(found.address)]
        // A complaint stands where a bounce turns out to have been one of a wave.
        guard isBlocked,
            standing == nil || (found.meaning == .complaint && standing != cause && standing != .person)
        else { return nil }
        return BlockedEntry.Block(
            found.address, cause, mailing: mailing, source: found.source, reply: found.reply)
    }

    /// A bounce takes at most so long, as far as anybody waits for it.
    private static let bounceTime = Interval.days(7)

    /// When a mailing was last accepted for an address of which nothing came back.
    private func lastSuccess(
        of address: String, notOf bounced: Set<String>, in times: ClosedRange<Timestamp>
    ) throws(SystemError) -> Timestamp? {
        var latest: Timestamp?
        for (name, history) in histories where !bounced.contains(history.mailing) {
            guard let last = history.lastAccepted, last >= times.lowerBound,
                history.startedAt <= times.upperBound,
                let file = try journals.open(name)
            else { continue }
            _ = try JournalReader(file: file).forEachLine { line in
                guard let bytes = line.address, bytes.elementsEqual(address.utf8),
                    case .sent? = line.recipientEvent, times.contains(line.time),
                    self.now - line.time >= ReturnsRun.bounceTime
                else { return }
                latest = max(latest ?? line.time, line.time)
            }
        }
        return latest
    }
}

extension ReturnsEntry {
    /// A hard bounce, or a refusal that counts like one.
    var hard: Return? {
        switch self {
        case .returned(let found), .refused(let found): found.meaning == .hard ? found : nil
        case .flagged, .unsigned, .other, .unproven, .held, .settled, .counts: nil
        }
    }
}
