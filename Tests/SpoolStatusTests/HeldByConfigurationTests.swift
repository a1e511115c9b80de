import Foundation
@testable import SpoolConsole
@testable import SpoolSchedule
@testable import SpoolStatus
@testable import SpoolStore
@testable import TestSupport
import Testing

struct HeldByConfigurationTests {
    private func status(_ configuration: String, _ prepare: (TestSpool) throws -> Void = { _ in }) throws
        -> SpoolStatus
    {
        let spool = try TestSpool()
        try spool.write("config.json", configuration)
        try spool.drop("begun", in: .active)
        try spool.drop("due", in: .scheduled)
        try spool.drop("later", in: .scheduled, to: ["a@example.org"], "\"sendAt\": \"2099-01-01T00:00Z\"")
        try spool.drop("stopped", in: .paused)
        try spool.drop("wrong", in: .active, to: ["a@example.org"], "\"sendat\": \"now\"")
        try prepare(spool)
        return try SpoolStatus(spool.files.path, at: TestClock.start)
    }

    private func held(_ status: SpoolStatus) -> [String] {
        status.mailings.filter { $0.waitingFor == .configuration }.map(\.name).sorted()
    }

    @Test(arguments: [
        "{\"delivery\": {\"via\": \"smtp\"}}", "{\"delivery\": {\"concurrency\": 0}}", "{",
    ]) func `whom a broken configuration holds up says so`(configuration: String) throws {
        let status = try status(configuration)
        // No document can be judged cheaply where config.json cannot be read: it is held whatever is wrong with it.
        #expect(["begun", "due"].allSatisfy(held(status).contains), "\(held(status))")
        #expect(!held(status).contains("stopped"))
        #expect(status.complaints.count == 1 && status.complaints[0].hasPrefix("config.json: "))
        #expect(status.json.text.contains("\"waitingFor\":\"configuration\""))
        let lines = Overview(status, style: TerminalStyle(), showsAll: true).lines.joined(separator: "\n")
        #expect(lines.contains("waits for the configuration to be mended"))
    }

    @Test func `a mailing that would wait for something else, or is wrong itself, is not`() throws {
        #expect(held(try status("{\"delivery\": {\"via\": \"smtp\"}}")) == ["begun", "due"])
        #expect(held(try status("{\"delivery\": {\"via\": \"maildir\"}}")).isEmpty)
    }

    @Test func `so does whom an unreadable suppressed.txt holds up`() throws {
        let status = try status("{}") { spool in
            try FileManager.default.createDirectory(
                atPath: spool.files.path + "/suppressed.txt", withIntermediateDirectories: false)
        }
        #expect(held(status) == ["begun", "due"])
        #expect(
            status.complaints == [
                "suppressed.txt cannot be read: it is a directory; mend it; until then nothing is sent"
            ])
    }

    @Test func `what waits for a person goes on waiting for it`() {
        for (before, after) in [
            (WaitReason.person, WaitReason.person), (.otherMailing, .otherMailing), (.window, .configuration),
            (.retry, .configuration),
        ] {
            var mailing = MadeUpSpool.mailing("a", .active)
            mailing.counts = MadeUpSpool.counts(waiting: 1)
            (mailing.waitingFor, mailing.next, mailing.secondsLeft) = (before, MadeUpSpool.now, 5)
            mailing.holdForConfiguration(at: MadeUpSpool.now)
            #expect(mailing.waitingFor == after && (mailing.next == nil) == (after == .configuration))
            mailing.counts = MadeUpSpool.counts(sent: 1)
            mailing.waitingFor = nil
            mailing.holdForConfiguration(at: MadeUpSpool.now)
            #expect(mailing.waitingFor == nil)
        }
    }
}
