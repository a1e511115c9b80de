package import SpoolSchedule
package import SpoolStore

/// What happens to a mailing as a whole.
extension JournalWriter {
    /// Takes an entry in, and adds it to the journal.
    package func record(_ entry: JournalEntry, in history: inout MailingHistory, at now: Timestamp) {
        history.apply(entry, at: now)
        add(entry, at: now)
    }

    /// Ends a mailing: it has finished, was cancelled or is given up. There is no other way.
    ///
    /// A report is ordered before the end: a crash between the two lines leaves a mailing that is not closed, and the
    /// order of one that is not closed means nothing.
    package func close(
        _ history: inout MailingHistory, as closing: Closing, report order: CompletionReportOrder? = nil,
        at now: Timestamp
    ) {
        history.report = nil
        if let order { record(.report(.due(order)), in: &history, at: now) }
        record(.closed(closing), in: &history, at: now)
        sumUp(history, at: now)
    }

    /// Adds the lines that a reader of the tail looks for.
    package func sumUp(_ history: MailingHistory, at now: Timestamp) {
        if let title = history.title { add(.about(title), at: now) }
        add(.counts(history), at: now)
    }
}
