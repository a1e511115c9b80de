internal import Glibc
package import SpoolSystem

/// A file that only grows, save for a damaged tail that is cut off.
package final class AppendFile: Sendable {
    private let descriptor: Descriptor
    /// Where it lies, for messages.
    let path: String

    /// Opens a file for appending, making it if needed with exactly `mode` whatever the umask; never follows a
    /// symbolic link, never waits on a FIFO.
    ///
    /// - Parameters:
    ///   - isNew: begin with an empty file. One of that name is never written into: it may be what a crash has left of a
    ///     link, and so another file that counts.
    ///   - mayTakeAway: whether one of that name is taken away, where it can only be what we have left; else it is an
    ///     error (EEXIST).
    package init(
        in directory: Directory, _ name: FileName, mode: UInt32, isNew: Bool = false, mayTakeAway: Bool = true
    ) throws(SystemError) {
        path = directory.path(of: name)
        do throws(SystemError) {
            // The kernel copies from one file into another only where that does not append (sendfile(2)).
            descriptor = try AppendFile.open(name, in: directory, mode, isNew ? O_EXCL : O_APPEND)
        } catch  where isNew && mayTakeAway && error.isOccupied {
            try directory.remove(name)
            descriptor = try AppendFile.open(name, in: directory, mode, O_EXCL)
        }
        let status = try FileStatus(of: descriptor, path: path)
        if status.kind != .regular { throw .notRegular(path, status.kind) }
        if status.mode != mode, status.owner == geteuid() {
            try systemCall(.fchmod, path) { fchmod(descriptor.number, mode) }
        }
    }

    private static func open(
        _ name: FileName, in directory: Directory, _ mode: UInt32, _ more: Int32
    ) throws(SystemError) -> Descriptor {
        let flags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | more
        let number = try systemCall(.open, directory.path(of: name)) {
            name.withCString { openat(directory.descriptor.number, $0, flags, mode) }
        }
        return Descriptor(owning: number)
    }

    /// Appends all bytes; after an error any part of them may stand at the end (write(2)).
    package func append(_ bytes: [UInt8]) throws(SystemError) {
        try transferAll(.write, path, bytes) { left, _ in
            write(descriptor.number, left.baseAddress, left.count)
        }
    }

    /// Appends the whole of a message to a file that was made new; the kernel copies the bytes (sendfile(2)).
    package func append(_ message: MessageFile) throws(SystemError) {
        try message.copy(to: descriptor, path)
    }

    /// Whether its descriptor is one of the last that there are.
    package var isLastResort: Bool { DescriptorLimit.isNearlyReached(by: descriptor.number) }

    /// Cuts the file to a length in bytes (ftruncate(2)).
    package func truncate(to length: Int) throws(SystemError) {
        try systemCall(.ftruncate, path) { ftruncate(descriptor.number, off_t(length)) }
    }

    /// Keeps room on the disk for bytes that are still to be appended, without changing the file's length
    /// (fallocate(2) with FALLOC_FL_KEEP_SIZE); does nothing where the file system cannot.
    package func reserve(from start: Int, to end: Int) throws(SystemError) {
        do throws(SystemError) {
            try systemCall(.fallocate, path) {
                fallocate(descriptor.number, FALLOC_FL_KEEP_SIZE, off_t(start), off_t(end - start))
            }
        } catch  where error.code == EOPNOTSUPP || error.code == ENOSYS {
            return
        }
    }

    /// Writes what was appended to the disk; durable when it returns (fdatasync(2)).
    ///
    /// A failure is final: the kernel may have dropped the pages, and a second call would say that all is well.
    package func synchronize() throws(SystemError) {
        try systemCall(.fdatasync, path) { fdatasync(descriptor.number) }
    }

    /// What the file is now.
    package func status() throws(SystemError) -> FileStatus {
        try FileStatus(of: descriptor, path: path)
    }
}
