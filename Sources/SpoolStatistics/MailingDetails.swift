package import SpoolSchedule
package import SpoolStore
internal import SpoolSystem

/// A content that a mailing had for a time.
package struct ContentRevision: Equatable, Sendable {
    /// The hash of the content.
    package let hash: String
    /// When it first was what recipients get.
    package let since: Timestamp
    /// How many got it, whether they are still in the list or not.
    package var sent = 0
}

/// A recipient of whom nobody knows whether the message was taken.
package struct DoubtfulRecipient: Equatable, Sendable {
    /// The normalised address.
    package let address: String
    /// Since when.
    package let since: Timestamp
    /// How many hand-overs to this recipient hung, up to now.
    package let timeouts: Int
}

/// The document's way through the folders, as the ticks saw it.
package struct FolderMove: Equatable, Sendable {
    /// Where it was found; nil if it was found nowhere.
    package let folder: Folder?
    /// When a tick noticed.
    package let at: Timestamp
}

/// Everything that a mailing's journal tells beyond the numbers of its last line: made by one pass from its first line
/// to its last, without the list of recipients.
///
/// The memory is bounded and does not grow with the recipients: reasons and domains beyond a limit are counted
/// together, and of those who have not ended only the first 131,072 are kept in mind. The pass over the journal of a
/// million recipients takes a second or two.
///
/// All numbers are of events. They agree with the ``MailingCounts`` of the same moment, except that a recipient who was
/// taken off the list is still in them.
package struct MailingDetails: Equatable, Sendable {
    /// When the mailing began; nil if it has not.
    package var begunAt: Timestamp?
    /// When it went out again after it had ended, the last time.
    package var reopenedAt: Timestamp?
    /// When a message was last handed over.
    package var lastAttempt: Timestamp?
    /// The last twenty moves of the document, the oldest first.
    package var moves: [FolderMove] = []

    /// Hand-overs; those that were announced and did not happen are not among them.
    package var attempts = 0
    /// Those of them that were not a recipient's first.
    package var repeatedAttempts = 0
    /// Hand-overs that hung and were killed.
    package var timeouts = 0

    /// What happened from the first to the last event.
    package var timeline = DeliveryTimeline()
    /// What happened in the 48 hours from ``begunAt`` on, by the minute or finer.
    package var firstTwoDays = DeliveryTimeline()

    /// Why recipients failed. After the mailing went out again to those who had failed, only what happened since.
    package var failures = ReasonTally()
    /// Why attempts were put off.
    package var deferrals = ReasonTally()
    /// How it fares by domain.
    package var byDomain = DomainTally()
    /// The contents that it had, in the order of their first use.
    package var revisions: [ContentRevision] = []
    /// Recipients in doubt, in the order in which they came to be, at most a thousand of them.
    package var inDoubt: [DoubtfulRecipient] = []
    /// How many are in doubt.
    package var inDoubtCount = 0

    /// Nothing has happened yet.
    package init() {}

    /// The domains with the most failures, then deferrals; only those that have any.
    package func mostFailing(_ count: Int) -> [DomainFigures] {
        byDomain.domains.filter { $0.failed > 0 || $0.deferrals > 0 }
            .sorted { ($1.failed, $1.deferrals, $0.domain) < ($0.failed, $0.deferrals, $1.domain) }
            .prefix(count).map { $0 }
    }

    /// The domains that took longest on the average to accept, of those that did.
    package func slowest(_ count: Int) -> [DomainFigures] {
        byDomain.domains.filter { $0.timed > 0 }
            .sorted { ($1.mean ?? 0, $0.domain) < ($0.mean ?? 0, $1.domain) }
            .prefix(count).map { $0 }
    }

    /// The domains with the most recipients.
    package func largest(_ count: Int) -> [DomainFigures] {
        byDomain.domains.sorted { ($1.recipients, $0.domain) < ($0.recipients, $1.domain) }
            .prefix(count).map { $0 }
    }
}
