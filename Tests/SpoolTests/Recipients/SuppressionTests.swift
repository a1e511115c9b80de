import SpoolMail
import Testing

@testable import Spool

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
        #expect(suppression.count == 5)
        #expect(suppression.invalidLines == 2)
        #expect(Suppression.none.count == 0)
    }

    @Test func `a union suppresses whoever one of the two does`() throws {
        let one = Suppression(parsing: Array("a@example.org\n@x.example\n".utf8))
        let other = Suppression(parsing: Array("b@example.org\na@example.org\n".utf8))
        let both = one.union(other)
        #expect(both.count == 3)
        for address in ["a@example.org", "b@example.org", "c@x.example"] {
            #expect(try both.contains(EmailAddress(address)))
        }
        #expect(try !one.contains(EmailAddress("b@example.org")))
    }
}
