import Glibc
@testable import SpoolMail
@testable import SpoolMailing
@testable import SpoolSystem
@testable import SpoolTransport
@testable import SpoolWriting
@testable import TestSupport
import Testing

@Suite struct EncodedAttachmentsTests {
    private func mailing(_ files: TemporaryFiles) throws -> Mailing {
        let text = TestDocument.document("\"attachments\": [\"dir/a.bin\", \"b.bin\"]")
        return try TestDocument.validate(text, files).outcome.get()
    }

    private func files() throws -> TemporaryFiles {
        let files = try TemporaryFiles()
        try files.write("dir/a.bin", (0..<600_001).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        try files.write("b.bin", [])
        return files
    }

    @Test func `each file is encoded once, and copied to where a message refers to it`() throws {
        let files = try files()
        let attachments = try EncodedAttachments(mailing(files), files.directory)
        let message = RenderedMessage(segments: [
            .bytes([1]), .attachment(1), .attachment(0), .bytes([2]), .attachment(0),
        ])
        let contents = try attachments.file(of: message).contents()
        var encoded: [UInt8] = []
        var encoder = Base64Lines()
        let original = try files.directory.openBeneath("dir/a.bin").contents()
        encoder.encode(original.span, into: &encoded)
        encoder.finish(into: &encoded)
        #expect(contents == [1] + encoded + [2] + encoded)
    }

    @Test func `a file that is not what it was when the mailing was judged is not taken`() throws {
        let changes: [(TemporaryFiles) throws -> Void] = [
            { try $0.overwrite("b.bin", [1]) }, { try $0.write("dir/a.bin", [1]) },
            { try $0.overwrite("dir/a.bin", [1]) }, { try $0.remove("b.bin") }, { try $0.remove("dir") },
            {
                try $0.remove("dir")
                try $0.link("dir", to: "/etc")
            },
            {
                try $0.remove("b.bin")
                try $0.link("b.bin", to: "/etc/hostname")
            },
        ]
        for change in changes {
            let files = try files()
            let mailing = try mailing(files)
            try change(files)
            let error = #expect(throws: SystemError.self) {
                _ = try EncodedAttachments(mailing, files.directory)
            }
            #expect(error?.isDiskError == false)
        }
    }

    @Test func `a file that is named again, or has another name too, is encoded once`() throws {
        let files = try files()
        #expect(link("\(files.path)/dir/a.bin", "\(files.path)/same.bin") == 0)
        let names = Array(repeating: "\"dir/a.bin\"", count: 10) + ["\"b.bin\"", "\"same.bin\""]
        let text = TestDocument.document("\"attachments\": [\(names.joined(separator: ", "))]")
        let mailing = try TestDocument.validate(text, files).outcome.get()
        let trace = SystemCallTrace()
        let attachments = try trace.run { try EncodedAttachments(mailing, files.directory) }
        #expect(trace.count(of: .memfdCreate) == 2)
        let message = RenderedMessage(segments: [.attachment(11), .attachment(10)])
        let first = RenderedMessage(segments: [.attachment(0)])
        #expect(try attachments.bytes(of: message) == attachments.bytes(of: first))
    }

    @Test func `a file that is named again under a type that is sent otherwise is encoded for each`() throws {
        let files = try files()
        try files.write("a.txt", "plain text\n".utf8)
        let again = "{\"path\": \"a.txt\", \"name\": \"a.bin\", \"type\": \"application/octet-stream\"}"
        let text = TestDocument.document("\"attachments\": [\"a.txt\", \(again), \"a.txt\"]")
        let mailing = try TestDocument.validate(text, files).outcome.get()
        let attachments = try EncodedAttachments(mailing, files.directory)
        let contents = try (0...2).map { index in
            String(
                decoding: try attachments.bytes(of: RenderedMessage(segments: [.attachment(index)])),
                as: UTF8.self)
        }
        #expect(
            contents.map { $0.filter { $0 != "\n" } } == ["plain text", "cGxhaW4gdGV4dAo=", "plain text"])
    }
}
