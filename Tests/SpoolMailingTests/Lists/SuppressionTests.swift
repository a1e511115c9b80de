@testable import SpoolMail
@testable import SpoolMailing
@testable import TestSupport
import Testing

@Suite struct SuppressionTests {
    static let text = """
        \u{FEFF}# left the club
        Anna@Example.ORG\tcomplained on Monday
          bo@example.org  \r
        @nobody.example\twhole domain
        @MÜLLER.example

        Cecilia <c@example.org>
        not an address
        @
        """

    static func read(_ text: String) throws -> Suppression {
        try Suppression(.memory(Array(text.utf8)))
    }

    @Test(arguments: [
        ("anna@example.org", true), ("ANNA@example.org", true), ("bo@example.org", true),
        ("x@nobody.example", true),
        ("x@NOBODY.example", true), ("x@sub.nobody.example", false), ("x@müller.example", true),
        ("c@example.org", true),
        ("d@example.org", false), ("nobody.example@example.org", false),
    ]) func `an address is suppressed by itself or by its domain`(address: String, expected: Bool) throws {
        #expect(try Self.read(Self.text).contains(EmailAddress(address)) == expected)
    }

    @Test func `lines that mean nothing are counted`() throws {
        let suppression = try Self.read(Self.text)
        #expect(suppression.addresses.count + suppression.domains.count == 5)
        #expect(suppression.badLines.text("line", "lines") == "lines 8 to 9")
        #expect(Suppression.none.addresses.isEmpty && Suppression.none.domains.isEmpty)
    }

    @Test(arguments: [
        "a@example.org # moved", "a@example.org #", "a@example.org bounced twice",
        "Anna <a@example.org> # moved", "A@EXAMPLE.ORG\t# b@example.org", "@example.org # all of them",
        "@example.org closed", "a@example.org\r", "mailto:a@example.org", "\"a@example.org\"",
        "a@example.org,2026-01-01", "a@example.org;", "b@example.com a@example.org",
        "2026-01-01;a@example.org;left", "\"Berg, Anna\",\"a@example.org\",\"x\"", "<a@example.org>",
        "(a@example.org)", "'a@example.org'", "'a@example.org", "a@example.org.", "a@example.org...",
        "- a@example.org", "-a@example.org", "* a@example.org", "*a@example.org*", "email=a@example.org",
        "email: a@example.org", "b@example.com/a@example.org", "b@example.com|a@example.org",
        "x a@example.org", "x,,a@example.org", "mailto:a@example.org?subject=x", "MAILTO:A@example.org",
        "\u{A0}a@example.org\u{A0}", "\u{200B}a@example.org\u{200B}", "\u{202A}a@example.org\u{202C}",
        "“a@example.org”", "«a@example.org»", "a@\u{200B}example.org", "a\u{AD}@example.org",
        "请勿发送a@example.org给", "Größe=a@example.org", "a@example.org–gone", "a@example.org\u{0B}x",
        "[a@example.org](mailto:a@example.org)", "Anna &lt;a@example.org&gt;", "*@example.org",
        "\"@example.org\"", "\u{FEFF}a@example.org",
    ])
    func `whoever may be meant is suppressed, whatever stands around`(line: String) throws {
        let suppression = try Self.read("z@example.com\n\(line)\nother@example.org")
        #expect(try suppression.contains(EmailAddress("a@example.org")))
        #expect(try suppression.contains(EmailAddress("other@example.org")))
        #expect(suppression.badLines.count == 0)
    }

    @Test(arguments: [
        ("# a@example.org", true), ("  #a@example.org", true), ("x # a@example.org", false),
        ("b@example.com # a@example.org", true), ("Anna # <a@example.org>", false),
        ("b@example.com\ta@example.org", true), ("x\ta@example.org", false),
        ("a#@example.org", true), ("ba@example.org", true), ("a@example.org.com", true),
        ("äa@example.org", false), ("\"john a\"@example.org", false), ("b.a@example.org", true),
        ("b+a@example.org", true), ("b'a@example.org", true), ("a @ example.org", false),
        ("a@[1.2.3.4]", false), ("a@", false), ("email,reason", false),
    ])
    func `who is not meant is not suppressed`(line: String, hasMeaning: Bool) throws {
        let suppression = try Self.read(line)
        #expect(try !suppression.contains(EmailAddress("a@example.org")))
        #expect(try !suppression.contains(EmailAddress("other@example.org")))
        #expect((suppression.badLines.count == 0) == hasMeaning)
    }

    @Test func `lines are counted as an editor counts them`() throws {
        for end in ["\n", "\r\n", "\r"] {
            let lines = ["a@example.org", "", "bad", "worse", "# bad", "b@example.org", "", "last one"]
            let suppression = try Self.read(lines.joined(separator: end))
            #expect(suppression.badLines.text("line", "lines") == "lines 3 to 4 and 8")
        }
    }

    @Test func `every line counts, however the file is cut into reads`() throws {
        let lines = (0..<40_000).map { "r\($0)@example.org" + ($0 % 3 == 0 ? "\r\n" : "\n") }.joined()
        let suppression = try Self.read(lines + "last@example.org\u{1A}")
        #expect(suppression.addresses.count == 40_001 && suppression.badLines.count == 0)
        for number in [0, 1, 7_000, 39_999] {
            #expect(try suppression.contains(EmailAddress("R\(number)@example.org")))
        }
        #expect(try suppression.contains(EmailAddress("last@example.org")))
    }

    @Test(
        arguments: [
            ([0xFF, 0xFE, 0x61, 0, 0x40, 0], "it is UTF-16"), ([0x61, 0, 0x40, 0], "it is UTF-16"),
            (
                Array("a@example.org\nJ".utf8) + [0xF6] + Array("rg <j@example.org>\n".utf8),
                "line 2 is not UTF-8 (byte 0xF6)"
            ),
            (
                Array("a@example.org\n".utf8) + [UInt8](repeating: 0x61, count: 2 << 20),
                "line 2 is longer than 1 MiB"
            ), ([0x50, 0x4B, 3, 4, 0x40], "it is a spreadsheet"),
        ] as [([UInt8], String)])
    func `a file that cannot be read as text is refused as a whole`(bytes: [UInt8], reason: String) {
        let failure = #expect(throws: Suppression.Failure.self) { try Suppression(.memory(bytes)) }
        guard case .refused(let text) = failure else {
            Issue.record("not refused")
            return
        }
        #expect(text.hasPrefix(reason), "\(text)")
    }

    @Test func `a file over its limit is refused, and not cut`() throws {
        let bytes = Array(String(repeating: "a@example.org\n", count: 200_000).utf8)
        #expect(try Suppression(.memory(bytes), limit: bytes.count).addresses.count == 1)
        #expect(throws: Suppression.Failure.self) {
            try Suppression(.memory(bytes), limit: bytes.count - 1)
        }
    }

    @Test func `a union suppresses whoever one of the two does`() throws {
        let one = try Self.read("a@example.org\n@x.example\n")
        let other = try Self.read("b@example.org\na@example.org\n")
        let both = one.union(other)
        #expect(both.addresses.count == 2 && both.domains.count == 1)
        for address in ["a@example.org", "b@example.org", "c@x.example"] {
            #expect(try both.contains(EmailAddress(address)))
        }
        #expect(try !one.contains(EmailAddress("b@example.org")))
        #expect(one.union(both) == both)
    }
}
