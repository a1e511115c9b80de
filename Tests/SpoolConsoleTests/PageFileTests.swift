@testable import SpoolConsole
import TestSupport
import Testing

struct PageFileTests {
    @Test func `a page that cannot be made is called as it was named`() throws {
        let files = try TemporaryFiles()
        for path in [files.path + "/none/page.html", "/proc/page.html"] {
            let failure = #expect(throws: CommandFailure.self) { try PageFile(path).replace(with: "x") }
            #expect(failure?.reasons == ["\(path) cannot be made: No such file or directory"])
            #expect(failure?.status == .cannotCreate)
        }
    }
}
