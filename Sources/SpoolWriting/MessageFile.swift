internal import Glibc
package import SpoolSystem

/// A complete message as a file without a name, sealed against change, for a program's standard input.
///
/// A program that reads it can never see a part of a message: the bytes are all there before it starts, and stay
/// if this process is killed.
package final class MessageFile {
    let descriptor: Descriptor
    /// Bytes.
    private(set) var size = 0
    /// A temporary file takes no seals; it has no name either, so nobody else can write to it.
    private let isSealable: Bool

    /// An empty file in memory (memfd_create(2)), or an unlinked temporary file where the kernel has none.
    package init(temporaryDirectory: String = "/tmp") throws(SystemError) {
        let flags = UInt32(MFD_CLOEXEC | MFD_ALLOW_SEALING)
        if let memory = try? systemCall(.memfdCreate, "message", { memfd_create("message", flags) }) {
            descriptor = Descriptor(owning: memory)
            isSealable = true
            return
        }
        var template = Array("\(temporaryDirectory)/message.XXXXXX".utf8CString)
        let temporary = try systemCall(.mkostemp, temporaryDirectory) { mkostemp(&template, O_CLOEXEC) }
        descriptor = Descriptor(owning: temporary)
        isSealable = false
        try systemCall(.unlink, temporaryDirectory) { unlink(template) }
    }

    /// Adds bytes at the end.
    package func append(_ bytes: [UInt8]) throws(SystemError) {
        try transferAll(.write, "message", bytes) { left, _ in
            write(descriptor.number, left.baseAddress, left.count)
        }
        size += bytes.count
    }

    /// Adds the whole of another such file; the kernel copies the bytes (sendfile(2)).
    package func append(_ other: MessageFile) throws(SystemError) {
        var offset: off_t = 0
        while offset < other.size {
            let count = try transfer(.sendfile, "message", upTo: other.size - Int(offset)) { count in
                sendfile(descriptor.number, other.descriptor.number, &offset, count)
            }
            if count == 0 { throw SystemError(call: "sendfile", path: "message", code: EIO) }
        }
        size += other.size
    }

    /// All bytes.
    package func contents() throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: size)
        var done = 0
        while done < size {
            let count = try transfer(.pread, "message", upTo: size - done) { count in
                bytes.withUnsafeMutableBytes { buffer in
                    pread(descriptor.number, buffer.baseAddress.map { $0 + done }, count, off_t(done))
                }
            }
            if count == 0 { throw SystemError(call: "pread", path: "message", code: EIO) }
            done += count
        }
        return bytes
    }

    /// Ends the writing: seals the bytes and goes back to the first.
    package func seal() throws(SystemError) {
        if isSealable {
            let seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL
            try systemCall(.fcntl, "message") { fcntl(descriptor.number, F_ADD_SEALS, seals) }
        }
        try systemCall(.lseek, "message") { lseek(descriptor.number, 0, SEEK_SET) == 0 ? 0 : -1 }
    }
}
