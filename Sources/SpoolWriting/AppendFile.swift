internal import Glibc
package import SpoolSystem

/// A file that only grows, save for a damaged tail that is cut off.
package final class AppendFile: Sendable {
    private let descriptor: Descriptor
    /// Where it lies, for messages.
    package let path: String

    /// Opens a file for appending, making it if needed with exactly `mode` whatever the umask; never follows a
    /// symbolic link, never waits on a FIFO.
    package init(
        in directory: Directory, _ name: FileName, mode: UInt32, truncating: Bool = false
    ) throws(SystemError) {
        path = directory.path(of: name)
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        let number = name.withCString { name in
            retryingOnInterrupt {
                openat(directory.descriptor.number, name, flags | (truncating ? O_TRUNC : 0), mode)
            }
        }
        if number < 0 { throw .last("open", path) }
        descriptor = Descriptor(owning: number)
        guard let status = FileStatus.ask(descriptor.number, "", follow: true) else {
            throw .last("statx", path)
        }
        if status.kind != .regular { throw SystemError(call: "open", path: path, code: EINVAL) }
        if status.mode != mode, status.owner == geteuid(), fchmod(descriptor.number, mode) != 0 {
            throw .last("fchmod", path)
        }
    }

    /// Appends all bytes; after an error any part of them may stand at the end (write(2)).
    package func append(_ bytes: [UInt8]) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                retryingOnInterrupt {
                    write(
                        descriptor.number, buffer.baseAddress.map { $0 + written }, bytes.count - written)
                }
            }
            if count < 0 { throw .last("write", path) }
            written += count
        }
    }

    /// Cuts the file to a length in bytes (ftruncate(2)).
    package func truncate(to length: Int) throws(SystemError) {
        if retryingOnInterrupt({ ftruncate(descriptor.number, off_t(length)) }) != 0 {
            throw .last("ftruncate", path)
        }
    }

    /// Keeps room on the disk for bytes that are still to be appended, without changing the file's length
    /// (fallocate(2) with FALLOC_FL_KEEP_SIZE); does nothing where the file system cannot.
    package func reserve(from start: Int, to end: Int) throws(SystemError) {
        let result = retryingOnInterrupt {
            fallocate(descriptor.number, FALLOC_FL_KEEP_SIZE, off_t(start), off_t(end - start))
        }
        if result != 0 && errno != EOPNOTSUPP && errno != ENOSYS { throw .last("fallocate", path) }
    }

    /// Writes what was appended to the disk; durable when it returns (fdatasync(2)).
    ///
    /// A failure is final: the kernel may have dropped the pages, and a second call would say that all is well.
    package func synchronize() throws(SystemError) {
        if fdatasync(descriptor.number) != 0 { throw .last("fdatasync", path) }
    }

    /// What the file is now.
    package func status() throws(SystemError) -> FileStatus {
        guard let status = FileStatus.ask(descriptor.number, "", follow: true) else {
            throw .last("statx", path)
        }
        return status
    }
}
