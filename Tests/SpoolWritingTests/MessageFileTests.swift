import Glibc
@testable import SpoolSystem
@testable import SpoolWriting
import TestSupport
import Testing

/// A kernel that has no files in memory.
private let withoutMemoryFiles = Fault(.memfdCreate, .error(ENOSYS), .fromThenOn)

struct MessageFileTests {
    private func read(_ descriptor: borrowing Descriptor) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 100)
        let count = Glibc.read(descriptor.number, &buffer, buffer.count)
        return Array(buffer.prefix(max(0, count)))
    }

    private func links(_ message: MessageFile) throws -> UInt32 {
        try FileStatus(of: message.descriptor, path: "message").links
    }

    @Test func `a message is complete from its first byte, sealed, and has no name`() throws {
        let message = try MessageFile()
        try message.append(Array("Subject: x\r\n".utf8))
        try message.append(Array("\r\nHello".utf8))
        try message.seal()
        #expect(message.size == 19)
        #expect(read(message.descriptor) == Array("Subject: x\r\n\r\nHello".utf8))
        #expect(try message.contents() == Array("Subject: x\r\n\r\nHello".utf8))
        #expect(write(message.descriptor.number, "x", 1) == -1 && errno == EPERM)
        #expect(ftruncate(message.descriptor.number, 3) == -1 && errno == EPERM)
        #expect(throws: SystemError(call: "write", path: "message", code: EPERM)) {
            try message.append([1])
        }
        #expect(try links(message) == 0)
    }

    /// On the disk and on a tmpfs, whose files answer a seal in another way.
    @Test(arguments: ["/tmp", "/dev/shm"])
    func `without files in memory a message is a temporary file that has lost its name`(directory: String)
        throws
    {
        try SystemCallTrace(withoutMemoryFiles).run {
            let message = try MessageFile(temporaryDirectory: directory)
            try message.append(Array("Hello".utf8))
            try message.seal()
            #expect(read(message.descriptor) == Array("Hello".utf8))
            #expect(try links(message) == 0)
            let status = try FileStatus(of: message.descriptor, path: "message")
            #expect(status.mode == 0o600 && status.kind == .regular)
        }
    }

    @Test func `a temporary file that cannot be made, or keeps its name, is an error`() throws {
        let fixture = try WritingFixture()
        for call in [SystemCall.mkostemp, .unlink] {
            let trace = SystemCallTrace([withoutMemoryFiles, Fault(call, .error(EROFS))])
            #expect(throws: SystemError(call: call.rawValue, path: fixture.files.path, code: EROFS)) {
                try trace.run { _ = try MessageFile(temporaryDirectory: fixture.files.path) }
            }
        }
    }

    @Test func `another message is copied whole, in however many pieces`() throws {
        let attachment = try MessageFile()
        try attachment.append(Array("0123456789".utf8))
        for circumstances in [[], [withoutMemoryFiles]] {
            let faults =
                circumstances + [
                    Fault(.sendfile, number: 1, .short(4)), Fault(.sendfile, number: 2, .error(EINTR)),
                    Fault(.sendfile, number: 3, .short(1)),
                ]
            let trace = SystemCallTrace(faults)
            let bytes = try trace.run {
                let message = try MessageFile()
                try message.append(Array("<".utf8))
                try message.append(attachment)
                try message.append(Array(">".utf8))
                try message.seal()
                return try message.contents()
            }
            #expect(bytes == Array("<0123456789>".utf8))
            #expect(trace.count(of: .sendfile) == 4)
        }
    }

    @Test func `a message is complete, or an error says that it is not`() throws {
        let attachment = try MessageFile()
        try attachment.append(Array("0123456789".utf8))
        for circumstances in [[], [withoutMemoryFiles]] {
            let strikes = try sweepFaults(
                [.error(ENOSPC), .error(EINTR), .short(3), .short(0)], under: circumstances,
                prepare: { Made() },
                operation: { made in
                    made.message = nil
                    let message = try MessageFile()
                    try message.append(Array("Subject: x\r\n\r\n".utf8))
                    try message.append(attachment)
                    try message.seal()
                    made.message = message
                },
                check: { made, outcome in
                    if let message = made.message {
                        #expect(read(message.descriptor) == Array("Subject: x\r\n\r\n0123456789".utf8))
                        #expect(outcome.error == nil, "\(outcome)")
                        // Without memory it goes into a file.
                        #expect(outcome.failed.allSatisfy { $0.call == .memfdCreate }, "\(outcome)")
                    } else {
                        #expect(outcome.error is SystemError, "\(outcome)")
                    }
                })
            #expect(strikes > 15)
        }
    }

    private final class Made {
        var message: MessageFile?
    }

    @Test func `what reads short is read on, and what is not there is an error`() throws {
        let message = try MessageFile()
        try message.append(Array("0123456789".utf8))
        let pieces = SystemCallTrace(Fault(.pread, .short(3), .fromThenOn))
        #expect(try pieces.run { try message.contents() } == Array("0123456789".utf8))
        for (effect, code) in [(Fault.Effect.short(0), EIO), (.error(EBADF), EBADF)] {
            let trace = SystemCallTrace([
                Fault(.pread, number: 1, .short(3)), Fault(.pread, number: 2, effect),
            ])
            #expect(throws: SystemError(call: "pread", path: "message", code: code)) {
                try trace.run { try message.contents() }
            }
        }
    }

    @Test func `a message is appended to a file that was made new by the kernel, in however many pieces`()
        throws
    {
        let fixture = try WritingFixture()
        let message = try MessageFile()
        try message.append(Array("0123456789".utf8))
        try message.seal()
        let file = try AppendFile(in: fixture.directory, FileName("new"), mode: 0o600, isNew: true)
        try file.append(Array("<".utf8))
        let trace = SystemCallTrace([
            Fault(.sendfile, number: 1, .short(4)), Fault(.sendfile, number: 2, .error(EINTR)),
        ])
        try trace.run { try file.append(message) }
        try file.append(Array(">".utf8))
        #expect(try fixture.directory.open(FileName("new")).contents() == Array("<0123456789>".utf8))
        #expect(trace.calls.map(\.call) == [.sendfile, .sendfile, .sendfile])
        let full = SystemCallTrace(Fault(.sendfile, .error(ENOSPC)))
        #expect(throws: SystemError.self) { try full.run { try file.append(message) } }
    }

    @Test(arguments: [EMFILE, ENFILE, ENOMEM])
    func `where descriptors or memory have run out no other way is tried`(code: Int32) {
        let trace = SystemCallTrace(Fault(.memfdCreate, .error(code)))
        let error = #expect(throws: SystemError.self) { try trace.run { _ = try MessageFile() } }
        #expect(error?.isShortage == true && trace.calls.count == 1)
    }
}
