@testable import SpoolDelivery
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import SpoolTransport
import TestSupport
import Testing

/// What the mail system's answers make of recipients.
struct OutcomeTests {
    private let spool: TestSpool
    private let clock = TestClock()

    init() throws { spool = try TestSpool() }

    /// A delivery of one mailing, and its document.
    private func begin(
        to people: [String] = ["a@example.org"], concurrency: Int = 1, holdsInDoubt: Bool = false,
        _ react: @escaping (ScriptedTransport.HandOver) -> ScriptedTransport.Reaction
    ) throws -> (delivery: TestDelivery, mailing: ActiveMailing, document: FoundDocument) {
        let delivery = TestDelivery(
            spool, ScriptedTransport(clock, react), clock, concurrency: concurrency)
        let document = try spool.drop("news", to: people)
        return (delivery, try delivery.begin(document, holdsInDoubt: holdsInDoubt), document)
    }

    // MARK: One answer

    struct Answered: CustomTestStringConvertible {
        let verdict: AttemptPolicy.Verdict
        let line: String
        let state: RecipientState
        /// By the clock on the wall.
        var retry: String?
        var testDescription: String { "\(verdict)" }
    }

    @Test(arguments: [
        Answered(verdict: .accepted, line: "sent a@example.org", state: .sent),
        Answered(verdict: .refused, line: "failed a@example.org 67 no such user", state: .failed),
        Answered(
            verdict: .notNow, line: "deferred a@example.org 2026-11-24T18:05:00.000Z not-now 75 not now",
            state: .deferred, retry: "2026-11-24T18:05:00Z"),
        Answered(
            verdict: .unclear, line: "deferred a@example.org 2026-11-24T18:05:00.000Z unclear 1 ",
            state: .deferred, retry: "2026-11-24T18:05:00Z"),
        Answered(
            verdict: .noAnswer, line: "in-doubt a@example.org 2026-11-24T18:05:00.000Z timeout",
            state: .inDoubt, retry: "2026-11-24T18:05:00Z"),
    ])
    func `an answer is one line of the journal, a state, and a time`(answered: Answered) throws {
        let (delivery, mailing, document) = try begin { handOver in
            handOver.number == 1 ? .answersAtOnce(.of(answered.verdict)) : .accepts
        }
        try delivery.run()
        #expect(try spool.journal("news").suffix(2) == ["try a@example.org 1 waiting", answered.line])
        #expect(mailing.states == [answered.state])
        let progress = try #require(mailing.progress["a@example.org"])
        #expect(progress.attempts == 1)
        #expect(progress.unclearAttempts == (answered.verdict == .unclear ? 1 : 0))
        #expect(progress.timeouts == (answered.verdict == .noAnswer ? 1 : 0))
        #expect(try spool.progress(document, at: clock.now.wall) == ["a@example.org": progress])
        guard let retry = answered.retry.flatMap(Timestamp.init(rfc3339:)) else {
            #expect(mailing.left == 0)
            return
        }
        #expect(progress.nextAttempt == retry)
        clock.pass(retry - clock.now.wall - .milliseconds(1))
        try delivery.run()
        // The last millisecond is waited for inside the tick.
        #expect(delivery.transport.log.map(\.moment.wall) == [TestClock.start, retry])
        #expect(mailing.states == [.sent])
    }

    @Test func `waits grow with each attempt, and chance spreads them`() throws {
        let (delivery, mailing, _) = try begin { handOver in
            handOver.number < 4 ? .answersAtOnce(.of(.notNow)) : .accepts
        }
        clock.setChance(0.5)
        var waits: [Interval] = []
        for _ in 0..<3 {
            try delivery.run()
            let next = try #require(mailing.progress["a@example.org"]?.nextAttempt)
            waits.append(next - clock.now.wall)
            clock.pass(waits.last ?? .zero)
        }
        // Half of the jitter, which is half of the base.
        #expect(waits == [.seconds(375), .seconds(750), .seconds(1500)])
        try delivery.run()
        #expect(mailing.states == [.sent])
    }

