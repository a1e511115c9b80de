import Glibc
@testable import SpoolDelivery
@testable import SpoolMail
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
import TestSupport
import Testing

struct JournalWriterTests {
    private let spool: TestSpool
    private let name = FileName("news")
    private let time = TestClock.start

    init() throws { spool = try TestSpool() }

    private func writer() throws -> JournalWriter { try spool.journals.writer(of: name) }

    private var path: String { spool.directory.journal.path(of: FileName("news.journal")) }

    private func size() throws -> Int {
        Int(try spool.directory.journal.status(of: FileName("news.journal"))?.size ?? 0)
    }

    /// Every line of the file, if all of it is sound.
    private func soundLines() throws -> [String]? {
        let file = try #require(try spool.journals.open(name))
        var count = 0
        let end = try JournalReader(file: file).forEachLine { _ in count += 1 }
        let lines = try spool.journal("news")
        return try end == size() && count == lines.count ? lines : nil
    }

    // MARK: The tail

    @Test(arguments: [0, 1, 9, 30, 33])
    func `a torn tail is cut off before anything is appended`(kept: Int) throws {
        let whole = JournalText.line(.opened, "1 id", at: time)
        let torn = JournalText.line(.revision, "0123456789", at: time).prefix(kept)
        try spool.files.write("journal/news.journal", whole + torn)
        let writer = try writer()
        #expect(try size() == whole.count)
        writer.add(.revision("other"), at: time)
        try writer.write()
        #expect(try soundLines() == ["journal 1 id", "revision other"])
    }

    @Test func `what is sound stays, whatever stands behind it`() throws {
        let whole = JournalText.line(.opened, "1 id", at: time)
        for garbage in ["\n\n", "00000000 2026-11-24T18:00:00.000Z revision false\n", "\0\0\0\0"] {
            try spool.files.write("journal/news.journal", whole + Array(garbage.utf8))
            _ = try writer()
            #expect(try soundLines() == ["journal 1 id"])
        }
    }

    @Test func `a journal that is not there is made, for those who may read the folder`() throws {
        _ = try writer()
        let status = try #require(try spool.directory.journal.status(of: FileName("news.journal")))
        #expect(status.size == 0 && status.mode == spool.journals.mode)
    }

    // MARK: Writing

    @Test func `nothing is written before it is to be, and each line once`() throws {
        let writer = try writer()
        writer.add(.opened(mailing: "id"), at: time)
        writer.add(.revision("r"), at: time)
        #expect(try size() == 0)
        #expect(writer.hasPending)
        try writer.write()
        try writer.write()
        #expect(try soundLines() == ["journal 1 id", "revision r"])
        #expect(!writer.hasPending && writer.isUnsynchronized)
        try writer.synchronize()
        #expect(!writer.isUnsynchronized)
    }

