import Testing

@testable import SpoolMail

@Suite struct MessageDesignTests {
    private let date = "Tue, 24 Nov 2026 19:00:00 +0000"

    private func design(
        subject: String = "Hello", text: String? = "Hi", html: String? = nil,
        headers: [(String, String)] = [],
        listUnsubscribe: ListUnsubscribe? = nil, attachments: [AttachedFile] = []
    ) throws -> MessageDesign {
        try MessageDesign(
            from: Mailbox("Club <club@example.org>"), subject: Template(subject),
            text: text.map { try Template($0) },
            html: html.map { try Template($0) }, headers: headers.map { (name: $0, value: try Template($1)) },
            listUnsubscribe: listUnsubscribe, attachments: attachments)
    }

    private func message(
        _ design: MessageDesign, to recipient: String = "Anna <anna@example.org>",
        fields: [String: String] = [:],
        files: [[UInt8]] = []
    ) throws -> [UInt8] {
        try design.render(to: Mailbox(recipient), messageID: "<1.x@example.org>", date: date) { fields[$0] }
            .bytes(files: files)
    }

    @Test func `the fields come in their order, and Precedence is bulk unless given`() throws {
        let unsubscribe = ListUnsubscribe(
            url: try Template("https://example.org/?a={{ address | url_encode }}"),
            mailto: try Template("leave@example.org"), oneClick: true)
        let full = try MessageDesign(
            from: Mailbox("Club <club@example.org>"), replyTo: [Mailbox("r@example.org")],
            subject: Template("S"),
            text: Template("Hi"), html: nil,
            headers: [(name: "List-Id", value: try Template("<x.example.org>"))],
            listUnsubscribe: unsubscribe)
        let part = MessageReader.read(try message(full))
        #expect(
            part.fields.map(\.name) == [
                "From", "To", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version", "List-Id",
                "Precedence",
                "List-Unsubscribe", "List-Unsubscribe-Post", "Content-Type", "Content-Transfer-Encoding",
            ])
        #expect(
            part.field("List-Unsubscribe")
                == "<mailto:leave@example.org>, <https://example.org/?a=anna%40example.org>")
        #expect(part.field("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click")
        #expect(part.field("Precedence") == "bulk")
        let own = MessageReader.read(try message(try design(headers: [("precedence", "list")])))
        #expect(own.fields.filter { $0.name.lowercased() == "precedence" }.map(\.value) == ["list"])
    }

    @Test(arguments: [
        ("List-Id", "Klubbens brev <brev.exämple.se>", "Klubbens brev <brev.xn--exmple-cua.se>"),
        (
            "list-id", "\"Öbor, alla\" <öbor.example.org>",
            "=?UTF-8?B?w5Zib3IsIGFsbGE=?= <xn--bor-rna.example.org>"
        ),
        ("List-Id", "<brev.exämple.se>", "<brev.xn--exmple-cua.se>"), ("List-Id", "å", "=?UTF-8?B?w6U=?="),
        ("List-Id", "News \"2\" <news.example.org>", "News \"2\" <news.example.org>"),
        ("Sender", "Åsa, B <asa@exämple.se>", "=?UTF-8?B?w4VzYSwgQg==?= <asa@xn--exmple-cua.se>"),
        ("X-Note", "Försök <något.nytt>", "=?UTF-8?B?RsO2cnPDtmsgPG7DpWdvdC5ueXR0Pg==?="),
    ])
    func `a field that names a list or a mailbox keeps its brackets`(
        name: String, value: String, expected: String
    ) throws {
        let part = MessageReader.read(try message(try design(headers: [(name, value)])))
        #expect(part.field(name) == expected)
    }

    @Test(arguments: [
        "From", "to", "CC", "bcc", "Subject", "DATE", "message-id", "Reply-To", "Return-Path", "Received",
        "MIME-version", "Content-Type", "content-x", "Resent-To",
    ])
    func `a field that is not the mailing's own is refused in any case`(name: String) {
        #expect(throws: MessageDesignError.headerNotAllowed(name)) { try design(headers: [(name, "x")]) }
    }

    @Test(arguments: ["", "X Y", "X:", "X\nBcc", "Ä", "X\u{0}", String(repeating: "x", count: 71)])
    func `a name that cannot be a field's is refused`(name: String) {
        #expect(throws: MessageDesignError.headerName(name)) { try design(headers: [(name, "x")]) }
    }

    @Test func `a design without sense is refused with its reason`() throws {
        #expect(throws: MessageDesignError.noBody) { try design(text: nil) }
        #expect(throws: MessageDesignError.duplicateHeader("x-a")) {
            try design(headers: [("X-A", "1"), ("x-a", "2")])
        }
        let long = String(repeating: "word ", count: 5000)
        #expect(throws: MessageDesignError.headerTooLong(field: "Subject")) { try design(subject: long) }
        #expect(throws: MessageDesignError.headerTooLong(field: "X-A")) {
            try design(headers: [("X-A", long)])
        }
        #expect(throws: MessageDesignError.attachmentType(name: "a", type: "pdf\nX: y")) {
            try design(attachments: [AttachedFile(name: "a", type: "pdf\nX: y")])
        }
        #expect(throws: MessageDesignError.contentID("a>\nb")) {
            try design(attachments: [AttachedFile(name: "a", type: "image/png", contentID: "a>\nb")])
        }
        let twice = AttachedFile(name: "a", type: "image/png", contentID: "a")
        #expect(throws: MessageDesignError.duplicateContentID("a")) {
            try design(attachments: [twice, twice])
        }
    }

    @Test func `an unsubscribe that no program could use is refused`() throws {
        func unsubscribe(_ url: String?, _ mailto: String?, _ oneClick: Bool) throws -> MessageDesign {
            try design(
                headers: [],
                listUnsubscribe: ListUnsubscribe(
                    url: url.map { try Template($0) }, mailto: mailto.map { try Template($0) },
                    oneClick: oneClick))
        }
        #expect(throws: MessageDesignError.unsubscribeEmpty) { try unsubscribe(nil, nil, false) }
        #expect(throws: MessageDesignError.oneClickWithoutURL) { try unsubscribe(nil, "a@b.org", true) }
        #expect(throws: MessageDesignError.oneClickWithoutHTTPS) {
            try unsubscribe("http://x.org", nil, true)
        }
        #expect(throws: MessageDesignError.unsubscribeURL) { try unsubscribe("x.org", nil, false) }
        #expect(throws: MessageDesignError.unsubscribeMailto(.noAt)) { try unsubscribe(nil, "leave", false) }
        #expect(throws: MessageDesignError.duplicateHeader("List-Unsubscribe")) {
            try design(
                headers: [("list-unsubscribe", "<https://x.org>")],
                listUnsubscribe: ListUnsubscribe(
                    url: try Template("https://x.org"), mailto: nil, oneClick: false))
        }
        let fromField = try unsubscribe("{{ link }}", nil, true)
        #expect(throws: RenderError.oneClickWithoutHTTPS) {
            try message(fromField, fields: ["link": "http://x.org"])
        }
        #expect(throws: RenderError.unsubscribeURL) { try message(fromField, fields: ["link": "x\n y"]) }
    }

    @Test func `the parts nest only as deep as needed`() throws {
        let file = AttachedFile(name: "a.pdf", type: "application/pdf")
        let picture = AttachedFile(name: "l.png", type: "image/png", contentID: "logo")
        func structure(_ part: MessageReader.Part) -> String {
            guard !part.parts.isEmpty else { return String(part.contentType.split(separator: "/")[1]) }
            return part.contentType.dropFirst(10) + "(" + part.parts.map(structure).joined(separator: ",")
                + ")"
        }
        func shape(_ text: String?, _ html: String?, _ attachments: [AttachedFile]) throws -> String {
            let design = try design(text: text, html: html, attachments: attachments)
            return structure(MessageReader.read(try message(design, files: [[1], [2], [3]])))
        }
        #expect(try shape("x", nil, []) == "plain")
        #expect(try shape(nil, "<p>x", []) == "alternative(plain,html)")
        #expect(try shape(nil, "<img src=x>", []) == "html")
        #expect(try shape("x", nil, [file]) == "mixed(plain,pdf)")
        #expect(try shape("x", nil, [picture]) == "mixed(plain,png)")
        #expect(try shape("x", "y", [picture]) == "related(alternative(plain,html),png)")
        #expect(try shape(nil, "<img src=cid:logo>", [picture]) == "related(html,png)")
        #expect(
            try shape("x", "y", [file, picture, file])
                == "mixed(related(alternative(plain,html),png),pdf,pdf)")
    }

    @Test func `an attachment is referred to by its number, in the order of the message`() throws {
        let picture = AttachedFile(name: "l.png", type: "image/png", contentID: "logo")
        let file = AttachedFile(name: "a.pdf", type: "application/pdf")
        let design = try design(text: "x", html: "y", attachments: [file, picture])
        let rendered = try design.render(to: Mailbox("a@b.org"), messageID: "1@x", date: date) { _ in nil }
        #expect(
            rendered.segments.compactMap { if case .attachment(let index) = $0 { index } else { nil } } == [
                1, 0,
            ])
    }

    @Test func `a message of the same ID is the same, byte for byte, and another has other boundaries`()
        throws
    {
        let design = try design(text: "x", html: "y")
        let recipient = try Mailbox("a@b.org")
        let one = try design.render(to: recipient, messageID: "1@x", date: date) { _ in nil }
        let again = try design.render(to: recipient, messageID: "<1@x>", date: date) { _ in nil }
        let other = try design.render(to: recipient, messageID: "2@x", date: date) { _ in nil }
        #expect(one == again)
        let boundaries = [one, other].map { MessageReader.read($0.bytes()).field("Content-Type") }
        #expect(boundaries[0] != boundaries[1])
    }

    @Test func `a body that spells the boundary out is encoded, so that it ends nothing`() throws {
        let plain = try design(text: "{{ note }}", html: "<p>y</p>")
        let first = MessageReader.read(try message(plain, fields: ["note": "x"]))
        let boundary = try #require(first.field("Content-Type")?.firstMatch(of: /boundary="([^"]+)"/)).1
        let note = "--\(boundary)\nContent-Type: text/html\n\nevil\n--\(boundary)--\n"
        let part = MessageReader.read(try message(plain, fields: ["note": note]))
        #expect(part.parts.map(\.text) == [note, "<p>y</p>\n"])
    }

    @Test func `values fill every part, escaped only in HTML`() throws {
        let design = try design(
            subject: "For {{ name }}", text: "{{ name }} {{ town }} {{ address }}", html: "<p>{{ town }}</p>",
            headers: [("X-Town", "{{ town }}")])
        let part = MessageReader.read(try message(design, fields: ["town": "A<B & Ö"]))
        #expect(part.field("Subject") == "For Anna")
        #expect(part.parts.map(\.text) == ["Anna A<B & Ö anna@example.org\n", "<p>A&lt;B &amp; Ö</p>\n"])
        #expect(MessageReader.decodedText(part.field("X-Town") ?? "") == "A<B & Ö")
    }

    @Test func `a subject prefix stands before the subject`() throws {
        let rendered = try design().render(
            to: Mailbox("a@b.org"), messageID: "1@x", date: date, subjectPrefix: "[test] "
        ) { _ in nil }
        #expect(MessageReader.read(rendered.bytes()).field("Subject") == "[test] Hello")
    }

    @Test func `the cheap check finds what rendering would refuse`() throws {
        let design = try design(
            subject: "{{ a }}", text: "{{ b }} {{ c | default: 'x' }} {{ name }}", html: "{{ c }}",
            headers: [("X-A", "{{ a }}")])
        let anna = try Mailbox("Anna <a@b.org>")
        let nobody = try Mailbox("a@b.org")
        #expect(design.problems(for: anna) { ["a": "1", "b": "2", "c": "3"][$0] } == [])
        #expect(
            design.problems(for: nobody) { ["a": "", "c": "3"][$0] } == [
                .missingValue(variable: "a"), .missingValue(variable: "b"), .missingValue(variable: "name"),
            ])
        let long = String(repeating: "long ", count: 4000)
        #expect(
            design.problems(for: anna) { ["a": long, "b": "2", "c": "3"][$0] } == [
                .headerTooLong(field: "Subject")
            ])
        let longName = Mailbox(name: long, address: anna.address)
        #expect(design.problems(for: longName) { _ in "x" } == [.headerTooLong(field: "To")])
        #expect(throws: RenderError.headerTooLong(field: "To")) {
            try design.render(to: longName, messageID: "1@x", date: date) { _ in "x" }
        }
        #expect(throws: RenderError.missingValue(variable: "b")) {
            try design.render(to: anna, messageID: "1@x", date: date) { ["a": "1", "c": "3"][$0] }
        }
    }

    @Test(arguments: [
        "\r\n", "\n", "\r", "\u{0}", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}", "\r\n\r\n", "\n ",
    ])
    func `no value can add a field, a recipient or a part`(lineBreak: String) throws {
        let evil =
            "x\(lineBreak)Bcc: evil@example.org\(lineBreak)Content-Type: text/html\(lineBreak)\(lineBreak)--=_"
        let design = try MessageDesign(
            from: Mailbox(name: evil, address: EmailAddress("club@example.org")),
            replyTo: [Mailbox(name: evil, address: EmailAddress("r@example.org"))],
            subject: Template("{{ v }} \(evil)"),
            text: Template("{{ v }}"), html: Template("<a href='{{ v }}'>{{ v | raw }}</a>"),
            headers: [
                (name: "X-A", value: try Template("{{ v }} \(evil)")),
                (name: "X-B", value: Template(literal: evil)),
            ],
            listUnsubscribe: ListUnsubscribe(
                url: try Template("https://x.org/{{ v }}"), mailto: try Template("a@b.org?subject={{ v }}"),
                oneClick: true),
            attachments: [
                AttachedFile(name: evil, type: "text/plain"),
                AttachedFile(name: evil, type: "image/png", contentID: "a"),
            ])
        let recipient = Mailbox(name: evil, address: try EmailAddress("anna@example.org"))
        let rendered = try design.render(
            to: recipient, messageID: "<1\(evil)@x>", date: date + evil, subjectPrefix: evil
        ) { _ in evil }
        let bytes = rendered.bytes(files: [[1], [2]])
        #expect(WireRules.violations(bytes) == [])
        let part = MessageReader.read(bytes)
        #expect(
            part.fields.map(\.name) == [
                "From", "To", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version", "X-A", "X-B",
                "Precedence",
                "List-Unsubscribe", "List-Unsubscribe-Post", "Content-Type",
            ])
        #expect(part.leaves.map(\.contentType) == ["text/plain", "text/html", "image/png", "text/plain"])
        let python = try #require(try PythonReader.read([bytes]).first)
        #expect(python.fieldNames == part.fields.map(\.name))
        #expect(python.to.map(\.address) == ["anna@example.org"])
        #expect(python.from.map(\.address) == ["club@example.org"])
        #expect(
            python.structure == "mixed(related(alternative(text/plain, text/html), image/png), text/plain)")
    }
}

