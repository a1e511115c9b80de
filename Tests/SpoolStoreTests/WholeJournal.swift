@testable import SpoolStore
@testable import SpoolSystem

extension JournalReader {
    /// How the mailing stands by the journal as it is now.
    func history() throws -> MailingHistory? {
        try history(size: Int(file.status().size))
    }
}
