import Foundation
@testable import SpoolMail
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import TestSupport
import Testing

struct CompletionReportEventTests {
    private static let time = Timestamp(milliseconds: 1_795_485_600_000)

    private static let order = CompletionReportOrder(
        id: "0123456789abc",
        to: .init(name: "Åsa \"<Öberg>\" \\", address: "asa@example.org"),
        from: .init(name: nil, address: "club@example.org"),
        returnPath: "bounce@example.org", timeZone: "Europe/Stockholm", giveUpAfter: 3600)

    private static let events: [CompletionReportEvent] = [
        .due(order), .attempt(3), .sent(reply: ""), .sent(reply: "250 ok"),
        .deferred(until: time + .minutes(5), isUnclear: true, status: "1", reply: "try later please"),
        .deferred(until: time + .minutes(5), isUnclear: false, status: "75", reply: ""),
        .failed(status: "67", reply: "no such user"), .inDoubt(until: time, isTimeout: true),
        .inDoubt(until: time, isTimeout: false), .resolved(asSent: true), .resolved(asSent: false), .skipped,
        .withdrew(to: .waiting), .withdrew(to: .inDoubt),
    ]

    @Test(arguments: events)
    func `an event reads back as it was written`(event: CompletionReportEvent) throws {
        var bytes: [UInt8] = []
        JournalLine.write(.report, event.fields, at: Self.time, to: &bytes)
        try bytes.dropLast().withUnsafeBytes { buffer in
            let line = try #require(JournalLine(buffer))
            #expect(line.event == .report && !line.event.isAboutRecipient)
            #expect(CompletionReportEvent(line) == event)
        }
    }

    @Test(arguments: ["", "due", "due {}", "due {\"id\":1}", "surprise", "tried 1"])
    func `a line that says nothing known is none`(fields: String) throws {
        var bytes: [UInt8] = []
        JournalLine.write(.report, fields, at: Self.time, to: &bytes)
        try bytes.dropLast().withUnsafeBytes { buffer in
            let line = try #require(JournalLine(buffer))
            #expect(CompletionReportEvent(line) == nil)
        }
    }

    @Test func `an order gives back its mailboxes whatever their names hold`() {
        let mailbox = Self.order.to.mailbox
        #expect(mailbox?.name == "Åsa \"<Öberg>\" \\")
        #expect(mailbox?.address.description == "asa@example.org")
        #expect(Self.order.messageID.hasSuffix("@example.org"))
    }

    /// What can come to be between a report's order and its end, and whether it is still to be sent afterwards.
    private static let courses: [(events: [CompletionReportEvent], isPending: Bool)] = [
        ([], false), ([.due(order)], true), ([.due(order), .attempt(1)], true),
        ([.due(order), .attempt(1), .sent(reply: "")], false),
        ([.due(order), .attempt(1), .failed(status: "67", reply: "no")], false),
        ([.due(order), .attempt(1), events[4]], true),
        ([.due(order), .attempt(1), events[4], .attempt(2)], true),
        ([.due(order), .attempt(1), .inDoubt(until: time, isTimeout: true)], true),
        (
            [.due(order), .attempt(1), .inDoubt(until: time, isTimeout: false), .resolved(asSent: true)],
            false
        ),
        (
            [.due(order), .attempt(1), .inDoubt(until: time, isTimeout: false), .resolved(asSent: false)],
            true
        ),
        ([.due(order), .skipped], false),
        ([.due(order), .attempt(1), .withdrew(to: .waiting)], true),
    ]

    /// A journal that is closed as finished, its numbers behind every line.
    private func journal(
        _ events: [CompletionReportEvent], countsEverywhere: Bool, at directory: TemporaryFiles
    ) throws
        -> File
    {
        var history = MailingHistory()
        var bytes: [UInt8] = []
        func add(_ event: JournalEvent, _ fields: String) throws {
            let start = bytes.count
            JournalLine.write(event, fields, at: Self.time, to: &bytes)
            try bytes[start..<(bytes.count - 1)].withUnsafeBytes {
                history.read(try #require(JournalLine($0)))
            }
            if countsEverywhere {
                JournalLine.write(.counts, history.countsFields, at: Self.time, to: &bytes)
            }
        }
        try add(.opened, "1 madeup")
        try add(.document, "active 7 1795484573.305436878")
        if let first = events.first { try add(.report, first.fields) }
        try add(.closed, "finished")
        for event in events.dropFirst() { try add(.report, event.fields) }
        try directory.write("a.journal", Data(bytes))
        return try directory.directory.open(FileName("a.journal"))
    }

    @Test(arguments: courses.indices)
    func `the tail says of a report what the whole journal does`(course: Int) throws {
        let (events, isPending) = Self.courses[course]
        let files = try TemporaryFiles()
        let whole = try JournalReader(file: journal(events, countsEverywhere: false, at: files)).history()
        let tail = try JournalReader(file: journal(events, countsEverywhere: true, at: files)).history()
        #expect(whole?.report == tail?.report)
        #expect((whole?.pendingReport != nil) == isPending)
        #expect((tail?.pendingReport != nil) == isPending)
    }

    @Test func `only a mailing that has finished has a report, and each finishing its own`() {
        var history = MailingHistory()
        history.takeReport(.due(Self.order), at: Self.time)
        #expect(history.pendingReport == nil)
        history.closing = .cancelled
        #expect(history.pendingReport == nil)
        history.closing = .finished
        #expect(history.pendingReport?.state == .waiting)
        history.reopen(.again)
        #expect(history.report == nil && history.reportFields.isEmpty)
    }

    @Test func `a report changes no number of its mailing`() {
        var history = MailingHistory()
        history.counts = MailingCounts(total: 3, duplicate: 1, invalid: 0, suppressed: 0)
        let before = history
        for event in Self.events { history.takeReport(event, at: Self.time) }
        #expect(history.counts == before.counts && history.lastHandOver == before.lastHandOver)
    }
}
