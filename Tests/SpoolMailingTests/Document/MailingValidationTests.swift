import Foundation
import Glibc
@testable import SpoolMail
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import TestSupport
import Testing

@Suite struct MailingValidationTests {
    static func problems(_ text: String, _ files: TemporaryFiles) throws -> [Diagnostic] {
        switch try TestDocument.validate(text, files).outcome {
        case .success: []
        case .failure(let problems): problems.all
        }
    }

    @Test func `a small document becomes a mailing`() throws {
        let mailing = try TestDocument.validate(TestDocument.document(""), TemporaryFiles()).outcome.get()
        #expect(mailing.content.design.from.name == "Anna")
        #expect(mailing.content.returnPath.description == "anna@example.org")
        #expect(mailing.timing.sendAt == nil && mailing.timing.policy.window == nil)
        #expect(mailing.content.variables.variables == [.init(name: "name", key: "text", hasDefault: false)])
        #expect(mailing.content.revision.count == 16)
        #expect(mailing.line(ofKey: "subject") == 1)
    }

    @Test(arguments: [
        ("\"text\": \"\"", "text"), ("\"text\": \" \\n\\t\"", "text"), ("\"html\": \"\"", "html"),
        ("\"text\": \"Hi\", \"html\": \" \"", "html"),
    ])
    func `an empty body is none`(bodies: String, key: String) throws {
        let problems = try Self.problems(TestDocument.document(bodies, without: ["text"]), TemporaryFiles())
        #expect(problems.map(\.key) == [key] && problems.first?.message == "the body is empty", "\(problems)")
    }

    @Test func `an empty text beside HTML is derived like one that is not there`() throws {
        func revision(_ bodies: String) throws -> String {
            try TestDocument.validate(TestDocument.document(bodies, without: ["text"]), TemporaryFiles())
                .outcome.get()
                .content.revision
        }
        #expect(try revision("\"html\": \"<p>Hi\"") == revision("\"html\": \"<p>Hi\", \"text\": \"\""))
    }

