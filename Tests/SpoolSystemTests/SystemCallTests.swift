import Glibc
@testable import SpoolSystem
import TestSupport
import Testing

/// A wrapper, the call under it, and what the call is made on: a path below the directory, or another name.
private struct Wrapped: CustomTestStringConvertible, Sendable {
    let call: SystemCall
    let path: String
    let testDescription: String
    let use: @Sendable (Directory) throws -> Void

    init(
        _ call: SystemCall, on path: String, _ description: String,
        _ use: @escaping @Sendable (Directory) throws -> Void
    ) {
        (self.call, self.path, self.use) = (call, path, use)
        testDescription = "\(call.rawValue) in \(description)"
    }

    static let all = [
        Wrapped(.open, on: "", "Directory(path:)") { _ = try Directory(path: $0.path) },
        Wrapped(.open, on: "/files", "directory(_:)") { _ = try $0.directory("files") },
        Wrapped(.open, on: "", "names()") { _ = try $0.names() },
        Wrapped(.opendir, on: "", "names()") { _ = try $0.names() },
        Wrapped(.readdir, on: "", "names()") { _ = try $0.names() },
        Wrapped(.statx, on: "", "status()") { _ = try $0.status() },
        Wrapped(.statx, on: "/a", "status(of:)") { _ = try $0.status(of: FileName("a")) },
        Wrapped(.open, on: "/a", "open(_:)") { _ = try $0.open(FileName("a")) },
        Wrapped(.open, on: "/a", "openBeneath(_:)") { _ = try $0.openBeneath("a") },
        Wrapped(.readlink, on: "", "openBeneath(_:)") { _ = try $0.openBeneath("a") },
        Wrapped(.statx, on: "/a", "openBeneath(_:)") { _ = try $0.openBeneath("a") },
        Wrapped(.statx, on: "/a", "contents()") { _ = try $0.open(FileName("a")).contents() },
        Wrapped(.pread, on: "/a", "contents()") { _ = try $0.open(FileName("a")).contents() },
        Wrapped(.pread, on: "/a", "read(into:at:)") { directory in
            let file = try directory.open(FileName("a"))
            var buffer = [UInt8](repeating: 0, count: 10)
            try buffer.withUnsafeMutableBytes { _ = try file.read(into: $0, at: 0) }
        },
        Wrapped(.pipe2, on: "signals", "SignalPipe") { _ in _ = try SignalPipe() },
    ]
}

struct SystemCallTests {
    private let files: TemporaryFiles
    private let directory: Directory

    init() throws {
        files = try TemporaryFiles()
        try files.write("a", "contents".utf8)
        try files.write("files/b", "".utf8)
        directory = try files.directory
    }

