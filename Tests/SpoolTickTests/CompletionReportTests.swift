import Foundation
@testable import SpoolConsole
@testable import SpoolMail
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolTick
@testable import TestSupport
import Testing

/// Each case renders to exactly `Golden/report-NAME.eml`.
///
/// `SPOOL_RECORD_GOLDEN=1 swift test --filter CompletionReportTests` writes the files anew and fails, so that nobody
/// records by accident: read the difference, then run the tests without it.
struct CompletionReportTests {
    /// 24 November 2026, 18:00 UTC.
    private static let start = Timestamp(milliseconds: 1_795_543_200_000)
    private static let stockholm = TimeZoneRules(utcOffset: 3600)
    private static let unknown =
        "550 5.1.1 <%@>: Recipient address rejected: User unknown in virtual mailbox table"

    /// A mailing of which everybody has got it, in a minute.
    private static var allSent: CompletionReport {
        var journal = JournalText(at: start)
        journal.attempt("anna@example.org", .sent)
        journal.pass(.minutes(1))
        var counts = MailingCounts()
        counts.sent = 1
        return report("news", "News", counts, journal)
    }

    /// Failures for several reasons, of which one is long; and every way of not being mailed.
    private static var failures: CompletionReport {
        var journal = JournalText(at: start)
        for number in 1...5 {
            let address = "r\(number)@example.com"
            journal.attempt(address, .failed, "67 " + unknown.replacing("%@", with: address))
        }
        journal.attempt(
            "full@example.net", .deferred,
            "2026-11-24T18:05:00.000Z not-now 75 452 4.2.2 The mailbox is full "
                + String(repeating: "x", count: 300))
        journal.add(.gaveUp, "full@example.net")
        journal.attempt("quiet@example.net", .failed, "65 ")
        journal.attempt("slow@example.net", .inDoubt, "2026-11-24T18:05:00.000Z timeout")
        journal.attempt("slow@example.net", number: 2, from: "in-doubt", .sent)
        journal.pass(.minutes(100))
        var counts = MailingCounts()
        (counts.sent, counts.failed, counts.late) = (12_345_678, 7, 2)
        (counts.duplicate, counts.invalid, counts.suppressed, counts.formerSent) = (3, 4, 5, 6)
        return report("årsmöte 2026", "Årsmöte i december", counts, journal)
    }

    /// Sent again to those who had failed, of whom one fails once more.
    private static var sentAgain: CompletionReport {
        var journal = JournalText(at: start)
        for address in ["a@example.com", "b@example.com"] {
            journal.attempt(address, .failed, "67 " + unknown.replacing("%@", with: address))
        }
        journal.add(.closed, "finished")
        journal.pass(.days(1))
        journal.add(.reopened, "")
        journal.attempt("a@example.com", .sent)
        journal.attempt("b@example.com", .failed, "67 " + unknown.replacing("%@", with: "b@example.com"))
        journal.pass(.seconds(75))
        var counts = MailingCounts()
        (counts.sent, counts.failed) = (1, 1)
        return report("it's news", nil, counts, journal)
    }

    private static func report(
        _ name: String, _ subject: String?, _ counts: MailingCounts, _ journal: JournalText
    ) -> CompletionReport {
        CompletionReport(
            name: name, subject: subject, counts: counts, details: journal.details, startedAt: start,
            finishedAt: journal.time, zone: stockholm, spool: "/var/spool/mailings")
    }

    private static let cases: [(name: String, report: CompletionReport)] = [
        ("all-sent", allSent), ("failures", failures), ("sent-again", sentAgain),
    ]

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
        path: "Golden")

    private static func message(_ report: CompletionReport) throws -> [UInt8] {
        let order = CompletionReportOrder(
            id: "0123456789abc", to: .init(try Mailbox("Åsa Öberg <asa@example.org>")),
            from: .init(try Mailbox("The Club <club@example.org>")), returnPath: "bounce@example.org",
            giveUpAfter: 3600)
        return try order.message(report, at: report.finishedAt).segments.flatMap { segment in
            guard case .bytes(let bytes) = segment else { return [UInt8]() }
            return bytes
        }
    }

    @Test(arguments: cases.map(\.name))
    func `a report is as recorded`(name: String) throws {
        let report = try #require(Self.cases.first { $0.name == name }?.report)
        let file = Self.folder.appending(path: "report-\(name).eml")
        let rendered = String(decoding: try Self.message(report), as: UTF8.self)
        if ProcessInfo.processInfo.environment["SPOOL_RECORD_GOLDEN"] != nil {
            try Data(rendered.utf8).write(to: file)
            Issue.record("recorded report-\(name).eml; look at it, and run without SPOOL_RECORD_GOLDEN")
            return
        }
        #expect(rendered == String(decoding: try Data(contentsOf: file), as: UTF8.self))
    }

    @Test(arguments: cases.map(\.name))
    func `the numbers of a report add up`(name: String) throws {
        let report = try #require(Self.cases.first { $0.name == name }?.report)
        let lines = report.text.split(separator: "\n").map(String.init)
        let rule = try #require(lines.firstIndex { $0.hasSuffix("------") })
        let first = try #require(lines.firstIndex { $0.hasPrefix("  Sent  ") })
        let numbers = try lines[first..<rule].map { line in
            try #require(line.split(separator: " ").last.flatMap { Int($0) })
        }
        #expect(lines[rule + 1].hasPrefix("  Recipients"))
        #expect(lines[rule + 1].hasSuffix(" \(numbers.reduce(0, +))"))
        // Aligned: every number ends in the same column.
        #expect(Set(lines[first...(rule + 1)].map(\.count)).count == 1)
    }

    @Test func `nothing in a name or a subject can add a line or a header field`() throws {
        let evil = "x\nBcc: all@example.org\u{2028}\r\n.\r\nfrom\u{1B}[2J"
        let report = Self.report(evil, evil, MailingCounts(), JournalText(at: Self.start))
        let message = String(decoding: try Self.message(report), as: UTF8.self)
        let head = message.split(separator: "\n\n")[0]
        #expect(!head.split(separator: "\n").contains { $0.hasPrefix("Bcc") })
        #expect(report.text.split(separator: "\n").prefix(2).allSatisfy { !$0.contains("\u{1B}") })
        #expect(message.utf8.allSatisfy { $0 == 0x0A || (0x20..<0x7F).contains($0) })
    }

    @Test(arguments: [
        (Interval.milliseconds(-5), "less than a second"), (.milliseconds(999), "less than a second"),
        (.seconds(1), "1 s"), (.seconds(6000), "1 h 40 min"),
    ])
    func `what took no second is not said to have taken none`(interval: Interval, text: String) {
        var report = Self.allSent
        report.finishedAt = report.startedAt + interval
        #expect(report.text.contains("  Took        \(text)\n"))
    }

    @Test func `commands can be copied as they stand, whatever the mailing is called`() {
        var report = Self.allSent
        report.name = "-it's\n\u{202E}a"
        report.spool = "/srv/the club"
        let name = #""$(printf -- '-it'\''s\012\342\200\256a')""#
        #expect(report.text.contains("  spool-status --spool '/srv/the club' -- \(name)\n"))
        report.counts.failed = 1
        #expect(report.text.contains(" --recipients --state failed -- \(name)\n"))
        #expect(report.text.contains(#"a.json')" '/srv/the club/active/'"# + "\n"))
        #expect(!report.text.unicodeScalars.contains("\u{202E}") && !report.subjectLine.contains("\n"))
    }
}
