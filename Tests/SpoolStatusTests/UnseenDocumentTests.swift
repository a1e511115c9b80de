@testable import SpoolSchedule
@testable import SpoolStatus
@testable import SpoolStore
import TestSupport
import Testing

/// What status says of a document that no tick has seen.
struct UnseenDocumentTests {
    private func counts(_ spool: TestSpool) throws -> MailingCounts? {
        MailingStatus(
            try spool.found("news", in: .scheduled), history: nil, entry: nil, spool: spool.directory,
            journals: spool.journals, standing: .new(displacing: false), isTicking: false, at: TestClock.start
        ).counts
    }

    @Test func `who is suppressed is read as a tick reads it`() throws {
        let spool = try TestSpool()
        try spool.drop("news", in: .scheduled, to: ["a@example.org", "b@example.org", "c@example.org"])
        #expect(try counts(spool)?.waiting == 3)
        try spool.write("suppressed.txt", "\"a@example.org\", mailto:b@example.org\n")
        #expect(try counts(spool)?.suppressed == 2 && counts(spool)?.waiting == 1)
    }

    @Test func `where nobody can know who is suppressed, there are no numbers`() throws {
        let spool = try TestSpool()
        try spool.drop("news", in: .scheduled)
        try spool.files.write("suppressed.txt", [0xFF, 0xFE, 0x61, 0])
        #expect(try counts(spool) == nil)
        // Much of it is left to the tick, and none of it is cut.
        try spool.write(
            "suppressed.txt", String(repeating: "x@example.org\n", count: 100_000) + "a@example.org\n")
        #expect(try counts(spool) == nil)
    }
}
