@testable import SpoolConsole
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import SpoolTick
@testable import SpoolTransport
import TestSupport
import Testing

/// What is not new is not looked at again, and what takes long keeps nobody waiting.
struct FairnessTests {
    private func drop(
        _ name: String, in folder: Folder, _ more: String = "", _ test: TestTick
    ) throws {
        try test.spool.write("files/list.csv", "email,name\na@example.org,A\nb@example.org,B\n")
        let document = TestDocument.document(
            "\"recipientsFile\": \"list.csv\"" + more, without: ["recipients"])
        try test.spool.write("\(folder.rawValue)/\(name).json", document)
    }

    /// How often a part of the list was read.
    private func reads(_ body: () throws -> Void) throws -> Int {
        let trace = SystemCallTrace()
        try trace.run(body)
        return trace.calls.count {
            [.read, .pread].contains($0.call) && $0.path.hasSuffix("files/list.csv")
        }
    }

    private static let later = ", \"sendAt\": \"2026-12-24T18:00:00Z\""

    @Test func `a list is read once before the first message, also if the mailing comes by scheduled`() throws
    {
        let reads = try [Folder.active, .scheduled].map { folder in
            let test = try TestTick()
            try drop("news", in: folder, "", test)
            let count = try self.reads { try test.run() }
            #expect(test.transport.log.count == 2)
            return count
        }
        #expect(reads[0] > 0 && reads[0] == reads[1])
    }

    @Test(arguments: [
        ("", false), ("\"rate\": \"600/hour\"", false), ("\"inDoubt\": \"hold\"", false),
        ("\"retry\": {\"first\": \"1m\"}", false), ("\"defaults\": {\"replyTo\": \"c@example.org\"}", true),
        ("\"reportTo\": \"boss@example.org\"", true), ("\"window\": \"always\"", true),
    ])
    func `a list that has not changed is read again only if config_json has, in what it is judged by`(
        settings: String, isReadAgain: Bool
    ) throws {
        let test = try TestTick()
        try drop("news", in: .scheduled, Self.later, test)
        #expect(try reads { try test.run() } > 0)
        test.clock.pass(.minutes(1))
        try test.configure(concurrency: 3, settings)
        #expect(try (reads { try test.run() } > 0) == isReadAgain)
        #expect(try test.snapshot("news")?.total == 2)
        test.clock.pass(.minutes(1))
        #expect(try reads { try test.run() } == 0)
    }

    @Test func `a list that is being read while config_json changes is judged by the new one`() throws {
        let test = try TestTick(#""retry": {"first": "2h"}"#) { _ in .answersAtOnce(.of(.notNow)) }
        try test.spool.drop("news")
        test.clock.setBeside(takes: .seconds(3))
        let spool = test.spool
        test.clock.after(.seconds(1)) {
            #expect(throws: Never.self) {
                try spool.write(
                    "config.json", TestTick.configuration(concurrency: 2, #""retry": {"first": "180s"}"#))
            }
        }
        try test.run()
        let progress = try test.spool.progress(
            try test.spool.found("news", in: .active), at: test.clock.now.wall)
        let retry = try #require(progress["a@example.org"]).nextAttempt
        #expect(retry - test.clock.now.wall < .minutes(5))
    }

    @Test func `a delivery goes on while a look at hundreds of documents takes long`() throws {
        let test = try TestTick(concurrency: 1) { _ in .answers(.accepted, after: .milliseconds(5)) }
        try test.spool.drop("news", to: TestSpool.people(500))
        for number in 0..<600 {
            try test.spool.drop("waits\(number)", in: .scheduled, String(Self.later.dropFirst(2)))
        }
        let clock = test.clock
        let trace = SystemCallTrace { _, call in
            if call.call == .statx, call.path.contains("/scheduled/") { clock.pass(.milliseconds(1)) }
        }
        try trace.run { try test.run() }
        let gaps = zip(test.handOverTimes, test.handOverTimes.dropFirst()).map { $1 - $0 }
        #expect(gaps.count == 499 && (gaps.max() ?? 1) < 0.2)
    }

    @Test func `a delivery goes on while hundreds of documents that somebody has moved are seen to`() throws {
        let test = try TestTick(concurrency: 1) { _ in .answers(.accepted, after: .milliseconds(5)) }
        try test.spool.drop("news", to: TestSpool.people(500))
        for number in 0..<100 { try test.spool.drop("moved\(number)", in: .paused) }
        let (clock, spool) = (test.clock, test.spool)
        clock.after(.seconds(1)) {
            for number in 0..<100 {
                try? spool.move("paused/moved\(number).json", to: "done/moved\(number).json")
            }
        }
        let trace = SystemCallTrace { _, call in
            let isSync = call.call == .fsync || call.call == .fdatasync
            if isSync, call.path.contains("/moved") { clock.pass(.milliseconds(10)) }
        }
        try trace.run { try test.run() }
        #expect(try MailingRegistry(spool.journals).all.count == 101)
        let gaps = zip(test.handOverTimes, test.handOverTimes.dropFirst()).map { $1 - $0 }
        #expect(gaps.count == 499 && (gaps.max() ?? 1) < 0.2)
    }
}
