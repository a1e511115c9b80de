internal import Glibc
package import SpoolSystem

/// A complete message as a file without a name, sealed against change, for a program's standard input.
///
/// A program that reads it can never see a part of a message: the bytes are all there before it starts, and stay
/// if this process is killed.
package final class MessageFile {
    package let descriptor: Descriptor
    /// Bytes.
    package private(set) var size = 0

    /// An empty file in memory (memfd_create(2)), or an unlinked temporary file where the kernel has none.
    package init(temporaryDirectory: String = "/tmp") throws(SystemError) {
        let memory = memfd_create("message", UInt32(MFD_CLOEXEC | MFD_ALLOW_SEALING))
        if memory >= 0 {
            descriptor = Descriptor(owning: memory)
            return
        }
        var template = Array("\(temporaryDirectory)/message.XXXXXX".utf8CString)
        let temporary = mkostemp(&template, O_CLOEXEC)
        if temporary < 0 { throw .last("mkostemp", temporaryDirectory) }
        unlink(template)
        descriptor = Descriptor(owning: temporary)
    }

    /// Adds bytes at the end.
    package func append(_ bytes: [UInt8]) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                retryingOnInterrupt {
                    write(
                        descriptor.number, buffer.baseAddress.map { $0 + written }, bytes.count - written)
                }
            }
            if count < 0 { throw .last("write", "message") }
            written += count
        }
        size += bytes.count
    }

    /// Adds the whole of another such file; the kernel copies the bytes (sendfile(2)).
    package func append(_ other: MessageFile) throws(SystemError) {
        var offset: off_t = 0
        while offset < other.size {
            let count = retryingOnInterrupt {
                sendfile(descriptor.number, other.descriptor.number, &offset, other.size - Int(offset))
            }
            if count < 0 { throw .last("sendfile", "message") }
            if count == 0 { throw SystemError(call: "sendfile", path: "message", code: EIO) }
        }
        size += other.size
    }

    /// All bytes.
    package func contents() throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: size)
        var done = 0
        while done < size {
            let count = bytes.withUnsafeMutableBytes { buffer in
                retryingOnInterrupt {
                    pread(descriptor.number, buffer.baseAddress.map { $0 + done }, size - done, off_t(done))
                }
            }
            if count <= 0 { throw .last("pread", "message") }
            done += count
        }
        return bytes
    }

    /// Ends the writing: seals the bytes and goes back to the first.
    package func seal() throws(SystemError) {
        // A temporary file knows no seals (EINVAL); it has no name either, so nobody else can write to it.
        let sealed = fcntl(
            descriptor.number, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL)
        if sealed != 0 && errno != EINVAL { throw .last("fcntl", "message") }
        if lseek(descriptor.number, 0, SEEK_SET) != 0 { throw .last("lseek", "message") }
    }
}
