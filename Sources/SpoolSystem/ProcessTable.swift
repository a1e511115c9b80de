internal import Glibc

/// What the kernel says of processes that are not our children.
package enum ProcessTable {
    /// The user that this process acts as.
    package static var effectiveUser: UInt32 { geteuid() }

    /// This process's id.
    package static var ownID: Int32 { getpid() }

    /// A variable of the environment; nil if it is not set (getenv(3)).
    package static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// How many processors this process may use, at least 1 (sched_getaffinity(2)).
    package static var processorCount: Int {
        var allowed = cpu_set_t()
        let size = MemoryLayout<cpu_set_t>.size
        let known = try? systemCall(.schedGetaffinity, "") { sched_getaffinity(0, size, &allowed) }
        if known == nil { return 1 }
        return max(1, withUnsafeBytes(of: &allowed) { $0.reduce(0) { $0 + $1.nonzeroBitCount } })
    }

    /// Ends this process with an exit status (exit(3)).
    package static func end(_ status: Int32) -> Never { exit(status) }

    /// The id of this boot of the machine: process ids mean nothing across boots. Empty where /proc is missing.
    package static func bootID() -> String {
        String(decoding: read("/proc/sys/kernel/random/boot_id"), as: UTF8.self)
            .split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
    }

    /// When a process was started, in clock ticks since boot; nil if there is none (proc_pid_stat(5), field 22).
    ///
    /// Together with the boot id it tells whether a process id still means the same process.
    package static func startTime(of id: Int32) -> UInt64? {
        let bytes = read("/proc/\(id)/stat")
        // The program's name is in parentheses and may hold anything, parentheses included.
        guard let end = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = bytes[(end + 1)...].split(separator: UInt8(ascii: " "))
        guard fields.count > 19 else { return nil }
        return UInt64(String(decoding: fields[19], as: UTF8.self))
    }

    /// The clock that start times are of, in clock ticks since boot, suspended time included (CLOCK_BOOTTIME).
    package static func now() -> UInt64 {
        var now = timespec()
        clock_gettime(CLOCK_BOOTTIME, &now)
        let ticks = UInt64(max(sysconf(Int32(_SC_CLK_TCK)), 1))
        return UInt64(now.tv_sec) * ticks + UInt64(now.tv_nsec) / (1_000_000_000 / ticks)
    }

    /// Kills a process group (kill(2) with SIGKILL).
    package static func killGroup(_ id: Int32) {
        guard id > 1 else { return }
        kill(-id, SIGKILL)
    }

    /// The arguments that this process was started with, without the program's name (proc_pid_cmdline(5)); nil if nobody
    /// can tell, which is not the same as none: a command would work on the wrong spool.
    ///
    /// Swift's own finds them by walking back from `environ`, or in /proc, and finds none once a preloaded library has
    /// called setenv(3).
    package static func arguments() -> [String]? {
        var bytes = read("/proc/self/cmdline")[...]
        if bytes.isEmpty { return argumentsOnStack() }
        if bytes.last == 0 { bytes.removeLast() }
        return bytes.split(separator: 0, omittingEmptySubsequences: false).dropFirst()
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// The same from where the kernel has put them at the start: their number, a pointer to each, and a null pointer. The
    /// C library keeps the place.
    private static func argumentsOnStack() -> [String]? {
        guard let place = dlsym(nil, "__libc_stack_end"),
            let stack = place.load(as: UnsafeRawPointer?.self)
        else { return nil }
        let count = stack.load(as: Int.self)
        let pointers = (stack + MemoryLayout<Int>.size).assumingMemoryBound(to: UnsafePointer<CChar>?.self)
        guard (1...1_000_000).contains(count), pointers[count] == nil else { return nil }
        return (1..<count).compactMap { pointers[$0].map { String(cString: $0) } }
    }

    /// The whole path of a program that lies beside that of this process; nil if none does (proc_pid_exe(5)).
    package static func neighbour(_ name: String) -> String? {
        guard let own = File.target(ofLink: "/proc/self/exe"), let slash = own.lastIndex(of: "/") else {
            return nil
        }
        let path = String(own[...slash]) + name
        return File.isExecutable(path) ? path : nil
    }

    /// Whether the kernel's own view of processes is there (proc(5)): files below a directory are opened through it.
    package static var isVisible: Bool {
        (try? systemCall(.access, "/proc") { access("/proc/self/fd", F_OK) }) != nil
    }

    /// The name of a user; nil if there is none of that number (getpwuid_r(3)).
    package static func userName(_ id: UInt32) -> String? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16384)
        guard getpwuid_r(id, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        return entry.pw_name.map { String(cString: $0) }
    }

    /// Whether somebody holds a lock on a file, without touching the lock (/proc/locks, proc(5)).
    package static func isLocked(_ status: FileStatus) -> Bool {
        let inode = Array(":\(status.inode)".utf8)
        return read("/proc/locks").split(separator: UInt8(ascii: "\n")).contains { line in
            let fields = line.split(separator: UInt8(ascii: " "))
            guard fields.count > 5, fields[1].elementsEqual("FLOCK".utf8) else { return false }
            return fields[5].suffix(inode.count).elementsEqual(inode)
        }
    }

    private static func read(_ path: String) -> [UInt8] {
        guard let number = try? systemCall(.open, path, { open(path, O_RDONLY | O_CLOEXEC) }) else {
            return []
        }
        let file = Descriptor(owning: number)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = try? transfer(.read, path, upTo: buffer.count) { count in
                Glibc.read(file.number, &buffer, count)
            }
            guard let count, count > 0 else { return bytes }
            bytes.append(contentsOf: buffer.prefix(count))
        }
    }
}
