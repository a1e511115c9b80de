internal import Glibc

/// A file opened for reading; safe to read from several threads, since every read names its place.
package final class File: Sendable {
    package let descriptor: Descriptor
    /// Where it was found, for messages.
    package let path: String

    package init(_ descriptor: consuming Descriptor, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// The contents of a file of the machine's, by its whole path; nil if it cannot be read.
    package static func contents(ofPath path: String) -> [UInt8]? {
        let number = retryingOnInterrupt { Glibc.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) }
        if number < 0 { return nil }
        return try? File(Descriptor(owning: number), path: path).contents()
    }

    /// Whether this process may run the file at a path (access(2)).
    package static func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 }

    /// Reads up to the buffer's size at `offset`; 0 at the end (pread(2)).
    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(SystemError) -> Int {
        let count = retryingOnInterrupt { pread(descriptor.number, buffer.baseAddress, buffer.count, offset) }
        if count < 0 { throw .last("pread", path) }
        return count
    }

    /// Reads all bytes from `offset`, at most `limit` of them.
    package func contents(from offset: Int = 0, limit: Int = .max) throws(SystemError) -> [UInt8] {
        let size = Int(try status().size)
        var bytes: [UInt8] = []
        var wanted = min(limit, max(size - offset, 0) + 1)
        while wanted > 0 {
            let start = bytes.count
            bytes.append(contentsOf: repeatElement(0, count: min(wanted, 1 << 20)))
            let chunk = bytes.count - start
            var failure: SystemError?
            let count = bytes.withUnsafeMutableBytes { buffer in
                do throws(SystemError) {
                    return try read(into: .init(rebasing: buffer[start...]), at: offset + start)
                } catch {
                    failure = error
                    return 0
                }
            }
            if let failure { throw failure }
            bytes.removeLast(chunk - count)
            if count == 0 { break }
            // The file may have grown since its size was asked for.
            wanted = min(limit - bytes.count, max(size - offset - bytes.count, 0) + 1)
        }
        return bytes
    }

    /// What the file is now (statx(2) on the open descriptor).
    package func status() throws(SystemError) -> FileStatus {
        guard let status = FileStatus.ask(descriptor.number, "", follow: true) else {
            throw .last("statx", path)
        }
        return status
    }
}
