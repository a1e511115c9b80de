import Glibc
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

/// Whole ticks in which somebody is at the document just before a call, whichever it is.
struct MeddlingTests {
    /// What he does to the document in `active/`.
    enum Act: CaseIterable, Sendable {
        case stops, cancels, reschedules, renames, edits, replaces

        /// False if the document is not there (any more).
        func carryOut(in spool: TestSpool) -> Bool {
            let path = { (name: String) in "\(spool.files.path)/active/\(name)" }
            let edited = { (name: String) throws in
                try spool.drop(name, to: people + ["late@example.org"], "\"html\": \"<p>Better</p>\"")
            }
            guard access(path("news.json"), F_OK) == 0 else { return false }
            do {
                switch self {
                case .stops: try spool.move("active/news.json", to: "paused/news.json")
                case .cancels: try spool.move("active/news.json", to: "done/news.json")
                case .reschedules: try spool.move("active/news.json", to: "scheduled/news.json")
                case .renames: try spool.move("active/news.json", to: "active/other.json")
                case .edits: _ = try edited("news")
                case .replaces:
                    _ = try edited(".new")
                    return rename(path(".new.json"), path("news.json")) == 0
                }
                return true
            } catch {
                return false
            }
        }
    }

    private static let people = TestSpool.people(3)

    /// A tick in which somebody acts before the call of a number, or as soon after it as he can.
    ///
    /// - Returns: how many messages had been handed over when he did; nil if he never could.
    private func tick(_ test: TestTick, _ act: Act, at number: Int) throws -> Int? {
        let spool = test.spool
        let seen = Mutex<(handedOver: Int, before: Int?)>((0, nil))
        test.transport.looksOn = { _ in seen.withLock { $0.handedOver += 1 } }
        let trace = SystemCallTrace { call, _ in
            seen.withLock { seen in
                guard call >= number, seen.before == nil, act.carryOut(in: spool) else { return }
                seen.before = seen.handedOver
            }
        }
        #expect(try trace.run { try test.run() } == .ok)
        return seen.withLock(\.before)
    }

    private func test() throws -> TestTick {
        let test = try TestTick { handOver in
            switch handOver.recipient {
            case "r1@example.org": .accepts
            case "r2@example.org": .answers(.accepted, after: .milliseconds(1500))
            default: .answersAtOnce(.of(.refused))
            }
        }
        try test.spool.drop("news", in: .scheduled, to: Self.people)
        return test
    }

    @Test(arguments: Act.allCases)
    func `whatever somebody does to the document, and whenever, nobody gets two copies`(act: Act) throws {
        let trace = SystemCallTrace()
        let undisturbed = try test()
        try trace.run { try undisturbed.run() }
        var stopped: Set<Int> = []
        for number in stride(from: 1, through: trace.calls.count, by: 11) {
            let test = try test()
            let before = try tick(test, act, at: number)
            func tickTwice() throws {
                for _ in 0..<2 {
                    test.clock.pass(.minutes(1))
                    #expect(try test.run() == .ok)
                }
            }
            let handedOver = test.transport.log.count
            try tickTwice()
            let what = Comment(rawValue: "before call \(number), \(before ?? -1) handed over")
            #expect(Set(test.transport.recipients).count == test.transport.log.count, what)
            var expected = Self.people
            switch act {
            case .stops where before != nil && test.places == ["paused/news.json"]:
                // One may be between its last look and its hand-over.
                #expect(handedOver <= (before ?? 0) + 1 && test.transport.log.count == handedOver, what)
                stopped.insert(handedOver)
                try test.spool.move("paused/news.json", to: "active/news.json")
                try tickTwice()
            case .cancels where test.transport.log.count < 3:
                #expect(handedOver <= (before ?? 0) + 1, what)
                #expect(try test.spool.history("news")?.closing == .cancelled, what)
                stopped.insert(handedOver)
                expected = Array(Self.people.prefix(handedOver))
            case .edits, .replaces: if before != nil { expected.insert("late@example.org", at: 0) }
            case .stops, .cancels, .reschedules, .renames: break
            }
            #expect(test.transport.recipients.sorted() == expected, what)
            let name = act == .renames && before != nil ? "other" : "news"
            #expect(test.places == ["done/\(name).json"], what)
            #expect(try test.spool.history(name)?.isOpen == false, what)
            #expect(test.spool.names(in: "journal").count { $0.hasSuffix(".journal") } == 1, what)
        }
        if act == .stops || act == .cancels { #expect(stopped.isSuperset(of: [0, 2])) }
    }
}
