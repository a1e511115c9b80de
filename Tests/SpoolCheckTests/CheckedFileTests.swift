import Foundation
@testable import SpoolCheck
import SpoolConsole
@testable import TestSupport
import Testing

struct CheckedFileTests {
    @Test func `what is no file is called what it is, and is no document`() throws {
        let spool = try TestSpool()
        let path = spool.files.path + "/"
        #expect(mkfifo(path + "fifo", 0o600) == 0 && mknod(path + "socket", S_IFSOCK | 0o600, 0) == 0)
        for (name, kind) in [("fifo", "a FIFO"), ("socket", "a socket"), ("files", "a directory")] {
            #expect {
                _ = try CheckedFile(path + name, namedSpool: spool.files.path)
            } throws: { error in
                let failure = error as? CommandFailure
                return failure?.reasons == ["\(path)\(name) is \(kind); name a document"]
                    && failure?.status == .noInput
            }
        }
    }
}
