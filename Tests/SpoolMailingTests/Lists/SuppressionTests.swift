@testable import SpoolMail
@testable import SpoolMailing
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

    @Test(arguments: [
        ("anna@example.org", true), ("ANNA@example.org", true), ("bo@example.org", true),
        ("x@nobody.example", true),
        ("x@NOBODY.example", true), ("x@sub.nobody.example", false), ("x@müller.example", true),
        ("c@example.org", true),
        ("d@example.org", false), ("nobody.example@example.org", false),
    ]) func `an address is suppressed by itself or by its domain`(address: String, expected: Bool) throws {
        let suppression = Suppression(parsing: Array(Self.text.utf8))
        #expect(try suppression.contains(EmailAddress(address)) == expected)
    }

    @Test func `lines that mean nothing are counted`() {
        let suppression = Suppression(parsing: Array(Self.text.utf8))
        #expect(suppression.addresses.count + suppression.domains.count == 5)
        #expect(suppression.badLines.text("line", "lines") == "lines 8 to 9")
        #expect(Suppression.none.addresses.isEmpty && Suppression.none.domains.isEmpty)
    }

    @Test(arguments: [
        ("a@example.org # moved", true), ("a@example.org #", true), ("a@example.org bounced twice", true),
        ("Anna <a@example.org> # moved", true), ("A@EXAMPLE.ORG\t# b@example.org", true),
        ("@example.org # all of them", true), ("@example.org closed", true), ("a@example.org\r", true),
        ("# a@example.org", false), ("  #a@example.org", false), ("a#@example.org", false),
        ("x\ta@example.org", false), ("a@example.org,b@example.org", false), ("x a@example.org", false),
    ])
    func `whoever begins a line is suppressed, whatever follows`(line: String, expected: Bool) throws {
        let suppression = Suppression(parsing: Array("\(line)\nother@example.org".utf8))
        #expect(try suppression.contains(EmailAddress("a@example.org")) == expected)
        #expect(try suppression.contains(EmailAddress("other@example.org")))
    }

    @Test func `lines are counted as an editor counts them`() {
        for end in ["\n", "\r\n", "\r"] {
            let lines = ["a@example.org", "", "bad", "worse", "# bad", "b@example.org", "", "last one"]
            let suppression = Suppression(parsing: Array(lines.joined(separator: end).utf8))
            #expect(suppression.badLines.text("line", "lines") == "lines 3 to 4 and 8")
        }
    }

    @Test func `a union suppresses whoever one of the two does`() throws {
        let one = Suppression(parsing: Array("a@example.org\n@x.example\n".utf8))
        let other = Suppression(parsing: Array("b@example.org\na@example.org\n".utf8))
        let both = one.union(other)
        #expect(both.addresses.count == 2 && both.domains.count == 1)
        for address in ["a@example.org", "b@example.org", "c@x.example"] {
            #expect(try both.contains(EmailAddress(address)))
        }
        #expect(try !one.contains(EmailAddress("b@example.org")))
    }
}
