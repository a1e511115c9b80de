import Glibc
@testable import SpoolDelivery
@testable import SpoolMail
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import SpoolTransport
@testable import SpoolWriting
import TestSupport
import Testing

/// The report on a mailing, which goes out beside its recipients.
struct CompletionReportDeliveryTests {
    private let spool: TestSpool
    private let clock = TestClock()

    init() throws { spool = try TestSpool() }

    private func delivery(
        _ react: @escaping (ScriptedTransport.HandOver) -> ScriptedTransport.Reaction
    ) -> TestDelivery {
        TestDelivery(spool, ScriptedTransport(clock, react), clock)
    }

    /// A mailing that has finished, and for whose report somebody waits.
    private func finish() throws {
        let delivery = delivery { _ in .accepts }
        let mailing = try delivery.begin(
            spool.drop(
                "news", "\"reportTo\": \"Boss <boss@example.org>\", \"returnPath\": \"back@example.org\""))
        try delivery.run()
        mailing.finish(at: clock.now.wall)
        _ = try delivery.dispatcher.end(mailing)
    }

    /// The next attempt at the report.
    private func attempt() throws -> CompletionReportAttempt {
        let file = try #require(try spool.journals.open(FileName("news")))
        let message = try MessageFile()
        try message.append(Array("Subject: it went well\n".utf8))
        try message.seal()
        return CompletionReportAttempt(
            try #require(try CompletionReportOrder.last(in: file)),
            of: try #require(try spool.history("news")),
            message: message, journal: try spool.journals.writer(of: FileName("news")), backoff: .standard)
    }

    private var reportLines: [String] {
        get throws { try spool.journal("news", only: .report).filter { !$0.hasPrefix("report due") } }
    }

    @Test func `the intent is on the disk before the report is handed over`() throws {
        try finish()
        let delivery = delivery { _ in .accepts }
        let path = spool.directory.journal.path(of: FileName("news.journal"))
        let trace = SystemCallTrace()
        delivery.transport.looksOn = { [spool] _ in
            #expect((try? spool.journal("news").last) == "report try 1")
            let last = trace.calls.last { $0.path == path && [.write, .fdatasync].contains($0.call) }
            #expect(last?.call == .fdatasync)
        }
        try trace.run { try delivery.dispatcher.reports.handOver(attempt(), at: clock.now) }
        let handOver = try #require(delivery.transport.log.first)
        #expect(handOver.recipient == "boss@example.org" && handOver.returnPath == "back@example.org")
        #expect(try reportLines == ["report try 1", "report sent"])
        #expect(delivery.dispatcher.reports.hasAccepted && delivery.dispatcher.reports.mailing == nil)
        // A reader of the tail knows, and nothing is left to send.
        #expect(try spool.history("news")?.pendingReport == nil)
        #expect(try spool.history("news")?.report?.state == .sent)
        #expect(trace.calls.last { [.write, .fdatasync].contains($0.call) }?.call == .fdatasync)
    }

    @Test(arguments: [
        (AttemptPolicy.Verdict.refused, "report failed 67 no such user", RecipientState.failed),
        (.notNow, "report deferred 2026-11-24T18:05:00.000Z not-now 75 not now", .deferred),
        (.unclear, "report deferred 2026-11-24T18:05:00.000Z unclear 1 ", .deferred),
        (.noAnswer, "report in-doubt 2026-11-24T18:05:00.000Z timeout", .inDoubt),
    ])
    func `what the mail system says of a report makes of it what it would make of a recipient`(
        verdict: AttemptPolicy.Verdict, line: String, state: RecipientState
    ) throws {
        try finish()
        let delivery = delivery { _ in .answers(.of(verdict), after: .zero) }
        let reports = delivery.dispatcher.reports
        try reports.handOver(attempt(), at: clock.now)
        let mailing = try #require(try spool.history("news")?.mailing)
        #expect(reports.mailing == mailing && reports.takeEnded() == nil)
        try delivery.dispatcher.collect(at: clock.now)
        #expect(reports.mailing == nil)
        #expect(try reportLines == ["report try 1", line])
        #expect(try spool.history("news")?.report?.state == state)
        #expect(reports.takeEnded()?.history == (try spool.history("news")))
        #expect(reports.takeEnded() == nil)
        // It is nobody of the mailing, and says nothing of the mail system.
        #expect(try spool.history("news")?.counts.recipients == 1)
        #expect(!delivery.dispatcher.isRefusedEverywhere(at: clock.now))
    }

    @Test func `a mail system that cannot be started has the report try again`() throws {
        try finish()
        let delivery = delivery { _ in .isUnavailable("no\nsendmail") }
        try delivery.dispatcher.reports.handOver(attempt(), at: clock.now)
        #expect(
            try reportLines == [
                "report try 1", "report deferred 2026-11-24T18:05:00.000Z not-now not-started no sendmail",
            ])
        clock.pass(.minutes(5))
        delivery.transport.react { _ in .accepts }
        try delivery.dispatcher.reports.handOver(attempt(), at: clock.now)
        #expect(try reportLines.suffix(2).map { $0.prefix(11) } == ["report try ", "report sent"])
        #expect(delivery.transport.log.map(\.messageID).count == 1)
    }

    @Test func `a report whose intent does not come to the disk is not handed over`() throws {
        for call in [SystemCall.write, .fallocate, .fdatasync] {
            try finish()
            let delivery = delivery { _ in .accepts }
            let attempt = try attempt()
            #expect(throws: SystemError.self, "\(call)") {
                try SystemCallTrace(Fault(call, .error(EIO))).run {
                    try delivery.dispatcher.reports.handOver(attempt, at: clock.now)
                }
            }
            #expect(delivery.transport.log.isEmpty, "\(call)")
            #expect(try reportLines == ["report try 1", "report withdrew waiting"], "\(call)")
            let report = try #require(try spool.history("news")?.pendingReport)
            #expect(report == RecipientProgress(), "\(call)")
            try spool.files.remove("journal/news.journal")
        }
    }

    @Test func `a report takes no recipient's place`() throws {
        try finish()
        let delivery = delivery { handOver in
            handOver.recipient == "boss@example.org" ? .hangs : .answers(.accepted, after: .seconds(1))
        }
        try delivery.dispatcher.reports.handOver(attempt(), at: clock.now)
        try delivery.begin(spool.drop("other", to: TestSpool.people(4)))
        for _ in 0..<2 {
            try delivery.fill()
            clock.pass(.seconds(1))
            try delivery.dispatcher.collect(at: clock.now)
        }
        #expect(delivery.transport.log.count == 5 && delivery.transport.mostUnderWay == 3)
        #expect(delivery.dispatcher.inFlight == 1)
    }
}
