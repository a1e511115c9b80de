import Glibc
@testable import SpoolSystem
@testable import SpoolWriting
import TestSupport
import Testing

struct DirectoryChangesTests {
    private let fixture: WritingFixture
    private let path: String

    init() throws {
        fixture = try WritingFixture(["a": ""])
        path = fixture.files.path
    }

    @Test func `a path is made with all that is missing above it`() throws {
        _ = try Directory(makingAt: path + "/one/two")
        _ = try Directory(makingAt: path + "/one/two")
        #expect(try fixture.directory.directory("one").names() == [FileName("two")])
        #expect(throws: SystemError(call: "open", path: path + "/a", code: ENOTDIR)) {
            try Directory(makingAt: path + "/a")
        }
    }

    @Test func `a directory has the mode that was asked for, and one that is there is left alone`() throws {
        #expect(try fixture.directory.makeDirectory("wide", mode: 0o777))
        #expect(try fixture.directory.status(of: FileName("wide"))?.mode == 0o777)
        #expect(try !fixture.directory.makeDirectory("wide", mode: 0o700))
        #expect(try fixture.directory.status(of: FileName("wide"))?.mode == 0o777)
        #expect(try !fixture.directory.makeDirectory("a", mode: 0o700))
    }

    @Test func `what is given to a group has the bits that were asked for, whatever it had`() throws {
        _ = try fixture.directory.makeDirectory("ours", mode: 0o700)
        try fixture.directory.give("ours", to: 12345, mode: 0o2770)
        try fixture.directory.give(".", to: 12346, mode: 0o750)
        let inside = try #require(try fixture.directory.status(of: FileName("ours")))
        #expect(inside.mode == 0o2770 && inside.group == 12345 && inside.owner == geteuid())
        let itself = try fixture.directory.status()
        #expect(itself.mode == 0o750 && itself.group == 12346)
    }

    @Test func `each call that fails is named, with what it was made on`() throws {
        let uses: [(SystemCall, String, (Directory) throws -> Void)] = [
            (.mkdir, "/new", { _ = try $0.makeDirectory("new", mode: 0o700) }),
            (.chmod, "/other", { _ = try $0.makeDirectory("other", mode: 0o700) }),
            (.chown, "/a", { try $0.give("a", to: 0, mode: 0o600) }),
            (.chmod, "", { try $0.give(".", to: 0, mode: 0o700) }),
            (.unlink, "/a", { try $0.remove(FileName("a")) }),
            (.fsync, "", { try $0.synchronize() }),
        ]
        for code in [EIO, EINTR, ENOSPC] {
            for (call, name, use) in uses {
                _ = rmdir(path + "/other")
                let trace = SystemCallTrace(Fault(call, .error(code)))
                #expect(throws: SystemError(call: call.rawValue, path: path + name, code: code)) {
                    try trace.run { try use(fixture.directory) }
                }
                #expect(trace.count(of: call) == 1)
            }
        }
        #expect(throws: SystemError(call: "mkdir", path: path + "/x", code: EROFS)) {
            try SystemCallTrace(Fault(.mkdir, number: path.count { $0 == "/" } + 1, .error(EROFS))).run {
                _ = try Directory(makingAt: path + "/x/y")
            }
        }
    }

    @Test func `to remove what is not there is no error`() throws {
        #expect(try fixture.directory.remove(FileName("a")))
        #expect(try !fixture.directory.remove(FileName("a")))
    }
}
