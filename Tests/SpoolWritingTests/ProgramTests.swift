import Glibc
@testable import SpoolSystem
@testable import SpoolWriting
import TestSupport
import Testing

struct ProgramTests {
    private func message(_ text: String = "") throws -> MessageFile {
        let message = try MessageFile()
        try message.append(Array(text.utf8))
        try message.seal()
        return message
    }

    private func shell(_ script: String) -> Program {
        Program(path: "/bin/sh", arguments: ["-c", script, "sh"])
    }

    /// Waits for the end, taking what comes from standard error.
    private func ending(of process: ChildProcess) -> ChildProcess.Ending {
        while let descriptor = process.errorDescriptor {
            var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            poll(&wait, 1, -1)
            process.drainErrorOutput()
        }
        while true {
            if let ending = process.reap() { return ending }
            usleep(1000)
        }
    }

    @Test func `a run gets its message, its arguments and a directory of no importance`() throws {
        let program = shell("cat >&2; printf ' %s %s' \"$1\" \"$PWD\" >&2; exit 75")
        let process = try program.start(["an argument"], input: message("text"), holding: nil)
        #expect(ending(of: process) == .exited(75))
        #expect(String(decoding: process.errorText, as: UTF8.self) == "text an argument /")
    }

    @Test func `only the end of what a run says is kept`() throws {
        let process = try shell("head -c 100000 /dev/zero >&2; printf end >&2").start(
            [], input: message(), holding: nil)
        #expect(ending(of: process) == .exited(0))
        #expect(process.errorText.count == ChildProcess.errorTextLimit)
        #expect(process.errorText.suffix(3) == Array("end".utf8))
    }

    @Test func `a program can hold a lock and write nothing into its file`() throws {
        let fixture = try WritingFixture()
        let lock = try LockFile(in: fixture.directory, FileName("lock"), isReadOnly: true)
        #expect(try lock.take())
        let process = try shell("echo 4711 >&3").start([], input: message(), holding: lock)
        #expect(ending(of: process) != .exited(0))
        #expect(try lock.contents().isEmpty)
        let other = try LockFile(in: fixture.directory, FileName("lock"))
        #expect(try !other.take())
        lock.release()
        #expect(try other.take())
    }

    @Test func `a lock stays held for as long as a run or a child of it lives`() throws {
        let fixture = try WritingFixture()
        var lock: LockFile? = try LockFile(in: fixture.directory, FileName("lock"))
        #expect(try lock?.take() == true)
        // The shell ends at once; what it has started goes on.
        let script = "sleep 100 & exit 0"
        let process = try shell(script).start([], input: message(), holding: lock)
        lock = nil
        let other = try LockFile(in: fixture.directory, FileName("lock"))
        while process.reap() == nil { usleep(1000) }
        #expect(try !other.take())
        #expect(kill(-process.id, SIGKILL) == 0)
        try other.takeWaiting()
    }

    @Test func `a program that cannot be started is an error, and nothing has run`() throws {
        let fixture = try WritingFixture(["plain": "no program"])
        for (path, code) in [
            ("/no/such/program", ENOENT), (fixture.files.path + "/plain", EACCES),
            (fixture.files.path, EACCES),
        ] {
            #expect(throws: SystemError(call: "posix_spawn", path: path, code: code)) {
                try Program(path: path, arguments: []).start([], input: message(), holding: nil)
            }
        }
    }

    @Test(arguments: [
        (SystemCall.pipe2, EMFILE, 0), (.fcntl, EBADF, 2), (.posixSpawn, EAGAIN, 2), (.posixSpawn, ENOMEM, 2),
        (.posixSpawn, EINTR, 2),
    ])
    func `a start that fails says why, is not made again, and closes what it has opened`(
        call: SystemCall, code: Int32, closed: Int
    ) throws {
        let program = shell("exit 0")
        let input = try message()
        let trace = SystemCallTrace(Fault(call, .error(code)))
        #expect(throws: SystemError(call: call.rawValue, path: "/bin/sh", code: code)) {
            try trace.run { _ = try program.start([], input: input, holding: nil) }
        }
        #expect(trace.count(of: call) == 1)
        #expect(trace.count(of: .close) == closed)
    }

    @Test func `an interrupted wait is made again, and a child that is not ours has ended`() throws {
        let trace = SystemCallTrace(Fault(.waitpid, .error(EINTR)))
        let process = try shell("exit 3").start([], input: message(), holding: nil)
        #expect(trace.run { ending(of: process) } == .exited(3))
        #expect(trace.count(of: .waitpid) >= 2)
        #expect(process.reap() == .signalled(0))
    }

    @Test func `a run that is killed has ended by a signal`() throws {
        let process = try shell("sleep 100").start([], input: message(), holding: nil)
        process.kill()
        #expect(process.reap() == .signalled(0))
        let other = try shell("kill -TERM $$").start([], input: message(), holding: nil)
        #expect(ending(of: other) == .signalled(SIGTERM))
    }

    @Test func `standard error that cannot be read has ended, and one that is silent has not`() throws {
        let process = try shell("sleep 100").start([], input: message(), holding: nil)
        process.drainErrorOutput()
        #expect(process.errorDescriptor != nil)
        SystemCallTrace(Fault(.read, .error(EINTR))).run { process.drainErrorOutput() }
        #expect(process.errorDescriptor != nil)
        SystemCallTrace(Fault(.read, .error(EIO))).run { process.drainErrorOutput() }
        #expect(process.errorDescriptor == nil)
        process.kill()
    }

    @Test func `the limit of descriptors is raised for this process, and not for what it starts`() throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let most = limit.rlim_max
        limit.rlim_cur = 1000
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let raised = try #require(DescriptorLimit.raised())
        func current() -> rlim_t {
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            return limit.rlim_cur
        }
        #expect(current() == most)
        let program = Program(
            path: "/bin/sh", arguments: ["-c", "ulimit -n >&2"], descriptors: raised)
        let process = try program.start([], input: message(), holding: nil)
        #expect(ending(of: process) == .exited(0))
        #expect(String(decoding: process.errorText, as: UTF8.self) == "1000\n")
        #expect(current() == most)
        // With so many open that another thread could not open one more meanwhile, it is left as it is.
        let value = try raised.lowered(besides: 990) { () throws(SystemError) in current() }
        #expect(value == most)
        #expect(
            DescriptorLimit.isNearlyReached(by: Int32(most) - 1) && !DescriptorLimit.isNearlyReached(by: 100))
    }
}
