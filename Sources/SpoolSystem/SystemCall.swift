internal import Glibc

/// A call of the operating system whose failure somebody sees, by the name of its manual page.
///
/// All of them go through ``systemCall(_:_:_:)`` or ``transfer(_:_:upTo:_:)``. Elsewhere are only those that cannot fail
/// (clock_gettime, getrlimit), those whose answer nobody asks for (kill), those that a signal is meant to end (ppoll), and what
/// touches the terminal's page, since a signal handler does that too.
package enum SystemCall: String, CaseIterable, Sendable {
    case access, chmod, chown, close, fallocate, fchmod, fcntl, fdatasync, flock, fsync, ftruncate, ioctl
    case link, lseek, mkdir, mkostemp, open, opendir, pipe2, pread, pwrite
    case read, readdir, readlink, rename, sendfile, setrlimit, statx, unlink, waitpid, write
    case memfdCreate = "memfd_create"
    case posixSpawn = "posix_spawn"
    case schedGetaffinity = "sched_getaffinity"

    /// Whether the call is made again when a signal has interrupted it (EINTR, signal(7)).
    ///
    /// Only where that means that nothing has happened. After EINTR `close` has closed, and a second one could hit
    /// somebody else's file; an `fsync` may have dropped the pages that a second one would call written; and a change of
    /// a directory over a network may have been made, so that a second one would find that it cannot be.
    package var isRepeatedAfterInterrupt: Bool {
        switch self {
        case .fallocate, .flock, .ftruncate, .open, .pread, .pwrite, .read, .sendfile, .statx,
            .waitpid, .write:
            true
        case .access, .chmod, .chown, .close, .fchmod, .fcntl, .fdatasync, .fsync, .ioctl, .link, .lseek,
            .memfdCreate, .mkdir, .mkostemp, .opendir, .pipe2, .posixSpawn, .readdir, .readlink,
            .rename, .schedGetaffinity, .setrlimit, .unlink:
            false
        }
    }
}

/// Makes a system call and returns what it answers.
///
/// - Parameters:
///   - path: what it is made on, for messages; asked for only when it fails (or under a trace).
///   - body: answers -1 and leaves `errno` when it fails.
@discardableResult
package func systemCall(
    _ call: SystemCall, _ path: @autoclosure () -> String, _ body: () -> Int32
) throws(SystemError) -> Int32 {
    try perform(call, path, upTo: 0) { _ in body() }
}

/// Makes a system call that moves bytes, and returns how many it has moved: they may be fewer than `count`.
///
/// - Parameter body: is told how many bytes to move.
package func transfer(
    _ call: SystemCall, _ path: @autoclosure () -> String, upTo count: Int, _ body: (Int) -> Int
) throws(SystemError) -> Int {
    try perform(call, path, upTo: count, body)
}

/// Makes a system call that moves bytes until all of them are moved: after a short write the next one says why.
///
/// - Parameter body: is told the bytes that are left, and how many were moved before.
/// - Throws: what the call says; EIO if it moves nothing and says nothing.
package func transferAll(
    _ call: SystemCall, _ path: @autoclosure () -> String, _ bytes: [UInt8],
    _ body: (UnsafeRawBufferPointer, Int) -> Int
) throws(SystemError) {
    var done = 0
    while done < bytes.count {
        let moved = try transfer(call, path(), upTo: bytes.count - done) { count in
            bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[done..<done + count]), done) }
        }
        if moved == 0 { throw SystemError(call: call.rawValue, path: path(), code: EIO) }
        done += moved
    }
}

private func perform<R: FixedWidthInteger>(
    _ call: SystemCall, _ path: () -> String, upTo count: Int, _ body: (Int) -> R
) throws(SystemError) -> R {
    while true {
        #if DEBUG
            let result = SystemCallTrace.pass(call, path, upTo: count, body)
        #else
            let result = body(count)
        #endif
        if result != -1 { return result }
        // Before anything else, the path's text included, can change it.
        let code = errno
        if code == EINTR && call.isRepeatedAfterInterrupt { continue }
        throw SystemError(call: call.rawValue, path: path(), code: code)
    }
}
