@testable import SpoolCheck
@testable import SpoolMail
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import TestSupport
import Testing

/// What is warned of, and what is not.
struct DeliverabilityTests {
    private func warnings(
        _ members: String, without: Set<String> = [],
        configuration: Configuration = .init(cores: 2, zone: .utc),
        _ findings: MessageSurvey.Findings = .init()
    ) throws -> [Diagnostic] {
        let files = try TemporaryFiles()
        try files.write("page.html", Array("<p>Hi</p>".utf8))
        try files.write("logo.png", [1, 2, 3])
        let text = TestDocument.document(members, without: without)
        let mailing = try TestDocument.validate(text, files, configuration: configuration).outcome
            .get()
        return Deliverability.warnings(
            about: mailing, written: try DocumentReading(Array(text.utf8)).document,
            defaults: configuration.defaults, findings: findings, fields: ["address", "name"])
    }

    /// `"key: message"` of each.
    private func said(
        _ members: String, without: Set<String> = [], _ findings: MessageSurvey.Findings = .init()
    ) throws -> [String] {
        try warnings(members, without: without, findings).map { "\($0.key ?? "-"): \($0.message)" }
    }

    @Test func `a plain text to few is not warned of`() throws {
        #expect(try said("").isEmpty)
    }

    @Test func `HTML alone is said to be turned into text, with the line of its key`() throws {
        let found = try warnings("\"htmlFile\": \"page.html\"", without: ["text"])
        #expect(found.map(\.key) == ["htmlFile"])
        #expect(found.first?.message == "there is no text part of your own; one is derived from the HTML")
        #expect(found.first?.line == 2)
        #expect(try said("\"html\": \"<p>Hi</p>\"").isEmpty)
    }

    @Test func `HTML of which nothing can be read is said`() throws {
        let found = try said("\"html\": \"<img src='http://example.org/a.png' alt=''>\"", without: ["text"])
        #expect(found == ["html: there is no text part, and the HTML holds no text to derive one from"])
    }

    @Test(arguments: [
        ("<a href=''>x</a>", "1 link leads nowhere: href is empty"),
        ("<a href=\\\"#\\\">x</a><a href=' '>y</a>", "2 links lead nowhere: href is empty"),
        ("<img src='http://example.org/a.png'>", "1 image has no alt text"),
        ("<img src='https://x.org/a'><img src='https://x.org/b'>", "2 images have no alt text"),
        ("<a>x</a>", "1 link has no href"),
        ("<a href='javascript:x'>y</a>", "1 link runs a script, which no mail program does"),
        ("<script>x</script>", "1 script does nothing in mail"),
        ("<form></form>", "1 form works in few mail programs"),
        ("<a href='/a'>x</a><a href='b'>x</a>", "2 links without https://, of no use in mail (first: /a)"),
        ("<img alt='' src='c.png'>", "1 picture without https://, of no use in mail (first: c.png)"),
        ("<a href='www.x.org'>x</a>", "1 link without https://, of no use in mail (first: www.x.org)"),
        ("<a href='a@x.org'>x</a>", "1 link to an address without mailto: (first: a@x.org)"),
        (
            "<img alt='' src='file:///a.png'>",
            "1 picture by a path of your own machine (first: file:///a.png)"
        ),
        (
            "<a href='http://localhost/'>x</a>",
            "1 link on the reader's own machine (first: http://localhost/)"
        ),
        ("<meta charset='latin1'>", "the HTML says that it is in latin1, and is sent in UTF-8"),
        ("*|A|* [[bb]]", "*|A|*, [[bb]] look like placeholders of another program, and go out as they are"),
        ("<img src='cid:logo' alt='Logo'>", "the HTML shows cid:logo, and no attachment is named so"),
    ])
    func `tags that mislead are counted`(html: String, message: String) throws {
        #expect(try said("\"html\": \"\(html)\"") == ["html: " + message])
    }

