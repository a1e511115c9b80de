@testable import SpoolConsole
@testable import SpoolSystem
import Testing

struct CommandTests {
    @Test(arguments: [
        (SystemError.missing("x"), SpoolConsole.ExitStatus.noInput), (.notRegular("x", .fifo), .ioError),
        (SystemError(call: "open", path: "x", code: 13), .noPermission),
        (SystemError(call: "open", path: "x", code: 1), .noPermission),
        (SystemError(call: "write", path: "x", code: 28), .ioError),
    ])
    func `a failed system call has its exit status`(error: SystemError, status: SpoolConsole.ExitStatus) {
        #expect(SpoolConsole.ExitStatus(error, missing: .noInput) == status)
        let failure = CommandFailure(opening: error, missing: .noInput)
        #expect(failure.status == status)
        #expect(failure.reasons.count == 1 && failure.reasons[0].hasPrefix(error.description))
        #expect(failure.reasons[0].contains("is this a spool?") == (status == .noInput))
        let file = CommandFailure(
            opening: SystemError(call: "open", path: "x", code: 20), missing: .noInput)
        #expect(
            file.reasons == ["x: Not a directory; name the directory of a spool"] && file.status == .noInput)
        #expect(CommandFailure(error).status == (status == .noInput ? .ioError : status))
        let link = CommandFailure(
            opening: SystemError(call: "open", path: "x", code: 40), missing: .noInput)
        #expect(link.status == .configuration && link.reasons[0].contains("in its place"))
    }

    @Test(arguments: [
        ("news.json", ".", "news.json"), ("a/b/news.json", "a/b/", "news.json"), ("/x", "/", "x"),
        ("a/", "a/", ""), ("", ".", ""),
    ])
    func `a path is taken apart at its last slash`(path: String, directory: String, name: String) {
        let parts = SplitPath(path)
        #expect(parts.directory == directory && parts.name == FileName(name))
    }
}
