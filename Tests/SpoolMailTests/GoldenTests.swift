import Foundation
@testable import SpoolMail
import Testing

/// Each `Golden/NAME.json` renders to exactly `Golden/NAME.eml`.
///
/// `SPOOL_RECORD_GOLDEN=1 swift test --filter GoldenTests` writes the .eml files anew and fails, so that
/// nobody records by accident: read the difference, then run the tests without it.
@Suite struct GoldenTests {
    @Test(arguments: GoldenCase.names)
    func `a golden case renders byte for byte as recorded`(name: String) throws {
        let file = GoldenCase.folder.appendingPathComponent(name + ".eml")
        let rendered = try GoldenCase.read(name).message()
        if ProcessInfo.processInfo.environment["SPOOL_RECORD_GOLDEN"] != nil {
            try Data(rendered).write(to: file)
            Issue.record("recorded \(name).eml; look at the difference and run without SPOOL_RECORD_GOLDEN")
            return
        }
        let recorded = try Array(Data(contentsOf: file))
        #expect(String(decoding: rendered, as: UTF8.self) == String(decoding: recorded, as: UTF8.self))
        #expect(rendered == recorded)
    }

    @Test func `there are golden cases, and no recorded message is left without its case`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: GoldenCase.folder.path)
        let recorded = files.filter { $0.hasSuffix(".eml") }.map { String($0.dropLast(4)) }.sorted()
        #expect(recorded == GoldenCase.names)
        #expect(recorded.count >= 12)
    }

    @Test(arguments: GoldenCase.names)
    func `a golden message keeps the rules of the wire`(name: String) throws {
        let rendered = try GoldenCase.read(name).message()
        #expect(WireRules.violations(rendered) == [])
        #expect(WireRules.longHeaderLines(rendered) == [])
    }

    @Test func `Python reads every golden message without defect, and finds in it what went in`() throws {
        let names = GoldenCase.names
        let read = try PythonReader.read(try names.map { try GoldenCase.read($0).message() })
        for (name, message) in zip(names, read) {
            let golden = try GoldenCase.read(name)
            #expect(message.defects == [], "\(name)")
            try expectHead(
                of: name, subject: message.fields["Subject"], from: message.from, to: message.to,
                replyTo: message.replyTo)
            let text = golden.expect?.text ?? golden.text
            #expect(message.text == text.map(GoldenTests.withLineEnd), "\(name)")
            let html = golden.expect?.html ?? golden.html
            #expect(message.html == html.map(GoldenTests.withLineEnd), "\(name)")
            for (field, value) in golden.expect?.fields ?? [:] {
                #expect(message.fields[field] == value, "\(name)")
            }
            if let structure = golden.expect?.structure { #expect(message.structure == structure, "\(name)") }
            #expect(
                message.files.sorted { $0.base64 < $1.base64 } == GoldenTests.expectedFiles(golden), "\(name)"
            )
        }
    }

    @Test func `Dovecot reads every golden message, and finds in it what went in`() throws {
        let names = GoldenCase.names
        let read = try DoveadmReader.read(try names.map { try GoldenCase.read($0).message() })
        for (name, message) in zip(names, read) {
            let golden = try GoldenCase.read(name)
            // Without a Reply-To an envelope has the sender there (RFC 3501, 7.4.2).
            let hasReplyTo = golden.replyTo != nil
            #expect(hasReplyTo || message.replyTo == message.from, "\(name)")
            try expectHead(
                of: name, subject: message.subject, from: message.from, to: message.to,
                replyTo: hasReplyTo ? message.replyTo : [])
            let bodies = message.leaves.filter { $0.disposition == nil }
            let expected = [
                ("text/plain", golden.expect?.text ?? golden.text),
                ("text/html", golden.expect?.html ?? golden.html),
            ].compactMap { type, text in text.map { "\(type) \(GoldenTests.withLineEnd($0))" } }
            #expect(bodies.map { "\($0.type) \($0.content)" } == expected, "\(name)")
            // Dovecot shows the line ends of the wire, but for what was encoded.
            let files = message.leaves.filter { $0.disposition != nil }.map { leaf in
                var leaf = leaf
                leaf.content = leaf.content.replacing("\r\n", with: "\n")
                return leaf
            }
            let attached = zip(golden.attachments, golden.arriving).map { attachment, content in
                DovecotMessage.Leaf(
                    type: attachment.type,
                    disposition: attachment.contentID == nil ? "attachment" : "inline",
                    contentID: attachment.contentID.map { "<\($0)>" }, fileName: attachment.name,
                    content: content)
            }
            #expect(
                files.sorted { $0.content < $1.content } == attached.sorted { $0.content < $1.content },
                "\(name)")
        }
    }

    @Test(arguments: GoldenCase.names)
    func `the small reader finds the same texts and files`(name: String) throws {
        let golden = try GoldenCase.read(name)
        let part = MessageReader.read(try golden.message())
        let subject = MessageReader.decodedText(part.field("Subject") ?? "")
        #expect(subject == golden.expect?.subject ?? golden.subject)
        let bodies = part.leaves.filter { $0.field("Content-Disposition") == nil }
        let expected = [
            golden.expect?.text ?? golden.text, golden.expect?.html ?? golden.html,
        ].compactMap { $0.map(GoldenTests.withLineEnd) }
        #expect(bodies.map(\.text) == expected)
        let files = part.leaves.filter { $0.field("Content-Disposition") != nil }
        #expect(files.map(\.text).sorted() == golden.arriving.sorted())
        #expect(files.compactMap(\.filename).sorted() == golden.attachments.map(\.name).sorted())
    }

    /// Checks what a reader has found in the header of a golden message.
    private func expectHead(
        of name: String, subject: String?, from: [ReadAddress], to: [ReadAddress], replyTo: [ReadAddress]
    ) throws {
        let golden = try GoldenCase.read(name)
        func read(_ text: String, name: String? = nil) throws -> ReadAddress {
            let mailbox = try Mailbox(text)
            return ReadAddress(name: name ?? mailbox.name ?? "", address: mailbox.address.description)
        }
        #expect(subject == golden.expect?.subject ?? golden.subject, "\(name)")
        #expect(try from == [read(golden.from)], "\(name)")
        #expect(try to == [read(golden.to, name: golden.expect?.toName)], "\(name)")
        #expect(try replyTo == (golden.replyTo ?? []).map { try read($0) }, "\(name)")
    }

    /// What arrives of a text: LF line ends, the last one included, and no NUL.
    private static func withLineEnd(_ text: String) -> String {
        let lines = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n").replacing(
            "\u{0}", with: "")
        return lines.hasSuffix("\n") ? lines : lines + "\n"
    }

    private static func expectedFiles(_ golden: GoldenCase) -> [PythonMessage.File] {
        zip(golden.attachments, golden.arriving).map { attachment, content in
            PythonMessage.File(
                name: attachment.name, type: attachment.type,
                disposition: attachment.contentID == nil ? "attachment" : "inline",
                contentID: attachment.contentID.map { "<\($0)>" },
                base64: Data(content.utf8).base64EncodedString())
        }.sorted { $0.base64 < $1.base64 }
    }
}
