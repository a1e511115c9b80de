internal import SpoolDelivery
internal import SpoolExamine
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem
internal import SpoolWriting

/// Brings folders and journals into agreement, as the lifecycle of documents asks for.
extension TickLoop {
    /// Carries out what the lifecycle asks for; true if anything was done, so that the folders must be looked at again.
    func repair(_ sight: FolderScan.Sight, at moment: Moment) throws(SystemError) -> Bool {
        var hasRepaired = false
        for move in sight.listing.halfMoves {
            hasRepaired = try tick.spool[move.from].remove(move.fromName) || hasRepaired
            tick.moves.note()
        }
        // What lies in two places was passed over by the listing: nothing is judged before it is seen again.
        if hasRepaired { return true }
        for repair in sight.lifecycle.repairs {
            // Each is brought to the disk; somebody may have moved hundreds of documents.
            try goOnDelivering()
            if case .record(let name, let document) = repair { sayIfEdited(name, document) }
            // What is being handed over ends first; its outcome belongs into the journal under its present name.
            if let name = repair.journal, let mailing = dispatcher.mailing(name),
                try !stop(mailing, at: moment)
            {
                if case .record(_, let document) = repair { registry.note(document, of: mailing, at: moment) }
                continue
            }
            // Likewise the outcome of a report. A journal may be renamed meanwhile: it is open, and known by its mailing.
            if repair.isWritten, let name = repair.journal, reports.isHandedOver(name) { continue }
            try carryOut(repair, vanished: sight.lifecycle.vanished, at: moment)
            hasRepaired = true
        }
        return hasRepaired
    }

    private func carryOut(
        _ repair: Lifecycle.Repair, vanished: [FileName: MailingHistory], at moment: Moment
    ) throws(SystemError) {
        tick.moves.note()
        switch repair {
        case .rename(let journal, let name):
            try registry.rename(journal, to: name)
            announcements.mention("\(journal): is called \(name) now")
        case .displace(let name): try moves.displace(name, at: moment)
        case .record(let name, let document):
            try registry.write([.document(document.place)], of: name, at: moment)
        case .gone(let name):
            guard let history = registry[name] else { return }
            let nowhere = DocumentPlace(folder: nil, identity: history.identity)
            try registry.write([.document(nowhere)], of: name, at: moment)
        case .cancel(let name):
            try registry.close(name, as: .cancelled, at: moment)
            announcements.mention("\(name): cancelled")
        case .adopt(let document): try adopt(document, vanished: vanished, at: moment)
        }
    }

    /// Says that a mailing goes on by another file in another folder, as only an editor and a move between two looks can
    /// explain it.
    private func sayIfEdited(_ name: FileName, _ document: FoundDocument) {
        guard let history = registry[name], history.isOpen, document.folder != .done,
            document.folder != history.folder, document.identity != history.identity
        else { return }
        announcements.say(
            "\(document.path): edited and moved since the last look; it is taken for the unfinished mailing \(name) and "
                + "goes on where that was")
    }

    /// Takes the numbers of a document in `done/` that has never begun from the last judgement of it, or from a new one;
    /// unless it is the document of a mailing that has lost its own, edited and renamed: nobody is mailed in `done/`.
    private func adopt(
        _ document: FoundDocument, vanished: [FileName: MailingHistory], at moment: Moment
    ) throws(SystemError) {
        let known =
            tick.documents[document.version]?.snapshot ?? tick.snapshot.found(document.version)?.entry
        if let known, known.total != nil, vanished.isEmpty || resemblance(document.version) == .unrelated {
            let title = MailingTitle(subject: known.subject, from: known.from, sendAt: known.sendAt)
            return try registry.adopt(document, known.counts, title, at: moment)
        }
        let request = examinationRequest(document, .compared(vanished), context: "", at: moment)
        var examination = Examination(request)
        // One that has killed ticks, or that we may not read, has been cancelled all the same; nobody knows its numbers.
        if !tick.preparations.hasGivenUp(document) {
            tick.preparations.begin(document)
            defer { tick.preparations.end(document) }
            do throws(SystemError) {
                examination = try Examination.run(request, in: tick.spool, registry.journals)
            } catch {
                if error.isDiskError || error.isShortage { throw error }
            }
        }
        if case .mailing(let name)? = examination.resemblance {
            try registry.rename(name, to: document.name)
            return try registry.write([.document(document.place)], of: document.name, at: moment)
        }
        try registry.adopt(
            document, examination.summary?.counts ?? MailingCounts(), examination.title, at: moment)
    }
}

extension Lifecycle.Repair {
    /// The mailing whose journal is written to or renamed.
    fileprivate var journal: FileName? {
        switch self {
        case .rename(let name, _), .displace(let name), .record(let name, _), .gone(let name),
            .cancel(let name):
            name
        case .adopt: nil
        }
    }

    /// Whether lines are added to that journal.
    fileprivate var isWritten: Bool {
        switch self {
        case .record, .gone, .cancel: true
        case .rename, .displace, .adopt: false
        }
    }
}
