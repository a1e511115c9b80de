import Glibc
@testable import SpoolConsole
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import SpoolTick
@testable import SpoolWriting
import TestSupport
import Testing

struct AnnouncementsTests {
    @Test func `what nobody hears is said later, in its order`() {
        var heard: [String] = []
        var isListening = false
        let listener = Announcements.Listener(isPerson: false) { text in
            if isListening { heard.append(text) }
            return isListening
        }
        let clock = TestClock()
        let announcements = Announcements(
            said: [Announcement("known")], unsaid: ["from before"], isVerbose: false, to: listener,
            in: clock.surroundings)
        announcements.say("one")
        announcements.sayOnce("two")
        announcements.sayOnce("two")
        announcements.sayOnce("known")
        #expect(!announcements.isHeard("problem"))
        #expect(announcements.unsaid == ["from before", "one", "two"])
        #expect(announcements.firstSaidAt == nil)
        isListening = true
        #expect(announcements.isHeard("problem"))
        #expect(heard == ["from before", "one", "two", "problem"])
        #expect(announcements.unsaid.isEmpty && announcements.firstSaidAt != nil)
        #expect(announcements.remembered == [Announcement("known"), Announcement("two")])
    }

    @Test func `errors that nobody heard are said by the next tick, once, and delivery goes on`() throws {
        let test = try TestTick()
        try test.spool.write("active/broken.json", "[]")
        try test.spool.write("suppressed.txt", "no address\n")
        try test.spool.drop("news", to: TestSpool.people(3))
        test.isHeard = false
        #expect(try test.run() == .ok)
        #expect(test.places == ["active/broken.json", "done/news.json"] && test.heard.isEmpty)
        #expect(try test.snapshot("broken")?.isSaid == false)
        test.isHeard = true
        #expect(try test.run() == .ok)
        #expect(test.heard.filter { $0.contains("broken.json") }.count == 1)
        #expect(test.heard.filter { $0.contains("suppressed.txt") }.count == 1)
        let count = test.heard.count
        #expect(try test.run() == .ok)
        #expect(test.heard.count == count)
    }

    @Test func `a lock file that is not where it was made is made anew, and said where that does not help`()
        throws
    {
        let spool = try TestSpool()
        let once = SystemCallTrace([Fault(.statx, number: 2, .error(ENOENT))])
        #expect(try once.run { try Tick.takeLock(of: spool.directory) } != nil)
        let always = SystemCallTrace([Fault(.statx, .error(ENOENT), .fromThenOn)])
        #expect(throws: SystemError.self) { try always.run { try Tick.takeLock(of: spool.directory) } }
        let held = try #require(try Tick.takeLock(of: spool.directory))
        #expect(try Tick.takeLock(of: spool.directory) == nil)
        held.release()
    }
}
