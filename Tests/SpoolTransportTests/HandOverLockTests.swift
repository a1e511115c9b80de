@testable import SpoolSystem
@testable import SpoolTransport
@testable import SpoolWriting
import TestSupport
import Testing

struct HandOverLockTests {
    private let files: TemporaryFiles

    init() throws {
        files = try TemporaryFiles()
    }

    private func contents() throws -> String {
        String(decoding: try files.directory.open(FileName("handover")).contents(), as: UTF8.self)
    }

    @Test func `what inherits the lock holds it, and cannot name a process group to be killed`() throws {
        let lock = try HandOverLock(in: files.directory)
        #expect(try lock.claim(now: 0, timeout: 1))
        try lock.record(4711, startedSince: 12, slot: 0)
        let before = try contents()
        #expect(before.contains("\n4711 12 "))
        let message = try MessageFile()
        try message.seal()
        let program = Program(path: "/bin/sh", arguments: ["-c", "echo 1 1 1 >&3 || sleep 100"])
        let child = try program.start([], input: message, holding: lock.inherited)
        defer { child.kill() }
        // A later tick finds the lock held, although the one before was killed.
        let later = try HandOverLock(in: files.directory)
        #expect(try !later.claim(now: 0, timeout: 1_000_000))
        while child.errorText.isEmpty, child.errorDescriptor != nil { child.drainErrorOutput() }
        #expect(try contents() == before)
        lock.release()
        #expect(try later.claim(now: 0, timeout: 1_000_000))
        #expect(try contents() != before)
    }
}
