@testable import SpoolSchedule
@testable import SpoolStatistics
@testable import SpoolStore
@testable import SpoolSystem
@testable import TestSupport
import Testing

struct FollowedDetailsTests {
    private let files: TemporaryFiles

    init() throws {
        files = try TemporaryFiles()
    }

    @Test func `what is added to a journal is added to what is known, wherever it was cut`() throws {
        let journals = try JournalDirectory(files.directory)
        let name = FileName("news")
        var journal = JournalText()
        for number in 0..<40 {
            journal.pass(.seconds(3))
            journal.attempt("r\(number)@example.org", number % 5 == 0 ? .failed : .sent, "67 unknown")
        }
        let bytes = journal.bytes
        let followed = FollowedDetails()
        for length in stride(from: 0, through: bytes.count, by: 97) {
            try files.write("news.journal", bytes.prefix(length))
            #expect(
                try followed.details(of: name, in: journals)
                    == FollowedDetails().details(of: name, in: journals),
                "at \(length)")
        }
        // Another journal, and a shorter one, are read from their beginning.
        try files.write("news.journal", JournalText().bytes)
        #expect(try followed.details(of: name, in: journals).attempts == 0)
        #expect(try followed.details(of: FileName("other"), in: journals) == MailingDetails())
    }
}
