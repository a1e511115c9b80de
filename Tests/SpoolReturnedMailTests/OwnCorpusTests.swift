import Foundation
@testable import SpoolReturnedMail
import Testing

/// Each `Corpus/NAME.eml` is judged as `Corpus/expected.txt` says; these are written for the tests, a message a kind.
///
/// `SPOOL_RECORD_GOLDEN=1 swift test --filter OwnCorpusTests` writes the list anew and fails: read the difference.
@Suite struct OwnCorpusTests {
    private static let list = Corpora.own.appendingPathComponent("expected.txt")

    @Test func `each message of our own is judged as recorded`() throws {
        let judged = try Corpora.messages(in: Corpora.own).map { message in
            "\(message.name) | \(ReturnedMessage(message.bytes).summary)\n"
        }
        if ProcessInfo.processInfo.environment["SPOOL_RECORD_GOLDEN"] != nil {
            try judged.joined().write(to: Self.list, atomically: true, encoding: .utf8)
            Issue.record("recorded expected.txt; look at the difference and run without SPOOL_RECORD_GOLDEN")
        }
        let recorded = try String(contentsOf: Self.list, encoding: .utf8).split(separator: "\n").map {
            "\($0)\n"
        }
        #expect(judged.count >= 50)
        #expect(judged == recorded)
    }
}
