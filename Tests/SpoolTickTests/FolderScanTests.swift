import Foundation
import Glibc
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolTick
@testable import TestSupport
import Testing

struct FolderScanTests {
    private let files: TemporaryFiles
    private let watch: FolderScan
    /// So late that every change of a folder is long past.
    private let later = Timestamp(milliseconds: Int64(Date.now.timeIntervalSince1970 * 1000) + 3_600_000)

    init() throws {
        files = try TemporaryFiles()
        try SpoolDirectory.make(at: files.path, configuration: [])
        watch = FolderScan(try SpoolDirectory(path: files.path))
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
}
