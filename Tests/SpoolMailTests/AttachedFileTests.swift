@testable import SpoolMail
@testable import TestSupport
import Testing

/// How a file is named, and in what form it travels.
@Suite struct AttachedFileTests {
    private func header(_ name: String, _ type: String, _ content: [UInt8]? = nil) throws -> String {
        let file = AttachedFile(name: name, type: type, content: content.map(FileText.init))
        try file.check()
        return String(decoding: file.header, as: UTF8.self)
    }

    @Test(arguments: [
        ("a\nb\n", "text/plain; charset=utf-8", "7bit"), ("a\r\nb", "text/plain; charset=utf-8", "7bit"),
        ("", "text/plain; charset=utf-8", "7bit"), ("Åsa\n", "text/plain; charset=utf-8", "base64"),
        ("a\rb\n", "text/plain; charset=utf-8", "base64"),
        ("a\nb\r\n", "text/plain; charset=utf-8", "base64"),
        ("a\u{0}b", "text/plain", "base64"), ("\u{1B}$B", "text/plain", "base64"),
        ("a\u{C}b", "text/plain; charset=utf-8", "base64"),
        ("From me\n", "text/plain; charset=utf-8", "quoted-printable"),
        (".\n", "text/plain; charset=utf-8", "quoted-printable"),
        ("--=_x", "text/plain; charset=utf-8", "quoted-printable"),
        (String(repeating: "x", count: 998) + "\n", "text/plain; charset=utf-8", "7bit"),
        (String(repeating: "x", count: 999) + "\n", "text/plain; charset=utf-8", "quoted-printable"),
        (String(repeating: "=", count: 2000), "text/plain; charset=utf-8", "base64"),
    ])
    func `text goes as it is where every line is fit for it, and says that it is UTF-8`(
        text: String, type: String, encoding: String
    ) throws {
        let padded =
            encoding == "quoted-printable" ? text + String(repeating: "\nmore of it", count: 30) : text
        let header = try header("a.txt", "text/plain", Array(padded.utf8))
        #expect(
            header == "Content-Type: \(type)\nContent-Transfer-Encoding: \(encoding)\n"
                + "Content-Disposition: attachment;\n filename=\"a.txt\"\n\n")
    }

    @Test func `what is not UTF-8, and what is no text, is left alone`() throws {
        #expect(
            try header("a.csv", "text/csv", [0x41, 0xE5]).hasPrefix(
                "Content-Type: text/csv\nContent-Transfer-Encoding: base64"))
        #expect(
            try header("a.pdf", "application/pdf", [0x41]).hasPrefix(
                "Content-Type: application/pdf\nContent-Transfer-Encoding: base64"))
        #expect(
            try header("a.txt", "text/plain; charset=US-ASCII", [0x41]).hasPrefix(
                "Content-Type: text/plain; charset=US-ASCII\nContent-Transfer-Encoding: 7bit"))
        #expect(
            try header("a.txt", "text/plain").hasPrefix(
                "Content-Type: text/plain\nContent-Transfer-Encoding: base64"))
    }

    @Test(arguments: [
        ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n", "; method=REQUEST"),
        ("begin:vcalendar\nmethod;x=y: publish\n", "; method=PUBLISH"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nMETHOD:REQUEST\n", ""), ("BEGIN:VCALENDAR\nVERSION:2.0\n", ""),
        (
            "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nMETHOD:ADD\nEND:VTIMEZONE\nMETHOD:REQUEST\n",
            "; method=REQUEST"
        ),
        ("BEGIN:VEVENT\nMETHOD:REQUEST\n", ""), ("BEGIN:VCALENDAR\nMETHOD:A\"B\n", ""),
        ("BEGIN:VCALENDAR\nMETHOD:\n", ""),
    ])
    func `a calendar says what is to be done with it`(text: String, method: String) throws {
        let header = try header("a.ics", "text/calendar", Array(text.utf8))
        #expect(header.hasPrefix("Content-Type: text/calendar; charset=utf-8\(method)\n"))
        let own = try self.header("a.ics", "text/calendar; method=CANCEL", Array(text.utf8))
        #expect(own.hasPrefix("Content-Type: text/calendar; method=CANCEL; charset=utf-8\n"))
    }

    @Test(arguments: [
        ("minutes.pdf", "", " filename=\"minutes.pdf\""),
        ("a b (1); x.pdf", "", " filename=\"a b (1); x.pdf\""),
        ("Möte.pdf", ";\n name=\"=?UTF-8?B?TcO2dGUucGRm?=\"", " filename*=UTF-8''M%C3%B6te.pdf"),
        ("a\"b.pdf", ";\n name=\"=?UTF-8?Q?a=22b=2Epdf?=\"", " filename*=UTF-8''a%22b.pdf"),
    ])
    func `a name is plain where it can be, else as old readers and as new ones understand it`(
        name: String, type: String, disposition: String
    ) throws {
        #expect(
            try header(name, "application/pdf")
                == "Content-Type: application/pdf\(type)\nContent-Transfer-Encoding: base64\n"
                + "Content-Disposition: attachment;\n\(disposition)\n\n")
    }

    @Test func `a long name beyond ASCII is cut into lines for both kinds of readers`() throws {
        let header = try header(String(repeating: "Räkning ", count: 12) + ".pdf", "application/pdf")
        #expect(header.split(separator: "\n").allSatisfy { $0.utf8.count <= 78 }, "\(header)")
        #expect(header.contains(" name=\"=?UTF-8?") && header.contains(" filename*1*="))
    }

    @Test(arguments: ["", "  ", "folder/", "\u{1}"])
    func `an empty name is refused`(name: String) {
        #expect(throws: MessageDesignError.attachmentWithoutName) { try header(name, "text/plain") }
    }

    @Test func `a type under which a file cannot be sent is refused, and not sent under another`() throws {
        for type in ["multipart/mixed", "Multipart/Related; boundary=x", "message/rfc822"] {
            #expect(throws: MessageDesignError.attachmentTypeNotSent(name: "a.eml", type: type)) {
                try header("a.eml", type, Array("Subject: Å\n\nx\n".utf8))
            }
        }
        let plain = try header("a.eml", "message/rfc822", Array("Subject: x\r\n\r\ny\r\n".utf8))
        #expect(plain.hasPrefix("Content-Type: message/rfc822\nContent-Transfer-Encoding: 7bit\n"))
    }

    @Test(arguments: [61, 62] as [UInt64])
    func `a file comes back as it was, whatever its form and its chunks`(seed: UInt64) {
        print("seed \(seed)")
        var random = SeededRandom(seed: seed)
        let pieces = [
            "a", "word ", "=", ".", "\n", "\r\n", "\r", "From ", "ä", "\u{0}",
            String(repeating: "z", count: 500),
        ]
        var forms: Set<TransferEncoding> = []
        for _ in 0..<2000 {
            let subset = (0..<3).map { _ in pieces.randomElement(using: &random) ?? "" }
            let bytes = Array(
                (0..<Int.random(in: 0...60, using: &random))
                    .map { _ in subset.randomElement(using: &random) ?? "" }.joined().utf8)
            let file = AttachedFile(name: "a", type: "text/plain", content: FileText(bytes))
            var encoded: [UInt8] = []
            var encoder = FileEncoder(file)
            var rest = bytes[...]
            while !rest.isEmpty {
                let chunk = Array(rest.prefix(Int.random(in: 1...130, using: &random)))
                rest = rest.dropFirst(chunk.count)
                encoder.encode(chunk.span, into: &encoded)
            }
            encoder.finish(into: &encoded)
            forms.insert(file.encoding)
            let text = String(decoding: bytes, as: UTF8.self)
            switch file.encoding {
            case .base64: #expect(MessageReader.base64(encoded) == bytes)
            case .sevenBit:
                #expect(String(decoding: encoded, as: UTF8.self) == text.replacing("\r\n", with: "\n"))
            case .quotedPrintable:
                #expect(
                    String(decoding: MessageReader.quotedPrintable(encoded), as: UTF8.self)
                        == text.replacing("\r\n", with: "\n"))
            }
            #expect(encoded.count <= Base64Lines.encodedCount(of: bytes.count))
            #expect(WireRules.violations(encoded + [0x0A]) == [])
        }
        #expect(forms.count == 3)
    }
}
