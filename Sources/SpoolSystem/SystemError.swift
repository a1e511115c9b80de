internal import Glibc

/// A system call that failed: which one, on what, and why. People are told of the object and the reason only.
package struct SystemError: Error, Equatable, CustomStringConvertible {
    /// The name of the system call or C function, as in its manual page.
    package let call: String
    /// What it was called on, for people: a path where there is one.
    package let path: String
    /// The `errno` it left.
    package let code: Int32
    /// What the object is instead of a regular file.
    package private(set) var kind: FileStatus.Kind?

    /// Makes an error of a call, its object and the `errno` it left.
    package init(call: String, path: String, code: Int32) {
        self.call = call
        self.path = path
        self.code = code
    }

    /// The object at a path is not the one that was seen there before: ESTALE.
    package static func stale(_ path: String) -> SystemError {
        SystemError(call: "statx", path: path, code: ESTALE)
    }

    /// The object is no regular file: EINVAL.
    package static func notRegular(_ path: String, _ kind: FileStatus.Kind) -> SystemError {
        var error = SystemError(call: "open", path: path, code: EINVAL)
        error.kind = kind
        return error
    }

    /// There is no such object: ENOENT.
    package static func missing(_ path: String) -> SystemError {
        SystemError(call: "statx", path: path, code: ENOENT)
    }

    /// The error's text, as `strerror(3)` says it, or what the object is that should be a file.
    package var reason: String {
        if let kind = isLink ? .symbolicLink : kind { return "it is \(kind.name)" }
        return code == EBADF ? "it is closed" : String(cString: strerror(code))
    }

    /// "path: reason".
    package var description: String { "\(path): \(reason)" }

    /// The object does not exist: ENOENT or ENOTDIR.
    package var isMissing: Bool { code == ENOENT || code == ENOTDIR }

    /// Something on the way is no directory: ENOTDIR.
    package var isNoDirectory: Bool { code == ENOTDIR }

    /// The target exists already: EEXIST or ENOTEMPTY.
    package var isOccupied: Bool { code == EEXIST || code == ENOTEMPTY }

    /// Permission is missing: EACCES or EPERM.
    package var isForbidden: Bool { code == EACCES || code == EPERM }

    /// The path leads out of the directory that it must stay below: EXDEV, or ELOOP.
    package var leadsOut: Bool { code == EXDEV || code == ELOOP }

    /// A symbolic link stands where none may: ELOOP.
    package var isLink: Bool { code == ELOOP }

    /// The object is a socket, or a device that is not there: ENXIO.
    var cannotBeOpened: Bool { code == ENXIO }

    /// Nobody reads at the other end of the pipe any more: EPIPE.
    package var isClosedPipe: Bool { code == EPIPE }

    /// The disk itself fails or is full: EIO, ENOSPC, EROFS, EDQUOT.
    package var isDiskError: Bool {
        [EIO, ENOSPC, EROFS, EDQUOT].contains(code)
    }

    /// The machine has no descriptors, no memory or no processes left for it now: EMFILE, ENFILE, ENOMEM, and EAGAIN of
    /// a start. It says nothing of the object.
    package var isShortage: Bool {
        [EMFILE, ENFILE, ENOMEM].contains(code)
            || (code == EAGAIN && call == SystemCall.posixSpawn.rawValue)
    }

    /// A shortage of descriptors at a path.
    package static func noDescriptors(_ path: String) -> SystemError {
        SystemError(call: "open", path: path, code: EMFILE)
    }

    /// What there is none of, if it is a shortage, and what sets the limit.
    package var missingResource: (what: String, remedy: String) {
        switch code {
        case EMFILE, ENFILE: ("no file descriptors are left", "raise the limit of open files (ulimit -n)")
        case ENOMEM: ("no memory is left", "give it more memory")
        default: ("no further process can be started", "raise the limit of processes (ulimit -u)")
        }
    }

    /// Nothing can be read as yet, or somebody else has the lock: EAGAIN.
    package var wouldBlock: Bool { code == EAGAIN || code == EWOULDBLOCK }
}
