import Foundation
@testable import SpoolSystem
@testable import SpoolWriting
import Testing

/// A directory of a test's own, removed with it.
final class TemporaryDirectory {
    let path: String
    let directory: Directory

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/spool-\(UUID().uuidString)"
        directory = try Directory(makingAt: path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    }

    func text(_ name: String) throws -> String {
        String(decoding: try directory.open(FileName(name)).contents(), as: UTF8.self)
    }
}

struct RenameTests {
    let temporary: TemporaryDirectory

    init() throws { temporary = try TemporaryDirectory() }

    @Test func `a move never overwrites`() throws {
        try temporary.write("a", "one")
        try temporary.write("b", "two")
        #expect(throws: SystemError.self) {
            try temporary.directory.move(FileName("a"), to: temporary.directory, as: FileName("b"))
        }
        #expect(try temporary.text("a") == "one")
        #expect(try temporary.text("b") == "two")
    }

    @Test func `a replacement is whole, has the mode that was asked for, and leaves no temporary file`()
        throws
    {
        try temporary.directory.replace(FileName("x"), with: Array("old".utf8), mode: 0o640, durable: true)
        try temporary.directory.replace(FileName("x"), with: Array("new".utf8), mode: 0o640, durable: false)
        #expect(try temporary.text("x") == "new")
        #expect(try temporary.directory.status(of: FileName("x"))?.mode == 0o640)
        #expect(try temporary.directory.names() == [FileName("x")])
    }

    @Test func `a path that leads out of its directory is refused, and one through a link inside is not`()
        throws
    {
        _ = try temporary.directory.makeDirectory("files", mode: 0o755)
        try temporary.write("secret", "no")
        try temporary.write("files/body", "yes")
        let manager = FileManager.default
        try manager.createSymbolicLink(
            atPath: "\(temporary.path)/files/out", withDestinationPath: "../secret")
        try manager.createSymbolicLink(atPath: "\(temporary.path)/files/in", withDestinationPath: "body")
        let files = try temporary.directory.directory("files")
        for path in ["out", "../secret", "/etc/passwd"] {
            #expect { try files.openBeneath(path) } throws: { ($0 as? SystemError)?.leadsOut ?? false }
        }
        #expect(try String(decoding: files.openBeneath("in").contents(), as: UTF8.self) == "yes")
    }

    @Test func `names are compared byte for byte`() {
        #expect("å" == "a\u{30A}")
        #expect(FileName("å") != FileName("a\u{30A}"))
    }
}

struct LockFileTests {
    @Test func `a lock excludes every other opening of its file until it is released`() throws {
        let temporary = try TemporaryDirectory()
        let one = try LockFile(in: temporary.directory, FileName("lock"))
        let other = try LockFile(in: temporary.directory, FileName("lock"))
        #expect(try one.take())
        #expect(try !other.take())
        #expect(try temporary.directory.status(of: FileName("lock"))?.mode == 0o600)
        one.release()
        #expect(try other.take())
        try temporary.directory.remove(FileName("lock"))
        #expect(try !other.isInPlace())
    }
}
