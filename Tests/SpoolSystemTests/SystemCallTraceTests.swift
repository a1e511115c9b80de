import Foundation
@testable import SpoolSystem
import TestSupport
import Testing

struct SystemCallTraceTests {
    private let files: TemporaryFiles
    private let directory: Directory

    init() throws {
        files = try TemporaryFiles()
        directory = try files.directory
    }

    private func missing() throws -> Bool { try directory.status(of: FileName("a")) == nil }

    private func failures(_ fault: Fault, outOf count: Int = 5) -> [Int] {
        SystemCallTrace(fault).run {
            (1...count).filter { _ in (try? missing()) == nil }
        }
    }

    @Test func `a fault strikes the call of its number, once or from then on`() {
        #expect(failures(Fault(.statx, .error(EIO))) == [1])
        #expect(failures(Fault(.statx, number: 3, .error(EIO))) == [3])
        #expect(failures(Fault(.statx, number: 3, .error(EIO), .fromThenOn)) == [3, 4, 5])
        #expect(failures(Fault(.statx, number: 6, .error(EIO), .fromThenOn)) == [])
        #expect(failures(Fault(nil, number: 2, .error(EIO))) == [2])
        #expect(failures(Fault(.open, .error(EIO), .fromThenOn)) == [])
    }

    @Test func `of several faults the first that fits strikes, and each is asked for by its place`() throws {
        let trace = SystemCallTrace([
            Fault(.statx, number: 2, .error(ENOENT)), Fault(nil, number: 2, .error(EIO), .fromThenOn),
        ])
        #expect(try trace.run { try (missing(), missing()) } == (true, true))
        #expect(throws: SystemError.self) { try trace.run { try missing() } }
        #expect(trace.struck(by: 0).count == 1 && trace.struck(by: 1).count == 1)
    }

    @Test func `the calls are kept in order, with what they were made on`() throws {
        try files.write("a", "x".utf8)
        let trace = SystemCallTrace()
        let bytes = try trace.run { try directory.open(FileName("a")).contents() }
        #expect(bytes == Array("x".utf8) && trace.struck.isEmpty)
        let path = files.path + "/a"
        #expect(
            trace.calls.map(\.description).prefix(4)
                == ["open \(path)", "statx \(path)", "pread \(path)", "pread \(path)"])
        #expect(trace.calls.last?.call == .close)
    }

    @Test func `a trace holds for its own code and for no other thread`() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...20 {
                group.addTask {
                    let trace = SystemCallTrace(Fault(.statx, number: number, .error(EIO)))
                    let failed = trace.run {
                        (1...20).filter { _ in (try? missing()) == nil }
                    }
                    #expect(failed == [number])
                    #expect(trace.calls.count == 20)
                }
            }
            try await group.waitForAll()
        }
        let trace = SystemCallTrace(Fault(nil, .error(EIO), .fromThenOn))
        trace.run {
            let thread = Thread { [self] in #expect((try? missing()) == true) }
            thread.start()
            while !thread.isFinished { usleep(1000) }
        }
        #expect(trace.calls.isEmpty)
    }

    @Test func `a trace inside another takes its place`() throws {
        let outer = SystemCallTrace(Fault(.statx, .error(EIO), .fromThenOn))
        let inner = SystemCallTrace()
        #expect(try outer.run { try inner.run { try missing() } })
        #expect(outer.calls.isEmpty && inner.calls.count == 1)
    }
}
