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

    private static func attempt(_ number: Int) -> CompletionReportEvent {
        .progress(.attempt(number: number, from: .waiting))
    }

    private static let events: [CompletionReportEvent] =
        [.due(order)]
        + [
            .attempt(number: 3, from: .waiting), .sent(reply: ""), .sent(reply: "250 ok"),
            .deferred(until: time + .minutes(5), .unclear, status: "1", reply: "try later please"),
            .deferred(until: time + .minutes(5), .notNow, status: "75", reply: ""),
            .failed(status: "67", reply: "no such user"), .inDoubt(until: time, .timeout),
            .inDoubt(until: time, .killed), .resolved(.sent), .resolved(.resend),
            .skipped(from: .waiting, .suppressed), .withdrew(to: .waiting), .withdrew(to: .inDoubt),
        ].map(CompletionReportEvent.progress)

    private func entry(_ line: [UInt8]) throws -> JournalEntry? {
        try line.dropLast().withUnsafeBytes { try #require(JournalLine($0)).entry }
    }

    @Test(arguments: events)
    func `an event reads back as it was written`(event: CompletionReportEvent) throws {
        var bytes: [UInt8] = []
        JournalLine.write(.report(event), at: Self.time, to: &bytes)
        #expect(try entry(bytes) == .report(event))
    }

    @Test(arguments: ["", "due", "due {}", "due {\"id\":1}", "surprise", "tried 1"])
    func `a line that says nothing known is none`(fields: String) throws {
        #expect(try entry(JournalText.line(.report, fields, at: Self.time)) == nil)
    }

    @Test func `an order gives back its mailboxes whatever their names hold`() {
        let mailbox = Self.order.to.mailbox
        #expect(mailbox?.name == "Åsa \"<Öberg>\" \\")
        #expect(mailbox?.address.description == "asa@example.org")
        #expect(Self.order.messageID.hasSuffix("@example.org"))
    }

    /// What can come to be between a report's order and its end, and whether it is still to be sent afterwards.
    private static let courses: [(events: [CompletionReportEvent], isPending: Bool)] = [
        ([], false), ([.due(order)], true), ([.due(order), attempt(1)], true),
        ([.due(order), attempt(1), .progress(.sent(reply: ""))], false),
        ([.due(order), attempt(1), .progress(.failed(status: "67", reply: "no"))], false),
        ([.due(order), attempt(1), events[4]], true),
        ([.due(order), attempt(1), events[4], attempt(2)], true),
        ([.due(order), attempt(1), .progress(.inDoubt(until: time, .timeout))], true),
        (
            [
                .due(order), attempt(1), .progress(.inDoubt(until: time, .killed)),
                .progress(.resolved(.sent)),
            ], false
        ),
        (
            [
                .due(order), attempt(1), .progress(.inDoubt(until: time, .killed)),
                .progress(.resolved(.resend)),
            ], true
        ),
        ([.due(order), .progress(.skipped(from: .waiting, .suppressed))], false),
        ([.due(order), attempt(1), .progress(.withdrew(to: .waiting))], true),
    ]

    /// A journal that is closed as finished, its numbers behind every line.
    private func journal(
        _ events: [CompletionReportEvent], countsEverywhere: Bool, at directory: TemporaryFiles
    ) throws
        -> File
    {
        var history = MailingHistory()
        var bytes: [UInt8] = []
        func add(_ entry: JournalEntry) {
            JournalLine.write(entry, at: Self.time, to: &bytes)
            history.apply(entry, at: Self.time)
            if countsEverywhere { JournalLine.write(.counts(history), at: Self.time, to: &bytes) }
        }
        add(.opened(mailing: "madeup"))
        add(.document(DocumentPlace(folder: .active, identity: .init(inode: 7, birth: nil))))
        if let first = events.first { add(.report(first)) }
        add(.closed(.finished))
        for event in events.dropFirst() { add(.report(event)) }
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
        history.apply(.report(.due(Self.order)), at: Self.time)
        #expect(history.pendingReport == nil)
        history.closing = .cancelled
        #expect(history.pendingReport == nil)
        history.closing = .finished
        #expect(history.pendingReport?.state == .waiting)
        history.apply(.reopened(.again), at: Self.time)
        #expect(history.report == nil)
    }

    @Test func `a report changes no number of its mailing`() {
        var history = MailingHistory()
        history.counts = MailingCounts(total: 3, duplicate: 1, invalid: 0, suppressed: 0)
        let before = history
        for event in Self.events { history.apply(.report(event), at: Self.time) }
        #expect(history.counts == before.counts && history.lastAttempt == before.lastAttempt)
    }
}
