import Glibc
@testable import SpoolMail
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import SpoolTransport
@testable import SpoolWriting
import Synchronization
@testable import TestSupport
import Testing

@Suite struct AttachmentSupplyTests {
    /// What is noted, in order.
    private final class Marks: PreparationMarks {
        let notes = Mutex<[String]>([])
        func begin(_ document: FoundDocument) { notes.withLock { $0.append("begin \(document.path)") } }
        func end(_ document: FoundDocument) { notes.withLock { $0.append("end \(document.path)") } }
    }

    private let clock = TestClock()
    private let marks = Marks()
    private let spool: TestSpool
    private let supply: AttachmentSupply

    init() throws {
        spool = try TestSpool()
        try spool.write("files/a.txt", "Hello")
        let document = try spool.drop("news", "\"attachments\": [\"a.txt\"]")
        let text = try spool.directory[.active].open(FileName("news.json")).contents()
        let mailing = try TestDocument.validate(
            String(decoding: text, as: UTF8.self), in: spool.directory.files
        ).outcome.get()
        supply = AttachmentSupply(
            of: mailing, as: document, in: spool.directory.files, marks: marks, wakeups: clock,
            in: clock.surroundings)
    }

    @Test func `attachments are encoded beside, when they are first wanted, and whoever waits is woken`()
        throws
    {
        clock.setBeside(takes: .milliseconds(100))
        #expect(marks.notes.withLock { $0 } == [])
        #expect(try supply.take() == nil && supply.isUnderWay)
        #expect(try supply.take() == nil)
        let before = clock.now.monotonic
        clock.wait(forInputOf: [], microseconds: 1_000_000)
        #expect(clock.now.monotonic - before == 100_000)
        // They are there, and nobody has taken them: a tick that ended now would leave somebody waiting.
        #expect(!supply.isUnderWay && supply.isAwaited)
        #expect(marks.notes.withLock { $0 } == ["begin active/news.json", "end active/news.json"])
        #expect(try supply.take() != nil && supply.size > 0)
        #expect(!supply.isAwaited)
    }

    @Test func `they are let go of, and made again when they are wanted`() throws {
        #expect(try supply.take() == nil)
        #expect(try supply.take() != nil)
        supply.drop()
        #expect(supply.size == 0)
        #expect(try supply.take() == nil)
        #expect(try supply.take() != nil)
        #expect(marks.notes.withLock { $0.count } == 4)
    }

    @Test func `what keeps them from being made is said once, and then it is tried again`() throws {
        let trace = SystemCallTrace(Fault(.memfdCreate, .error(EMFILE)))
        #expect(try trace.run { try supply.take() } == nil)
        let error = #expect(throws: SystemError.self) { try supply.take() }
        #expect(error?.isShortage == true)
        #expect(marks.notes.withLock { $0.count } == 2)
        #expect(try supply.take() == nil)
        #expect(try supply.take() != nil)
    }

    @Test func `a mailing without attachments waits for nothing`() throws {
        let none = AttachmentSupply()
        #expect(try none.take() != nil)
        none.drop()
        #expect(try none.take() != nil)
    }

    @Test func `what was asked for is there when its turn comes, and is let go of if that does not come`()
        throws
    {
        clock.setBeside(takes: .seconds(2))
        #expect(try supply.take() == nil)
        supply.drop()
        clock.pass(.seconds(3))
        supply.drop()
        #expect(supply.size > 0 && !supply.isAwaited)
        supply.drop()
        #expect(supply.size == 0)
    }
}
