internal import SpoolExamine
import SpoolMail
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem

/// Everybody of one mailing in the order of its list, with what has become of them.
///
/// The rows are read again when they are wanted, and so are the replies: in memory there are some fifty bytes for each
/// recipient.
struct RecipientListing {
    private enum Source {
        /// The document's list, whose every row is a line, so that the lines are as many as its recipients.
        case list(RecipientList)
        /// Whom the journal names; what it never named is missing.
        case journal
    }

    /// Why the list was not used; nil if it was.
    private(set) var shortcoming: String?
    private let source: Source
    private let trail: RecipientTrail
    private let journal: File?
    private let hasFinished: Bool
    private let isTicking: Bool

    /// Why nobody can be listed.
    struct Unreadable: Error {
        let reason: String
    }

    /// Reads a mailing's list, and what its journal says of them; whom the journal knows if the list cannot be read,
    /// or is no longer what it was when the mailing ended.
    ///
    /// - Parameter isTicking: whether somebody is at it; otherwise what was being handed over is in doubt.
    init(
        _ mailing: MailingStatus, spool: SpoolDirectory, isTicking: Bool, at now: Timestamp
    ) throws {
        self.isTicking = isTicking
        let journals = try JournalDirectory(spool.journal)
        let history = try mailing.journal.flatMap { try journals.history(of: $0) }
        journal = try mailing.journal.flatMap { try journals.open($0) }
        hasFinished = mailing.state == .done && history?.closing == .finished
        do throws(Unreadable) {
            let list = try RecipientListing.list(mailing, spool, journals, at: now)
            var trail = RecipientTrail(list.table, keepsSkips: hasFinished, now: now)
            do throws(SystemError) {
                try RecipientListing.read(journal, into: &trail) { line, _, _ in list.find(line) }
            } catch {
                throw Unreadable(reason: "\(error)")
            }
            if mailing.state == .done, let history, !history.counts.couldBe(list.counts) {
                throw Unreadable(reason: "it is not what it was when the mailing ended")
            }
            source = .list(list)
            self.trail = trail
        } catch {
            guard let journal else { throw error }
            shortcoming = error.reason
            source = .journal
            trail = try RecipientListing.trail(of: journal, now: now)
        }
    }

    private static func list(
        _ mailing: MailingStatus, _ spool: SpoolDirectory, _ journals: JournalDirectory, at now: Timestamp
    ) throws(Unreadable) -> RecipientList {
        let examination: Examination
        do {
            let name = FileName(mailing.name)
            guard let folder = mailing.state.folder else {
                throw Unreadable(reason: "its document is in no folder")
            }
            guard let file = try spool[folder].status(of: SpoolDirectory.documentName(name)) else {
                throw Unreadable(reason: "it was moved at this moment; try again")
            }
            let request = ExaminationRequest(
                FoundDocument(folder: folder, name: name, version: DocumentVersion(file)),
                settings: try ConfiguredSpool.settings(of: spool),
                suppression: try SuppressionFile.current(in: spool), journal: .new,
                // Judged as of a later moment: what is still being written is listed as it stands.
                at: Moment(wall: now + Examiner.settling, monotonic: 0))
            examination = try Examination.run(request, in: spool, journals)
        } catch let unreadable as Unreadable {
            throw unreadable
        } catch ConfiguredSpool.Failure.refused(let reasons) {
            throw Unreadable(reason: reasons.joined(separator: "; "))
        } catch {
            throw Unreadable(reason: "\(error)")
        }
        if let replay = examination.replay { return replay.list }
        throw Unreadable(
            reason: examination.errors.first.map(\.description) ?? "it changed while it was read; try again")
    }

    private static func read(
        _ journal: File?, into trail: inout RecipientTrail,
        place: (UnsafeRawBufferPointer, JournalLine, RecipientTable) -> Int?
    ) throws(SystemError) {
        guard let journal else { return }
        _ = try JournalReader(file: journal).forEachLine { line in
            // A mailing that only goes on because its list was edited tries nobody again who had ended.
            guard let address = line.address else {
                if case .reopened(.again)? = line.entry { trail.beginAnew() }
                return
            }
            if let place = place(address, line, trail.table) { trail.take(line, of: place) }
        }
    }

    private static func trail(of journal: File, now: Timestamp) throws(SystemError) -> RecipientTrail {
        var trail = RecipientTrail(RecipientTable(), keepsSkips: true, now: now)
        var lookup = JournalLookup(journal)
        try read(journal, into: &trail) { address, line, table in
            let hash = AddressHash(address)
            func isSame(_ place: Int) -> Bool {
                let same = try? lookup.line(at: table.location(place).offset) {
                    $0.address?.elementsEqual(address)
                }
                return same ?? false
            }
            if let known = table.find(hash, isSame: isSame) { return known }
            switch table.insert(hash, at: .init(offset: line.offset, isInline: false), isSame: isSame) {
            case .added(let place), .duplicate(let place): return place
            }
        }
        return trail
    }

    // MARK: Reading

    /// Gives everybody to `body`, one after another.
    func forEach(_ body: (RecipientRow) throws -> Void) throws {
        var lookup = journal.map(JournalLookup.init)
        switch source {
        case .journal:
            for place in 0..<trail.table.count {
                let address = try lookup?.line(at: trail.table.location(place).offset) {
                    $0.address.map { String(decoding: $0, as: UTF8.self) }
                }
                try body(standing(of: place, address ?? "?", &lookup))
            }
        case .list(let list):
            var failure: (any Error)?
            try list.forEachRow { row in
                do {
                    switch row.kind {
                    case .invalid(let text, _):
                        try body(RecipientRow(skipped: text, as: "invalid"))
                    case .duplicate(let recipient, _):
                        try body(
                            RecipientRow(skipped: recipient.address.description, as: "duplicate"))
                    case .recipient(let recipient, let place):
                        try body(standing(of: place, recipient.address.description, &lookup))
                    }
                    return true
                } catch {
                    failure = error
                    return false
                }
            }
            if let failure { throw failure }
        }
    }

    private func standing(
        of place: Int, _ address: String, _ lookup: inout JournalLookup?
    ) throws(SystemError) -> RecipientRow {
        var progress = trail.table[place]
        switch progress.state {
        // Nobody is left over in a mailing that has finished: these were on the list and suppressed.
        case .waiting, .deferred, .inDoubt, .sending:
            if hasFinished { progress.state = .skipped(.suppressed) }
        case .sent, .failed, .skipped: break
        }
        var standing = RecipientRow(address, progress, isTicking: isTicking)
        if let offset = trail.lastLine(of: place) {
            let line = try lookup?.line(at: offset) { line in
                var standing = standing
                standing.take(line)
                return standing
            }
            standing = line ?? standing
        }
        return standing
    }
}

extension MailingCounts {
    /// Whether numbers of a list that was read again can be those that the mailing ended with. Who was suppressed
    /// then may not be now, and the other way round.
    fileprivate func couldBe(_ other: MailingCounts) -> Bool {
        (recipients, sent, failed, duplicate, invalid, late)
            == (other.recipients, other.sent, other.failed, other.duplicate, other.invalid, other.late)
    }
}
