import Foundation
import Testing

@Suite(.timeLimit(.minutes(25)))
struct `Whatever people write` {
    @Test(arguments: [
        "årsmöte", "a b", "a.b", "-n", "news.2026-11-23", "\"quoted\"", "$(id)", "a\nb", "a\tb", "日本",
        "\u{1B}[31m",
        String(repeating: "n", count: 195), "a\u{30A}rs", "%s%n", "*", "~", "NEWS.JSON",
    ])
    func `a mailing may have any name`(name: String) throws {
        let spool = try ScratchSpool()
        try spool.drop(Draft(2), as: name, in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        try expectDelivered(spool, to: Draft.addresses(2))
        let status = try spool.status()
        // Byte for byte: a Swift comparison would take å and å for the same.
        #expect(status.mailings.map { Array($0.name.utf8) } == [Array(name.utf8)])
        let overview = try Run.start(Installation.status, ["--spool", spool.path]).wait()
        #expect(overview.isSilentSuccess && !overview.output.contains("\u{1B}"))
        // And the same name once more.
        try spool.drop(Draft(2), as: name, in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        try expectDelivered(spool, to: Draft.addresses(2), mailings: 2)
    }

    @Test func `names that differ in a byte are different mailings`() throws {
        let spool = try ScratchSpool()
        for name in ["\u{E5}", "a\u{30A}", "A\u{30A}", "News", "news"] {
            try spool.drop(Draft(1), as: name, in: .scheduled)
        }
        #expect(try spool.tick().isSilentSuccess)
        try expectDelivered(spool, to: Draft.addresses(1), mailings: 5)
    }

    static let texts = [
        ".\n..\nFrom here\n>From there\n", String(repeating: "long ", count: 5000), "tab\there\u{7F}",
        "😀 ünï \u{202E}reversed\u{202C} \u{FEFF}", "trailing   \n\t\nspaces \n", "=3D =\n=20", "no end",
        "\r\n and \r alone\r", "zero \u{0} byte", "--=_boundary\n--\n",
        String(repeating: "å", count: 3000), "{{ \"{{\" }} }} {% if %}",
    ]

    @Test(arguments: texts)
    func `a text reaches sendmail as lines that every mail system takes, or is refused`(text: String) throws {
        let spool = try ScratchSpool()
        let draft = Draft(2).with("text", "{{ address }}\n\(text)\n\(Draft.lastWords)\n")
        try spool.drop(draft, as: "news", in: .scheduled)
        let outcome = try spool.tick()
        #expect(outcome.ending == .exited(0))
        try expectWhole(spool)
        let sent = try spool.sink.accepted.count
        if sent == 0 {
            #expect(try !outcome.errors.isEmpty && !spool.status(of: "news").errors.isEmpty)
        } else {
            #expect(outcome.errors.isEmpty)
            try expectDelivered(spool, to: Draft.addresses(2))
            for submission in try spool.sink.submissions where !text.contains("{{") {
                let body = try spool.sink.message(submission).body
                // CR LF and a lone CR are line ends like LF, and NUL is left out.
                let expected = "\(submission.recipient)\n\(text)\n\(Draft.lastWords)\n"
                    .replacing("\r\n", with: "\n").replacing("\r", with: "\n").replacing("\u{0}", with: "")
                #expect(Array(body.utf8) == Array(expected.utf8))
            }
        }
    }

    @Test func `a value of a recipient adds neither a header nor a recipient`() throws {
        let evil = "Eve\r\nBcc: victim@example.com\r\n\r\nBody"
        let spool = try ScratchSpool()
        let recipients: [Any] = [
            ["address": "a@example.com", "name": evil, "title": evil],
            ["address": "b@example.com", "name": "\"quoted\" <x@y.example>, z@example.com", "title": "B"],
            ["address": "c@example.com", "name": "Åsa \u{2028}\u{85}\u{0}", "title": "C\nX-Injected: 1"],
        ]
        let draft = Draft([]).with("recipients", recipients).with("subject", "For {{ title }}")
        try spool.drop(draft, as: "news", in: .scheduled)
        let outcome = try spool.tick()
        #expect(outcome.ending == .exited(0))
        try expectWhole(spool)
        for submission in try spool.sink.submissions {
            let message = try spool.sink.message(submission)
            #expect(message["Bcc"] == nil && message["X-Injected"] == nil, "\(submission.recipient)")
            for field in ["Subject", "To", "From", "Message-ID"] { #expect(message.count(field) == 1) }
        }
        #expect(
            try Set(spool.sink.accepted).isSubset(of: ["a@example.com", "b@example.com", "c@example.com"]))
    }

    @Test func `what is no address is never handed over`() throws {
        let bad = [
            "a b@example.com", "a,b@example.com", "-oQ/tmp/x@example.com", "/tmp/x@example.com",
            "a@example.com,b@example.com",
            "a@example.com b@example.com", "@example.com", "a@", "a", "a@b@example.com", "a@-example.com",
            "a@exa mple.com", "a@example..com", "|/bin/sh@example.com\u{0}", "|/bin/sh@example.com",
            "<a@example.com",
            "a@example.com>",
            "å@example.com", "a@example.com\nb@example.com",
            "a@" + String(repeating: "x", count: 300) + ".com",
            String(repeating: "x", count: 100) + "@example.com", "\"a b\"@example.com", "a@example.com\r",
        ]
        let spool = try ScratchSpool()
        try spool.drop(Draft(bad + ["good@example.com"]), as: "news", in: .scheduled)
        #expect(try spool.tick().ending == .exited(0))
        try expectWhole(spool)
        let mailing = try spool.status(of: "news")
        #expect(mailing.recipients == bad.count + 1 && mailing.sum == bad.count + 1)
        #expect(try spool.sink.accepted.contains("good@example.com"))
        let accepted = try spool.sink.accepted
        // A line end may be trimmed off; nothing else of the list is an address.
        #expect(Set(accepted).subtracting(["good@example.com", "a@example.com"]).isEmpty, "\(accepted)")
        #expect(accepted.count == Set(accepted).count)
    }

    @Test(arguments: ["csv", "jsonl", "ndjson", "txt"])
    func `a list may be of any kind`(ending: String) throws {
        let lists = [
            "csv":
                "name;x,email,\"a \"\"b\"\"\"\n\"Bo,\nBo\",b@example.com,1\n\n,\"c@example.com\",\"2\n3\"\n",
            "jsonl":
                "{\"address\":\"b@example.com\",\"n\":1,\"b\":true}\n\n{\"address\":\"C <c@example.com>\"}",
            "ndjson": "{\"address\":\"b@example.com\"}\r\n{\"address\":\"c@example.com\",\"name\":\"C\"}\r\n",
            "txt": "# members\nb@example.com\n\n  Carl <c@example.com>  \n# end",
        ]
        let spool = try ScratchSpool()
        try spool.put("files/list.\(ending)", lists[ending] ?? "")
        let draft = Draft(file: "list.\(ending)").with("recipients", ["a@example.com", "B@example.com"])
        try spool.drop(draft, as: "news", in: .scheduled)
        let outcome = try spool.tick()
        #expect(outcome.ending == .exited(0), "\(outcome)")
        let mailing = try spool.status(of: "news")
        #expect(mailing.errors.isEmpty, "\(mailing.errors)")
        #expect(mailing.skipped["duplicate"] == 1 && mailing.sum == mailing.recipients, "\(mailing)")
        let got = try spool.sink.accepted.map { $0.lowercased() }.sorted()
        let expected =
            ending == "jsonl"
            ? ["a@example.com", "b@example.com"] : ["a", "b", "c"].map { "\($0)@example.com" }
        #expect(got.starts(with: expected), "\(got)")
    }

    @Test func `a newsletter in HTML to the list of a spreadsheet arrives as text, HTML and files`() throws {
        let spool = try ScratchSpool()
        try spool.put(
            "files/list.csv",
            "\u{FEFF}Förnamn;E-Post;Ort\r\nÅsa;\"\"\"Öberg, Åsa\"\" <asa@exämple.org>\";\"Malmö\r\n(Skåne)\"\r\n"
                + "Bo;bo@example.org;\r\nÖ;ö@example.org;Lund\r\n")
        try spool.put(
            "files/letter.html",
            "<h1>Hej {{ Förnamn }}</h1><p>Till <b>{{ Ort | default: \"dig\" }}</b>&nbsp;<img src='cid:logo' alt='Märke'></p>"
                + "<ul><li><a href='https://example.org/?a={{ address | url_encode }}'>Anmäl dig</a></li></ul>"
        )
        try spool.put("files/logo.png", "not a picture")
        let draft = Draft(file: "list.csv").with("text", nil).with("htmlFile", "letter.html")
            .with("subject", "Årsmöte för {{ Förnamn }}").with(
                "headers", ["List-Id": "Öbor <öbor.example.org>"]
            )
            .with("attachments", [["path": "logo.png", "inline": "logo"]])
        try spool.drop(draft, as: "news", in: .active)
        let outcome = try spool.tick()
        #expect(outcome.isSilentSuccess, "\(outcome)")
        let mailing = try spool.status(of: "news")
        #expect(mailing.sent == 2 && mailing.skipped["invalid"] == 1, "\(mailing)")
        let submissions = try spool.sink.submissions
        let mails = try ReadMail.read(submissions.map { "\(spool.sink.path)/\($0.file)" })
        let found = Dictionary(uniqueKeysWithValues: zip(submissions.map(\.recipient), mails))
        let asa = try #require(found["asa@xn--exmple-cua.org"])
        #expect(asa.to.map(\.name) == ["Öberg, Åsa"] && asa.fields["Subject"] == "Årsmöte för Åsa")
        #expect(asa.html?.contains("<b>Malmö\n(Skåne)</b>") == true)
        let bo = try #require(found["bo@example.org"])
        #expect(
            bo.text == "Hej Bo\n\nTill dig Märke\n\n- Anmäl dig <https://example.org/?a=bo%40example.org>\n")
        #expect(bo.fields["Precedence"] == "bulk" && bo.fields["List-Id"] == "Öbor <xn--bor-rna.example.org>")
        for mail in mails {
            #expect(mail.defects == [])
            #expect(mail.structure == "related(alternative(text/plain, text/html), image/png)")
            #expect(mail.files.map(\.name) == ["logo.png"])
        }
    }
}
