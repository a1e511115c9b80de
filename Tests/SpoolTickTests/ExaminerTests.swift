@testable import SpoolExamine
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import SpoolTick
import Synchronization
import TestSupport
import Testing

/// In which order documents are read, by threads that the test has run one after another.
struct ExaminerTests {
    private let spool: TestSpool
    private let clock = TestClock()
    private let examiner: Examiner
    private let threads = Threads()

    private final class Threads: Sendable {
        private let waiting = Mutex<[@Sendable () -> Void]>([])

        func add(_ work: @escaping @Sendable () -> Void) { waiting.withLock { $0.append(work) } }

        var count: Int { waiting.withLock { $0.count } }

        func runFirst() { waiting.withLock { $0.removeFirst() }() }
    }

    init() throws {
        spool = try TestSpool()
        let surroundings = Surroundings(
            now: { [clock] in clock.now }, beside: { [threads] in threads.add($0) })
        examiner = Examiner(
            spool: spool.directory, journals: spool.journals, marks: NoMarks(), wakeups: clock,
            in: surroundings)
    }

    private func examine(_ name: String, list: String? = nil) throws {
        let more = list.map { "\"recipientsFile\": \"\($0)\"" } ?? ""
        let document = try spool.drop(name, in: .scheduled, more)
        examiner.examine(
            ExaminationRequest(
                document, settings: Configuration(cores: 2, zone: .utc), suppression: .none, journal: .none,
                at: clock.now))
    }

    private func results() -> [String] { examiner.takeResults().map(\.request.document.name.string) }

    @Test func `a short list is read while long ones are, which have a lane of their own`() throws {
        try spool.write(
            "files/long.csv", "email,name\n" + String(repeating: "b@example.org,B\n", count: 1 << 19))
        for name in ["long1", "long2", "long3"] { try examine(name, list: "long.csv") }
        try examine("short")
        #expect(threads.count == 1)
        threads.runFirst()
        #expect(results() == ["short"] && threads.count == 1 && examiner.isBusy)
        // And so is one that comes while the others are being read.
        try examine("later")
        #expect(threads.count == 2)
        threads.runFirst()
        #expect(Set(results()) == ["long1", "long2", "long3"])
        threads.runFirst()
        #expect(results() == ["later"] && !examiner.isBusy)
    }

    @Test func `whoever comes behind hundreds is read soon, and whoever has waited longest, too`() throws {
        for number in 0..<200 { try examine("m\(number)") }
        try examine("latest")
        threads.runFirst()
        let order = results()
        #expect(order.count == 201 && Set(order).count == 201)
        #expect(Set(order.prefix(2)) == ["latest", "m0"])
        #expect(threads.count == 0)
    }
}