    @Test(arguments: Wrapped.all)
    private func `an error names the call, what it was made on, and why`(wrapped: Wrapped) {
        let path =
            wrapped.path.isEmpty || wrapped.path.hasPrefix("/") ? files.path + wrapped.path : wrapped.path
        for code in [EIO, ENOMEM, EACCES] {
            let trace = SystemCallTrace(Fault(wrapped.call, .error(code)))
            #expect(throws: SystemError(call: wrapped.call.rawValue, path: path, code: code)) {
                try trace.run { try wrapped.use(directory) }
            }
            #expect(trace.struck.count == 1)
        }
    }

    @Test(arguments: Wrapped.all)
    private func `a call that a signal interrupts is made again only if nothing has happened`(
        wrapped: Wrapped
    ) throws {
        let undisturbed = SystemCallTrace()
        try undisturbed.run { try wrapped.use(directory) }
        let trace = SystemCallTrace(Fault(wrapped.call, .error(EINTR)))
        if wrapped.call.isRepeatedAfterInterrupt {
            try trace.run { try wrapped.use(directory) }
            #expect(trace.count(of: wrapped.call) == undisturbed.count(of: wrapped.call) + 1)
        } else {
            let error = #expect(throws: SystemError.self) { try trace.run { try wrapped.use(directory) } }
            #expect(error?.code == EINTR)
            #expect(trace.count(of: wrapped.call) == 1)
        }
    }

    @Test func `what may have been done is never done again: a sync, a close, a change of a directory`() {
        for call in [SystemCall.close, .fsync, .fdatasync, .rename, .link, .unlink, .mkdir, .posixSpawn] {
            #expect(!call.isRepeatedAfterInterrupt, "\(call)")
        }
        for call in [SystemCall.open, .pread, .pwrite, .read, .write, .sendfile, .flock, .statx, .waitpid] {
            #expect(call.isRepeatedAfterInterrupt, "\(call)")
        }
    }

    @Test func `a descriptor is closed once, whatever close answers`() throws {
        var number: Int32 = -1
        let trace = SystemCallTrace(Fault(.close, .error(EINTR)))
        try trace.run {
            let directory = try Directory(path: files.path)
            number = directory.descriptor.number
            #expect(fcntl(number, F_GETFD) >= 0)
        }
        #expect(trace.count(of: .close) == 1)
        #expect(trace.struck.map(\.path) == ["descriptor \(number)"])
    }

    @Test func `a failed listing leaves no descriptor behind`() throws {
        for call in [SystemCall.opendir, .readdir] {
            var opened = 0
            for _ in 0..<3 {
                let trace = SystemCallTrace(Fault(call, .error(ENOMEM)))
                #expect(throws: SystemError.self) { try trace.run { try directory.names() } }
                opened += trace.count(of: .open)
            }
            #expect(opened == 3)
        }
        let mine = try Directory(path: "/proc/self/fd").names().map(\.string).filter { name in
            (try? Directory(path: "/proc/self/fd/\(name)").absolutePath) == directory.absolutePath
        }
        #expect(mine == ["\(directory.descriptor.number)"])
    }

    @Test func `short reads are put together, and a file is read to its end`() throws {
        for most in [1, 3, 7] {
            let trace = SystemCallTrace(Fault(.pread, .short(most), .fromThenOn))
            let bytes = try trace.run { try directory.open(FileName("a")).contents() }
            #expect(bytes == Array("contents".utf8))
            #expect(trace.count(of: .pread) >= 8 / most)
        }
        let file = try directory.open(FileName("a"))
        #expect(try file.contents(from: 3, limit: 2) == Array("te".utf8))
        #expect(try file.contents(from: 8) == [])
        #expect(try file.contents(from: 100) == [])
    }

    @Test func `an entry that is not there is no error, and one that cannot be asked for is`() throws {
        #expect(try directory.status(of: FileName("b")) == nil)
        #expect(try directory.status(of: FileName("a/b")) == nil)
        let trace = SystemCallTrace(Fault(.statx, .error(EACCES)))
        #expect(throws: SystemError(call: "statx", path: files.path + "/b", code: EACCES)) {
            try trace.run { try directory.status(of: FileName("b")) }
        }
    }

    @Test func `what cannot be asked for has an answer that is safe`() throws {
        #expect(File.isExecutable("/bin/sh"))
        #expect(SystemCallTrace(Fault(.access, .error(EIO))).run { !File.isExecutable("/bin/sh") })
        #expect(
            SystemCallTrace(Fault(.schedGetaffinity, .error(EPERM))).run { ProcessTable.processorCount } == 1)
        #expect(
            SystemCallTrace(Fault(.ioctl, .error(ENOTTY))).run { StandardStream.output.columns } == nil)
        #expect(!ProcessTable.bootID().isEmpty)
        #expect(SystemCallTrace(Fault(.open, .error(ENOENT))).run { ProcessTable.bootID() }.isEmpty)
        #expect(SystemCallTrace(Fault(.read, .error(EIO))).run { ProcessTable.bootID() }.isEmpty)
        #expect(
            try SystemCallTrace(Fault(.open, .error(EIO))).run { try File.contents(ofPath: "/etc/passwd") }
                == nil)
    }

    @Test func `a shortage says nothing of a file of the machine's`() {
        for code in [EMFILE, ENFILE, ENOMEM] {
            let error = #expect(throws: SystemError.self) {
                try SystemCallTrace(Fault(.open, .error(code))).run {
                    try File.contents(ofPath: "/etc/passwd")
                }
            }
            #expect(error?.code == code)
        }
    }

    @Test func `a file is read into no more memory than it has bytes`() throws {
        let files = try TemporaryFiles()
        let size = (5 << 20) + 1
        try files.write("a", [UInt8](repeating: 1, count: size))
        let bytes = try files.directory.open(FileName("a")).contents()
        #expect(bytes.count == size && bytes.capacity < size + (1 << 20))
    }

    @Test func `a long file of the kernel's is read whole, however little comes at a time`() {
        let whole = ProcessTable.startTime(of: ProcessTable.ownID)
        #expect(whole != nil)
        let trace = SystemCallTrace(Fault(.read, .short(5), .fromThenOn))
        #expect(trace.run { ProcessTable.startTime(of: ProcessTable.ownID) } == whole)
        #expect(trace.count(of: .read) > 10)
    }

    @Test func `a write that moves nothing and says nothing is an error, not a loop`() {
        let trace = SystemCallTrace(Fault(.write, .short(0), .fromThenOn))
        #expect(throws: SystemError(call: "write", path: "standard error", code: EIO)) {
            try trace.run { try StandardStream.error.write("never seen") }
        }
        #expect(trace.count(of: .write) == 1)
    }

    @Test func `a closed pipe is told from other errors of standard output`() {
        let trace = SystemCallTrace(Fault(.write, .error(EPIPE)))
        let error = #expect(throws: SystemError.self) {
            try trace.run { try StandardStream.output.write("never seen") }
        }
        #expect(error?.isClosedPipe == true && error?.path == "standard output")
    }
}

struct ProcessTableTests {
    @Test func `a program beside this one is found by its whole path`() throws {
        let own = try #require(File.target(ofLink: "/proc/self/exe"))
        let name = try #require(own.split(separator: "/").last)
        #expect(ProcessTable.neighbour(String(name)) == own)
        #expect(ProcessTable.neighbour("no such program") == nil)
    }
}
