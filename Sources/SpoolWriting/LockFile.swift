internal import Glibc
package import SpoolSystem

/// A file that is there to be locked (flock(2)).
///
/// The lock belongs to the open file: children that inherit the descriptor hold it too, and it ends when the
/// last of them has closed it, or at once when anybody unlocks it.
package final class LockFile: Sendable {
    let descriptor: Descriptor
    private let directory: Directory
    private let name: FileName

    /// Opens the file, making it with mode 0600: whoever may open it may lock it, and that is its owner alone.
    ///
    /// - Parameter isReadOnly: whoever inherits it can hold the lock and write nothing.
    package init(in directory: Directory, _ name: FileName, isReadOnly: Bool = false) throws(SystemError) {
        self.directory = directory
        self.name = name
        let flags =
            (isReadOnly ? O_RDONLY : O_RDWR) | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        let number = try systemCall(.open, directory.path(of: name)) {
            name.withCString { openat(directory.descriptor.number, $0, flags, 0o600) }
        }
        descriptor = Descriptor(owning: number)
    }

    /// Takes the lock if it is free; false if somebody else has it.
    package func take() throws(SystemError) -> Bool {
        do throws(SystemError) {
            try systemCall(.flock, path) { flock(descriptor.number, LOCK_EX | LOCK_NB) }
            return true
        } catch  where error.wouldBlock {
            return false
        }
    }

    /// Waits for the lock.
    package func takeWaiting() throws(SystemError) {
        try systemCall(.flock, path) { flock(descriptor.number, LOCK_EX) }
    }

    /// Frees the lock, for every process that has inherited it as well.
    package func release() {
        _ = try? systemCall(.flock, path) { flock(descriptor.number, LOCK_UN) }
    }

    /// Whether the path still names this very file: a lock on a file that somebody has replaced excludes nobody.
    package func isInPlace() throws(SystemError) -> Bool {
        let ours = try FileStatus(of: descriptor, path: path)
        guard let named = try directory.status(of: name) else { return false }
        return ours.inode == named.inode && ours.birth == named.birth
    }

    /// Overwrites bytes at a place; not durable (pwrite(2)).
    package func write(_ bytes: [UInt8], at offset: Int) throws(SystemError) {
        try transferAll(.pwrite, path, bytes) { left, done in
            pwrite(descriptor.number, left.baseAddress, left.count, off_t(offset + done))
        }
    }

    /// All that was written into it, at most 64 KiB.
    package func contents() throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = try transfer(.pread, path, upTo: bytes.count) { count in
            bytes.withUnsafeMutableBytes { pread(descriptor.number, $0.baseAddress, count, 0) }
        }
        return Array(bytes.prefix(count))
    }

    private var path: String { directory.path(of: name) }
}
