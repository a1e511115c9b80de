internal import Glibc
package import SpoolSystem

/// A program with what is the same for each of its runs, prepared once: path, first arguments, environment.
package final class Program: Sendable {
    /// The program's path, for messages.
    let path: String
    private let arguments: [String]
    private let environment: CStrings
    private let descriptors: DescriptorLimit?

    /// A program by its absolute path and its first arguments; runs have the environment that this process has
    /// now.
    ///
    /// - Parameter descriptors: the limit, if it was raised for this process alone.
    package init(path: String, arguments: [String], descriptors: DescriptorLimit? = nil) {
        self.path = path
        self.arguments = arguments
        self.descriptors = descriptors
        var environment: [String] = []
        var entry = environ
        while let variable = entry.pointee {
            environment.append(String(cString: variable))
            entry += 1
        }
        self.environment = CStrings(environment)
    }

    /// Starts a run (posix_spawn(3)): in a process group of its own, with `/` as directory, `input` as standard
    /// input, standard output discarded, standard error in a pipe that never blocks us, and the lock, if any,
    /// inherited as descriptor 3, so that it stays held for as long as the run or a child of it lives.
    ///
    /// - Throws: what posix_spawn answers if the program cannot be started; then nothing has run.
    package func start(
        _ more: [String], input: MessageFile, holding lock: LockFile?
    ) throws(SystemError) -> ChildProcess {
        var ends: [Int32] = [0, 0]
        try systemCall(.pipe2, path) { pipe2(&ends, O_CLOEXEC | O_NONBLOCK) }
        let readEnd = Descriptor(owning: ends[0])
        let writeEnd = Descriptor(owning: ends[1])
        if DescriptorLimit.isNearlyReached(by: max(ends[0], ends[1])) { throw .noDescriptors(path) }
        // Only our end must not block: the program gets an ordinary pipe.
        try systemCall(.fcntl, path) { fcntl(writeEnd.number, F_SETFL, 0) }

        var actions = posix_spawn_file_actions_t()
        // A program without its standard input would read ours.
        func prepared(_ code: Int32) throws(SystemError) {
            if code != 0 { throw SystemError(call: "posix_spawn", path: path, code: code) }
        }
        try prepared(posix_spawn_file_actions_init(&actions))
        defer { posix_spawn_file_actions_destroy(&actions) }
        try prepared(posix_spawn_file_actions_adddup2(&actions, input.descriptor.number, 0))
        try prepared(posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0))
        try prepared(posix_spawn_file_actions_adddup2(&actions, writeEnd.number, 2))
        if let lock { try prepared(posix_spawn_file_actions_adddup2(&actions, lock.descriptor.number, 3)) }
        try prepared(posix_spawn_file_actions_addchdir_np(&actions, "/"))

        var attributes = posix_spawnattr_t()
        try prepared(posix_spawnattr_init(&attributes))
        defer { posix_spawnattr_destroy(&attributes) }
        // What this process ignores or blocks is its own business and not the mail system's.
        var defaults = sigset_t()
        sigfillset(&defaults)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        var mask = sigset_t()
        sigemptyset(&mask)
        posix_spawnattr_setsigmask(&attributes, &mask)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        let argv = CStrings([path] + arguments + more)
        func spawn() throws(SystemError) -> pid_t {
            var id = pid_t()
            try systemCall(.posixSpawn, path) {
                let code = posix_spawn(&id, path, &actions, &attributes, argv.pointers, environment.pointers)
                errno = code
                return code == 0 ? 0 : -1
            }
            return id
        }
        let id: pid_t
        if let descriptors {
            id = try descriptors.lowered(besides: writeEnd.number, spawn)
        } else {
            id = try spawn()
        }
        extendLifetime(argv)
        return ChildProcess(id: id, errorOutput: readEnd)
    }
}

/// Strings as an array that exec(2) takes, ended by a null pointer; nobody changes it.
private final class CStrings: @unchecked Sendable {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ strings: [String]) {
        count = strings.count
        pointers = .allocate(capacity: count + 1)
        for (index, string) in strings.enumerated() { (pointers + index).initialize(to: strdup(string)) }
        (pointers + count).initialize(to: nil)
    }

    deinit {
        for index in 0..<count { free(pointers[index]) }
        pointers.deallocate()
    }
}

/// A process that this one has started and not yet reaped, leader of a process group of its own.
package final class ChildProcess {
    /// How a process ended.
    package enum Ending: Equatable, Sendable {
        /// By itself, with an exit status of 0 to 255.
        case exited(Int32)
        /// By a signal.
        case signalled(Int32)
    }

    /// The process id, which is the process group's too.
    package let id: Int32
    private let errorOutput: Descriptor
    /// The last few KB of standard error.
    package private(set) var errorText: [UInt8] = []

    /// How much of the standard error is kept, in bytes.
    static let errorTextLimit = 4096

    init(id: Int32, errorOutput: consuming Descriptor) {
        self.id = id
        self.errorOutput = errorOutput
    }

    /// The descriptor to wait for, as long as anything can come from standard error: all who had it may have closed it.
    package var errorDescriptor: Int32? { errorOutputEnded ? nil : errorOutput.number }
    private var errorOutputEnded = false

    /// Takes what the process has written to standard error so far; never waits.
    package func drainErrorOutput() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        // Bounded, so that a program that never stops writing cannot hold everybody else up.
        for _ in 0..<16 {
            var count = 0
            do throws(SystemError) {
                count = try transfer(.read, "standard error", upTo: buffer.count) { count in
                    buffer.withUnsafeMutableBytes { read(errorOutput.number, $0.baseAddress, count) }
                }
            } catch  where error.wouldBlock {
                return
            } catch {
                count = 0
            }
            if count == 0 {
                errorOutputEnded = true
                return
            }
            errorText.append(contentsOf: buffer.prefix(count))
            if errorText.count > ChildProcess.errorTextLimit {
                errorText.removeFirst(errorText.count - ChildProcess.errorTextLimit)
            }
        }
    }

    /// How the process ended, or nil while it runs; reaps it (waitpid(2) with WNOHANG).
    package func reap() -> Ending? {
        wait(options: WNOHANG)
    }

    /// Kills the whole process group and waits for its leader (kill(2) with SIGKILL).
    package func kill() {
        Glibc.kill(-id, SIGKILL)
        _ = wait(options: 0)
    }

    private func wait(options: Int32) -> Ending? {
        var status: Int32 = 0
        let ended = try? systemCall(.waitpid, "process \(id)") { waitpid(id, &status, options) }
        // A child that is not ours to wait for any more has ended in a way that nobody can tell.
        guard let ended else { return .signalled(0) }
        if ended == 0 { return nil }
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
    }
}
