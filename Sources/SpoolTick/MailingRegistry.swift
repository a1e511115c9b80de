internal import SpoolDelivery
internal import SpoolMail
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem

/// How all mailings stand by their journals.
///
/// Of a mailing that is being delivered ``ActiveMailing`` keeps the history; of all others this does, and writes to their
/// journals. Nothing is kept twice.
final class MailingRegistry {
    let journals: JournalDirectory
    /// The mailings that are not being delivered.
    private(set) var atRest: [FileName: MailingHistory] = [:]
    /// Those of them on which a report is still to be sent, or in doubt.
    private(set) var reporting: Set<FileName> = []
    private var names: [String: FileName] = [:]
    private var lastAcceptedAtRest: Timestamp?
    /// Grows with every change that may mean something for which document is which mailing's.
    private(set) var changes = 0
    /// The mailings that are being delivered.
    private var delivered: [FileName: ActiveMailing] = [:]

    /// Reads the tails of all journals; finishes renames of journals that were cut short.
    init(_ journals: JournalDirectory) throws(SystemError) {
        self.journals = journals
        let histories = try journals.historiesFinishingHalfMoves()
        atRest.reserveCapacity(histories.count)
        names.reserveCapacity(histories.count)
        for (name, history) in histories { set(history, of: name) }
    }

    private func set(_ history: MailingHistory?, of name: FileName) {
        if let before = atRest[name], names[before.mailing] == name {
            names[before.mailing] = nil
        }
        atRest[name] = history
        guard let history else {
            reporting.remove(name)
            return
        }
        names[history.mailing] = name
        if history.pendingReport == nil { reporting.remove(name) } else { reporting.insert(name) }
        lastAcceptedAtRest = [lastAcceptedAtRest, history.lastAccepted].compactMap(\.self).max()
    }

    /// How a mailing stands; nil if it has no journal.
    subscript(name: FileName) -> MailingHistory? { delivered[name]?.history ?? atRest[name] }

    /// How all of them stand.
    var all: [FileName: MailingHistory] {
        atRest.merging(delivered.mapValues(\.history)) { _, history in history }
    }

    /// When a message of any mailing was last accepted.
    var lastAccepted: Timestamp? {
        (delivered.values.map(\.history.lastAccepted) + [lastAcceptedAtRest]).compactMap(\.self).max()
    }

    /// The name that the mailing of an id has by now.
    func name(ofMailing id: String) -> FileName? { names[id] }

    // MARK: Deliveries

    /// A mailing is being delivered from here on.
    func hand(over mailing: ActiveMailing) {
        set(nil, of: mailing.name)
        delivered[mailing.name] = mailing
        changes += 1
    }

    /// It is not any more.
    func take(back mailing: ActiveMailing) {
        delivered[mailing.name] = nil
        put(mailing.history, of: mailing.name)
    }

    /// Writes down at once where the document of a mailing lies of which something is still in flight: an editor may
    /// replace it there before that has ended, and then only this says that it is the same mailing.
    func note(_ document: FoundDocument, of mailing: ActiveMailing, at moment: Moment) {
        mailing.record(.document(document.place), at: moment.wall)
        changes += 1
    }

    /// Notes that something else has come to be known from which it follows which document is which mailing's.
    func noteFinding() { changes += 1 }

    // MARK: Mailings at rest

    /// Notes how a mailing stands whose journal somebody else has written to.
    func put(_ history: MailingHistory?, of name: FileName) {
        set(history, of: name)
        changes += 1
    }

    /// Adds lines to a mailing's journal, and its numbers and title behind them. Durable.
    ///
    /// - Parameter change: what else is to be other than it was.
    func write(
        _ entries: [JournalEntry], of name: FileName, at moment: Moment,
        changing change: (inout MailingHistory) -> Void = { _ in }
    ) throws(SystemError) {
        guard var history = atRest[name] else { return }
        change(&history)
        let journal = try journals.writer(of: name)
        for entry in entries { journal.record(entry, in: &history, at: moment.wall) }
        journal.sumUp(history, at: moment.wall)
        try journal.synchronize()
        put(history, of: name)
    }

    /// Ends a mailing that has not finished. Durable.
    func close(_ name: FileName, as closing: Closing, at moment: Moment) throws(SystemError) {
        guard var history = atRest[name] else { return }
        let journal = try journals.writer(of: name)
        journal.close(&history, as: closing, at: moment.wall)
        try journal.synchronize()
        put(history, of: name)
    }

    /// Opens a journal for a document in `done/` that has never begun, so that it is known as cancelled. Durable.
    func adopt(
        _ document: FoundDocument, _ counts: MailingCounts, _ title: MailingTitle, at moment: Moment
    ) throws(SystemError) {
        var history = MailingHistory()
        history.identity = document.identity
        history.folder = .done
        history.counts = counts
        history.title = title
        let journal = try journals.writer(of: document.name, soundLength: 0)
        journal.record(.opened(mailing: MessageID.newMailing()), in: &history, at: moment.wall)
        journal.close(&history, as: .cancelled, at: moment.wall)
        try journal.synchronize()
        put(history, of: document.name)
    }

    /// Gives a journal another mailing's name. Durable after the directory is synchronised.
    func rename(_ name: FileName, to other: FileName) throws(SystemError) {
        try journals.move(name, to: other)
        let history = atRest[name]
        set(nil, of: name)
        put(history, of: other)
    }

    /// The first name of a day for a mailing that makes room, which no journal has, and nothing else that is asked for.
    func freeDatedName(
        _ name: FileName, day: String, isTaken: (FileName) throws(SystemError) -> Bool
    ) throws(SystemError) -> FileName {
        var count = 1
        while true {
            let candidate = DatedName.make(name, day: day, count: count)
            let (hasJournal, isOtherwiseTaken) = (try journals.isTaken(candidate), try isTaken(candidate))
            if !hasJournal && !isOtherwiseTaken { return candidate }
            count += 1
        }
    }
}

extension FoundDocument {
    /// Where it lies, for a journal.
    var place: DocumentPlace { DocumentPlace(folder: folder, identity: identity) }
}
