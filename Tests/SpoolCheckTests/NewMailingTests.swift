import Foundation
@testable import SpoolCheck
import SpoolConsole
@testable import TestSupport
import Testing

struct NewMailingTests {
    private let spool: TestSpool
    private let outside: TemporaryFiles

    init() throws {
        spool = try TestSpool()
        outside = try TemporaryFiles()
    }

    private func names(in directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
    }

    private func write(_ kind: NewMailing.Kind, _ path: String) throws -> String {
        try NewMailing(kind, at: path).write(named: spool.files.path)
    }

    private func result(_ path: String) throws -> CheckResult {
        try CheckCommand.check(CheckedFile(path, namedSpool: spool.files.path)).result
    }

    @Test(arguments: [
        (NewMailing.Kind.plain, ["news.csv", "news.json", "news.txt"]),
        (.html, ["news.csv", "news.html", "news.json", "news.pdf", "news.png", "news.txt"]),
    ]) func `a beginning is written beside the document, and has no error and no warning`(
        kind: NewMailing.Kind, expected: [String]
    ) throws {
        let files = spool.files.path + "/files"
        let text = try write(kind, files + "/news.json")
        #expect(try names(in: files) == expected)
        let result = try result(files + "/news.json")
        #expect(result.errors.isEmpty && result.warnings.isEmpty, "\(result.errors) \(result.warnings)")
        #expect(text.contains("  cp \(files)/news.json \(spool.files.path)/scheduled/\n"), "\(text)")
    }

    @Test func `below files the document names what lies beside it by its path there`() throws {
        let folder = spool.files.path + "/files/issue 1"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        _ = try write(.html, folder + "/årsmöte.json")
        #expect(try result(folder + "/årsmöte.json").errors.isEmpty)
    }

    @Test func `what is written elsewhere is to be copied into the spool, and the commands are said`() throws
    {
        let path = outside.path + "/news.json"
        let text = try write(.plain, path)
        #expect(try names(in: outside.path) == ["news.csv", "news.json", "news.txt"])
        let copy = "  cp \(outside.path)/news.csv \(outside.path)/news.txt \(spool.files.path)/files/\n"
        #expect(text.contains(copy), "\(text)")
        #expect(try !result(path).errors.isEmpty)
        for name in ["news.csv", "news.txt"] {
            try FileManager.default.copyItem(
                atPath: "\(outside.path)/\(name)", toPath: "\(spool.files.path)/files/\(name)")
        }
        #expect(try result(path).errors.isEmpty)
    }

    @Test func `in the spool directory what the document names goes into files`() throws {
        _ = try write(.plain, spool.files.path + "/news.json")
        #expect(try names(in: spool.files.path + "/files") == ["news.csv", "news.txt"])
        #expect(try result(spool.files.path + "/news.json").errors.isEmpty)
    }

    @Test func `nothing is ever written over, also not one of them`() throws {
        for taken in ["files/news.csv", "files/news.txt", "news.json"] {
            try spool.files.write(taken, "mine".utf8)
            let failure = #expect(throws: CommandFailure.self) {
                try write(.plain, spool.files.path + "/news.json")
            }
            #expect(failure?.status == .cannotCreate && failure?.reasons.first?.contains(taken) == true)
            #expect(try String(contentsOfFile: "\(spool.files.path)/\(taken)", encoding: .utf8) == "mine")
            try spool.files.remove(taken)
            #expect(try names(in: spool.files.path + "/files").isEmpty)
        }
    }

    @Test func `a mailing with made-up addresses is not put where a tick would send it`() throws {
        let failure = #expect(throws: CommandFailure.self) {
            try write(.plain, spool.files.path + "/scheduled/news.json")
        }
        #expect(failure?.reasons.first?.contains("write it into files/, edit it") == true)
        #expect(try names(in: spool.files.path + "/scheduled").isEmpty)
    }

    @Test(arguments: ["news", "html", ".json", ".news.json", "a{{b.json"])
    func `a name that no document can have is refused`(name: String) throws {
        let failure = #expect(throws: CommandFailure.self) { try write(.plain, outside.path + "/" + name) }
        #expect(failure?.status == .usage)
        #expect(try names(in: outside.path).isEmpty)
    }

    @Test func `the table of the sample PDF leads to its objects`() throws {
        let sample = SampleMailing(.html) { "\"news\($0)\"" }
        let bytes = try #require(sample.companions.first { $0.ending == ".pdf" }).bytes
        let text = String(decoding: bytes, as: UTF8.self)
        let table = try #require(text.firstMatch(of: /startxref\n([0-9]+)\n/))
        let start = try #require(Int(table.output.1))
        #expect(String(decoding: bytes[start...].prefix(5), as: UTF8.self) == "xref\n")
        let entries = text.matches(of: /([0-9]{10}) 00000 n \n/).compactMap { Int($0.output.1) }
        #expect(entries.count == 4)
        for (index, place) in entries.enumerated() {
            #expect(String(decoding: bytes[place...].prefix(8), as: UTF8.self) == "\(index + 1) 0 obj\n")
        }
    }
}
