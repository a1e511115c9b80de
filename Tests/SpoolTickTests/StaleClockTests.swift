@testable import SpoolConsole
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import SpoolTick
@testable import SpoolTransport
import Synchronization
import TestSupport
import Testing

/// Waits and ages are never reckoned by a clock that was read before what they are about.
struct StaleClockTests {
    private static let boss = "boss@example.org"

    /// A mailing that has been sent, and whose report meets with an answer each time.
    private func reportTimes(
        most: String, for length: Interval, _ react: @escaping (TestClock) -> ScriptedTransport.Reaction
    ) throws -> (test: TestTick, times: [Double]) {
        let test = try TestTick(#""retry": {"first": "2m", "most": "\#(most)"}"#)
        // Between two seconds: times of retries are kept in whole ones.
        test.clock.pass(.milliseconds(300))
        test.clock.setChance(0.999)
        test.transport.react { [clock = test.clock] handOver in
            handOver.recipient == StaleClockTests.boss ? react(clock) : .accepts
        }
        try test.spool.drop("news", "\"reportTo\": \"\(Self.boss)\"")
        try test.run(for: length)
        let times = zip(test.transport.log, test.handOverTimes).filter { $0.0.recipient == Self.boss }
        return (test, times.map(\.1))
    }

    private func areApart(_ times: [Double], by seconds: Double) -> Bool {
        zip(times, times.dropFirst()).allSatisfy { $1 - $0 >= seconds }
    }

    @Test(arguments: ["2m", "4m"])
    func `a deferred report waits, also where the wait is the longest there is`(most: String) throws {
        let (_, times) = try reportTimes(most: most, for: .minutes(20)) { _ in .answersAtOnce(.of(.notNow)) }
        #expect(times.count >= 5 && areApart(times, by: 120))
    }

    @Test func `a report that takes long to be refused waits from then on`() throws {
        let (_, times) = try reportTimes(most: "2m", for: .minutes(20)) { clock in
            clock.pass(.seconds(5))
            return .answersAtOnce(.of(.notNow))
        }
        #expect(times.count >= 5 && areApart(times, by: 120))
    }

    @Test func `a report whose hand-over hung waits, and then is a person's`() throws {
        let (test, times) = try reportTimes(most: "2m", for: .minutes(30)) { _ in .hangs }
        #expect(times.count == RecipientProgress.mostTimeouts && areApart(times, by: 420))
        #expect(try test.spool.history("news")?.pendingReport?.state == .inDoubt)
    }

    @Test func `a report is due at once if the clock has been set back, and not for a second's rounding`() {
        let backoff = Backoff(first: .minutes(1), most: .minutes(5))
        let now = TestClock.start
        #expect(backoff.due(at: now + .minutes(5), now: now) == now + .minutes(5))
        #expect(
            backoff.due(at: now + .milliseconds(300_999), now: now) == now + .milliseconds(300_999))
        #expect(backoff.due(at: now + .seconds(301), now: now) == now)
    }

    @Test func `a tick whose mail system is gone sleeps while a message is out and a report is due`() throws {
        let test = try TestTick()
        try test.spool.drop("first", "\"reportTo\": \"\(Self.boss)\"")
        try test.spool.drop("second", to: ["slow@example.org", "gone@example.org"])
        test.transport.react { handOver in
            switch handOver.recipient {
            case "a@example.org": .answers(.accepted, after: .seconds(1))
            case "slow@example.org": .answers(.accepted, after: .seconds(40))
            default: .isUnavailable("no sendmail")
            }
        }
        // The clock of the test stops whoever waits for no time at all again and again.
        #expect(try test.run() == .temporaryFailure)
    }

    /// A change of a file at the very moment at which it is opened, some seconds after the look has begun.
    private func change(
        _ path: String, of test: TestTick, to text: String, during body: () throws -> Void
    ) throws {
        let (spool, clock) = (test.spool, test.clock)
        let isChanged = Mutex(false)
        let trace = SystemCallTrace { _, call in
            guard call.call == .open, call.path.hasSuffix("/\(path)") else { return }
            isChanged.withLock { isChanged in
                if isChanged { return }
                isChanged = true
                clock.pass(.seconds(2))
                #expect(throws: Never.self) { try spool.write(path, text, modified: clock.now.wall) }
            }
        }
        try trace.run(body)
        #expect(isChanged.withLock { $0 })
    }

    @Test func `a list that is written in the middle of a look holds its mailing`() throws {
        let test = try TestTick()
        try test.spool.write("files/list.csv", "email,name\na@example.org,A\nb@example.org,B\n")
        try test.spool.write(
            "active/news.json",
            TestDocument.document("\"recipientsFile\": \"list.csv\"", without: ["recipients"]))
        let opened = test.clock.now.wall
        try change("files/list.csv", of: test, to: "email,name\na@example.org,A\n") {
            test.clock.after(.seconds(8)) { [spool = test.spool, clock = test.clock] in
                #expect(throws: Never.self) {
                    try spool.write(
                        "files/list.csv", "email,name\na@example.org,A\nb@example.org,B\n",
                        modified: clock.now.wall)
                }
            }
            try test.run()
        }
        let first = try #require(test.transport.log.first)
        #expect(first.moment.wall - opened >= .seconds(18) && test.transport.log.count == 2)
    }

    @Test func `whoever is taken out of suppressed_txt in the middle of a look is not mailed as yet`() throws
    {
        let test = try TestTick()
        try test.spool.write("suppressed.txt", "a@example.org\n")
        try test.run()
        test.clock.pass(.minutes(1))
        try test.spool.drop("news", to: ["a@example.org", "b@example.org"])
        try change("suppressed.txt", of: test, to: "") { try test.run() }
        #expect(test.transport.recipients == ["b@example.org"])
    }
}
