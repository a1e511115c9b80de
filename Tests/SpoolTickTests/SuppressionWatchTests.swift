@testable import SpoolConsole
@testable import SpoolExamine
@testable import SpoolMail
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import SpoolTick
@testable import SpoolWriting
import TestSupport
import Testing

struct SuppressionWatchTests {
    /// A watch on a spool's suppressed.txt, as one tick has it.
    private func watch(_ spool: TestSpool, _ clock: TestClock = TestClock()) throws -> SuppressionWatch {
        try SuppressionWatch(root: spool.directory.root, journal: spool.journals, in: clock.surroundings)
    }

    /// Who of `a` to `e` may be mailed; nil if nobody can know.
    private func mailed(_ watch: SuppressionWatch) throws -> String? {
        guard let addresses = try watch.addresses() else { return nil }
        return try "abcde".filter { try !addresses.contains(EmailAddress("\($0)@example.org")) }
    }

    @Test(
        arguments: [
            (
                [0xFF, 0xFE] + Array("a@example.org\n".utf8).flatMap { [$0, 0] },
                "suppressed.txt cannot be read: it is UTF-16, not UTF-8; save it as UTF-8, or convert it: "
                    + "iconv -f UTF-16 -t UTF-8 OLD > NEW; mend it; until then nothing is sent"
            ),
            (
                Array("a@example.org\nJ".utf8) + [0xF6] + Array("rg <b@example.org>\n".utf8),
                "suppressed.txt cannot be read: line 2 is not UTF-8 (byte 0xF6); save it as UTF-8; Latin-1 or "
                    + "Windows-1252 is converted by: iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW; mend it; "
                    + "until then nothing is sent"
            ),
        ] as [([UInt8], String)])
    func `nothing is sent while nobody can read who is suppressed, and then it goes on`(
        bytes: [UInt8], message: String
    ) throws {
        let test = try TestTick()
        try test.spool.drop("news", to: ["a@example.org", "b@example.org", "c@example.org"])
        try test.spool.files.write("suppressed.txt", bytes)
        #expect(try test.run() == .configuration)
        #expect(test.transport.log.isEmpty && test.heard == [message])
        test.clock.pass(.minutes(1))
        #expect(try test.run() == .configuration)
        #expect(test.transport.log.isEmpty && test.heard == [message])
        try test.spool.write("suppressed.txt", "mailto:a@example.org\n\"b@example.org\",x\n")
        test.clock.pass(.minutes(1))
        #expect(try test.run() == .ok)
        #expect(test.transport.recipients == ["c@example.org"])
    }

    @Test func `a directory, and a file over its limit, are named as what they are`() throws {
        let spool = try TestSpool()
        try spool.files.write("suppressed.txt/x", "".utf8)
        let watch = try watch(spool)
        #expect(try mailed(watch) == nil)
        #expect(watch.problem?.hasPrefix("suppressed.txt cannot be read: it is a directory; ") == true)
        try spool.files.remove("suppressed.txt")
        try spool.write("suppressed.txt", "a@example.org\n")
        #expect(try mailed(watch) == "bcde" && watch.problem == nil)
        // Sparse, so that the test is not as large as what it tests.
        try spool.files.extend("suppressed.txt", to: (1 << 28) + 1)
        #expect(try mailed(watch) == nil)
        #expect(watch.problem?.contains("it is over 256 MiB") == true)
    }

    @Test func `additions hold at once, removals when the file has settled, and a copy tells of those later`()
        throws
    {
        let spool = try TestSpool()
        let clock = TestClock()
        try spool.write("suppressed.txt", "a@example.org\nb@example.org\n")
        let first = try watch(spool, clock)
        #expect(try mailed(first) == "cde")
        try spool.write("suppressed.txt", "b@example.org, c@example.org\n", modified: TestClock.start)
        #expect(try mailed(first) == "de")
        clock.pass(.seconds(9))
        #expect(try mailed(first) == "de")
        // A tick that begins before the removal holds knows of it by the copy.
        #expect(try mailed(watch(spool, clock)) == "de")
        clock.pass(.seconds(1))
        #expect(try mailed(first) == "ade")
        #expect(try mailed(watch(spool, clock)) == "ade")
        try spool.files.remove("suppressed.txt")
        for watch in [first, try watch(spool, clock)] {
            #expect(try mailed(watch) == nil)
            #expect(watch.problem == SuppressionFile.isGone)
        }
    }

    @Test func `a file that could not be read, and was away for a while, is still not passed over`() throws {
        let spool = try TestSpool()
        try spool.files.write("suppressed.txt", [0xFF, 0xFE, 0x61, 0])
        let watch = try watch(spool)
        #expect(try mailed(watch) == nil)
        try spool.move("suppressed.txt", to: "elsewhere")
        #expect(try mailed(watch) == "abcde")
        try spool.move("elsewhere", to: "suppressed.txt")
        #expect(try mailed(watch) == nil && watch.problem != nil)
    }

    @Test func `what a tick, a check and a status read is the same`() throws {
        let spool = try TestSpool()
        try spool.write(
            "suppressed.txt",
            "Anna <a@example.org>\nmailto:b@example.org\n\"c@example.org\"\nd@example.org;\nnobody\n")
        let watch = try watch(spool)
        #expect(try watch.addresses() == SuppressionFile.current(in: spool.directory))
        #expect(try mailed(watch) == "e")
        let warning = "suppressed.txt: line 5 holds no address and no @domain and so suppresses nobody"
        #expect(watch.warning == warning + "; correct or remove it")
        #expect(
            try SuppressionFile.warning(about: SuppressionFile.current(in: spool.directory))?.message
                == warning)
    }
}
