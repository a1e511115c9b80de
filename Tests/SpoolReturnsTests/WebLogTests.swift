import Foundation
import SpoolConsole
import SpoolMail
import SpoolSchedule
@testable import SpoolReturns
import SpoolStore
import TestSupport
import Testing

/// People who leave by the web, through whatever happens to a log.
struct WebLogTests {
    private let returned: ReturnsSpool
    private let files: TemporaryFiles

    init() throws {
        returned = try ReturnsSpool()
        files = returned.spool.files
        try returned.configure(#"{"webLogs": ["web/log"]}"#)
    }

    private func post(_ address: String, _ method: String = "POST") throws -> String {
        "2026 \(method) /leave?t=\(try returned.token(.unsubscribe, address)) 204\n"
    }

    private var lines: Int { get throws { try returned.lines("returns/\(ReturnsSpool.mailing)").count } }

    private func append(_ text: String, to name: String = "web/log") throws {
        let path = "\(files.path)/\(name)"
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }

    @Test func `a POST leaves, and a GET with the same address does nothing`() throws {
        try files.write("web/log", (post("anna@example.org", "GET") + post("bo@example.org")).utf8)
        try returned.runWell()
        #expect(try returned.left() == ["bo@example.org"])
        #expect(try returned.run(at: ReturnsSpool.start + .hours(2)).status == .ok)
        #expect(try lines == 1)
    }

    @Test func `half a line is left for the next time`() throws {
        let line = try post("anna@example.org")
        try files.write("web/log", (post("bo@example.org") + line.prefix(30)).utf8)
        try returned.run()
        #expect(try returned.left() == ["bo@example.org"])
        try append(String(line.dropFirst(30)))
        try returned.run()
        #expect(try returned.left() == ["anna@example.org", "bo@example.org"])
        #expect(try lines == 2)
    }

    @Test func `what was written before a rotation is read, also through several`() throws {
        try files.write("web/log", try post("anna@example.org").utf8)
        try returned.run()
        try append(post("bo@example.org"))
        try returned.spool.move("web/log", to: "web/log.2")
        try files.write("web/log.1", try post("cyd@example.org").utf8)
        try files.write("web/log", "2026 POST /other 200\n".utf8)
        let time = Date(timeIntervalSinceNow: -60)
        try FileManager.default.setAttributes(
            [.modificationDate: time], ofItemAtPath: "\(files.path)/web/log.2")
        try returned.runWell()
        #expect(try returned.left() == ReturnsSpool.people)
        #expect(try lines == 3)
        try returned.run()
        #expect(try lines == 3)
    }

    @Test func `a log that has shrunk, or was written anew, is read from its start`() throws {
        try files.write("web/log", String(repeating: "2026 GET / 200\n", count: 100).utf8)
        try returned.run()
        try files.overwrite("web/log", [])
        let handle = try #require(FileHandle(forWritingAtPath: "\(files.path)/web/log"))
        try handle.truncate(atOffset: 0)
        try append(post("anna@example.org"))
        try returned.run()
        #expect(try returned.left() == ["anna@example.org"])
        // As long as it was, or longer, it is another by what stood before the place.
        try handle.truncate(atOffset: 0)
        try append(post("bo@example.org") + String(repeating: "2026 GET / 200\n", count: 200))
        try returned.run()
        #expect(try returned.left() == ["anna@example.org", "bo@example.org"])
    }

    @Test func `a log that is not there is said once, and the Maildir is read`() throws {
        try returned.deliver("1.a.host", returned.bounce("anna@example.org"))
        var said: [String] = []
        for _ in 1...2 {
            let made = try ReturnsWorker(
                returned.spool.directory, saysAgain: false, at: ReturnsSpool.start
            ) { said.append($0) }
            let worker = try #require(made)
            #expect(try worker.run { _ in }.0 == .noInput)
        }
        #expect(said.count == 1 && said[0].contains("web/log"), "\(said)")
        #expect(try returned.blocked() == ["anna@example.org"])
    }
}
