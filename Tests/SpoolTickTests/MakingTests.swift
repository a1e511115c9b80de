import Foundation
@testable import SpoolConsole
@testable import SpoolStore
@testable import SpoolSystem
@testable import SpoolTick
@testable import TestSupport
import Testing

/// `--init` where no spool can be made.
struct MakingTests {
    private func failure(_ path: String) throws -> CommandFailure {
        let error = try #require(
            #expect(throws: SystemError.self) { try SpoolDirectory.make(at: path, configuration: []) })
        return Tick.makingFailure(error, at: path)
    }

    @Test func `what stands in the way is named`() throws {
        let files = try TemporaryFiles()
        try files.write("file", [])
        #expect(mkfifo(files.path + "/fifo", 0o600) == 0)
        for (name, kind) in [("file", "a file"), ("fifo", "a FIFO")] {
            let failure = try failure("\(files.path)/\(name)")
            #expect(failure.reasons == ["\(files.path)/\(name) is \(kind); name a directory for the spool"])
            #expect(failure.status == .cannotCreate)
        }
        let below = try failure(files.path + "/file/spool")
        #expect(below.status == .cannotCreate && below.reasons[0].contains("name a place"), "\(below)")
    }

    @Test func `where the kernel makes no directories, another place is asked for`() throws {
        let failure = try failure("/proc/spool")
        #expect(
            failure.reasons == [
                "/proc/spool cannot be made there; name a place where directories can be made"
            ])
        #expect(failure.status == .cannotCreate)
    }

    @Test func `without the right to make it the command is said that does`() throws {
        let files = try TemporaryFiles()
        let path = files.path + "/a spool"
        let denied = SystemError(call: "mkdir", path: path, code: EACCES)
        let failure = Tick.makingFailure(denied, at: path)
        #expect(
            failure.reasons == [
                "\(path) cannot be made: Permission denied; make it with: "
                    + "sudo install -d -o \"$USER\" '\(path)', and run this again"
            ])
        #expect(failure.status == .noPermission)
        // Somebody else's directory is not given away.
        let inside = Tick.makingFailure(
            SystemError(call: "mkdir", path: files.path + "/done", code: EACCES), at: files.path)
        #expect(inside.status == .noPermission && !inside.reasons[0].contains("sudo"), "\(inside)")
    }

    @Test func `the outcome of a mailing says who failed and who was passed over`() {
        var counts = MailingCounts()
        #expect(TickLoop.outcome(counts) == "0 sent")
        (counts.sent, counts.failed, counts.duplicate, counts.late) = (1200, 1, 2, 1)
        #expect(TickLoop.outcome(counts) == "1,200 sent, 1 failed, 3 skipped")
    }
}
