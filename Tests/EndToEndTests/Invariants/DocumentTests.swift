import Foundation
import Testing

@Suite(.timeLimit(.minutes(25)))
struct `Invariant 4: no tick changes a document, and none overwrites one` {
    private func identity(_ path: String) throws -> String {
        try tool("/usr/bin/stat", "-c", "%i %w %y %s %a %h", path)
    }

    @Test func `inode, mtime, mode and bytes stay through the folders`() throws {
        let spool = try ScratchSpool()
        try spool.drop(Draft(3), as: "årsmöte", in: .scheduled)
        try spool.setAge(of: "scheduled/årsmöte.json", 5000)
        let original = try spool.contents(of: "årsmöte", in: .scheduled)
        let before = try identity(spool.document("årsmöte", in: .scheduled))
        #expect(try spool.tick().isSilentSuccess)
        try expectDocument(spool, "årsmöte", in: .done, is: original)
        #expect(try identity(spool.document("årsmöte", in: .done)) == before)
        #expect(try spool.status(of: "årsmöte").sent == 3)
    }

    @Test func `a document that cannot be written is delivered all the same`() throws {
        let spool = try ScratchSpool()
        try spool.drop(Draft(2), as: "news", in: .scheduled)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o444], ofItemAtPath: spool.document("news", in: .scheduled))
        #expect(try spool.tick().isSilentSuccess)
        try expectDelivered(spool, to: Draft.addresses(2))
    }

    @Test func `no tick ever opens a document for writing`() throws {
        let spool = try ScratchSpool()
        try spool.drop(Draft(2), as: "news", in: .scheduled)
        let directory = try TemporaryDirectory()
        let file = directory.path + "/trace"
        #expect(try spool.tick(under: .traced(file: file)).isSilentSuccess)
        let opens = TracedCall.all(in: try String(contentsOfFile: file, encoding: .utf8)).filter {
            ["open", "openat", "openat2"].contains($0.name) && $0.text.contains("news.json")
        }
        #expect(!opens.isEmpty)
        for open in opens { #expect(!open.text.contains(/O_WRONLY|O_RDWR|O_TRUNC|O_CREAT/), "\(open.text)") }
    }

    @Test func `a stranger's file in the way of a document is not overwritten`() throws {
        let spool = try ScratchSpool()
        try spool.sink.behave("* before=300")
        try spool.drop(Draft(3), as: "news", in: .active)
        let original = try spool.contents(of: "news", in: .active)
        let tick = try spool.startTick()
        try eventually("a message") { try spool.sink.count >= 1 }
        // While the mailing runs, somebody puts another document of its name into done/.
        let other = try Draft(["other@example.com"]).json
        try spool.replace("done/news.json", with: other)
        _ = tick.wait()
        _ = try spool.tick()
        let all = try ScratchSpool.Folder.states.flatMap { folder in
            try spool.names(in: folder).map { "\(spool.path)/\(folder.rawValue)/\($0)" }
        }
        let contents = try all.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
        #expect(contents.contains(original) && contents.contains(other), "left are \(all)")
        #expect(try !spool.sink.accepted.contains("other@example.com"))
        #expect(try Set(spool.sink.accepted).count == spool.sink.accepted.count)
    }
}