    @Test func `a document's reportTo replaces config.json's, and is not part of the content`() throws {
        let configuration = try ConfigurationTests.read("{\"reportTo\": \"The Office <office@example.org>\"}")
        func mailing(_ more: String) throws -> Mailing {
            try TestDocument.validate(
                TestDocument.document(more), TemporaryFiles(), configuration: configuration
            ).outcome
                .get()
        }
        let standard = try mailing("")
        #expect(standard.reportTo?.address.description == "office@example.org")
        #expect(standard.reportTo?.name == "The Office" && standard.zoneName == nil)
        let own = try mailing("\"reportTo\": \"anna@example.org\", \"timeZone\": \"Europe/Stockholm\"")
        #expect(own.reportTo?.address.description == "anna@example.org" && own.zoneName == "Europe/Stockholm")
        #expect(own.content.revision == standard.content.revision)
        #expect(
            try TestDocument.validate(TestDocument.document(""), TemporaryFiles()).outcome.get().reportTo
                == nil)
    }

    @Test(
        arguments: [
            ("\"sendAt\": \"2026-11-24T19:00\"", "sendAt"),
            ("\"sendUntil\": \"2026-11-24T19:00\"", "sendUntil"),
            ("\"window\": {\"from\": \"18:00\", \"until\": \"19:00\"}", "window"),
            ("\"sendAt\": \"2026-11-24T19:00Z\"", nil), ("\"rate\": \"5/hour\"", nil),
            ("\"sendAt\": \"2026-11-24T19:00\", \"timeZone\": \"Europe/Stockholm\"", nil),
        ] as [(String, String?)]
    ) func `where the machine's zone is not understood, what needs one is an error`(
        more: String, key: String?
    ) throws {
        let unknown = LocalZone.unknown("TZ is \"Mars\", which is none")
        let problems: [Diagnostic] =
            switch try TestDocument.validate(
                TestDocument.document(more), TemporaryFiles(), configuration: .init(cores: 2, zone: unknown)
            ).outcome {
            case .success: []
            case .failure(let problems): problems.all
            }
        #expect(problems.map(\.key) == [key].compactMap(\.self))
        #expect(problems.allSatisfy { $0.message == unknown.problem?.message && $0.line == 2 })
    }

    @Test func `the document goes before the defaults of config.json`() throws {
        let configuration = try ConfigurationTests.read(
            """
            {"window": {"from": "18:00", "until": "19:00"}, "timeZone": "Europe/Stockholm", "giveUpAfter": "1h",
             "defaults": {"from": "d@example.org", "returnPath": "bounce@example.org", "replyTo": "r@example.org"}}
            """)
        let files = try TemporaryFiles()
        let plain = try TestDocument.validate(
            TestDocument.document("\"sendAt\": \"2026-11-24T19:00\"", without: ["from"]), files,
            configuration: configuration
        ).outcome.get()
        #expect(plain.content.design.from.address.description == "d@example.org")
        #expect(plain.content.returnPath.description == "bounce@example.org")
        #expect(plain.timing.sendAt == Timestamp(rfc3339: "2026-11-24T18:00:00Z"))
        #expect(plain.timing.policy.window != nil && plain.timing.attempts.giveUpAfter == .hours(1))
        let own = try TestDocument.validate(
            TestDocument.document(
                "\"window\": \"always\", \"giveUpAfter\": \"2h\", \"rate\": \"5/second\", \"returnPath\": \"o@example.org\""
            ),
            files, configuration: configuration
        ).outcome.get()
        #expect(own.timing.policy.window == nil && own.timing.attempts.giveUpAfter == .hours(2))
        #expect(own.timing.policy.rate == Rate(count: 5, per: .second))
        #expect(own.content.returnPath.description == "o@example.org")
    }

    static let bad: [(key: String, value: String?, message: String)] = [
        ("subject", nil, "the key is missing"),
        ("from", nil, "the key is missing"),
        ("text", nil, "there is no body"),
        ("recipients", nil, "the key is missing"),
        ("subject", #"" ""#, "is empty"),
        ("subject", #""a\nBcc: b@example.org""#, "contains a line break"),
        ("from", #""a@b@c""#, #""a@b@c" is no mailbox: more than one @"#),
        ("from", #""A\r\nBcc: x@example.org <a@example.org>""#, "contains a line break"),
        ("replyTo[1]", #"["a@example.org", "x"]"#, #""x" is no mailbox"#),
        ("returnPath", #""A <a@example.org>""#, #""A <a@example.org>" is no address"#),
        ("returnPath", #""-oQ/tmp@example.org""#, #""-oQ/tmp@example.org" is no"#),
        ("text", #""a\n{{ x""#, "line 2, column 1: "),
        ("subject", #""Hi {% if a %}""#, "line 1, column 4: there are no tags"),
        (
            "from", #""{{ name }} via Club <a@example.org>""#,
            #""{{ name }} via Club <a@example.org>" holds {{, and this key is not personalised"#
        ),
        (
            "replyTo", #""reply+{{id}}@example.org""#,
            #""reply+{{id}}@example.org" holds {{, and this key is not personalised"#
        ),
        (
            "returnPath", #""bounce+{% x %}@example.org""#,
            #""bounce+{% x %}@example.org" holds {%, and this key is not personalised"#
        ),
        ("reportTo", #""a}}@example.org""#, #""a}}@example.org" holds }}, and"#),
        (
            "attachments[0]", #"["{{ number }}.pdf"]"#,
            #""{{ number }}.pdf" holds {{, and this key is not personalised"#
        ),
        (
            "attachments[0].name", #"[{"path": "body.txt", "name": "{{ n }}.txt"}]"#,
            #""{{ n }}.txt" holds {{, and this key is not personalised"#
        ),
        (
            "htmlFile", #""{{ language }}.html""#,
            #""{{ language }}.html" holds {{, and this key is not personalised"#
        ),
        ("headers.X-{{n}}", #"{"X-{{n}}": "x"}"#, #""X-{{n}}" holds {{, and this key is not personalised"#),
        ("html", #""{{ x | loud }}""#, "line 1, column "),
        ("textFile", #""body.txt""#, #"there is a "text" too"#),
        ("htmlFile", #""gone.html""#, "files/gone.html is not there"),
        ("htmlFile", #""../secret""#, #""../secret" contains "..""#),
        ("htmlFile", #""a/../b""#, #""a/../b" contains "..""#),
        ("htmlFile", #""/etc/passwd""#, #""/etc/passwd" is an absolute path"#),
        ("htmlFile", "\"\"", "the path is empty"),
        ("htmlFile", #""out""#, "files/out leads out of files/"),
        ("htmlFile", #""folder""#, "files/folder is a directory"),
        ("htmlFile", #""./folder/.""#, "files/./folder/. is a directory"),
        ("htmlFile", #"".""#, "files/. is the folder files/ itself"),
        ("htmlFile", #""././""#, "files/././ is the folder files/ itself"),
        ("htmlFile", #""fifo""#, "files/fifo is a FIFO"),
        ("htmlFile", #""latin.txt""#, "files/latin.txt: line 2 is not UTF-8"),
        ("attachments[1]", #"["body.txt", "gone.pdf"]"#, "files/gone.pdf is not"),
        ("attachments[0]", #"[{"name": "x"}]"#, "the path is missing"),
        ("attachments[0]", #"[{"path": "body.txt", "type": "text"}]"#, "text is no media type"),
        ("attachments[0].name", #"[{"path": "body.txt", "name": "a\nb"}]"#, "contains a line break"),
        ("attachments[0]", #"[{"path": "body.txt", "inline": "a b"}]"#, "a b cannot be the name"),
        (
            "attachments", #"[{"path": "body.txt", "inline": "a"}, {"path": "body.txt", "inline": "a"}]"#,
            "two inline attachments"
        ),
        ("attachments[0]", #"[{"path": "body.txt", "name": ""}]"#, "the name of an attachment is empty"),
        (
            "attachments[0]", #"[{"path": "body.txt", "type": "multipart/mixed"}]"#,
            "body.txt cannot be sent as multipart/mixed"
        ),
        (
            "attachments[0]", #"[{"path": "latin.txt", "type": "message/rfc822"}]"#,
            "latin.txt cannot be sent as message/rfc822"
        ),
        ("headers.Bcc", #"{"Bcc": "x@example.org"}"#, "the header field Bcc is set by"),
        ("headers.content-type", #"{"content-type": "x"}"#, "the header field"),
        ("headers.X A", #"{"X A": "x"}"#, "X A cannot be the name"),
        ("headers.X-A", #"{"X-A": "x\ny"}"#, "contains a line break"),
        ("listUnsubscribe", "{}", "listUnsubscribe has neither"),
        ("listUnsubscribe", #"{"url": "javascript:x"}"#, "the url of listUnsubscribe does not begin"),
        ("sendAt", #""tomorrow""#, #""tomorrow" cannot be read as a time"#),
        ("sendUntil", #""now""#, "is now"),
        ("sendAt", #""2026-11-24T19:00+0100""#, #""2026-11-24T19:00+0100" cannot be read as a time"#),
        ("sendUntil", #""2026-11-24T18:00", "sendAt": "2026-11-24T19:00:00Z""#, "is not after sendAt"),
        ("timeZone", #""Mars""#, "no such zone"),
        ("window", #"{"from": "25:00", "until": "1:00"}"#, ""),
        ("rate", #""fast""#, ""),
        ("giveUpAfter", #""3 days""#, ""),
        ("reportTo", #""me""#, #""me" is no mailbox"#),
        ("reportTo", #""åsa@example.org""#, #""åsa@example.org" is no mailbox"#),
        (
            "reportTo", #""\#(String(repeating: "å", count: 17_000)) <a@example.org>""#,
            "is too long for a header field"
        ),
        ("recipientsFile", #""list.xlsx""#, "files/list.xlsx is not there"),
        ("recipientsFile", #""body""#, #""body" is not named like a list"#),
        ("recipientsFile", #""files/l.csv""#, "files/files/l.csv is not there"),
    ]

    @Test(arguments: bad) func `what cannot be sent is refused with key and line`(
        key: String, value: String?, message: String
    ) throws {
        let files = try TemporaryFiles()
        try files.write("body.txt", "x".utf8)
        try files.write("body", "x".utf8)
        try files.write("folder/x", [])
        try files.write("latin.txt", Array("a\n".utf8) + [0xE5])
        try files.link("out", to: "/etc/hostname")
        #expect(mkfifo(files.path + "/fifo", 0o600) == 0)
        let member = String(key.prefix { $0 != "." && $0 != "[" })
        let more = value.map { "\"\(member)\": \($0)" } ?? ""
        let problems = try Self.problems(TestDocument.document(more, without: [member]), files)
        let problem = try #require(problems.first)
        #expect(problem.key == key && problem.message.hasPrefix(message), "\(problem)")
        #expect(problem.line == (value == nil ? nil : 2))
        #expect(!problem.hint.isEmpty)
    }

    @Test func `everything that is wrong is said in one go, in the order of the lines`() throws {
        let text = """
            {"from": "x", "sendat": "now",
             "text": "{{ a",
             "htmlFile": "gone.html", "headers": {"To": "a", "Date": "b"},
             "sendAt": "never",
             "rate": 3}
            """
        let problems = try Self.problems(text, TemporaryFiles())
        #expect(
            problems.map(\.key) == [
                "subject", "recipients", "sendat", "from", "text", "htmlFile", "headers.Date", "headers.To",
                "sendAt", "rate",
            ])
        #expect(problems.map(\.line) == [nil, nil, 1, 1, 2, 3, 3, 3, 4, 5])
    }

    @Test func `a link that stays inside is followed, and a file may come later`() throws {
        let files = try TemporaryFiles()
        try files.write("a/body.txt", Array("\u{FEFF}Hej {{ name }}".utf8))
        try files.write("pic.png", [1, 2, 3])
        try files.link("link.txt", to: "a/body.txt")
        let text = TestDocument.document(
            "\"textFile\": \"link.txt\", \"html\": \"<p>x\", "
                + "\"attachments\": [{\"path\": \"pic.png\", \"inline\": \"pic\", \"name\": \"Bild.png\"}, \"gone\"]",
            without: ["text"])
        let broken = try TestDocument.validate(text, files)
        #expect(broken.files.map(\.path) == ["link.txt", "pic.png", "gone"])
        #expect(broken.files.map { $0.status == nil } == [false, false, true])
        try files.write("gone", [1])

        let mailing = try TestDocument.validate(text, files).outcome.get()
        #expect(mailing.content.design.text?.source == "Hej {{ name }}")
        #expect(mailing.content.design.attachments.map(\.name) == ["Bild.png", "gone"])
        #expect(mailing.content.design.attachments.map(\.type) == ["image/png", MediaTypes.unknown])
    }

    @Test
    func
        `how an attachment travels follows from its content, and a message that cannot be sent as one is a file`()
        throws
    {
        let files = try TemporaryFiles()
        try files.write("a.ics", "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n".utf8)
        try files.write("a.eml", "Subject: x\n\ny\n".utf8)
        try files.write("b.eml", "Subject: Å\n\ny\n".utf8)
        try files.write("a.csv", "Å\n".utf8)
        let mailing = try TestDocument.validate(
            TestDocument.document("\"attachments\": [\"a.ics\", \"a.eml\", \"b.eml\", \"a.csv\"]"), files
        ).outcome.get()
        let heads = mailing.content.design.attachments.map {
            String(decoding: $0.header, as: UTF8.self).split(separator: "\n").prefix(2)
        }
        #expect(
            heads.map { Array($0) } == [
                [
                    "Content-Type: text/calendar; charset=utf-8; method=REQUEST",
                    "Content-Transfer-Encoding: 7bit",
                ],
                ["Content-Type: message/rfc822", "Content-Transfer-Encoding: 7bit"],
                ["Content-Type: application/octet-stream", "Content-Transfer-Encoding: base64"],
                ["Content-Type: text/csv; charset=utf-8", "Content-Transfer-Encoding: base64"],
            ])
    }

    /// A mailing under way must not be taken for a revised one after an update.
    @Test func `a revision's hash stays what it was`() {
        var hash = ContentHash()
        #expect(hash.text == "0eda065b652ec4cf")
        hash.add("Hej {{ name }}")
        #expect(hash.text == "356151ac8aa9837b")
        hash.add(-7)
        hash.add("")
        #expect(hash.text == "1ba68897cedfbf57")
    }

    @Test func `the revision follows what a recipient gets, and nothing else`() throws {
        let files = try TemporaryFiles()
        try files.write("body.txt", "Hi {{ name }}".utf8)
        try files.write("a.pdf", "1".utf8)
        func revision(_ more: String, without: Set<String> = []) throws -> String {
            try TestDocument.validate(TestDocument.document(more, without: without), files).outcome.get()
                .content.revision
        }
        let first = try revision("")
        #expect(first == "cda07909faf3c69a")
        #expect(try revision("\"recipients\": [\"b@example.org\"]", without: ["recipients"]) == first)
        #expect(try revision("\"sendAt\": \"2026-11-24T19:00\", \"rate\": \"1/hour\", \"x-a\": 1") == first)
        #expect(try revision("\"textFile\": \"body.txt\"", without: ["text"]) == first)
        let others = try [
            revision("\"subject\": \"Hello!\"", without: ["subject"]), revision("\"html\": \"x\""),
            revision("\"replyTo\": \"a@example.org\""), revision("\"returnPath\": \"a@example.org\""),
            revision("\"headers\": {\"X-A\": \"1\"}"), revision("\"headers\": {\"X-A\": \"2\"}"),
            revision("\"attachments\": [\"a.pdf\"]"),
            revision("\"attachments\": [{\"path\": \"a.pdf\", \"name\": \"b\"}]"),
            revision("\"listUnsubscribe\": {\"url\": \"https://example.org\"}"),
            revision("\"listUnsubscribe\": {\"url\": \"https://example.org\", \"oneClick\": true}"),
        ]
        #expect(Set(others + [first]).count == others.count + 1)
        try files.write("a.pdf", "12".utf8)
        #expect(try revision("\"attachments\": [\"a.pdf\"]") != others[6])
    }

    @Test func `of a thousand problems fifty are named`() throws {
        let headers = (0..<1000).map { "\"X \($0)\": \"x\"" }.joined(separator: ", ")
        let problems = try Self.problems(TestDocument.document("\"headers\": {\(headers)}"), TemporaryFiles())
        #expect(problems.count == 51)
        #expect(problems.last?.message == "there are 950 further problems")
    }

    @Test func `attachments are counted and measured by their sizes, and none is read`() throws {
        let files = try TemporaryFiles()
        try files.write("a", Array("x".utf8))
        // As `truncate -s 40G` makes it.
        try files.write("big.bin", [])
        let descriptor = open("\(files.path)/big.bin", O_WRONLY)
        #expect(ftruncate(descriptor, 40 << 30) == 0)
        close(descriptor)
        func errors(_ attachments: [String], limit: String = "25M") throws -> [Diagnostic] {
            var configuration = Configuration(cores: 2, zone: .utc)
            configuration.largestMessage = try ByteCount(limit)
            let list = attachments.map { "\"\($0)\"" }.joined(separator: ", ")
            let outcome = try TestDocument.validate(
                TestDocument.document("\"attachments\": [\(list)]"), files, configuration: configuration
            ).outcome
            guard case .failure(let problems) = outcome else { return [] }
            return problems.all
        }
        #expect(try errors(Array(repeating: "a", count: 100)).isEmpty)
        let many = try errors(Array(repeating: "a", count: 1100))
        #expect(many.map(\.key) == ["attachments"])
        #expect(many.first?.message == "there are 1100 of them, and no more than 100 go with a message")
        let big = try errors(["a", "big.bin"])
        #expect(big.map(\.key) == ["attachments"])
        #expect(big.first?.message == "encoded for mail they have 55332M, and a message may have 25M")
        #expect(try errors(Array(repeating: "big.bin", count: 100)).count == 1)
        try files.write("half", [UInt8](repeating: 0, count: 600 << 10))
        #expect(try errors(["half"], limit: "1M").isEmpty)
        #expect(try errors(["half", "half"], limit: "1M").count == 1)
    }

    @Test func `a body that alone is larger than a message may be is not even read as a template`() throws {
        var configuration = Configuration(cores: 2, zone: .utc)
        configuration.largestMessage = try ByteCount("1K")
        let text = String(repeating: "{{", count: 600)
        let outcome = try TestDocument.validate(
            TestDocument.document("\"text\": \"\(text)\"", without: ["text"]), TemporaryFiles(),
            configuration: configuration
        ).outcome
        guard case .failure(let problems) = outcome else { return #expect(Bool(false)) }
        #expect(problems.all.map(\.key) == ["text"])
        #expect(problems.all.first?.message == "the body has 2K, and a message may have 1K")
    }

    @Test(arguments: [
        (1, "1K"), (1024, "1K"), (1025, "2K"), (1 << 20, "1M"), (25 << 20, "25M"), ((1 << 20) + 1, "1025K"),
        ((25 << 20) + 1, "26M"),
    ])
    func `a number of bytes is shown as settings have it, rounded up`(bytes: Int, text: String) {
        #expect(ByteCount(bytes).text == text)
    }
}
