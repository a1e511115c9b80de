package import SpoolMailing
package import SpoolSchedule

/// What a line of a journal says has happened: a case for each row of the table in Internals, with what it carries.
///
/// ``JournalCoding`` alone knows how it is written. What it means for a recipient is ``RecipientProgress/apply(_:at:skew:)``,
/// for the mailing as a whole ``MailingHistory/apply(_:at:)``.
package enum JournalEntry: Equatable, Sendable {
    /// The first line: the mailing's random id.
    case opened(mailing: String)
    /// Where the document lies and which file it is.
    case document(DocumentPlace)
    /// The content that recipients get from here on, by its hash.
    case revision(String)
    /// What they read in it from here on.
    case wording(MailingWording)
    /// What people call the mailing.
    case about(MailingTitle)
    /// Everything of the mailing but its title: all that a reader of the tail needs.
    case counts(MailingHistory)
    /// What happened to a recipient, by the normalised address.
    case recipient(String, RecipientEvent)
    /// Nobody further is mailed.
    case closed(Closing)
    /// A mailing that had ended goes on.
    case reopened(Reopening)
    /// What became of the report on how the mailing finished.
    case report(CompletionReportEvent)
}

/// What happens to a recipient, or to a report, which goes through the states of a recipient.
package enum RecipientEvent: Equatable, Sendable {
    /// The message is about to be handed over, for the `number`-th time.
    case attempt(number: Int, from: RecipientState)
    /// The mail system accepted it.
    case sent(reply: String)
    /// Not now; tried again at a time of the wall clock.
    case deferred(until: Timestamp, DeferralKind, status: String, reply: String)
    /// Refused for good.
    case failed(status: String, reply: String)
    /// Handed over, outcome unknown.
    case inDoubt(until: Timestamp, DoubtCause)
    /// The announced hand-over did not happen.
    case withdrew(to: RecipientState)
    /// A deferral that was the mail system's fault and does not count; `isFirst` if no earlier one counts.
    case excused(DeferralKind, isFirst: Bool)
    /// A deferred recipient is not tried again.
    case gaveUp
    /// A person has said what became of a recipient in doubt.
    case resolved(Resolution)
    /// A recipient is not mailed.
    case skipped(from: RecipientState, RecipientState.SkipReason)

    /// What a deferral says of the recipient.
    package enum DeferralKind: String, Sendable {
        /// The mail system may take the message later.
        case notNow = "not-now"
        /// It may mean anything; five of these are a failure.
        case unclear
    }

    /// Why nobody knows an outcome.
    package enum DoubtCause: String, Sendable {
        /// The tick was killed while the message was under way.
        case killed
        /// The mail system did not answer in time.
        case timeout
    }

    /// What a person says of a message whose outcome is unknown.
    package enum Resolution: String, Sendable {
        /// It has arrived.
        case sent
        /// Hand it over again.
        case resend
    }

    /// The state that the recipient leaves and the one that follows; nil if the state stays.
    package var transition: (from: RecipientState, to: RecipientState)? {
        switch self {
        case .attempt(_, let state): (state, .sending)
        case .sent: (.sending, .sent)
        case .deferred: (.sending, .deferred)
        case .failed: (.sending, .failed)
        case .inDoubt: (.sending, .inDoubt)
        case .withdrew(let state): (.sending, state)
        case .excused: nil
        case .gaveUp: (.deferred, .failed)
        case .resolved(.sent): (.inDoubt, .sent)
        case .resolved(.resend): (.inDoubt, .deferred)
        case .skipped(let state, let reason): (state, .skipped(reason))
        }
    }
}

/// Where a mailing's document lies.
package struct DocumentPlace: Equatable, Sendable {
    /// The folder; nil if it is nowhere.
    package var folder: Folder?
    /// Which file it is, or was.
    var identity: DocumentIdentity

    /// Of a mailing that no file is the document of any more.
    package static let nowhere = DocumentPlace(folder: nil, identity: DocumentIdentity(inode: 0, birth: nil))

    /// Makes a place.
    package init(folder: Folder?, identity: DocumentIdentity) {
        self.folder = folder
        self.identity = identity
    }
}

/// How a mailing ended.
package enum Closing: String, Sendable {
    /// Every recipient has ended.
    case finished
    /// A person moved the unfinished document to `done/`.
    case cancelled
    /// A person gave the journal up with `--forget`.
    case forgotten
}

/// Why a mailing that had ended goes on.
package enum Reopening: String, Sendable {
    /// Its document has come back from `done/`: it goes out again to whoever has not got it.
    case again
    /// Its document was edited between its end and the move to `done/`: it goes on to who is new.
    case edited
}

/// What happens to the report on how a mailing finished.
package enum CompletionReportEvent: Equatable, Sendable {
    /// It is to be sent.
    case due(CompletionReportOrder)
    /// It goes on as a message to a recipient would; who is `from` in it means nothing.
    case progress(RecipientEvent)
}
