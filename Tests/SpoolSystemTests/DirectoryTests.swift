import Foundation
@testable import SpoolSystem
import TestSupport
import Testing

struct DirectoryTests {
    private let files: TemporaryFiles

    init() throws {
        files = try TemporaryFiles()
    }

    @Test func `a path that leads out of its directory is refused, and one through a link inside is not`()
        throws
    {
        try files.write("secret", "no".utf8)
        try files.write("files/body", "yes".utf8)
        try files.link("files/out", to: "../secret")
        try files.link("files/in", to: "body")
        let beneath = try files.directory.directory("files")
        for path in ["out", "../secret", "/etc/passwd"] {
            #expect { try beneath.openBeneath(path) } throws: { ($0 as? SystemError)?.leadsOut ?? false }
        }
        #expect(try String(decoding: beneath.openBeneath("in").contents(), as: UTF8.self) == "yes")
    }

    @Test func `only a regular file is opened beneath a directory`() throws {
        try files.write("files/body", "".utf8)
        #expect(mkfifo(files.path + "/fifo", 0o600) == 0)
        let missing = SystemError(call: "open", path: files.path + "/none", code: ENOENT)
        #expect(throws: missing) { try files.directory.openBeneath("none") }
        for (path, kind) in [("files", FileStatus.Kind.directory), (".", .directory), ("fifo", .fifo)] {
            #expect(throws: SystemError.notRegular("\(files.path)/\(path)", kind)) {
                try files.directory.openBeneath(path)
            }
        }
    }

    @Test func `a link is followed only on demand, and its status is its own`() throws {
        try files.write("a", "text".utf8)
        try files.link("link", to: "a")
        let directory = try files.directory
        #expect(throws: SystemError(call: "open", path: files.path + "/link", code: ELOOP)) {
            try directory.open(FileName("link"))
        }
        #expect(try directory.open(FileName("link"), followingLink: true).status().size == 4)
        #expect(try directory.status(of: FileName("link"))?.kind == .symbolicLink)
        #expect(try directory.status(of: FileName("a"))?.kind == .regular)
        #expect(try directory.status().kind == .directory)
    }

    @Test func `a directory that was renamed is still the one that was opened`() throws {
        try files.write("one/a", "".utf8)
        let one = try files.directory.directory("one")
        #expect(rename(files.path + "/one", files.path + "/two") == 0)
        #expect(try one.names() == [FileName("a")])
        #expect(one.path == files.path + "/one")
        #expect(one.absolutePath.hasSuffix("/two"))
    }

    @Test func `names are listed as the bytes that they are`() throws {
        let odd = FileName(bytes: [0x2E, 0xFF, 0x0A])
        let directory = try files.directory
        let number = odd.withCString { openat(directory.descriptor.number, $0, O_CREAT | O_WRONLY, 0o600) }
        #expect(number >= 0 && close(number) == 0)
        #expect(try directory.names() == [odd])
        #expect(!odd.isUTF8 && odd.string == ".\u{FFFD}\n")
    }
}

struct FileNameTests {
    @Test func `names are compared byte for byte`() {
        #expect("å" == "a\u{30A}")
        #expect(FileName("å") != FileName("a\u{30A}"))
    }

    @Test func `an ending is taken off only if something stands before it`() {
        #expect(FileName("news.json").without(suffix: ".json") == FileName("news"))
        #expect(FileName(".json").without(suffix: ".json") == nil)
        #expect(FileName("news.JSON").without(suffix: ".json") == nil)
    }
}

struct SystemErrorTests {
    @Test func `an error says to people what it was about and why, and names no call`() {
        let error = SystemError(call: "open", path: "/x", code: ENOSPC)
        #expect(error.description == "/x: No space left on device")
        let closed = SystemError(call: "write", path: "standard output", code: EBADF)
        #expect(closed.description == "standard output: it is closed")
    }

    @Test(arguments: [
        (FileStatus.Kind.directory, "a directory"), (.fifo, "a FIFO"), (.socket, "a socket"),
        (.device, "a device"),
        (.symbolicLink, "a symbolic link"),
    ]) func `what is no file is called by its name`(kind: FileStatus.Kind, name: String) {
        #expect(SystemError.notRegular("/x", kind).description == "/x: it is \(name)")
    }

    @Test func `every kind of object is told from the others`() throws {
        let files = try TemporaryFiles()
        let address = files.path + "/socket"
        try files.write("file", [])
        try files.link("link", to: "nowhere")
        #expect(mkdir(files.path + "/directory", 0o700) == 0 && mkfifo(files.path + "/fifo", 0o600) == 0)
        #expect(mknod(address, S_IFSOCK | 0o600, 0) == 0)
        let kinds: [(String, FileStatus.Kind)] = [
            ("file", .regular), ("link", .symbolicLink), ("directory", .directory), ("fifo", .fifo),
            ("socket", .socket),
        ]
        for (name, kind) in kinds {
            #expect(try files.directory.status(of: FileName(name))?.kind == kind, "\(name)")
        }
        #expect(throws: SystemError.notRegular(address, .socket)) {
            try files.directory.open(FileName("socket"))
        }
        #expect(try Directory(path: "/dev").status(of: FileName("null"))?.kind == .device)
    }

    @Test func `each error is of one sort at the most`() {
        let sorts: [(String, (SystemError) -> Bool, [Int32])] = [
            ("missing", \.isMissing, [ENOENT, ENOTDIR]),
            ("occupied", \.isOccupied, [EEXIST, ENOTEMPTY]),
            ("forbidden", \.isForbidden, [EACCES, EPERM]),
            ("leads out", \.leadsOut, [EXDEV, ELOOP]),
            ("closed pipe", \.isClosedPipe, [EPIPE]),
            ("disk", \.isDiskError, [EIO, ENOSPC, EROFS, EDQUOT]),
            ("shortage", \.isShortage, [EMFILE, ENFILE, ENOMEM]),
            ("would block", \.wouldBlock, [EAGAIN]),
        ]
        for code in Int32(1)...133 {
            let error = SystemError(call: "open", path: "", code: code)
            let found = sorts.filter { $0.1(error) }.map(\.0)
            #expect(found == sorts.filter { $0.2.contains(code) }.map(\.0), "\(error)")
            #expect(found.count <= 1, "\(error)")
        }
        #expect(SystemError(call: "posix_spawn", path: "", code: EAGAIN).isShortage)
    }
}

/// The lines of a file, as journals and logs are read.
struct FileLineTests {
    private let files: TemporaryFiles

    init() throws {
        files = try TemporaryFiles()
    }

    @Test func `lines are whole, at their places, and what is too long for one is passed over`() throws {
        let long = [UInt8](repeating: 0x78, count: File.longestLine + 5)
        let bytes = Array("one\n\n".utf8) + long + Array("\ntwo\nhalf".utf8)
        try files.write("log", bytes)
        let file = try files.directory.open(FileName("log"))
        var lines: [String] = []
        let end = try file.forEachLine { lines.append("\($1) \(String(decoding: $0, as: UTF8.self))") }
        #expect(lines == ["0 one", "4 ", "\(5 + long.count + 1) two"])
        #expect(end == bytes.count - 4)
        lines = []
        #expect(try file.forEachLine(from: end) { lines.append("\($1) \($0.count)") } == end)
        #expect(lines == [])
    }
}
