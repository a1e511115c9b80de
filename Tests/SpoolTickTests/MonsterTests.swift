import Glibc
@testable import SpoolConsole
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import SpoolTick
@testable import SpoolTransport
import TestSupport
import Testing

/// Documents that ask for more than there is: each is held by itself, and the others go on.
struct MonsterTests {
    private let test: TestTick

    init() throws { test = try TestTick() }

    @Test func `a message that is too large is an error of its mailing before anything is encoded or sent`()
        throws
    {
        // A body that names a large value 400 times, as somebody's template did: 1.6 GB for each recipient.
        let body = String(repeating: "{{a}}", count: 400)
        try test.spool.write("files/b.txt", body)
        let value = String(repeating: "x", count: 4_000_000)
        try test.spool.write(
            "scheduled/bomb.json",
            TestDocument.document(
                "\"textFile\": \"b.txt\", \"recipients\": [\"a@example.org\", "
                    + "{\"address\": \"b@example.org\", \"a\": \"\(value)\"}]",
                without: ["text", "recipients"]
            ).replacing("\"a@example.org\", ", with: "{\"address\": \"a@example.org\", \"a\": \"x\"}, "))
        try test.spool.write("files/big.bin", "")
        #expect(truncate("\(test.spool.files.path)/files/big.bin", 40 << 30) == 0)
        try test.spool.setModified("files/big.bin", to: TestClock.start - .hours(1))
        try test.spool.drop("sparse", in: .scheduled, "\"attachments\": [\"big.bin\"]")
        try test.spool.drop("news", in: .scheduled, to: ["n@example.org"])
        try test.run()
        #expect(test.transport.recipients == ["n@example.org"])
        #expect(test.places == ["scheduled/bomb.json", "scheduled/sparse.json", "done/news.json"])
        let bomb = try #require(try test.snapshot("bomb")?.errors.first)
        #expect(bomb.key == "textFile")
        #expect(
            bomb.message == "1 recipient has a message of more than 25M (first: recipients[1], b@example.org)"
        )
        #expect(
            try test.snapshot("sparse")?.errors.map(\.message)
                == ["encoded for mail they have 55332M, and a message may have 25M"])
        #expect(test.heard.count == 2)
        // The limit is config.json's.
        try test.spool.write("config.json", "{\"delivery\": {\"largestMessage\": \"1K\"}}")
        try test.spool.drop("letter", in: .scheduled, "\"x-note\": 1, \"html\": \"\(value.prefix(2000))\"")
        test.clock.pass(.minutes(1))
        try test.run()
        #expect(
            try test.snapshot("letter")?.errors.map(\.message)
                == ["the body has 2K, and a message may have 1K"])
    }

    @Test(arguments: [EMFILE, ENOMEM])
    func `whatever call finds nothing left, nobody is deferred, and everybody gets one message`(code: Int32)
        throws
    {
        func prepared() throws -> TestTick {
            let test = try TestTick {
                $0.recipient == "r2@example.org" ? .answers(.accepted, after: .seconds(1)) : .accepts
            }
            try test.spool.write("files/a.txt", "Hello")
            try test.spool.write("files/list.csv", "address\nr1@example.org\nr2@example.org\n")
            try test.spool.write(
                "scheduled/news.json",
                TestDocument.document(
                    "\"text\": \"Hi\", \"recipientsFile\": \"list.csv\", \"attachments\": [\"a.txt\"]",
                    without: ["text", "recipients"]))
            try test.spool.drop("other", in: .scheduled, to: ["r3@example.org"])
            return test
        }
        let undisturbed = SystemCallTrace()
        let first = try prepared()
        try undisturbed.run { try first.run() }
        let kinds: Set<SystemCall> = [.open, .memfdCreate, .statx]
        var struck = 0
        for (index, call) in undisturbed.calls.enumerated() where kinds.contains(call.call) {
            let test = try prepared()
            let trace = SystemCallTrace(Fault(nil, number: index + 1, .error(code)))
            var status: SpoolConsole.ExitStatus?
            trace.run { status = try? test.run() }
            struck += trace.struck.count
            #expect(status != .temporaryFailure, "\(call)")
            // What could not be read is looked at again after a minute.
            for _ in 0..<2 {
                test.clock.pass(.seconds(65))
                #expect(try test.run() != .temporaryFailure, "\(call)")
            }
            #expect(test.transport.recipients.sorted() == TestSpool.people(3), "\(call) \(index)")
            #expect(test.places == ["done/news.json", "done/other.json"], "\(call) \(index)")
            #expect(try test.spool.journal("news", only: .deferred, .inDoubt).isEmpty, "\(call)")
        }
        #expect(struck > 40)
    }

    @Test(arguments: ["zoneinfo/Europe/Paris", "config.json", "/etc/localtime"])
    func `what cannot be read for lack of descriptors makes no document wrong`(file: String) throws {
        func prepared() throws -> TestTick {
            let test = try TestTick()
            try test.spool.write("config.json", "{}")
            try test.spool.drop(
                "news", in: .scheduled, to: TestSpool.people(1), "\"timeZone\": \"Europe/Paris\"")
            return test
        }
        let undisturbed = SystemCallTrace()
        try undisturbed.run { _ = try prepared().run() }
        let opened = undisturbed.calls.filter { $0.call == .open }
        let number = try #require(opened.firstIndex { $0.path.hasSuffix(file) }) + 1
        let test = try prepared()
        let trace = SystemCallTrace(Fault(.open, number: number, .error(EMFILE)))
        trace.run { _ = try? test.run() }
        #expect(trace.struck.count == 1)
        let said = try TickSnapshot(in: test.spool.directory.journal)
        #expect(said.entries.flatMap(\.errors).allSatisfy { $0.message.hasPrefix("it waits") })
        #expect(!test.heard.contains { $0.contains("no time zone") || $0.contains("mend it") })
        test.clock.pass(.minutes(1))
        try test.run()
        #expect(test.transport.recipients == TestSpool.people(1))
    }

    @Test
    func `where there are no descriptors for messages the tick says so once, shows it, and goes on later`()
        throws
    {
        try test.spool.drop("news", in: .scheduled, to: TestSpool.people(2))
        let short = SystemCallTrace(Fault(.memfdCreate, .error(EMFILE), .fromThenOn))
        test.clock.after(.seconds(20)) { [clock = test.clock] in clock.askForTermination() }
        try short.run { try test.run() }
        #expect(test.heard.count == 1)
        #expect(
            test.heard.first?.hasPrefix("no file descriptors are left; the mailings that need more wait")
                == true)
        let shown = try #require(try test.snapshot("news"))
        #expect(shown.errors.map(\.message) == ["it waits: no file descriptors are left"] && !shown.isJudged)
        #expect(try test.spool.journal("news", only: .attempt).isEmpty)
    }

    @Test func `a mailing outside its window has nothing open`() throws {
        for number in 0..<20 {
            try test.spool.write("files/\(number).txt", "Hello \(number)")
            try test.spool.write("files/\(number).csv", "address\nl\(number)@example.org\n")
            try test.spool.drop(
                "m\(number)", in: .active, to: ["r\(number)@example.org"],
                "\"window\": {\"from\": \"03:00\", \"until\": \"04:00\"}, \"attachments\": [\"\(number).txt\"], "
                    + "\"recipientsFile\": \"\(number).csv\""
            )
        }
        try test.spool.drop("news", in: .active, to: TestSpool.people(3), "\"rate\": \"1/second\"")
        let open = OpenFiles()
        test.transport.looksOn = { [test] handOver in
            guard handOver.recipient == "r3@example.org" else { return }
            open.note(of: test.spool)
        }
        try test.run()
        #expect(test.transport.log.count == 3)
        #expect(open.journals == ["news.journal"] && open.lists.isEmpty)
    }

    /// Which journals and lists this process has open.
    private final class OpenFiles {
        private(set) var journals: [String] = []
        private(set) var lists: [String] = []

        func note(of spool: TestSpool) {
            for number in 0..<Int32(1024) {
                var buffer = [CChar](repeating: 0, count: 4096)
                let count = readlink("/proc/self/fd/\(number)", &buffer, buffer.count)
                guard count > 0 else { continue }
                let path = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
                guard path.hasPrefix(spool.files.path) else { continue }
                let name = path.split(separator: "/").last.map(String.init) ?? ""
                if name.hasSuffix(".journal") { journals.append(name) }
                if name.hasSuffix(".csv") { lists.append(name) }
            }
        }
    }
}
