package import SpoolMailing
package import SpoolSchedule

/// What a journal says of its mailing as a whole, from all of its lines or from its last `counts` line on.
package struct MailingHistory: Equatable, Sendable {
    /// Random, made when the mailing began; part of every Message-ID.
    package var mailing = ""
    /// The file that the journal belongs to, as of the last look.
    package var identity = DocumentIdentity(inode: 0, birth: nil)
    /// Where the file was at the last look.
    package var folder = Folder.active
    /// Whether the last look found the file nowhere.
    package var isGone = false
    /// The content that recipients get.
    package var revision = ""
    /// What they read in it; nil if the journal is of version 1.0, which did not say.
    package var wording: MailingWording?
    package var startedAt = Timestamp(milliseconds: 0)
    package var closing: Closing?
    package var closedAt: Timestamp?
    /// Whether it has ended and its document has left `done/` since, and has not been found fit to be sent again.
    package internal(set) var hasReturned = false
    /// When a message was last handed over; a hand-over that was withdrawn does not count.
    package internal(set) var lastAttempt: Timestamp?
    private var attemptBefore: Timestamp?
    /// When a message was last accepted.
    package internal(set) var lastAccepted: Timestamp?
    package var title: MailingTitle?
    package var counts = MailingCounts()
    /// How the report on its last finishing stands; nil if nobody is to get one. See ``pendingReport``.
    package var report: RecipientProgress?

    /// Nothing has happened yet.
    package init() {}

    /// Whether the mailing has begun and not ended.
    package var isOpen: Bool { closing == nil }

    /// Where the document lies.
    package var place: DocumentPlace { DocumentPlace(folder: isGone ? nil : folder, identity: identity) }

    /// Whether it has ended for good, so that it is to be judged whether it may go out again if its document is anywhere
    /// but in `done/`. One that has finished and was never there has only not been moved as yet.
    package var isAtRest: Bool { !isOpen && (closing != .finished || folder == .done || hasReturned) }

    /// Whether it has ended, and its name is anybody's as soon as its document does not bear it.
    package var isNameFree: Bool { !isOpen && (isGone || closing == .forgotten) }

    /// How many have got it.
    package var got: Int { counts.sent + counts.formerSent }

    /// Whether a mailing says to its recipients what those who have got this one have read. Where that is not known, only
    /// if nothing at all is different.
    package func says(the content: MailingContent) -> Bool {
        revision == content.revision || wording == content.wording
    }

    /// Whether a mailing has the subject or the text of this one, so that it may be this one, edited.
    package func resembles(_ content: MailingContent) -> Bool {
        guard let wording else { return true }
        return wording.subject == content.wording.subject || wording.bodies == content.wording.bodies
    }

    /// The report that is still to be sent, or of which nobody knows whether it was; nil if there is none, or it has
    /// ended. Only a mailing that has finished has one.
    package var pendingReport: RecipientProgress? {
        guard closing == .finished, let report else { return nil }
        switch report.state {
        case .waiting, .sending, .inDoubt, .deferred: return report
        case .sent, .failed, .skipped: return nil
        }
    }

    /// Takes in what has happened: the same when it happens and when it is read again.
    ///
    /// Counts are right only if a `counts` entry came before; see ``JournalReader``.
    package mutating func apply(_ entry: JournalEntry, at time: Timestamp) {
        switch entry {
        case .opened(let mailing): (self.mailing, startedAt) = (mailing, time)
        case .document(let place): take(place)
        case .revision(let hash): revision = hash
        case .wording(let wording): self.wording = wording
        case .about(let title): self.title = title
        case .counts(let history): take(history)
        case .recipient(_, let event): apply(event, at: time)
        case .closed(let closing): (self.closing, closedAt) = (closing, time)
        case .reopened(let cause): reopen(cause)
        case .report(.due): report = RecipientProgress()
        case .report(.progress(let event)): report?.apply(event, at: time)
        }
    }

    /// Takes in what has happened to a recipient.
    mutating func apply(_ event: RecipientEvent, at time: Timestamp) {
        note(event, at: time)
        // Whom an event speaks of may not be in the list any more, and then is in no number.
        guard let (from, to) = event.transition, counts[from] > 0 else { return }
        counts.move(from: from, to: to)
    }

    /// The same, where the numbers are those of a list that is at hand.
    package mutating func note(_ event: RecipientEvent, at time: Timestamp) {
        switch event {
        case .attempt: (attemptBefore, lastAttempt) = (lastAttempt, time)
        // Where the one before is not known, the withdrawn one stands.
        case .withdrew: lastAttempt = attemptBefore ?? lastAttempt
        case .sent: lastAccepted = time
        case .deferred, .failed, .inDoubt, .excused, .gaveUp, .resolved, .skipped: break
        }
    }

    private mutating func take(_ place: DocumentPlace) {
        isGone = place.folder == nil
        identity = place.identity
        guard let next = place.folder else { return }
        hasReturned = !isOpen && next != .done && (folder == .done || hasReturned)
        folder = next
    }

    private mutating func take(_ history: MailingHistory) {
        var whole = history
        whole.title = title
        if whole.mailing.isEmpty { whole.mailing = mailing }
        whole.lastAttempt = history.lastAttempt ?? lastAttempt
        whole.lastAccepted = history.lastAccepted ?? lastAccepted
        self = whole
    }

    private mutating func reopen(_ cause: Reopening) {
        (closing, closedAt, report, hasReturned) = (nil, nil, nil, false)
        guard cause == .again else { return }
        counts.waiting += counts.failed + counts.late
        (counts.failed, counts.late) = (0, 0)
    }
}
