package import SpoolStore
package import SpoolSystem

/// The details of mailings at which somebody looks again and again: of each journal only what was added since the last
/// look is read.
package final class FollowedDetails {
    private struct Followed {
        let inode: UInt64
        var reading = DetailsReading()
        /// Where the last sound line ends: what stands behind it may be a line that is still being written.
        var end = 0
    }

    private var followed: [FileName: Followed] = [:]

    /// Nothing has been looked at yet.
    package init() {}

    /// What a mailing's journal tells at this moment; nothing where there is none.
    package func details(of mailing: FileName, in journals: JournalDirectory) throws(SystemError)
        -> MailingDetails
    {
        guard let file = try journals.open(mailing) else { return MailingDetails() }
        let status = try file.status()
        guard status.kind == .regular else { return MailingDetails() }
        var journal = followed[mailing] ?? Followed(inode: status.inode)
        // Another journal under this name, or a torn tail that was cut off.
        if journal.inode != status.inode || status.size < journal.end {
            journal = Followed(inode: status.inode)
        }
        var reading = journal.reading
        journal.end = try JournalReader(file: file).forEachLine(from: journal.end) { reading.read($0) }
        journal.reading = reading
        followed[mailing] = journal
        return reading.details
    }
}