    @Test func `a retry is neither hurried nor held up by whoever sets the clock`() throws {
        for shift in [Interval.hours(2), .hours(-2)] {
            let spool = try TestSpool()
            let clock = TestClock()
            let transport = ScriptedTransport(clock) { handOver in
                handOver.number == 1 ? .answersAtOnce(.of(.notNow)) : .accepts
            }
            let delivery = TestDelivery(spool, transport, clock)
            try delivery.begin(spool.drop("news"))
            clock.setWall(by: shift)
            let begun = clock.now.monotonic
            try delivery.run()
            let due = (TestClock.start + shift + .minutes(5)).rfc3339Milliseconds
            #expect(
                try spool.journal("news", only: .deferred)
                    == ["deferred a@example.org \(due) not-now 75 not now"])
            clock.setWall(by: .zero - shift)
            clock.pass(.seconds(239))
            try delivery.run()
            #expect(transport.log.count == 1)
            clock.pass(.seconds(61))
            try delivery.run()
            #expect(transport.log.map { $0.moment.monotonic - begun } == [0, 300_000_000])
        }
    }

    // MARK: No answer

    @Test func `who gave no answer in time is in doubt, asked once more, and then waits for a person`() throws
    {
        let (delivery, mailing, document) = try begin { _ in .hangs }
        try delivery.run()
        #expect(mailing.states == [.inDoubt] && !mailing.waitsForPerson)
        clock.pass(.minutes(5))
        try delivery.run()
        #expect(
            try spool.journal("news", only: .attempt, .inDoubt) == [
                "try a@example.org 1 waiting", "in-doubt a@example.org 2026-11-24T18:10:00.000Z timeout",
                "try a@example.org 2 in-doubt", "in-doubt a@example.org 2026-11-24T18:25:00.000Z timeout",
            ])
        #expect(mailing.waitsForPerson && mailing.held == 1)
        #expect(Set(delivery.transport.log.map(\.messageID)).count == 1)
        clock.pass(.days(10))
        try delivery.run()
        #expect(delivery.transport.log.count == 2)
        // A later tick knows it too.
        let later = TestDelivery(spool, ScriptedTransport(clock), clock)
        #expect(try later.begin(document).waitsForPerson)
    }

    @Test func `a doubt may come to a good end`() throws {
        let (delivery, mailing, _) = try begin { $0.number == 1 ? .hangs : .accepts }
        try delivery.run()
        clock.pass(.minutes(5))
        try delivery.run()
        #expect(mailing.states == [.sent] && mailing.held == 0)
    }

    @Test func `where doubts are for persons, the first one is held`() throws {
        let (delivery, mailing, _) = try begin(to: TestSpool.people(2), concurrency: 2, holdsInDoubt: true) {
            $0.recipient == "r1@example.org" ? .hangs : .accepts
        }
        try delivery.run()
        clock.pass(.days(10))
        try delivery.run()
        #expect(mailing.states == [.inDoubt, .sent])
        #expect(mailing.waitsForPerson && delivery.transport.log.count == 2)
    }

    @Test(arguments: [false, true])
    func `who was being handed over when a tick was killed is in doubt, and goes first`(holds: Bool) throws {
        let (killed, _, document) = try begin(to: TestSpool.people(3), concurrency: 2) { handOver in
            handOver.recipient == "r2@example.org" ? .hangs : .accepts
        }
        try killed.fill()
        try killed.dispatcher.write()
        // Nothing further is heard of that tick.
        clock.pass(.seconds(10))
        let transport = ScriptedTransport(clock)
        let next = TestDelivery(spool, transport, clock)
        let mailing = try next.begin(document, holdsInDoubt: holds)
        #expect(
            try spool.journal("news", only: .inDoubt)
                == ["in-doubt r2@example.org 2026-11-24T18:00:10.000Z killed"])
        #expect(mailing.states == [.sent, .inDoubt, .waiting])
        try next.run()
        #expect(transport.recipients == (holds ? [] : ["r2@example.org"]) + ["r3@example.org"])
        #expect(mailing.held == (holds ? 1 : 0))
    }

    // MARK: The last attempt

    @Test func `five answers that may mean anything are a failure`() throws {
        let (delivery, mailing, _) = try begin { _ in .answersAtOnce(.of(.unclear)) }
        for _ in 0..<6 {
            try delivery.run()
            clock.pass(.hours(4))
        }
        #expect(delivery.transport.log.count == 5)
        #expect(mailing.states == [.failed])
        #expect(try spool.journal("news").last == "gave-up a@example.org")
    }

    @Test func `who is never taken gets a last attempt at the end of his time, and is given up`() throws {
        let (delivery, mailing, document) = try begin { _ in .answersAtOnce(.of(.notNow)) }
        try delivery.run()
        while mailing.left > 0 {
            clock.pass(try #require(mailing.lastRetry) - clock.now.wall)
            try delivery.run()
        }
        #expect(delivery.transport.log.last?.moment.wall == TestClock.start + .days(3))
        #expect(try spool.journal("news").last == "gave-up a@example.org")
        #expect(mailing.states == [.failed])
        #expect(try spool.progress(document, at: clock.now.wall) == mailing.progress)
    }

    @Test func `whoever is late is passed over, those in doubt included, and nobody else`() throws {
        let (delivery, mailing, _) = try begin(to: TestSpool.people(4)) { handOver in
            switch handOver.recipient {
            case "r1@example.org": .accepts
            case "r2@example.org": .answersAtOnce(.of(.notNow))
            default: .hangs
            }
        }
        for _ in 0..<3 { try delivery.fill() }
        clock.pass(.minutes(5))
        try delivery.dispatcher.collect(at: clock.now)
        mailing.skipLate(at: clock.now)
        #expect(mailing.states == [.sent, .skipped(.late), .skipped(.late), .skipped(.late)])
        try delivery.dispatcher.write()
        #expect(
            try spool.journal("news", only: .skipped) == [
                "skipped r2@example.org deferred late", "skipped r3@example.org in-doubt late",
                "skipped r4@example.org waiting late",
            ])
        #expect(mailing.left == 0 && mailing.held == 0)
    }

    // MARK: A failing mail system

    @Test func `five deferrals in a row stop the mailing and are nobody's fault`() throws {
        let (delivery, mailing, document) = try begin(to: TestSpool.people(8)) { _ in
            .answersAtOnce(.of(.unclear))
        }
        try delivery.run()
        #expect(delivery.transport.recipients == TestSpool.people(5))
        #expect(
            try spool.journal("news", only: .excused)
                == (1...5).map { "excused r\($0)@example.org unclear first" })
        for address in TestSpool.people(5) {
            let progress = try #require(mailing.progress[address])
            #expect(progress.state == .deferred && !progress.hasOwnDeferral)
            #expect(progress.unclearAttempts == 0 && progress.firstAttempt == nil && progress.attempts == 1)
        }
        #expect(delivery.dispatcher.isRefusedEverywhere(at: clock.now))
        #expect(delivery.dispatcher.schedule.outage == clock.now.wall)
        #expect(delivery.dispatcher.lastReply == "exit status 1, without a word")
        #expect(try spool.progress(document, at: clock.now.wall) == mailing.progress)
        // A minute later it is tried with the next, and what he answers is known for what it is.
        clock.pass(.minutes(1))
        try delivery.fill()
        try delivery.dispatcher.write()
        #expect(delivery.transport.recipients.last == "r6@example.org")
        #expect(try spool.journal("news").last == "excused r6@example.org unclear first")
    }

    @Test func `an acceptance ends it, and the next deferral of the excused is their own`() throws {
        var works = false
        let (delivery, mailing, document) = try begin(to: TestSpool.people(7)) { _ in
            .answersAtOnce(.of(works ? .accepted : .notNow))
        }
        try delivery.run()
        works = true
        clock.pass(.minutes(1))
        try delivery.fill()
        try delivery.dispatcher.write()
        #expect(mailing.progress["r6@example.org"]?.state == .sent)
        #expect(delivery.dispatcher.schedule.outage == nil && delivery.dispatcher.hasAccepted)
        #expect(!delivery.dispatcher.isRefusedEverywhere(at: clock.now))
        for address in TestSpool.people(5) { #expect(mailing.progress[address]?.hasOwnDeferral == true) }
        #expect(try spool.progress(document, at: clock.now.wall) == mailing.progress)
        clock.pass(.minutes(5))
        try delivery.run()
        #expect(mailing.states == Array(repeating: .sent, count: 7))
    }

    @Test func `an acceptance of another mailing shows as well that the mail system works`() throws {
        let (delivery, mailing, _) = try begin(to: TestSpool.people(5)) { handOver in
            .answersAtOnce(.of(handOver.recipient == "other@example.org" ? .accepted : .notNow))
        }
        try delivery.run()
        #expect(mailing.progress.values.allSatisfy { !$0.hasOwnDeferral })
        clock.pass(.seconds(5))
        try delivery.begin(spool.drop("other", to: ["other@example.org"]))
        try delivery.fill()
        #expect(mailing.progress.values.allSatisfy { $0.hasOwnDeferral })
    }

    @Test func `a mailing that cannot be sent holds up no other`() throws {
        let (delivery, _, _) = try begin(to: TestSpool.people(9)) { handOver in
            .answersAtOnce(.of(handOver.recipient.hasPrefix("r") ? .notNow : .accepted))
        }
        try delivery.begin(spool.drop("other", to: (1...9).map { "o\($0)@example.org" }))
        try delivery.run()
        #expect(delivery.transport.recipients.count { $0.hasPrefix("o") } == 9)
    }

    // MARK: Whatever happens

    @Test(arguments: UInt64(1)...8)
    func `a journal read again says of everybody what the delivery knew`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let (delivery, mailing, document) = try begin(to: TestSpool.people(12), concurrency: 3) { _ in
            let verdict: AttemptPolicy.Verdict =
                switch random.number(1...10) {
                case 1...4: .notNow
                case 5...6: .unclear
                case 7: .refused
                case 8: .noAnswer
                default: .accepted
                }
            return random.chance(0.5)
                ? .answersAtOnce(.of(verdict))
                : .answers(.of(verdict), after: .seconds(random.number(1...90)))
        }
        for _ in 0..<15 {
            try delivery.run()
            try delivery.dispatcher.write()
            #expect(
                try spool.progress(document, at: clock.now.wall) == mailing.progress, "seed \(seed)")
            clock.pass(.minutes(random.number(Int64(1)...400)))
        }
        #expect(try spool.journal("news", only: .attempt).count == delivery.transport.log.count)
        #expect(try spool.history("news")?.counts == mailing.list.counts)
    }
}
