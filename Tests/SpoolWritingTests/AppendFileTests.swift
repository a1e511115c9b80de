import Glibc
@testable import SpoolSystem
@testable import SpoolWriting
import TestSupport
import Testing

struct AppendFileTests {
    private let fixture: WritingFixture
    private let path: String

    init() throws {
        fixture = try WritingFixture(["old": "begun;"])
        path = fixture.files.path
    }

    private func file(_ name: String = "a", mode: UInt32 = 0o600, isNew: Bool = false) throws -> AppendFile {
        try AppendFile(in: fixture.directory, FileName(name), mode: mode, isNew: isNew)
    }

    @Test func `short writes are gone on with until everything is written`() throws {
        let text = "a line of some length\n"
        for most in [1, 5, 21] {
            let file = try file("old")
            let before = try fixture.text("old") ?? ""
            let trace = SystemCallTrace(Fault(.write, .short(most), .fromThenOn))
            try trace.run { try file.append(Array(text.utf8)) }
            #expect(try fixture.text("old") == before + text)
            #expect(trace.count(of: .write) == (text.utf8.count + most - 1) / most)
        }
    }

    @Test func `after a short write the next one says why`() throws {
        let file = try file()
        let trace = SystemCallTrace([
            Fault(.write, number: 1, .short(4)), Fault(.write, number: 2, .error(ENOSPC)),
        ])
        #expect(throws: SystemError(call: "write", path: path + "/a", code: ENOSPC)) {
            try trace.run { try file.append(Array("0123456789".utf8)) }
        }
        #expect(try fixture.text("a") == "0123")
        try file.truncate(to: 0)
        try file.append(Array("0123456789".utf8))
        #expect(try fixture.text("a") == "0123456789")
    }

    @Test func `an interrupted write is made again and writes nothing twice`() throws {
        let file = try file()
        let trace = SystemCallTrace([
            Fault(.write, number: 1, .short(3)), Fault(.write, number: 2, .error(EINTR)),
        ])
        try trace.run { try file.append(Array("012345".utf8)) }
        #expect(try fixture.text("a") == "012345")
        #expect(trace.count(of: .write) == 3)
    }

    @Test(arguments: [EIO, EINTR, ENOSPC])
    func `a failed sync is final`(code: Int32) throws {
        let file = try file()
        try file.append([1])
        let trace = SystemCallTrace(Fault(.fdatasync, .error(code)))
        #expect(throws: SystemError(call: "fdatasync", path: path + "/a", code: code)) {
            try trace.run { try file.synchronize() }
        }
        #expect(trace.count(of: .fdatasync) == 1)
    }

    @Test func `room is kept where the file system can, and a full disk is said`() throws {
        let file = try file()
        for code in [EOPNOTSUPP, ENOSYS] {
            try SystemCallTrace(Fault(.fallocate, .error(code))).run { try file.reserve(from: 0, to: 4096) }
        }
        try SystemCallTrace(Fault(.fallocate, .error(EINTR))).run { try file.reserve(from: 0, to: 4096) }
        #expect(try file.status().size == 0)
        #expect(throws: SystemError(call: "fallocate", path: path + "/a", code: ENOSPC)) {
            try SystemCallTrace(Fault(.fallocate, .error(ENOSPC))).run {
                try file.reserve(from: 0, to: 4096)
            }
        }
    }

    @Test func `each call that fails is named, with the file`() throws {
        let uses: [(SystemCall, (AppendFile) throws -> Void)] = [
            (.write, { try $0.append([1]) }), (.ftruncate, { try $0.truncate(to: 0) }),
            (.statx, { _ = try $0.status() }),
        ]
        let file = try file()
        for (call, use) in uses {
            #expect(throws: SystemError(call: call.rawValue, path: path + "/a", code: EIO)) {
                try SystemCallTrace(Fault(call, .error(EIO))).run { try use(file) }
            }
            try SystemCallTrace(Fault(call, .error(EINTR))).run { try use(file) }
        }
        for call in [SystemCall.open, .statx, .fchmod] {
            #expect(throws: SystemError(call: call.rawValue, path: path + "/old", code: EIO)) {
                try SystemCallTrace(Fault(call, .error(EIO))).run { _ = try self.file("old", mode: 0o640) }
            }
        }
    }

    @Test func `the mode is what was asked for, whatever the umask left`() throws {
        for mode: UInt32 in [0o600, 0o644, 0o666, 0o622] {
            _ = try file("of-\(mode)", mode: mode)
            #expect(try fixture.directory.status(of: FileName("of-\(mode)"))?.mode == mode)
        }
    }

    @Test func `only a regular file is appended to`() throws {
        try fixture.files.link("link", to: "old")
        #expect(throws: SystemError(call: "open", path: path + "/link", code: ELOOP)) { try file("link") }
        #expect(mkfifo(path + "/fifo", 0o600) == 0)
        #expect(throws: SystemError(call: "open", path: path + "/fifo", code: ENXIO)) { try file("fifo") }
        let reader = open(path + "/fifo", O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        #expect(throws: SystemError.notRegular(path + "/fifo", .fifo)) { try file("fifo") }
    }

    @Test func `a new file takes the place of one of its name, which keeps its contents elsewhere`() throws {
        try #expect(fixture.text("old") == "begun;")
        #expect(link(path + "/old", path + "/kept") == 0)
        try file("old", isNew: true).append(Array("new".utf8))
        #expect(try fixture.text("old") == "new")
        #expect(try fixture.text("kept") == "begun;")
    }

    @Test func `a new file whose name somebody takes meanwhile is an error`() throws {
        let trace = SystemCallTrace(Fault(.open, .error(EEXIST), .fromThenOn))
        #expect(throws: SystemError(call: "open", path: path + "/a", code: EEXIST)) {
            try trace.run { _ = try file(isNew: true) }
        }
        #expect(trace.count(of: .open) == 2)
    }
}
