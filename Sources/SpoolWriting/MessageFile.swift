internal import Glibc
package import SpoolSystem
internal import Synchronization

/// A complete message as a file without a name, sealed against change, for a program's standard input.
///
/// A program that reads it can never see a part of a message: the bytes are all there before it starts, and stay
/// if this process is killed.
package final class MessageFile: Sendable {
    let descriptor: Descriptor
    private let written = Atomic(0)
    /// A temporary file takes no seals; it has no name either, so nobody else can write to it.
    private let isSealable: Bool

    /// An empty file in memory (memfd_create(2)), or an unlinked temporary file where the kernel has none.
    package init(temporaryDirectory: String = "/tmp") throws(SystemError) {
        if let memory = try MessageFile.inMemory() {
            if DescriptorLimit.isNearlyReached(by: memory.number) { throw .noDescriptors("message") }
            descriptor = memory
            isSealable = true
            return
        }
        var template = Array("\(temporaryDirectory)/message.XXXXXX".utf8CString)
        let temporary = try systemCall(.mkostemp, temporaryDirectory) { mkostemp(&template, O_CLOEXEC) }
        descriptor = Descriptor(owning: temporary)
        isSealable = false
        try systemCall(.unlink, temporaryDirectory) { unlink(template) }
    }

    /// Nil where the kernel has none.
    private static func inMemory() throws(SystemError) -> Descriptor? {
        let flags = UInt32(MFD_CLOEXEC | MFD_ALLOW_SEALING)
        do throws(SystemError) {
            return Descriptor(
                owning: try systemCall(.memfdCreate, "message") { memfd_create("message", flags) })
        } catch {
            if error.isShortage { throw error }
            return nil
        }
    }

    /// Bytes.
    package var size: Int { written.load(ordering: .relaxed) }

    /// Adds bytes at the end.
    package func append(_ bytes: [UInt8]) throws(SystemError) {
        try transferAll(.write, "message", bytes) { left, _ in
            write(descriptor.number, left.baseAddress, left.count)
        }
        written.add(bytes.count, ordering: .relaxed)
    }

    /// Adds the whole of another such file; the kernel copies the bytes (sendfile(2)).
    package func append(_ other: MessageFile) throws(SystemError) {
        try other.copy(to: descriptor, "message")
        written.add(other.size, ordering: .relaxed)
    }

    /// Copies all bytes to the place at which another file is being written.
    func copy(to target: borrowing Descriptor, _ path: String) throws(SystemError) {
        let (size, number) = (size, target.number)
        var offset: off_t = 0
        while offset < size {
            let count = try transfer(.sendfile, path, upTo: size - Int(offset)) { count in
                sendfile(number, descriptor.number, &offset, count)
            }
            if count == 0 { throw SystemError(call: "sendfile", path: path, code: EIO) }
        }
    }

    /// All bytes.
    package func contents() throws(SystemError) -> [UInt8] {
        let size = size
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