    @Test(
        arguments: [
            (
                "\"subject\": \"A &amp; B\"", ["subject"],
                "subject: a subject is no HTML: &amp; is shown as it stands"
            ),
            (
                "\"subject\": \"For {name}\"", ["subject"],
                "subject: {name} looks like a placeholder of another program, and goes out as it is"
            ),
            (
                "\"text\": \"Dear [Name]\"", ["text"],
                "text: [Name] looks like a placeholder of another program, and goes out as it is"
            ),
            (
                "\"headers\": {\"X-A\": \"*|B|*\"}", [],
                "headers.X-A: *|B|* looks like a placeholder of another program, and goes out as it is"
            ),
            (
                "\"listUnsubscribe\": {\"url\": \"https://x.org/%7B%7Ba%7D%7D\"}", [],
                "listUnsubscribe.url: %7B%7Ba%7D%7D looks like a placeholder of another program, and goes out as it is"
            ),
        ] as [(String, Set<String>, String)])
    func `what was written for another mailer, or for HTML, is said with its key`(
        members: String, without: Set<String>, message: String
    ) throws {
        let found = try warnings(members, without: without)
        #expect(found.map { "\($0.key ?? "-"): \($0.message)" } == [message])
        #expect(found.first?.line == 2)
    }

    @Test func `a placeholder's hint names the field that it is called like`() throws {
        #expect(
            try warnings("\"subject\": \"[NAME]\"", without: ["subject"]).first?.hint
                == "write {{ name }} for the field, or leave it so if it is meant")
    }

    @Test func `pictures and their attachments belong together`() throws {
        let html = "\"html\": \"<img src='cid:logo' alt='Logo'>\""
        let attached = "\"attachments\": [{\"path\": \"logo.png\", \"inline\": \"logo\"}]"
        #expect(try said("\(html), \(attached)").isEmpty)
        #expect(
            try said("\"html\": \"<p>Hi</p>\", \(attached)")
                == ["attachments: the inline attachment logo is not shown in the HTML"])
    }

    @Test(arguments: [
        ("anna@bounces.example.net", true), ("b@example.com", true), ("b@badexample.org", true),
        ("bounces@example.org", false), ("bounces@mail.example.org", false), ("x@EXAMPLE.ORG", false),
    ])
    func `a return path of another domain is said, one below or above from's is not`(
        address: String, isSaid: Bool
    ) throws {
        let found = try said("\"returnPath\": \"\(address)\"")
        #expect(found.isEmpty != isSaid)
        if isSaid {
            #expect(found.first?.hasPrefix("returnPath: the domain of from (example.org) is another") == true)
        }
    }

    private func findings(messages: Int) -> MessageSurvey.Findings {
        var findings = MessageSurvey.Findings()
        findings.messages = messages
        return findings
    }

    @Test func `more than a hundred want a way to unsubscribe`() throws {
        #expect(try said("", findings(messages: 100)).isEmpty)
        #expect(
            try said("", findings(messages: 1101))
                == ["listUnsubscribe: 1,101 recipients have no way to unsubscribe"])
        #expect(
            try said("\"listUnsubscribe\": {\"mailto\": \"leave@example.org\"}", findings(messages: 101))
                .isEmpty)
        #expect(
            try said(
                "\"headers\": {\"LIST-unsubscribe\": \"<mailto:l@example.org>\"}", findings(messages: 101)
            )
            .isEmpty)
        var configuration = Configuration(cores: 2, zone: .utc)
        configuration.defaults.listUnsubscribe = ListUnsubscribe(
            url: nil, mailto: Template(literal: "leave@example.org"), oneClick: false)
        #expect(try warnings("", configuration: configuration, findings(messages: 101)).isEmpty)
    }

    @Test func `large messages and long subjects name how many and the first`() throws {
        var found = findings(messages: 3)
        found.largest = .init(bytes: 12_400_000, address: "b@example.org")
        found.oversized.add("a@example.org")
        found.oversized.add("b@example.org")
        found.longSubjects.add("c@example.org")
        #expect(
            try said("", found) == [
                "subject: 1 recipient gets a subject of more than 150 characters (first: c@example.org)",
                "text: 2 messages are larger than 10 MB (first: a@example.org; the largest has 12 MB)",
            ])
        let attached = try said("\"attachments\": [\"logo.png\"]", found)
        #expect(attached.last?.hasPrefix("attachments: 2 messages") == true)
    }
}
