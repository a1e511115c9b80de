internal import Glibc
package import SpoolSystem

/// A file that is there to be locked (flock(2)).
///
/// The lock belongs to the open file: children that inherit the descriptor hold it too, and it ends when the
/// last of them has closed it, or at once when anybody unlocks it.
package final class LockFile: Sendable {
    package let descriptor: Descriptor
    private let directory: Directory
    private let name: FileName

    /// Opens the file, making it with mode 0600: whoever may open it may lock it, and that is its owner alone.
    package init(in directory: Directory, _ name: FileName) throws(SystemError) {
        self.directory = directory
        self.name = name
        let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        let number = name.withCString { name in
            retryingOnInterrupt { openat(directory.descriptor.number, name, flags, 0o600) }
        }
        if number < 0 { throw .last("open", directory.path(of: name)) }
        descriptor = Descriptor(owning: number)
    }

    /// Takes the lock if it is free; false if somebody else has it.
    package func take() throws(SystemError) -> Bool {
        if retryingOnInterrupt({ flock(descriptor.number, LOCK_EX | LOCK_NB) }) == 0 { return true }
        let error = SystemError.last("flock", directory.path(of: name))
        if error.wouldBlock { return false }
        throw error
    }

    /// Waits for the lock.
    package func takeWaiting() throws(SystemError) {
        if retryingOnInterrupt({ flock(descriptor.number, LOCK_EX) }) != 0 {
            throw .last("flock", directory.path(of: name))
        }
    }

    /// Frees the lock, for every process that has inherited it as well.
    package func release() {
        flock(descriptor.number, LOCK_UN)
    }

    /// Whether the path still names this very file: a lock on a file that somebody has replaced excludes nobody.
    package func isInPlace() throws(SystemError) -> Bool {
        guard let ours = FileStatus.ask(descriptor.number, "", follow: true),
            let named = try directory.status(of: name)
        else { return false }
        return ours.inode == named.inode && ours.birth == named.birth
    }

    /// Overwrites bytes at a place; not durable (pwrite(2)).
    package func write(_ bytes: [UInt8], at offset: Int) throws(SystemError) {
        let count = bytes.withUnsafeBytes { buffer in
            retryingOnInterrupt { pwrite(descriptor.number, buffer.baseAddress, buffer.count, offset) }
        }
        if count != bytes.count { throw .last("pwrite", directory.path(of: name)) }
    }

    /// All that was written into it, at most 64 KiB.
    package func contents() throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = bytes.withUnsafeMutableBytes { buffer in
            retryingOnInterrupt { pread(descriptor.number, buffer.baseAddress, buffer.count, 0) }
        }
        if count < 0 { throw .last("pread", directory.path(of: name)) }
        return Array(bytes.prefix(count))
    }
}
