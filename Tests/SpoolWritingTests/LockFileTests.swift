import Glibc
@testable import SpoolSystem
@testable import SpoolWriting
import TestSupport
import Testing

struct LockFileTests {
    private let fixture: WritingFixture
    private let path: String

    init() throws {
        fixture = try WritingFixture()
        path = fixture.files.path + "/lock"
    }

    private func lock() throws -> LockFile { try LockFile(in: fixture.directory, FileName("lock")) }

    @Test func `a lock excludes every other opening of its file until it is released`() throws {
        let one = try lock()
        let other = try lock()
        #expect(try one.take())
        #expect(try one.take())
        #expect(try !other.take())
        #expect(try fixture.directory.status(of: FileName("lock"))?.mode == 0o600)
        one.release()
        #expect(try other.take())
    }

    @Test func `a lock ends with its last descriptor`() throws {
        let other = try lock()
        do {
            let one = try lock()
            #expect(try one.take())
            #expect(try !other.take())
        }
        try other.takeWaiting()
        #expect(try !lock().take())
    }

    @Test func `whoever waits for a lock has it, through interruptions`() throws {
        let trace = SystemCallTrace(Fault(.flock, .error(EINTR)))
        let one = try lock()
        try trace.run { try one.takeWaiting() }
        #expect(trace.count(of: .flock) == 2)
        #expect(try !lock().take())
    }

    @Test func `a lock that somebody else has is no error, and one that cannot be had is`() throws {
        let one = try lock()
        #expect(try SystemCallTrace(Fault(.flock, .error(EAGAIN))).run { try !one.take() })
        for take in [{ _ = try $0.take() }, { try $0.takeWaiting() }] as [(LockFile) throws -> Void] {
            #expect(throws: SystemError(call: "flock", path: path, code: ENOLCK)) {
                try SystemCallTrace(Fault(.flock, .error(ENOLCK))).run { try take(one) }
            }
        }
    }

    @Test func `a lock on a file that was replaced or removed is not in its place`() throws {
        let one = try lock()
        #expect(try one.isInPlace())
        try fixture.directory.remove(FileName("lock"))
        #expect(try !one.isInPlace())
        let other = try lock()
        #expect(try !one.isInPlace())
        #expect(try other.isInPlace())
        for number in [1, 2] {
            #expect(throws: SystemError(call: "statx", path: path, code: EIO)) {
                try SystemCallTrace(Fault(.statx, number: number, .error(EIO))).run { try other.isInPlace() }
            }
        }
    }

    @Test func `what is written in short pieces is all there`() throws {
        let one = try lock()
        try one.write(Array("0123456789".utf8), at: 0)
        let trace = SystemCallTrace([
            Fault(.pwrite, number: 1, .short(2)), Fault(.pwrite, number: 2, .error(EINTR)),
        ])
        try trace.run { try one.write(Array("abcd".utf8), at: 3) }
        #expect(try one.contents() == Array("012abcd789".utf8))
        #expect(trace.count(of: .pwrite) == 3)
    }

    @Test func `a write that cannot be finished says why, and never that it succeeded`() throws {
        let one = try lock()
        for (effect, code) in [(Fault.Effect.error(ENOSPC), ENOSPC), (.short(0), EIO)] {
            let trace = SystemCallTrace([
                Fault(.pwrite, number: 1, .short(2)), Fault(.pwrite, number: 2, effect),
            ])
            let error = #expect(throws: SystemError(call: "pwrite", path: path, code: code)) {
                try trace.run { try one.write(Array("abcd".utf8), at: 0) }
            }
            #expect(error?.isDiskError == true)
        }
    }

    @Test func `a lock file is no link, and each call that fails is named`() throws {
        for call in [SystemCall.open, .pread] {
            #expect(throws: SystemError(call: call.rawValue, path: path, code: EIO)) {
                try SystemCallTrace(Fault(call, .error(EIO))).run { _ = try lock().contents() }
            }
        }
        try fixture.files.remove("lock")
        try fixture.files.link("lock", to: "/etc/passwd")
        #expect(throws: SystemError(call: "open", path: path, code: ELOOP)) { try lock() }
    }

    @Test func `whether somebody holds a lock can be seen without touching it`() throws {
        let one = try lock()
        let status = try #require(try fixture.directory.status(of: FileName("lock")))
        #expect(!ProcessTable.isLocked(status))
        #expect(try one.take())
        #expect(ProcessTable.isLocked(status))
        one.release()
        #expect(!ProcessTable.isLocked(status))
    }
}