@Suite struct MediaTypesTests {
    @Test(arguments: [
        ("a.pdf", "application/pdf"), ("A.JPG", "image/jpeg"), ("x.tar.gz", "application/gzip"),
        (
            "Årsmöte.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        ), ("noextension", "application/octet-stream"),
        ("x.nosuch", "application/octet-stream"), ("x.", "application/octet-stream"),
        (".ics", "text/calendar"),
    ])
    func `a file's type follows from its extension`(name: String, type: String) {
        #expect(MediaTypes.builtIn.type(ofFile: name) == type)
    }

    @Test func `mime types adds what is not built in, and garbage in it does no harm`() {
        let file =
            "# comment\napplication/x-foo\tfoo Foo2  # more\napplication/x-bar\nbad type\nx/pdf pdf\r\na/b c\u{0}\n"
        let types = MediaTypes(mimeTypes: Array(file.utf8) + [0xFF, 0x0A])
        #expect(types.type(ofFile: "a.foo") == "application/x-foo")
        #expect(types.type(ofFile: "a.FOO2") == "application/x-foo")
        #expect(types.type(ofFile: "a.pdf") == "application/pdf")
        #expect(types.type(ofFile: "a.type") == "application/octet-stream")
    }

    @Test func `a media type is told from what would break the header`() {
        for good in [
            "text/plain", "text/csv; charset=utf-8", "text/csv;charset=\"utf-8\"", "application/x.y+z",
        ] {
            #expect(MediaTypes.isValid(good), "\(good)")
        }
        for bad in [
            "", "text", "text/", "/plain", "text/plain\nX: y", "text/pl ain", "text/plain;", "text/plain; a",
            "a/b/c", "ä/b",
        ] {
            #expect(!MediaTypes.isValid(bad), "\(bad)")
        }
    }
}
