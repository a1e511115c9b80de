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

/// Whole ticks in which a call fails.
struct TickFaultTests {
    private static let people = TestSpool.people(3)

    private static func test() throws -> TestTick {
        let test = try TestTick { handOver in
            switch handOver.recipient {
            case "r1@example.org": .accepts
            case "r2@example.org": .answers(.accepted, after: .milliseconds(20))
            default: .answersAtOnce(.of(.refused))
            }
        }
        try test.spool.drop("news", in: .scheduled, to: people)
        return test
    }

    /// The calls of a whole tick, by their numbers.
    private static func calls() throws -> [SystemCallTrace.Call] {
        let test = try test()
        let trace = SystemCallTrace()
        try trace.run { try test.run() }
        return trace.calls
    }

    /// What changes a disk.
    private static let changing: Set<SystemCall> = [
        .write, .fdatasync, .fsync, .fallocate, .ftruncate, .rename, .unlink,
    ]

    @Test func `whatever change of the disk fails once, everybody gets one copy, and the mailing ends`()
        throws
    {
        var struck: Set<SystemCall> = []
        // What a process reads once is no part of what follows.
        _ = try Self.calls()
        for (index, call) in try Self.calls().enumerated() where Self.changing.contains(call.call) {
            let test = try Self.test()
            let trace = SystemCallTrace(Fault(nil, number: index + 1, .error(EIO)))
            trace.run { _ = try? test.run() }
            #expect(trace.struck.map(\.call) == [call.call])
            struck.insert(call.call)
            for _ in 0..<2 {
                test.clock.pass(.minutes(1))
                #expect(try test.run() == .ok)
            }
            #expect(test.transport.recipients.sorted() == Self.people, "\(call) \(index)")
            #expect(test.places == ["done/news.json"], "\(call) \(index)")
            let counts = try #require(try test.spool.history("news")?.counts)
            #expect(counts.sent == 2 && counts.failed == 1 && counts.left == 0, "\(call) \(index)")
        }
        #expect(struck.isSuperset(of: [.write, .fdatasync, .fsync, .rename]))
    }

    @Test func `a disk that fails for good costs at most the copies of those who were under way`() throws {
        for (index, call) in try Self.calls().enumerated() where Self.changing.contains(call.call) {
            let test = try Self.test()
            let trace = SystemCallTrace(Fault(nil, number: index + 1, .error(EIO), .fromThenOn))
            trace.run { _ = try? test.run() }
            let first = test.transport.recipients
            for _ in 0..<2 {
                test.clock.pass(.minutes(1))
                #expect(try test.run() == .ok)
            }
            let copies = test.transport.log.count - Self.people.count
            #expect(copies <= 2 && Set(test.transport.recipients) == Set(Self.people), "\(call) \(index)")
            // Every copy has been announced as a doubt, and has the Message-ID of the first.
            #expect(try test.spool.journal("news", only: .inDoubt).count >= copies, "\(call) \(index)")
            for address in first {
                let ids = test.transport.log.filter { $0.recipient == address }.map(\.messageID)
                #expect(Set(ids).count == 1, "\(call) \(index)")
            }
            #expect(test.places == ["done/news.json"], "\(call) \(index)")
        }
    }
}
