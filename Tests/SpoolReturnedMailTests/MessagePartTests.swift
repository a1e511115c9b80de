@testable import SpoolReturnedMail
import Testing

/// MIME as it really is.
@Suite struct MessagePartTests {
    private func part(_ text: String) -> MessagePart { MessagePart(message: Array(text.utf8)[...]) }

    private func texts(_ message: MessagePart) -> [String] {
        message.ownParts.map { String(decoding: $0.text, as: UTF8.self) }
    }

    @Test
    func
        `fields are found folded, with blanks before the colon, behind a line of mbox, and without an empty line`()
    {
        let message = part(
            "From MAILER-DAEMON Sun Jun 16\nSubject : one\n\ttwo\nX: 1\nno field here\nSubject: body")
        #expect(message.fields.text("subject") == "one two")
        #expect(message.fields.text("x") == "1")
        #expect(String(decoding: message.body, as: UTF8.self) == "no field here\nSubject: body")
    }

    @Test func `encoded words are decoded in any charset, blanks between them dropped, and broken ones kept`()
    {
        let field =
            "Subject: =?iso-8859-1?Q?Gr=FC=DFe_a?= =?UTF-8?B?IGLDtg==?= =?x =?utf-8?Z?a?= =?utf-8?q?open"
        #expect(part(field + "\n\n").fields.text("subject") == "Grüße a bö =?x =?utf-8?Z?a?= =?utf-8?q?open")
    }

    @Test(arguments: [
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n--b--\n",
        "Content-Type: multipart/mixed; boundary=\"b\"\n\n--b\n\none\n--b\n\ntwo",
        "Content-Type: multipart/mixed; boundary=b\n\npreamble\n--b  \n\none\n --b\n\ntwo\n--b--\nepilogue",
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n",
        "content-type:multipart/mixed;\n charset=x ;BOUNDARY = b\n\n--b\n\none\n--b\n\ntwo\n--b--\n",
    ])
    func `parts are found whatever is wrong with their boundaries`(text: String) {
        let found = texts(part(text)).map { $0.filter { $0 != "\n" && $0 != "\r\n" } }
        #expect(found == ["one", "two"])
    }

    @Test(arguments: ["multipart/mixed", "multipart/mixed; boundary=other"])
    func `a boundary that is not named or stands nowhere is guessed`(type: String) {
        let message = part(
            "Content-Type: \(type)\n\n--x1\nContent-Type: text/plain\n\none\n--x1\nContent-Type: text/html\n\n<p>two"
        )
        #expect(message.ownParts.map(\.type) == ["text/plain", "text/html"])
    }

    @Test func `a message inside is decoded, and read, also its header alone`() {
        // "To: bo@example.com\n\nx" in base64
        let message = part(
            """
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: message/rfc822
            Content-Transfer-Encoding: base64

            VG86IGJvQGV4YW1w
            bGUuY29tCgp4
            --b
            Content-Type: text/rfc822-headers

            To: cia@example.com
            --b--
            """)
        #expect(
            message.ownParts.map { $0.parts.first?.fields.text("to") } == [
                "bo@example.com", "cia@example.com",
            ])
    }

    @Test func `quoted-printable loses its soft breaks and keeps what is none`() {
        let text = "a=\nb= \t\nc=3D=C3=A9=ZZ="
        #expect(
            String(decoding: TransferDecoding.quotedPrintable(Array(text.utf8)[...]), as: UTF8.self)
                == "abc=é=ZZ")
    }

    @Test func `base64 passes over what is not of it, and goes on behind padding`() {
        #expect(
            String(decoding: TransferDecoding.base64("aGVq\r\n !ZGk=aGVq".utf8), as: UTF8.self) == "hejdihej")
    }

    @Test func `Japanese is read in its three encodings, as far as the rules need it`() {
        let text = "ユーザー 宛先不明"
        let jis: [UInt8] =
            [0x1B, 0x24, 0x42, 0x25, 0x66, 0x21, 0x3C, 0x25, 0x36, 0x21, 0x3C, 0x1B, 0x28, 0x42, 0x20]
            + [0x1B, 0x24, 0x42, 0x30, 0x38, 0x40, 0x68, 0x49, 0x54, 0x4C, 0x40, 0x1B, 0x28, 0x42]
        let euc: [UInt8] =
            [0xA5, 0xE6, 0xA1, 0xBC, 0xA5, 0xB6, 0xA1, 0xBC, 0x20]
            + [0xB0, 0xB8, 0xC0, 0xE8, 0xC9, 0xD4, 0xCC, 0xC0]
        let shift: [UInt8] =
            [0x83, 0x86, 0x81, 0x5B, 0x83, 0x55, 0x81, 0x5B, 0x20]
            + [0x88, 0xB6, 0x90, 0xE6, 0x95, 0x73, 0x96, 0xBE]
        #expect(String(decoding: Charset.utf8(jis, declared: nil), as: UTF8.self) == text)
        #expect(String(decoding: Charset.utf8(euc, declared: "ISO-2022-JP"), as: UTF8.self) == text)
        #expect(String(decoding: Charset.utf8(shift, declared: "Shift_JIS"), as: UTF8.self) == text)
    }

    @Test func `bytes that are no UTF-8 are read as Windows-1252`() {
        #expect(Charset.utf8([0x93, 0xE9, 0x94], declared: "us-ascii") == Array("“é”".utf8))
        #expect(Charset.utf8(Array("é".utf8), declared: "iso-8859-1") == Array("é".utf8))
    }

    @Test func `HTML is read without its tags, styles and scripts`() {
        let html = "<style>p{}</style><p>User&nbsp;&lt;bo&gt;</p><SCRIPT>x</script>unknown<br>a < b"
        let text = String(decoding: MarkupStripper.text(of: Array(html.utf8)), as: UTF8.self)
        #expect(text.split(whereSeparator: \.isWhitespace) == ["User", "<bo>", "unknown", "a", "<", "b"])
    }
}
