import Testing

@testable import SpoolMail

@Suite struct HeaderFieldTests {
    private func unstructured(_ text: String, name: String = "Subject") throws -> String {
        var bytes: [UInt8] = []
        try HeaderField.appendUnstructured(name, Array(text.utf8), to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func mailboxes(_ texts: [String]) throws -> String {
        var bytes: [UInt8] = []
        try HeaderField.appendMailboxes("To", texts.map { try Mailbox($0) }, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [
        ("", "Subject:\n"), ("Hello", "Subject: Hello\n"), ("  Hello  ", "Subject: Hello\n"),
        ("a  b", "Subject: a  b\n"), ("Grüße aus Bern", "Subject: =?UTF-8?B?R3LDvMOfZQ==?= aus Bern\n"),
        ("Dear Åsa and all", "Subject: Dear =?UTF-8?Q?=C3=85sa?= and all\n"),
        ("日本語", "Subject: =?UTF-8?B?5pel5pys6Kqe?=\n"),
        ("an =?UTF-8?Q?evil?= word", "Subject: an =?UTF-8?B?PT9VVEYtOD9RP2V2aWw/PQ==?= word\n"),
        ("x\r\nBcc: a@example.org", "Subject: x Bcc: a@example.org\n"),
        ("x\n\n<b>body", "Subject: x <b>body\n"), ("a\u{0}b\u{7F}c\td", "Subject: a b c d\n"),
        ("a\u{2028}b\u{85}c", "Subject: a b c\n"), ("a  ö  b", "Subject: a =?UTF-8?Q?_=C3=B6_?= b\n"),
    ])
    func `free text is written as short as it can be`(text: String, expected: String) throws {
        #expect(try unstructured(text) == expected)
    }

    @Test func `long ASCII text is folded at blanks and comes back unchanged`() throws {
        let text = (1...60).map { "word\($0)" }.joined(separator: " ")
        let field = try unstructured(text)
        #expect(field.split(separator: "\n").allSatisfy { $0.utf8.count <= 78 })
        #expect(field.replacing("\n", with: "") == "Subject: " + text)
    }

    @Test func `a long subject beyond ASCII has words of 75 and lines of 78 at most`() throws {
        let text = String(repeating: "Grüße aus Malmö und 日本 ", count: 20)
        let field = try unstructured(text)
        for line in field.split(separator: "\n") {
            #expect(line.utf8.count <= 78)
            for word in line.split(separator: " ") where word.hasPrefix("=?") {
                #expect(word.utf8.count <= 75)
            }
        }
        #expect(
            MessageReader.decodedText(field.replacing("\n", with: "")).hasPrefix(
                "Subject: " + text.dropLast()))
    }

    @Test func `no encoded word splits a grapheme that fits into one`() throws {
        let family = "👨‍👩‍👧‍👦"
        let flag = "🇸🇪"
        let accent = "e\u{301}"
        let field = try unstructured(String(repeating: family + flag + accent, count: 30))
        for match in field.matches(of: /=\?UTF-8\?[QB]\?[^?]*\?=/) {
            let decoded = MessageReader.decodedText(String(match.output))
            #expect(decoded.allSatisfy { String($0) == family || String($0) == flag || String($0) == accent })
        }
    }

    @Test func `a grapheme longer than a word is split between scalars`() throws {
        let text = "e" + String(repeating: "\u{301}", count: 200)
        let field = try unstructured(text)
        #expect(field.split(separator: "\n").allSatisfy { $0.utf8.count <= 78 })
        #expect(
            field.matches(of: /=\?UTF-8\?[QB]\?[^?]*\?=/).allSatisfy { match in
                !MessageReader.decodedText(String(match.output)).contains("\u{FFFD}")
            })
        #expect(
            MessageReader.decodedText(field.replacing("\n", with: ""))
                == "Subject: \(text)\n".replacing("\n", with: ""))
    }

