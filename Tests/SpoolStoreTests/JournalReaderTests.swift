import Foundation
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import TestSupport
import Testing

struct JournalReaderTests {
    private static let time = Timestamp(milliseconds: 1_795_485_600_123)

    /// A journal of so many recipients, and where each of its lines ends.
    private func journal(recipients: Int, countsEvery interval: Int) -> (bytes: [UInt8], ends: [Int]) {
        var bytes: [UInt8] = []
        var ends: [Int] = []
        var history = MailingHistory()
        history.counts.waiting = recipients
        func add(_ word: JournalWord, _ fields: String) {
            let start = bytes.count
            bytes += JournalText.line(word, fields, at: Self.time)
            bytes[start...].dropLast().withUnsafeBytes { text in
                if word != .counts, let line = JournalLine(text) { history.apply(line) }
            }
            ends.append(bytes.count)
        }
        add(.opened, "1 mailing")
        add(.document, "active 12 1795484573.305436878")
        add(.revision, "30dbe349b9ade92b")
        add(.about, #"{"subject":"First"}"#)
        for number in 0..<recipients {
            add(.attempt, "r\(number)@example.com 1 waiting")
            if number == recipients / 2 { add(.about, #"{"subject":"Second"}"#) }
            add(number % 7 == 0 ? .failed : .sent, "r\(number)@example.com 67 reply")
            if number % interval == interval - 1 { add(.counts, CountsLine.fields(of: history)) }
        }
        add(.closed, "finished")
        add(.counts, CountsLine.fields(of: history))
        return (bytes, ends)
    }

    private func file(_ bytes: some Sequence<UInt8>, in files: TemporaryFiles) throws -> File {
        try files.write("a.journal", bytes)
        return try files.directory.open(FileName("a.journal"))
    }

    /// How the mailing stands by all lines from the first on.
    private func model(_ file: File) throws -> MailingHistory {
        var history = MailingHistory()
        let end = try JournalReader(file: file).forEachLine { history.apply($0) }
        #expect(try JournalReader(file: file).soundLength() == end)
        return history
    }

    @Test(arguments: [(3, 2), (40, 100), (400, 150), (400, 100_000)])
    func `the tail says what all lines say, wherever the journal ends`(recipients: Int, interval: Int) throws
    {
        let files = try TemporaryFiles()
        let (bytes, ends) = journal(recipients: recipients, countsEvery: interval)
        let step = max(1, ends.count / 8)
        for end in stride(from: 0, to: ends.count, by: step).map({ ends[$0] }) + ends.suffix(2) {
            for tail in [0, 20] {
                let cut = min(end + tail, bytes.count)
                let file = try file(bytes.prefix(cut), in: files)
                let history = try JournalReader(file: file).history(size: cut)
                var expected = try model(file)
                // A title further back than the numbers may be beyond what is read.
                if history?.title == nil { expected.title = nil }
                #expect(history == expected, "cut at \(cut)")
            }
        }
    }

    @Test func `garbage and damage behind the numbers do not hide them`() throws {
        let files = try TemporaryFiles()
        let (bytes, _) = journal(recipients: 400, countsEvery: 100)
        for garbage in [Array(repeating: 0, count: 9000), Array("\n\n\u{FF} about \n".utf8)] {
            let file = try file(bytes + garbage, in: files)
            let history = try JournalReader(file: file).history(size: bytes.count + garbage.count)
            #expect(try JournalReader(file: file).soundLength() == bytes.count)
            #expect(history?.counts.sent == 342 && history?.closing == .finished)
        }
        let file = try file([0x0A], in: files)
        #expect(try JournalReader(file: file).history(size: 1) == nil)
        #expect(try JournalReader(file: file).soundLength() == 0)
    }
}
