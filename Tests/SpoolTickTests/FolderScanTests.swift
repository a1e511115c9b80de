import Foundation
import Glibc
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import SpoolTick
@testable import TestSupport
import Testing

struct FolderScanTests {
    private let files: TemporaryFiles
    private let spool: SpoolDirectory
    private let watch: FolderScan
    /// So late that every change of a folder is long past.
    private let later = Timestamp(milliseconds: Int64(Date.now.timeIntervalSince1970 * 1000) + 3_600_000)

    init() throws {
        files = try TemporaryFiles()
        try SpoolDirectory.make(at: files.path, configuration: [])
        spool = try SpoolDirectory(path: files.path)
        watch = FolderScan(spool)
    }

    private func documents() throws -> [String] {
        // Longer than the file system's clock needs to go on.
        usleep(20_000)
        return try watch.listing(at: later).documents.map(\.path).sorted()
    }

    private func move(_ source: String, _ target: String) {
        #expect(rename(files.path + "/" + source, files.path + "/" + target) == 0)
    }

    @Test func `what comes to done and goes from it is seen, whatever was known before`() throws {
        try files.write("done/a.json", [])
        #expect(try documents() == ["done/a.json"])
        #expect(try documents() == ["done/a.json"])
        move("done/a.json", "active/a.json")
        #expect(try documents() == ["active/a.json"])
        try files.write("done/b.json", [])
        #expect(try documents() == ["active/a.json", "done/b.json"])
        move("done/b.json", "done/c.json")
        #expect(try documents() == ["active/a.json", "done/c.json"])
        move("active/a.json", "done/a.json")
        #expect(try documents() == ["done/a.json", "done/c.json"])
    }

    @Test func `a file with a second name elsewhere is a document as soon as that one goes`() throws {
        try files.write("done/a.json", [])
        #expect(link(files.path + "/done/a.json", files.path + "/files/a.json") == 0)
        #expect(try documents().isEmpty)
        #expect(unlink(files.path + "/files/a.json") == 0)
        #expect(try documents() == ["done/a.json"])
    }

    @Test func `right after a change nothing is taken for known`() throws {
        try files.write("done/a.json", [])
        let now = Timestamp(milliseconds: Int64(Date.now.timeIntervalSince1970 * 1000))
        let before = try watch.listing(at: now).documents
        try files.overwrite("done/a.json", Array("{}".utf8))
        let after = try watch.listing(at: now).documents
        #expect(before.map(\.version) != after.map(\.version))
        // Later, files that lie in a folder that has not changed are not asked for again.
        let known = try watch.listing(at: later).documents
        try files.overwrite("done/a.json", Array("{ }".utf8))
        #expect(try watch.listing(at: later).documents == known)
    }

    // MARK: Looks

    /// A registry of one mailing that has begun, by the document that lies somewhere now.
    private func registry(of path: String) throws -> MailingRegistry {
        let parts = path.split(separator: "/")
        let name = FileName(String(parts[1].dropLast(5)))
        let registry = try MailingRegistry(try JournalDirectory(spool.journal))
        let folder = try #require(Folder(rawValue: String(parts[0])))
        let status = try #require(try spool[folder].status(of: SpoolDirectory.documentName(name)))
        var history = MailingHistory()
        history.mailing = "id"
        history.folder = folder
        history.identity = DocumentIdentity(status)
        registry.put(history, of: name)
        return registry
    }

    @Test func `a document that is moved while the folders are listed is neither missed nor seen twice`()
        throws
    {
        for (from, to) in [("paused", "active"), ("active", "paused")] {
            try files.write("\(from)/a.json", [])
            let registry = try registry(of: "\(from)/a.json")
            let path = files.path
            // Between the listings of active/ and of paused/.
            let trace = SystemCallTrace { _, call in
                if call.call == .open, call.path.hasSuffix("/paused"), call.path == "\(path)/paused" {
                    _ = rename("\(path)/\(from)/a.json", "\(path)/\(to)/a.json")
                }
            }
            let sight = try trace.run { try watch.look(registry, at: later) }
            #expect(sight.listing.documents.map(\.path) == ["\(to)/a.json"])
            #expect(sight.lifecycle.standings == [.continues])
            try files.remove("\(to)/a.json")
        }
    }

    @Test func `what stands under two names is no document until one of them has gone`() throws {
        try files.write("active/a.json", [])
        let registry = try registry(of: "active/a.json")
        #expect(link(files.path + "/active/a.json", files.path + "/done/a.json") == 0)
        let sight = try watch.look(registry, at: later)
        #expect(sight.listing.documents.isEmpty && sight.listing.obscured == [FileName("a")])
        #expect(
            sight.listing.halfMoves == [
                HalfMove(
                    from: .active, fromName: FileName("a.json"), to: .done, toName: FileName("a.json"))
            ])
        // It is there all the same, and its mailing is not taken for one whose document is gone.
        #expect(sight.lifecycle.repairs.isEmpty)
    }

    @Test func `what lies where is judged anew when a journal says something else`() throws {
        try files.write("active/a.json", [])
        let registry = try registry(of: "active/a.json")
        let name = FileName("a")
        #expect(try watch.look(registry, at: later).lifecycle.standings == [.continues])
        registry.put(nil, of: name)
        #expect(try watch.look(registry, at: later).lifecycle.standings == [.new(displacing: false)])
    }

    @Test func `a document that stays away is looked for twice more, and then is gone`() throws {
        try files.write("active/a.json", [])
        let registry = try registry(of: "active/a.json")
        try files.remove("active/a.json")
        let trace = SystemCallTrace()
        let sight = try trace.run { try watch.look(registry, at: later) }
        #expect(sight.lifecycle.repairs == [.gone(FileName("a"))])
        #expect(trace.calls.count { $0.call == .opendir && $0.path == files.path + "/active" } == 3)
        // As long as nothing changes it is not looked for again.
        let again = SystemCallTrace()
        _ = try again.run { try watch.look(registry, at: later) }
        #expect(again.calls.count { $0.call == .opendir && $0.path == files.path + "/active" } == 1)
    }
}