    @Test
    func
        `a word without a blank stays whole up to 900 bytes, in a subject up to the line, and is encoded beyond`()
        throws
    {
        let whole = String(repeating: "x", count: 900)
        #expect(try unstructured(whole, name: "X-Note") == "X-Note: \(whole)\n")
        let line = String(repeating: "x", count: 69)
        #expect(try unstructured(line) == "Subject: \(line)\n")
        for (name, longer) in [
            ("X-Note", String(repeating: "x", count: 5000)), ("Subject", whole), ("Subject", line + "x"),
        ] {
            let field = try unstructured("a \(longer) b", name: name)
            #expect(field.split(separator: "\n").allSatisfy { $0.utf8.count <= 78 })
            #expect(MessageReader.decodedText(field.replacing("\n", with: "")) == "\(name): a \(longer) b")
        }
    }

    @Test func `a field of over 16 KB is refused`() {
        let text = String(repeating: "word ", count: 4000)
        #expect(throws: HeaderFieldTooLong.self) { try unstructured(text) }
        let wide = String(repeating: "ü", count: 8000)
        #expect(throws: HeaderFieldTooLong.self) { try unstructured(wide) }
    }

    @Test func `a run of blanks never makes a line of blanks alone`() throws {
        let text = "a" + String(repeating: " ", count: 200) + "b"
        let field = try unstructured(text)
        #expect(!field.split(separator: "\n").contains { line in line.allSatisfy { $0 == " " } })
        #expect(MessageReader.decodedText(field.replacing("\n", with: "")) == "Subject: " + text)
    }

    @Test(arguments: [
        (["a@example.org"], "To: a@example.org\n"), (["Anna Berg <a@b.org>"], "To: Anna Berg <a@b.org>\n"),
        (["Berg, Anna <a@b.org>"], "To: \"Berg, Anna\" <a@b.org>\n"),
        ([#""A \"B\" \\" <a@b.org>"#], "To: \"A \\\"B\\\" \\\\\" <a@b.org>\n"),
        (["Dr. A <a@b.org>"], "To: \"Dr. A\" <a@b.org>\n"),
        (["Åsa <a@b.org>"], "To: =?UTF-8?Q?=C3=85sa?= <a@b.org>\n"),
        (["x@y.org <a@b.org>"], "To: \"x@y.org\" <a@b.org>\n"),
        (["a@b.org", "C <c@d.org>"], "To: a@b.org, C <c@d.org>\n"),
        (["=?utf-8?q?x?= <a@b.org>"], "To: =?UTF-8?B?PT91dGYtOD9xP3g/PQ==?= <a@b.org>\n"),
        (["A\r\nBcc: x@y.org <a@b.org>"], "To: \"A Bcc: x@y.org\" <a@b.org>\n"),
    ])
    func `a display name is bare, quoted or encoded as it needs`(texts: [String], expected: String) throws {
        #expect(try mailboxes(texts) == expected)
    }

    @Test func `a long list of addresses is folded between them`() throws {
        let list = (1...40).map { "Member Number \($0), \"the\" Ö <member\($0)@example.org>" }
            .map { $0.replacing("\"", with: "'") }
        let field = try mailboxes(list)
        #expect(field.split(separator: "\n").allSatisfy { $0.utf8.count <= 78 })
        #expect(field.split(separator: ",").count == 40)
    }

    @Test(arguments: [
        ("a.pdf", "a.pdf"), ("a b (1).pdf", "a b (1).pdf"), ("Årsmöte 2026.pdf", "Årsmöte 2026.pdf"),
        ("quo\"te\\.txt", "quo\"te\\.txt"),
        (String(repeating: "long", count: 60), String(repeating: "long", count: 60)),
        (String(repeating: "ö🎻", count: 40), String(repeating: "ö🎻", count: 40)),
        ("../../etc/passwd", "passwd"), ("a\r\nX-Evil: 1\r\n\r\nb.txt", "a X-Evil: 1 b.txt"),
        ("a;b=c.txt", "a;b=c.txt"),
    ])
    func `a file name is read back as it was given, and cannot leave its field`(
        name: String, expected: String
    ) throws {
        let attachment = AttachedFile(name: name, type: "application/pdf")
        let part = MessageReader.read(attachment.header)
        #expect(part.filename == expected)
        #expect(
            part.fields.map(\.name) == ["Content-Type", "Content-Transfer-Encoding", "Content-Disposition"])
        #expect(part.body.isEmpty)
        #expect(attachment.header.split(separator: 0x0A).allSatisfy { $0.count <= 78 })
    }
}
