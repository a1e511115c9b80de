import Glibc
@testable import SpoolMail
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolSystem
import Synchronization
@testable import TestSupport
import Testing

@Suite struct RecipientListTests {
    @Test func `inline recipients come first, and the first of two rows counts`() throws {
        let fixture = try ListFixture(
            "l.csv",
            "name;email;n\nBo;b@example.org;1\nAnna again; ANNA@Example.Org ;2\nno;nobody;3\nBo;B@example.org;4\n"
                .utf8,
            inline:
                "[\"Anna <anna@example.org>\", {\"address\": \"c@example.org\", \"n\": 1.50, \"vip\": true},\n\"x\"]"
        )
        let list = try fixture.load()
        #expect(try list.addresses() == ["anna@example.org", "c@example.org", "b@example.org"])
        #expect(list.summary.rows == 7 && list.summary.unique == 3)
        #expect(list.summary.duplicates == 2 && list.summary.invalid == 2)
        #expect(list.summary.invalidExamples.map(\.place) == [.inline(index: 2, line: 3), .file(line: 4)])
        #expect(list.summary.firstDuplicate?.place == .file(line: 3))
        let anna = try list.recipient(at: 0)
        #expect(anna.name == "Anna" && anna.value(of: "name") == "Anna" && anna.value(of: "n") == nil)
        let second = try list.recipient(at: 1)
        #expect(second.value(of: "n") == "1.50" && second.value(of: "vip") == "true" && second.name == nil)
        #expect(try list.recipient(at: 2).value(of: "n") == "1")
        #expect(try list.find(EmailAddress("ANNA@example.org")) == 0)
        #expect(try list.find(EmailAddress("nobody@example.org")) == nil)
        #expect(list.warnings.count == 2)
        #expect(
            list.warnings[0].message == "2 recipients are skipped: their addresses are not valid "
                + "(first: recipients[2], \"x\": no @; then line 4)")
        #expect(
            list.warnings[1].message
                == "2 recipients are skipped as duplicate (first: line 3, ANNA@example.org)")
    }

    @Test func `a text list holds mailboxes, comments and empty lines`() throws {
        let fixture = try ListFixture(
            "l.txt",
            "\u{FEFF}# members\r\n\r\na@example.org\r\n  \"Berg, Anna\" <b@example.org>  \r\nc#d@example.org"
                .utf8)
        let list = try fixture.load()
        #expect(try list.addresses() == ["a@example.org", "b@example.org", "c#d@example.org"])
        #expect(try list.recipient(at: 1).name == "Berg, Anna")
    }

    @Test(arguments: [
        ("a@example.org # chair", "a@example.org"), ("Anna <a@example.org>\t# chair", "a@example.org"),
        ("No # 5 <a@example.org> # <b@example.org>", "a@example.org"), ("c#d@example.org", "c#d@example.org"),
        ("a@example.org #", "a@example.org"),
    ]) func `a comment may follow a mailbox`(line: String, address: String) throws {
        let list = try ListFixture("l.txt", (line + "\n").utf8).load()
        #expect(try list.addresses() == [address])
        #expect(try list.recipient(at: 0).name != "chair")
    }

    @Test(
        arguments: [
            ("jo@b.cd lee@b.cd", ["jo@b.cd", "lee@b.cd"]), ("jo@b.cd; lee@b.cd ;", ["jo@b.cd", "lee@b.cd"]),
            ("Jo <jo@b.cd>, \"Berg, Lee\" <lee@b.cd> # x@b.cd", ["Jo jo@b.cd", "Berg, Lee lee@b.cd"]),
            ("Berg, Jo <jo@b.cd>,Lee <lee@b.cd>", ["Berg, Jo jo@b.cd", "Lee lee@b.cd"]),
            ("jo@b.cd, Berg, Lee <lee@b.cd>", ["jo@b.cd", "Berg, Lee lee@b.cd"]),
            ("jo@b.cd <jo@b.cd> lee@b.cd", ["jo@b.cd jo@b.cd", "lee@b.cd"]),
            ("jo@b.cd\tlee@b.cd\tsue@b.cd", ["jo@b.cd", "lee@b.cd", "sue@b.cd"]),
            ("kim@b.cd;", ["kim@b.cd"]), ("\"jo@b.cd\" <jo@b.cd>", ["jo@b.cd jo@b.cd"]),
            (
                "jo@b.cd, lee",
                ["line 2 jo@b.cd, lee: a , inside the address; only one address can stand here"]
            ),
            ("jo@b.cd bounced", ["line 2 jo@b.cd bounced: a blank inside the address"]),
            (
                "jo@b.cd/lee@b.cd",
                ["line 2 jo@b.cd/lee@b.cd: 2 addresses in one field; give each a row of its own"]
            ),
            (
                "jo, lee@b.cd",
                ["line 2 jo, lee@b.cd: a , inside the address; only one address can stand here"]
            ),
        ] as [(String, [String])])
    func `several addresses in a line of text are several recipients`(line: String, expected: [String]) throws
    {
        let list = try ListFixture("l.txt", "z@b.cd\n\(line)\ny@b.cd".utf8).load()
        var rows: [String] = []
        try list.forEachRow { row in
            switch row.kind {
            case .recipient(let recipient, let place):
                // Read anew, it is the same.
                #expect((try? list.recipient(at: place).address) == recipient.address)
                rows.append(
                    ([recipient.name].compactMap(\.self) + ["\(recipient.address)"]).joined(separator: " "))
            case .duplicate(let recipient, _): rows.append("duplicate \(recipient.address)")
            case .invalid(let text, let reason): rows.append("\(row.position) \(text): \(reason)")
            }
            return true
        }
        #expect(rows == ["z@b.cd"] + expected + ["y@b.cd"])
    }

    @Test(arguments: [
        ("l.csv", "email,n\n\"a@b.cd; b@b.cd\",1\nc@b.cd,2\n"),
        ("l.csv", "email,n\na@b.cd b@b.cd,1\nc@b.cd,2\n"),
        ("l.csv", "email;n\nA <a@b.cd>, B <b@b.cd>;1\nc@b.cd;2\n"),
        ("l.csv", "email\n\"a@b.cd\nb@b.cd\"\nc@b.cd\n"),
        ("l.csv", "E-mail 1 - Value,n\na@b.cd ::: b@b.cd,1\nc@b.cd,2\n"),
        ("l.jsonl", "{\"address\": \"a@b.cd, b@b.cd\"}\n\"c@b.cd\"\n"),
        ("l.jsonl", "\"a@b.cd,b@b.cd\"\n\"c@b.cd\"\n"),
    ]) func `several addresses in a field are a mistake of their own`(name: String, text: String) throws {
        let list = try ListFixture(name, text.utf8).load()
        #expect(try list.addresses() == ["c@b.cd"])
        #expect(
            list.summary.invalidExamples.map(\.reason)
                == ["2 addresses in one field; give each a row of its own"])
    }

    @Test func `null is a missing value, inline and in a file`() throws {
        let objects = [
            "{\"address\": \"a@b.cd\", \"name\": \"A\", \"age\": null}",
            "{\"address\": \"b@b.cd\", \"name\": null}",
            "{\"address\": null, \"age\": 3}",
        ]
        let text = "{{ age | default: \\\"young\\\" }}"
        let lists = [
            try ListFixture("l.jsonl", objects.joined(separator: "\n").utf8, text: text).load(),
            try ListFixture(nil, [], text: text, inline: "[" + objects.joined(separator: ", ") + "]").load(),
        ]
        for list in lists {
            #expect(try list.addresses() == ["a@b.cd", "b@b.cd"])
            #expect(try list.recipient(at: 0).name == "A" && list.recipient(at: 1).name == nil)
            #expect(list.summary.invalidExamples.map(\.reason) == ["there is no address"])
        }
        let needed = try ListFixture("l.jsonl", objects.joined(separator: "\n").utf8, text: "{{ age }}")
        #expect(
            needed.problems().map(\.message) == [
                "2 recipients have no value for {{ age }} (first: line 1, a@b.cd)"
            ])
    }

    @Test func `two columns of one name are a mistake only where a template uses the name`() throws {
        let text = "email,phone,phone\na@example.org,1,2\n"
        #expect(try ListFixture("l.csv", text.utf8).load().addresses() == ["a@example.org"])
        let problems = try ListFixture("l.csv", text.utf8, text: "{{ phone }}").problems()
        #expect(problems.count == 1)
        #expect(problems.first?.message.contains("{{ phone }} may stand for: \"phone\", \"phone\"") == true)
    }

    @Test func `a domain without a dot is said`() throws {
        let list = try ListFixture("l.txt", "a@example.org\nroot@localhost\nb@intranet\n".utf8).load()
        #expect(list.table.count == 3)
        #expect(
            list.warnings.map(\.message)
                == ["2 recipients have addresses whose domain has no dot (first: line 2, root@localhost)"])
    }

    @Test func `spellings of an address are one recipient, and one suppressed`() throws {
        let spellings = [
            "anna@example.org", " Anna@EXAMPLE.org ", "\u{A0}anna@example.org\u{200B}", "'anna@example.org",
            "anna@example.org.", "mailto:anna@example.org", "\u{202A}anna@example.org\u{202C}",
        ]
        let fixture = try ListFixture(
            "l.csv", ("email,n\n" + spellings.joined(separator: ",1\n") + ",1\n").utf8)
        #expect(try fixture.load().summary.duplicates == spellings.count - 1)
        for spelling in spellings {
            #expect(try fixture.load(suppression: SuppressionTests.read(spelling)).summary.suppressed == 1)
        }
    }

    @Test(arguments: ["l.csv", "l.txt", "l.jsonl"])
    func `every bad line is named by its number, however many there are`(name: String) throws {
        let good =
            ["l.csv": "a@example.org", "l.txt": "a@example.org", "l.jsonl": "\"a@example.org\""][name] ?? ""
        let bad = ["l.csv": "nobody", "l.txt": "nobody", "l.jsonl": "\"nobody\""][name] ?? ""
        let header = name == "l.csv" ? "email" : ""
        let lines = [header] + (2...60).map { [4, 5, 6, 9, 10, 30].contains($0) || $0 > 50 ? bad : good }
        let list = try ListFixture(name, lines.joined(separator: "\n").utf8).load()
        #expect(list.summary.invalid == 16)
        #expect(
            list.warnings.contains { $0.message.hasSuffix("; then lines 5 to 6, 9 to 10, 30 and 51 to 60)") })
    }

    @Test(
        arguments: [
            (
                "l.csv",
                Array("email,name\na@example.org,".utf8) + [0xC5] + Array("sa\nb@example.org,B\n".utf8), 2
            ),
            ("l.csv", Array("email,f".utf8) + [0xF6] + Array("rnamn\na@example.org,B\n".utf8), 1),
            ("l.txt", Array("a@example.org\n".utf8) + [0xC5] + Array("sa <b@example.org>\n".utf8), 2),
            (
                "l.jsonl",
                Array("\"a@example.org\"\n\"".utf8) + [0x80, 0x20] + Array("<b@example.org>\"\n".utf8), 2
            ),
        ] as [(String, [UInt8], Int)])
    func `Latin-1 and Windows-1252 are refused with a way to convert them`(
        name: String, bytes: [UInt8], line: Int
    ) throws {
        let problem = try #require(try ListFixture(name, bytes).problems().first)
        #expect(problem.message.hasPrefix("\(name): line \(line) is not UTF-8"))
        #expect(problem.hint.contains("iconv -f WINDOWS-1252 -t UTF-8"))
    }

    @Test func `JSON lines hold recipients with different fields`() throws {
        let fixture = try ListFixture(
            "l.ndjson",
            ("{\"address\": \"a@example.org\", \"n\": 42}\n\n{\"n\": -0.5e3, \"address\": \"b@example.org\"}\r\n"
                + "\"Cc <c@example.org>\"\n{\"address\": \"d@example.org\", \"name\": \"\\u00e5 \\\"x\\\"\", \"v\": false}")
                .utf8)
        let list = try fixture.load()
        #expect(try list.addresses() == ["a@example.org", "b@example.org", "c@example.org", "d@example.org"])
        #expect(try list.recipient(at: 0).value(of: "n") == "42")
        #expect(try list.recipient(at: 1).value(of: "n") == "-0.5e3")
        #expect(try list.recipient(at: 3).name == "å \"x\"")
        #expect(try list.recipient(at: 3).value(of: "v") == "false")
    }

    @Test(arguments: [
        (
            "l.jsonl", "{\"address\": \"a@b.c\"}\n{\"address\": 1",
            "l.jsonl: line 2 cannot be read: the text ends where"
        ),
        (
            "l.jsonl", "{\"email\": \"a@b.c\"}\n",
            "l.jsonl: line 1 cannot be read: the field \"address\" is missing"
        ),
        (
            "l.jsonl", "{\"address\": \"a@b.c\", \"x\": [1]}\n",
            "l.jsonl: line 1 cannot be read: the field \"x\" is not a plain"
        ),
        (
            "l.jsonl", "{\"address\": \"a@b.c\", \"x\": 1, \"x\": 2}",
            "l.jsonl: line 1 cannot be read: the field \"x\" appears"
        ),
        (
            "l.jsonl", "[\n\"a@b.c\"]",
            "l.jsonl: line 1 cannot be read: an array stands where a recipient should"
        ),
        ("l.jsonl", "\"a@b.c\" \"d@e.f\"", "l.jsonl: line 1 holds something behind the recipient"),
        ("l.jsonl", "", "there is no valid recipient"),
        ("l.txt", "# nobody\n", "there is no valid recipient"),
        (
            "l.txt", "nobody\n",
            "there is no valid recipient; none of 1 is an address (first: line 1, \"nobody\": no @)"
        ),
        ("l.csv", "email,a\na@b.c,1\nb@b.c,2,3\n", "l.csv: line 3 has 3 fields where the first row has 2"),
        ("l.csv", "name\nBo\n", "l.csv: line 1 has no column address or email"),
    ]) func `a mistake in a list names file and line`(name: String, text: String, message: String) throws {
        let problems = try ListFixture(name, text.utf8).problems()
        let problem = try #require(problems.first)
        #expect(problem.key == "recipientsFile" && problem.line == 2)
        #expect(problem.message.hasPrefix(message), "\(problem.message)")
        #expect(!problem.hint.isEmpty)
    }

    @Test(arguments: [
        ("[\"a@b.c\",\n1]", "recipients[1]", 3, "cannot be read: a number stands where a recipient should"),
        ("[{\"name\": \"x\"}]", "recipients[0]", 2, "cannot be read: the field \"address\" is missing"),
        ("[null]", "recipients[0]", 2, "cannot be read: null stands where a recipient should"),
        (
            "[{\"address\": \"a@b.c\", \"x\": {}}]", "recipients[0]", 2,
            "cannot be read: the field \"x\" is not a plain"
        ),
        ("[]", "recipients", 2, "there is no valid recipient"),
    ]) func `a mistake in the document's own list names its place`(
        inline: String, key: String, line: Int, message: String
    ) throws {
        let problem = try #require(try ListFixture(nil, [], inline: inline).problems().first)
        #expect(problem.key == key && problem.line == line)
        #expect(problem.message.hasPrefix(message), "\(problem.message)")
    }

    @Test func `rows beyond the first ten mistakes are only counted`() throws {
        let rows = (0..<25).map { "a\($0)@example.org,,1" }.joined(separator: "\n")
        let problems = try ListFixture("l.csv", ("email,x\nb@example.org,1\n" + rows).utf8).problems()
        #expect(problems.count == 11)
        #expect(problems.last?.message == "15 further rows cannot be read: lines 13 to 27")
    }

    @Test func `recipients without a value are reported together, with what was probably meant`() throws {
        let rows = (1...12).map { "a\($0)@example.org,\($0 > 3 ? "" : "Anna"),1" }.joined(separator: "\n")
        let fixture = try ListFixture(
            "l.csv", ("email,firstName,n\n" + rows).utf8,
            text: "{{ firstName }} {{ n }} {{ m | default: \\\"x\\\" }} {{ fistName }}")
        let problems = fixture.problems()
        #expect(
            problems.map(\.message) == [
                "12 recipients have no value for {{ fistName }} (first: line 2, a1@example.org)",
                "9 recipients have no value for {{ firstName }} (first: line 5, a4@example.org)",
            ])
        #expect(problems[0].hint.hasPrefix("did you mean {{ firstName }}? Otherwise give a default"))
        // Nothing is misspelt where the list has the field, and it is only empty.
        #expect(problems[1].hint.hasPrefix("give a default"))
        #expect(problems.map(\.key) == ["text", "text"])
    }

    @Test func `suppressed recipients are skipped`() throws {
        let fixture = try ListFixture("l.txt", "a@example.org\nB@Example.com\nc@example.org\n".utf8)
        let list = try fixture.load(
            suppression: SuppressionTests.read("A@EXAMPLE.ORG\n@example.com\n"))
        #expect(list.table.counts[.skipped(.suppressed)] == 2 && list.table.counts[.waiting] == 1)
        #expect(list.summary.suppressed == 2)
    }

    @Test func `a list that was written to is not read on`() throws {
        let fixture = try ListFixture("l.csv", "email,n\na@example.org,1\nb@example.org,2\n".utf8)
        let list = try fixture.load()
        let size = try fixture.files.directory.openBeneath("l.csv").status().size
        try fixture.files.overwrite("l.csv", "email,n\nb@example.org,1\na@example.org,2\n".utf8)
        #expect(try fixture.files.directory.openBeneath("l.csv").status().size == size)
        #expect(throws: RecipientReadFailure.changed) { try list.recipient(at: 0) }
        #expect(throws: RecipientListFailure.changed) { try fixture.load() }
    }

    @Test func `a list that rests is closed, and read on if it is what it was`() throws {
        let fixture = try ListFixture("l.csv", "email,n\na@example.org,1\nb@example.org,2\n".utf8)
        let list = try fixture.load()
        for _ in 0..<2 {
            list.rest()
            #expect(try list.recipient(at: 1).address.description == "b@example.org")
        }
        list.rest()
        let short = SystemCallTrace(Fault(.open, .error(EMFILE)))
        let error = #expect(throws: SystemError.self) { try short.run { try list.open() } }
        #expect(error?.isShortage == true)
        try list.open()
        list.rest()
        try fixture.files.write("new.csv", "email,n\nb@example.org,1\na@example.org,2\n".utf8)
        #expect(rename("\(fixture.files.path)/new.csv", "\(fixture.files.path)/l.csv") == 0)
        #expect(throws: RecipientReadFailure.changed) { try list.recipient(at: 0) }
        #expect(throws: SystemError.self) { try list.open() }
    }

    @Test func `addresses that share a hash are kept apart`() throws {
        let rows = (0..<300).map { "a\($0)@example.org\n" }.joined()
        let fixture = try ListFixture("l.txt", (rows + "A7@example.org\n").utf8)
        for mask: UInt64 in [0, 0x3, 1 << 63] {
            let list = try fixture.load(hashMask: mask)
            #expect(list.table.count == 300 && list.summary.duplicates == 1)
            for number in 0..<300 {
                #expect(try list.find(EmailAddress("A\(number)@example.org")) == number)
            }
            #expect(try list.find(EmailAddress("a300@example.org")) == nil)
        }
    }

    @Test func `every row is listed with what became of it`() throws {
        let fixture = try ListFixture(
            "l.txt", "b@example.org\nnobody\na@example.org\n".utf8, inline: "[\"a@example.org\"]")
        let list = try fixture.load()
        var rows: [String] = []
        try list.forEachRow { row in
            switch row.kind {
            case .recipient(let recipient, let place):
                rows.append("\(row.position) \(recipient.address) \(place)")
            case .duplicate(let recipient, let place):
                rows.append("\(row.position) \(recipient.address) again \(place)")
            case .invalid(let text, let reason): rows.append("\(row.position) \(text) \(reason)")
            }
            return true
        }
        #expect(
            rows == [
                "recipients[0] a@example.org 0", "line 1 b@example.org 1", "line 2 nobody no @",
                "line 3 a@example.org again 0",
            ])
    }

    @Test func `random lists survive loading and reading again, in any order`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        var random = SeededRandom(seed: seed)
        let pieces = ["å", "\"", ",", ";", "\n", "\r", " ", "🙂", "\\", "{{", "x", "7", "\u{2028}"]
        for kind in ["l.csv", "l.jsonl"] {
            let people = (0..<2000).map { number in
                (
                    "a\(number)@example.org",
                    (0..<Int.random(in: 0...12, using: &random)).map { _ in
                        pieces[Int.random(in: 0..<pieces.count, using: &random)]
                    }.joined()
                )
            }
            func quoted(_ text: String) -> String {
                kind == "l.csv"
                    ? "\""
                        + text.split(separator: "\"", omittingEmptySubsequences: false).joined(
                            separator: "\"\"") + "\""
                    : "\""
                        + text.unicodeScalars.map { scalar in
                            scalar == "\"" || scalar == "\\"
                                ? "\\\(scalar)"
                                : scalar == "\n" ? "\\n" : scalar == "\r" ? "\\r" : String(scalar)
                        }.joined() + "\""
            }
            let text =
                kind == "l.csv"
                ? "note,email\r\n" + people.map { "\(quoted($0.1)),\($0.0)\r\n" }.joined()
                : people.map { "{\"address\": \"\($0.0)\", \"note\": \(quoted($0.1))}\n" }.joined()
            let list = try ListFixture(kind, text.utf8).load()
            #expect(list.table.count == people.count)
            for place in (0..<people.count).shuffled(using: &random) {
                let recipient = try list.recipient(at: place)
                #expect(recipient.address.description == people[place].0)
                #expect(recipient.value(of: "note") == people[place].1)
            }
        }
    }

    @Test(arguments: ["l.txt", "l.jsonl"]) func `a line over a mebibyte is refused by its number`(
        name: String
    ) throws {
        let first = name == "l.txt" ? "a@example.org\n" : "\"a@example.org\"\n"
        let fixture = try ListFixture(name, Array(first.utf8) + [UInt8](repeating: 0x61, count: 3 << 20))
        #expect(fixture.problems().map(\.message) == ["\(name): line 2 is longer than 1 MiB"])
    }

    @Test func `no field of a list can pretend to be another variable`() throws {
        let fixture = try ListFixture(
            "l.jsonl",
            "{\"address\": \"A <a@example.org>\", \"name\": \" \", \"Name\": \"x\", \"\": \"y\"}".utf8)
        let recipient = try fixture.load().recipient(at: 0)
        #expect(recipient.value(of: "address") == "a@example.org")
        #expect(recipient.value(of: "name") == "A" && recipient.value(of: "Name") == "x")
        #expect(recipient.value(of: "") == nil)
        #expect(recipient.variables == ["address", "name", "Name"])
    }
}
