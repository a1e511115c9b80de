import Foundation
import Glibc

/// How a program ended, and what it said.
struct Outcome: Sendable {
    enum Ending: Equatable, Sendable {
        case exited(Int32)
        case signalled(Int32)
        /// It had not ended in time and was killed.
        case timedOut
    }

    let ending: Ending
    let output: String
    let errors: String

    /// Whether it ended by itself with status 0 and without a word on standard error.
    var isSilentSuccess: Bool { ending == .exited(0) && errors.isEmpty }
}

/// A program that a test has started.
final class Run {
    let id: pid_t
    private let output: FileHandle
    private let errors: FileHandle
    private var ending: Outcome.Ending?

    private init(id: pid_t, output: FileHandle, errors: FileHandle) {
        self.id = id
        self.output = output
        self.errors = errors
    }

    /// Starts a program in a process group of its own; what it says goes into files, so that nobody who has
    /// inherited its standard error can hold the test up.
    static func start(
        _ program: String, _ arguments: [String] = [], environment: [String: String] = [:]
    ) throws -> Run {
        let output = try unlinkedFile()
        let errors = try unlinkedFile()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output.fileDescriptor, 1)
        posix_spawn_file_actions_adddup2(&actions, errors.fileDescriptor, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setpgroup(&attributes, 0)
        // The threads on which tests run block signals; a program that cron starts has none blocked or ignored.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var variables = ProcessInfo.processInfo.environment
        variables["SWIFT_BACKTRACE"] = "enable=no"
        variables["SPOOL_DIR"] = nil
        variables.merge(environment) { _, new in new }
        var id = pid_t()
        let result = withCStrings([program] + arguments) { argv in
            withCStrings(variables.map { "\($0.key)=\($0.value)" }) { envp in
                posix_spawn(&id, program, &actions, &attributes, argv, envp)
            }
        }
        guard result == 0 else {
            throw HarnessError("cannot start \(program): \(String(cString: strerror(result)))")
        }
        return Run(id: id, output: output, errors: errors)
    }

    /// Sends a signal to the program alone.
    func signal(_ number: Int32) {
        if ending == nil { _ = Glibc.kill(id, number) }
    }

    /// Whether the program still runs.
    var isRunning: Bool {
        if ending != nil { return false }
        var status: Int32 = 0
        let result = waitpid(id, &status, WNOHANG)
        if result == 0 { return true }
        let signal = status & 0x7F
        ending = signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
        return false
    }

    /// Waits for the end; whoever takes longer is killed with all it has started in its group.
    func wait(seconds: Double = 90) -> Outcome {
        let deadline = Date.now.addingTimeInterval(seconds)
        while isRunning {
            if Date.now > deadline {
                _ = Glibc.kill(-id, SIGKILL)
                _ = waitpid(id, nil, 0)
                ending = .timedOut
            }
            usleep(1000)
        }
        // What libfaketime leaves behind.
        unlink("/dev/shm/faketime_shm_\(id)")
        unlink("/dev/shm/sem.faketime_sem_\(id)")
        return Outcome(
            ending: ending ?? .timedOut, output: Run.text(of: output), errors: Run.text(of: errors))
    }

    /// What standard error has got so far.
    var errorsSoFar: String { Run.text(of: errors) }

    deinit {
        if isRunning {
            _ = Glibc.kill(-id, SIGKILL)
            _ = waitpid(id, nil, 0)
        }
    }

    private static func unlinkedFile() throws -> FileHandle {
        let path = FileManager.default.temporaryDirectory.path + "/spool-test-" + UUID().uuidString
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw HarnessError("cannot make \(path)") }
        unlink(path)
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    private static func text(of file: FileHandle) -> String {
        // The program shares the offset, so it is not touched: pread.
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = pread(file.fileDescriptor, &buffer, buffer.count, off_t(bytes.count))
            if count <= 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer.prefix(count)
        }
    }
}

private func withCStrings<R>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R) -> R {
    var pointers = strings.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers)
}

/// Runs one of the machine's tools and fails unless it succeeds.
@discardableResult
func tool(_ program: String, _ arguments: String..., environment: [String: String] = [:]) throws -> String {
    let outcome = try Run.start(program, arguments, environment: environment).wait(seconds: 300)
    guard outcome.ending == .exited(0) else {
        throw HarnessError("\(program) \(arguments): \(outcome.ending) \(outcome.output)\(outcome.errors)")
    }
    return outcome.output
}
