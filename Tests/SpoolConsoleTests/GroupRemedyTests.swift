import Glibc
@testable import SpoolConsole
import SpoolSystem
import TestSupport
import Testing

/// The tests run as root, to whom nothing is closed: the errors are made up, the files are not.
struct GroupRemedyTests {
    private let files: TemporaryFiles
    private let path: String

    /// A directory of somebody else's, for a group that root is not in.
    init() throws {
        files = try TemporaryFiles()
        try files.write("spool/journal/news.journal", [])
        path = files.path + "/spool"
        #expect(chown(path, 1, 2) == 0 && chmod(path, 0o750) == 0)
    }

    private func text(_ path: String) -> String? {
        GroupRemedy.text(for: SystemError(call: "open", path: path, code: EACCES))
    }

    @Test func `who is not in the group that may is told which it is, and how to get in`() throws {
        let group = try #require(ProcessTable.groupName(2))
        let words =
            "it is for the group \(group), and root is not in it: sudo usermod -aG \(group) root, then log in again"
        #expect(text(path) == words)
        let error = SystemError(call: "open", path: path, code: EACCES)
        for failure in [CommandFailure(error), CommandFailure(opening: error, missing: .noInput)] {
            #expect(failure.reasons == ["\(path): Permission denied; \(words)"])
            #expect(failure.status == .noPermission)
        }
    }

    @Test func `nobody is sent into a group that would not help`() {
        #expect(GroupRemedy.text(for: SystemError(call: "open", path: path, code: ENOENT)) == nil)
        #expect(chmod(path, 0o700) == 0)
        #expect(text(path) == nil, "the group may not either")
        #expect(chmod(path, 0o750) == 0 && chown(path, 1, 0) == 0)
        #expect(text(path) == nil, "root's group is not for people")
        #expect(chown(path, 1, 12345) == 0)
        #expect(text(path) == nil, "a group without a name")
        #expect(chown(path, 0, 2) == 0)
        #expect(text(path) == nil, "the owner has other ways")
        #expect(text("nothing/of the kind") == nil)
    }

    @Test func `a group is known by its name and number`() throws {
        let name = try #require(ProcessTable.groupName(0))
        #expect(ProcessTable.groupID(named: name) == 0 && ProcessTable.isMember(of: getegid()))
        #expect(ProcessTable.groupID(named: "no such group") == nil && ProcessTable.groupName(54321) == nil)
        #expect(!ProcessTable.isMember(of: 54321))
    }
}