    @Test func `after a write that failed half way the lines are whole, and there once`() throws {
        let writer = try writer()
        writer.add(.opened(mailing: "id"), at: time)
        try writer.write()
        writer.add(.revision("r"), at: time)
        let trace = SystemCallTrace([
            Fault(.write, number: 1, .short(7)), Fault(.write, number: 2, .error(ENOSPC)),
        ])
        #expect(throws: SystemError(call: "write", path: path, code: ENOSPC)) {
            try trace.run { try writer.write() }
        }
        // It says so, and has done it all the same: an outcome that is lost is a second copy.
        #expect(try soundLines() == ["journal 1 id", "revision r"])
        #expect(!writer.hasPending)
    }

    @Test func `as long as the disk is full no part of a line is left, and afterwards all lines are there`()
        throws
    {
        let writer = try writer()
        writer.add(.opened(mailing: "id"), at: time)
        try writer.write()
        for number in 1...3 {
            writer.add(.revision("r\(number)"), at: time)
            // A few bytes fit each time.
            let trace = SystemCallTrace([
                Fault(.write, number: 1, .short(5)), Fault(.write, number: 2, .error(ENOSPC)),
                Fault(.write, number: 3, .short(3)), Fault(.write, number: 4, .error(ENOSPC), .fromThenOn),
            ])
            #expect(throws: SystemError.self) { try trace.run { try writer.write() } }
            #expect(writer.hasPending)
        }
        try writer.write()
        #expect(try soundLines() == ["journal 1 id", "revision r1", "revision r2", "revision r3"])
    }

    @Test func `what cannot be cut back is not written behind`() throws {
        let writer = try writer()
        writer.add(.opened(mailing: "id"), at: time)
        let trace = SystemCallTrace([
            Fault(.write, number: 1, .short(7)), Fault(.write, number: 2, .error(EIO)),
            Fault(.ftruncate, .error(EIO)),
        ])
        #expect(throws: SystemError.self) { try trace.run { try writer.write() } }
        #expect(try size() == 7)
        #expect(writer.hasPending)
        try writer.write()
        #expect(try soundLines() == ["journal 1 id"])
    }

    @Test func `room is kept for outcomes, and given back`() throws {
        let writer = try writer()
        writer.add(.opened(mailing: "id"), at: time)
        let trace = SystemCallTrace()
        try trace.run {
            try writer.reserveRoom()
            try writer.reserveRoom()
        }
        #expect(trace.count(of: .fallocate) == 1)
        try writer.write()
        #expect(try soundLines() == ["journal 1 id"])
        let closing = SystemCallTrace()
        try closing.run { try writer.close() }
        #expect(closing.count(of: .ftruncate) == 1)
        #expect(try soundLines() == ["journal 1 id"])
    }

    // MARK: Attempts

    @Test func `an attempt may be used only once its line is on the disk`() throws {
        let writer = try writer()
        var durable: [[Bool]] = []
        let first = writer.announce(.recipient("a@example.org"), number: 1, from: .waiting, at: time)
        durable.append([writer.isDurable(first)])
        try writer.write()
        durable.append([writer.isDurable(first)])
        let second = writer.announce(.recipient("b@example.org"), number: 1, from: .waiting, at: time)
        durable.append([writer.isDurable(first), writer.isDurable(second)])
        try writer.synchronize()
        durable.append([writer.isDurable(first), writer.isDurable(second)])
        let third = writer.announce(.recipient("c@example.org"), number: 1, from: .waiting, at: time)
        durable.append([writer.isDurable(first), writer.isDurable(third)])
        #expect(durable == [[false], [false], [false, false], [true, true], [true, false]])
        writer.conclude(first, .sent(reply: ""), at: time)
        writer.conclude(second, .sent(reply: ""), at: time)
        writer.conclude(third, .withdrew(to: .waiting), at: time)
    }

    @Test func `an attempt whose sync has failed is never durable, whatever a later one says`() throws {
        let writer = try writer()
        let attempt = writer.announce(.recipient("a@example.org"), number: 1, from: .waiting, at: time)
        #expect(throws: SystemError(call: "fdatasync", path: path, code: EIO)) {
            try SystemCallTrace(Fault(.fdatasync, .error(EIO))).run { try writer.synchronize() }
        }
        let isDurable = writer.isDurable(attempt)
        writer.add(.revision("r"), at: time)
        let trace = SystemCallTrace()
        #expect(throws: SystemError.self) { try trace.run { try writer.synchronize() } }
        // The lines are written, for whoever reads them before the power fails; no further sync says that all is well.
        #expect(trace.count(of: .write) == 1 && trace.count(of: .fdatasync) == 0)
        let isDurableNow = writer.isDurable(attempt)
        #expect(!isDurable && !isDurableNow)
        writer.conclude(attempt, .withdrew(to: .waiting), at: time)
    }

    @Test(arguments: [
        (RecipientEvent.sent(reply: "250 ok"), "sent a@example.org 250 ok", "report sent 250 ok"),
        (.failed(status: "67", reply: "no"), "failed a@example.org 67 no", "report failed 67 no"),
        (
            .deferred(until: TestClock.start, .notNow, status: "75", reply: ""),
            "deferred a@example.org 2026-11-24T18:00:00.000Z not-now 75 ",
            "report deferred 2026-11-24T18:00:00.000Z not-now 75 "
        ),
        (
            .inDoubt(until: TestClock.start, .timeout),
            "in-doubt a@example.org 2026-11-24T18:00:00.000Z timeout",
            "report in-doubt 2026-11-24T18:00:00.000Z timeout"
        ),
        (.withdrew(to: .deferred), "withdrew a@example.org deferred", "report withdrew deferred"),
    ])
    func `what came of an attempt is one line about whom it was for`(
        event: RecipientEvent, line: String, reportLine: String
    ) throws {
        let writer = try writer()
        let attempt = writer.announce(.recipient("a@example.org"), number: 3, from: .deferred, at: time)
        writer.conclude(attempt, event, at: time)
        let report = writer.announce(.report, number: 2, from: .deferred, at: time)
        writer.conclude(report, event, at: time)
        try writer.write()
        #expect(try soundLines() == ["try a@example.org 3 deferred", line, "report try 2", reportLine])
    }

    @Test func `a mailing ends with its report ordered before, and what a reader of the tail wants behind`()
        throws
    {
        let writer = try writer()
        var history = MailingHistory()
        writer.record(.opened(mailing: "id"), in: &history, at: time)
        history.title = MailingTitle(subject: "News")
        let order = CompletionReportOrder(
            id: "x", to: .init(try Mailbox("a@example.org")),
            from: .init(try Mailbox("b@example.org")), returnPath: "b@example.org", giveUpAfter: 60)
        writer.close(&history, as: .finished, report: order, at: time + .seconds(5))
        try writer.write()
        let words = try #require(try soundLines()).map {
            $0.split(separator: " ").prefix(2).joined(separator: " ")
        }
        #expect(
            words == [
                "journal 1", "report due", "closed finished", #"about {"subject":"News"}"#,
                "counts recipients=0",
            ])
        #expect(history.closing == .finished && history.closedAt == time + .seconds(5))
        #expect(history.pendingReport == RecipientProgress())
        #expect(try spool.history("news") == history)
    }

    // MARK: Faults

    @Test func `whatever call fails, the lines in the file are the first of those that were to be written`()
        throws
    {
        let added = [
            "try a@example.org 1 waiting", "try b@example.org 1 waiting", "sent a@example.org ok",
            "try c@example.org 1 waiting", "failed b@example.org 67 no", "sent c@example.org ok",
        ]
        let strikes = try sweepFaults([.error(EIO), .short(3)]) {
            try TestSpool()
        } operation: { spool in
            let writer = try spool.journals.writer(of: name)
            var failure: (any Error)?
            func step(_ body: () throws -> Void) {
                do { try body() } catch { failure = failure ?? error }
            }
            let a = writer.announce(.recipient("a@example.org"), number: 1, from: .waiting, at: time)
            let b = writer.announce(.recipient("b@example.org"), number: 1, from: .waiting, at: time)
            step(writer.reserveRoom)
            step(writer.synchronize)
            writer.conclude(a, .sent(reply: "ok"), at: time)
            step(writer.write)
            let c = writer.announce(.recipient("c@example.org"), number: 1, from: .waiting, at: time)
            writer.conclude(b, .failed(status: "67", reply: "no"), at: time)
            step(writer.synchronize)
            writer.conclude(c, .sent(reply: "ok"), at: time)
            step(writer.write)
            step(writer.close)
            if let failure { throw failure }
        } check: { spool, outcome in
            #expect((outcome.error == nil) == outcome.failed.isEmpty, "\(outcome)")
            guard try spool.journals.open(name) != nil else { return }
            // Whoever opens it next cuts what is torn.
            _ = try spool.journals.writer(of: name)
            let lines = try spool.journal("news")
            #expect(lines == Array(added.prefix(lines.count)), "\(outcome)")
            let isLasting = if case .fromThenOn = outcome.fault.span { true } else { false }
            let isOpened = outcome.struck.first.map { [.open, .statx, .fchmod].contains($0.call) } ?? false
            if !isLasting, !isOpened { #expect(lines.count == added.count, "\(outcome)") }
        }
        #expect(strikes > 20)
    }

    // MARK: Rest

    @Test func `a journal that rests has no descriptor, is on the disk, and gives its room back`() throws {
        let writer = try writer()
        writer.add(.revision("one"), at: time)
        try writer.reserveRoom()
        let trace = SystemCallTrace()
        // Not with a line that is still to be written.
        try trace.run { try writer.rest() }
        #expect(trace.calls.isEmpty)
        try writer.write()
        try trace.run { try writer.rest() }
        #expect(trace.calls.suffix(3).map(\.call) == [.fdatasync, .ftruncate, .close])
        let idle = SystemCallTrace()
        try idle.run {
            try writer.rest()
            try writer.write()
            try writer.synchronize()
        }
        #expect(idle.calls.isEmpty)
        writer.add(.revision("two"), at: time)
        try writer.synchronize()
        #expect(try soundLines() == ["revision one", "revision two"])
    }

    @Test func `a journal that is another after a rest is not written to`() throws {
        let writer = try writer()
        writer.add(.revision("one"), at: time)
        try writer.write()
        try writer.rest()
        let whole = try spool.directory.journal.open(FileName("news.journal")).contents()
        try spool.files.remove("journal/news.journal")
        writer.add(.revision("two"), at: time)
        #expect(throws: SystemError.self) { try writer.write() }
        #expect(spool.names(in: "journal") == [])
        try spool.files.write("journal/news.journal", whole + Array("x".utf8))
        #expect(throws: SystemError.self) { try writer.write() }
        try spool.files.write("journal/news.journal", whole)
        try writer.write()
        #expect(try soundLines() == ["revision one", "revision two"])
    }
}
