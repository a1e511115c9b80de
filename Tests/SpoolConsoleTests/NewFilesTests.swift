import Foundation
@testable import SpoolConsole
import SpoolSystem
import TestSupport
import Testing

struct NewFilesTests {
    private let files: TemporaryFiles

    init() throws { files = try TemporaryFiles() }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: "\(files.path)/\(name)", encoding: .utf8)
    }

    @Test func `nothing is written over, and then nothing is made at all`() throws {
        let pair = [(FileName("a"), Array("new".utf8)), (FileName("b"), Array("new".utf8))]
        try files.write("b", "old".utf8)
        let failure = #expect(throws: CommandFailure.self) {
            try NewFiles(in: try files.directory).make(pair)
        }
        #expect(failure?.status == .cannotCreate)
        #expect(failure?.reasons.first?.hasPrefix("\(files.path)/b is there already") == true)
        #expect(try text("b") == "old" && !FileManager.default.fileExists(atPath: files.path + "/a"))
        try files.remove("b")
        try files.link("b", to: "/nowhere")
        #expect(throws: CommandFailure.self) { try NewFiles(in: try files.directory).make(pair) }
        try files.remove("b")
        try NewFiles(in: try files.directory).make(pair)
        #expect(try text("a") == "new" && text("b") == "new")
    }

    @Test func `where no file can be made that is said of the file`() throws {
        let failure = #expect(throws: CommandFailure.self) {
            try NewFiles(in: try Directory(path: "/proc")).make([(FileName("a.json"), [])])
        }
        #expect(failure?.reasons.first?.hasPrefix("/proc/a.json cannot be made: ") == true)
        #expect(failure?.status == .cannotCreate)
    }
}
