internal import SpoolSystem

/// One look at a spool: which documents there are, and which journal belongs to which of them.
struct SpoolLook {
    let journals: JournalDirectory
    let listing: Listing
    let histories: [FileName: MailingHistory]
    let lifecycle: Lifecycle
    /// Whether a tick is at it.
    let isTicking: Bool

    /// Looks at the folders and reads the tails of all journals; without a lock.
    init(_ spool: SpoolDirectory) throws(SystemError) {
        journals = try JournalDirectory(spool.journal)
        isTicking = (try spool.journal.status(of: TickLock.name)).map(ProcessTable.isLocked) ?? false
        listing = try Listing(spool)
        var histories: [FileName: MailingHistory] = [:]
        for name in try journals.mailings() {
            if let history = try journals.history(of: name) { histories[name] = history }
        }
        self.histories = histories
        lifecycle = Lifecycle(
            documents: listing.documents, histories: histories, obscured: listing.obscured)
    }

    /// The journal of a document, with what its tail says; nil if it has none.
    func owner(of document: Int) -> (name: FileName, history: MailingHistory)? {
        lifecycle.journal(of: document).flatMap { name in histories[name].map { (name, $0) } }
    }
}
