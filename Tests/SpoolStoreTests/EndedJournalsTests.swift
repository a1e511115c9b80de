@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
import TestSupport
import Testing

struct EndedJournalsTests {
    /// What is known of three journals, one of them with a name as people give none.
    private static let known: [(name: FileName, stamp: FileStamp, history: MailingHistory)] = {
        ["news", "a\nb\n\nc", "årsmöte"].enumerated().map { number, name in
            let time = Timestamp(milliseconds: 1_795_525_200_000 + Int64(number))
            var history = MailingHistory()
            history.apply(.opened(mailing: "id-of-\(number)"), at: time)
            history.apply(
                .document(
                    DocumentPlace(
                        folder: .done, identity: DocumentIdentity(inode: UInt64(number), birth: nil))),
                at: time)
            if number > 0 { history.title = MailingTitle(subject: "A \"B\"", from: "a@example.org") }
            history.counts.waiting = 0
            history.counts.duplicate = number
            history.apply(.closed(.finished), at: time)
            history.report = RecipientProgress()
            let status = FileStatus(
                inode: UInt64(number), birth: nil, modified: .init(seconds: 1, nanoseconds: 2), size: 300)
            return (FileName(name), FileStamp(status), history)
        }
    }()

    private static let bytes: [UInt8] = {
        var ended = EndedJournals([])
        for (name, stamp, history) in known { ended.note(history, of: name, stamp) }
        return ended.bytes
    }()

    @Test func `it says of each journal how its mailing has ended, as long as the file is what it was`() {
        let ended = EndedJournals(Self.bytes)
        for (name, stamp, history) in Self.known {
            #expect(ended.history(of: name, stamp) == history)
            #expect(ended.history(of: name, FileStamp(nil)) == nil)
        }
        #expect(ended.history(of: FileName("other"), Self.known[0].stamp) == nil)
        #expect(!ended.isToBeWritten)
    }

    @Test func `a file that is cut at any byte, or damaged anywhere, says nothing wrong`() {
        for place in 0..<Self.bytes.count {
            var hole = Self.bytes
            for index in place..<min(place + 70, hole.count) { hole[index] = 0 }
            for damaged in [Array(Self.bytes[..<place]), Array(Self.bytes[place...]), hole] {
                let ended = EndedJournals(damaged)
                for (name, stamp, history) in Self.known {
                    let found = ended.history(of: name, stamp)
                    #expect(found == nil || found == history, "\(place)")
                }
            }
        }
    }

    @Test func `a mailing that has not ended is not remembered`() {
        var history = Self.known[0].history
        history.apply(.reopened(.again), at: TestClock.start)
        var ended = EndedJournals([])
        ended.note(history, of: FileName("news"), Self.known[0].stamp)
        #expect(ended.bytes.isEmpty && !ended.isToBeWritten)
    }

    @Test func `of thousands the file is not written anew for each`() {
        var ended = EndedJournals(Self.bytes)
        for number in 0..<100 {
            ended.note(Self.known[1].history, of: FileName("n\(number)"), Self.known[1].stamp)
        }
        #expect(ended.isToBeWritten)
        ended = EndedJournals(ended.bytes)
        var count = 0
        while !ended.isToBeWritten {
            ended.note(Self.known[1].history, of: FileName("m\(count)"), Self.known[1].stamp)
            count += 1
        }
        #expect(count == 4)
        ended.keep { $0 == FileName("m0") }
        #expect(EndedJournals(ended.bytes).history(of: FileName("m0"), Self.known[1].stamp) != nil)
        #expect(!EndedJournals(ended.bytes).has(FileName("n0")))
    }
}
