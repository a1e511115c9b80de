import Foundation
@testable import SpoolMail
@testable import TestSupport
import Testing

@Suite struct EmailAddressTests {
    @Test(arguments: [
        ("anna@example.org", "anna@example.org"),
        ("  anna@example.org\t", "anna@example.org"),
        ("Anna.Berg+news@Example.ORG", "Anna.Berg+news@example.org"),
        ("root@localhost", "root@localhost"),
        ("!#$%&'*+-/=?^_`{|}~@example.org", "!#$%&'*+-/=?^_`{|}~@example.org"),
        ("a@1-2.x3.org", "a@1-2.x3.org"),
        ("info@münchen.de", "info@xn--mnchen-3ya.de"),
        ("info@MÜNCHEN.de", "info@xn--mnchen-3ya.de"),
        ("info@mu\u{308}nchen.de", "info@xn--mnchen-3ya.de"),
        ("info@straße.de", "info@xn--strae-oqa.de"),
        ("info@例え。テスト", "info@xn--r8jz45g.xn--zckzah"),
        ("info@bücher.Example.COM", "info@xn--bcher-kva.example.com"),
        ("a@xn--mnchen-3ya.de", "a@xn--mnchen-3ya.de"),
        ("a@ＥＸＡＭＰＬＥ．org", "a@example.org"),
        ("a@\u{1112}\u{1161}\u{11AB}\u{1100}\u{116E}\u{11A8}.kr", "a@xn--3e0b707e.kr"),
        ("a@ви\u{438}\u{306}.рф", "a@xn--b1amd.xn--p1ai"),
        ("a@i❤.ws", "a@xn--i-7iq.ws"), ("a@\u{FB01}rma.de", "a@firma.de"),
        ("a@o\u{FB03}ce.org", "a@office.org"),
        ("a@me\u{17F}\u{17F}e.de", "a@messe.de"), ("a@ｶﾞｯｺｳ.jp", "a@xn--gcklv7d.jp"),
        ("a@ＦＩｒｍａ．ｄｅ", "a@firma.de"),
    ])
    func `a good address is read and its domain brought into ASCII form`(text: String, expected: String)
        throws
    {
        let address = try EmailAddress(text)
        #expect(address.description == expected)
        #expect(expected.hasSuffix("@" + address.domain))
        let bytes = Array(text.utf8)
        #expect(try EmailAddress(utf8: bytes.span) == address)
    }

    @Test(arguments: [
        "anna@example.org\u{A0}", "\u{A0} anna@example.org", "\u{200B}anna@example.org\u{200D}",
        "\u{202A}anna@example.org\u{202C}", "\u{2068}anna@example.org\u{2069}", "\u{FEFF}anna@example.org",
        "anna@example.org.", " anna@example.org. ", "'anna@example.org", "'anna@example.org'",
        "' anna@example.org",
        "mailto:anna@example.org", "MailTo: anna@example.org", "mailto:anna@example.org?subject=a@b.c",
        "'mailto:anna@example.org\u{3000}", "anna@example.org\u{AD}", "anna@example.org\u{202F}.\u{2007}",
        "<mailto:anna@example.org>", "\u{A0}<\u{200B}anna@example.org\u{A0}>\u{200E}", "<'anna@example.org>",
    ]) func `what stands around an address does not belong to it`(text: String) throws {
        #expect(try Mailbox(text).address.description == "anna@example.org")
        #expect(try Mailbox(text).name == nil)
    }

    @Test func `a domain of one word is told from others`() throws {
        #expect(try EmailAddress("root@localhost").isDotless)
        #expect(try EmailAddress("a@localhost.").isDotless)
        #expect(try !EmailAddress("a.b@example.org").isDotless)
    }

    @Test(arguments: [
        (
            "a@x\u{2460}.org",
            "the character ① (CIRCLED DIGIT ONE) cannot stand in a domain; write plain letters and digits"
        ),
        (
            "a@\u{2121}.org",
            "the character ℡ (TELEPHONE SIGN) cannot stand in a domain; write plain letters and digits"
        ),
        (
            "a@x\u{B2}.org",
            "the character ² (SUPERSCRIPT TWO) cannot stand in a domain; write plain letters and digits"
        ),
        (
            "a@\u{FFA1}.kr",
            "the character \u{FFA1} (HALFWIDTH HANGUL LETTER KIYEOK) cannot stand in a domain; write plain letters and digits"
        ),
    ]) func `a letter that stands for others is refused by its name`(text: String, reason: String) {
        let error = #expect(throws: EmailAddressError.self) { try EmailAddress(text) }
        #expect(error?.description == reason)
    }

    /// As UTS 46 maps them, by the tables of another implementation.
    @Test func `every narrow kana is mapped to the wide one`() throws {
        let output = try python(
            """
            import sys, unicodedata
            for code in range(0xFF66, 0xFF9E):
                label = unicodedata.normalize("NFKC", chr(code))
                print("a@xn--" + label.encode("punycode").decode() + ".jp")
            """, input: Data())
        let expected = output.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
        #expect(expected.count == 56)
        for (code, address) in zip(UInt32(0xFF66)..., expected) {
            let narrow = String(Character(try #require(Unicode.Scalar(code))))
            #expect(try EmailAddress("a@\(narrow).jp").description == address)
        }
    }

    @Test(arguments: [
        ("", EmailAddressError.empty), (" \t ", .empty), ("anna", .noAt), ("anna.example.org", .noAt),
        ("@example.org", .noLocalPart), ("anna@", .noDomain), ("a@b@example.org", .severalAts),
        ("a@example.org@", .severalAts),
        ("a b@example.org", .blankInside), ("a@exa mple.org", .blankInside),
        ("a@b.org, c@d.org", .separator(",")), ("a,b@example.org", .separator(",")),
        ("a@b.org;c@d.org", .separator(";")), ("<a@example.org>", .angleBracket),
        ("a@example.org>", .angleBracket), ("\"a b\"@example.org", .quoted),
        ("-f@example.org", .leadingHyphen), ("|/bin/sh@example.org", .leadingSpecial("|")),
        ("/var/mail/x@example.org", .leadingSpecial("/")),
        (".a@example.org", .misplacedDot), ("a.@example.org", .misplacedDot),
        ("a..b@example.org", .misplacedDot),
        ("a(b)@example.org", .forbiddenCharacter("(")), ("a\\@example.org", .forbiddenCharacter("\\")),
        ("a:b@example.org", .forbiddenCharacter(":")),
        ("müller@example.org", .nonASCIILocalPart), ("a\u{0}@example.org", .controlCharacter),
        ("a\r\nBcc: b@example.org", .controlCharacter), ("a\n@example.org", .controlCharacter),
        ("a@example.org\nb@example.org", .controlCharacter), ("a@example.org\r", .controlCharacter),
        ("a@[1.2.3.4]", .domainLiteral), ("a@1.2.3.4", .numericDomain), ("a@.org", .emptyLabel),
        ("a@example.org..", .emptyLabel), ("a@example..org", .emptyLabel), ("a@-x.org", .labelHyphen),
        ("a@x-.org", .labelHyphen), ("a@x.org-", .labelHyphen), ("a@ex_ample.org", .forbiddenInDomain("_")),
        ("a@exämple/.org", .forbiddenInDomain("/")), ("a@ä b.org", .blankInside),
        ("a@ä\u{202E}b.org", .forbiddenInDomain("\u{202E}")),
        ("a@\u{301}a.org", .forbiddenInDomain("\u{301}")),
        ("a@ä\n.org", .forbiddenInDomain("\n")), ("a@-ä.org", .labelHyphen),
    ])
    func `a bad address is refused with its reason`(text: String, reason: EmailAddressError) {
        #expect(throws: reason) { try EmailAddress(text) }
    }

    @Test func `the lengths end where RFC 5321 ends them`() throws {
        let local = String(repeating: "a", count: 64)
        let label = String(repeating: "b", count: 63)
        #expect(throws: Never.self) { try EmailAddress("\(local)@\(label).org") }
        #expect(throws: EmailAddressError.localPartTooLong) { try EmailAddress("a\(local)@example.org") }
        #expect(throws: EmailAddressError.labelTooLong) { try EmailAddress("a@b\(label).org") }
        #expect(throws: EmailAddressError.labelTooLong) { try EmailAddress("a@org.b\(label)") }
        let domain = "\(label).\(label).\(label)"
        #expect(throws: Never.self) { try EmailAddress("\(String(repeating: "a", count: 62))@\(domain)") }
        #expect(throws: EmailAddressError.tooLong) { try EmailAddress("\(local)@\(domain)") }
        #expect(throws: EmailAddressError.domainTooLong) { try EmailAddress("a@\(domain).\(label)") }
        let wide = String(repeating: "ü", count: 60)
        #expect(throws: EmailAddressError.labelTooLong) { try EmailAddress("a@\(wide).de") }
        #expect(throws: EmailAddressError.labelTooLong) { try EmailAddress("a@\(wide)\(wide).de") }
    }

    @Test func `bytes that are not UTF-8 are refused on either side of the at sign`() {
        let local: [UInt8] = [0x61, 0xFC, 0x40, 0x62, 0x2E, 0x63]
        #expect(throws: EmailAddressError.notUTF8) { try EmailAddress(utf8: local.span) }
        let domain: [UInt8] = [0x61, 0x40, 0x62, 0xFC, 0x2E, 0x63]
        #expect(throws: EmailAddressError.notUTF8) {
            try EmailAddress(utf8: domain.span)
        }
    }

    @Test func `two spellings of an address have one key`() throws {
        let one = try EmailAddress("Anna@Example.org")
        let other = try EmailAddress("anna@EXAMPLE.ORG")
        #expect(one != other)
        #expect(one.normalized == "anna@example.org")
        #expect(one.normalized == other.normalized)
    }

    @Test func `every reason is said in words`() {
        #expect(EmailAddressError.noAt.description == "no @")
        #expect(EmailAddressError.blankInside.description == "a blank inside the address")
        #expect(
            EmailAddressError.nonASCIILocalPart.description.contains(
                "cannot be sent through sendmail portably"))
    }

    /// The grammar of the contract, section 5, checked on random bytes that often come close to it.
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `whatever is accepted is within the closed grammar`(seed: UInt64) {
        print("seed \(seed)")
        var random = SeededRandom(seed: seed)
        let pieces = [
            "a", "B", "1", ".", "-", "@", "example", ".org", "ü", " ", ",", "<", "\n", "\u{0}", "\"", "+",
            "xn--",
        ]
        var accepted = 0
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 3...6, using: &random))
                .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            guard let address = try? EmailAddress(text) else { continue }
            accepted += 1
            let grammar =
                /[A-Za-z0-9+][A-Za-z0-9+-]*(\.[A-Za-z0-9+-]+)*@[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*/
            #expect(address.description.wholeMatch(of: grammar) != nil, "\(text.debugDescription)")
            #expect((try? EmailAddress(address.description)) == address)
        }
        #expect(accepted > 40)
    }
}

@Suite struct MailboxTests {
    @Test(
        arguments: [
            ("a@example.org", nil, "a@example.org"),
            ("Anna Berg <a@example.org>", "Anna Berg", "a@example.org"),
            ("  Anna   <a@example.org>  ", "Anna", "a@example.org"),
            ("<a@example.org>", nil, "a@example.org"),
            (#""Berg, Anna" <a@example.org>"#, "Berg, Anna", "a@example.org"),
            (#""The \"Boss\" \\ Co" <a@example.org>"#, #"The "Boss" \ Co"#, "a@example.org"),
            (#""a <b>" <a@example.org>"#, "a <b>", "a@example.org"),
            ("Berg, Anna <a@example.org>", "Berg, Anna", "a@example.org"),
            ("Åsa 🎻 <a@example.org>", "Åsa 🎻", "a@example.org"),
            ("Anna\r\nBcc: x@example.org <a@example.org>", "Anna Bcc: x@example.org", "a@example.org"),
            ("A\u{0}\u{1}B\u{2028}C\u{85}D <a@example.org>", "A B C D", "a@example.org"),
            ("\u{1} <a@example.org>", nil, "a@example.org"),
            ("Anna< a@example.org >", "Anna", "a@example.org"),
        ] as [(String, String?, String)])
    func `a mailbox is read`(text: String, name: String?, address: String) throws {
        let mailbox = try Mailbox(text)
        #expect(mailbox.name == name)
        #expect(mailbox.address.description == address)
    }

    @Test(arguments: [
        ("", MailboxError.address(.empty)), ("Anna", .address(.noAt)),
        ("Anna <a@example.org", .unclosedBracket),
        ("Anna <a@example.org> x", .textAfterAddress),
        ("Anna <a@example.org>, <b@example.org>", .textAfterAddress),
        (#""Anna <a@example.org>"#, .unclosedQuote), ("A>B <a@example.org>", .bracketInName),
        ("a@example.org, B <b@example.org>", .severalMailboxes), ("Anna <>", .address(.empty)),
        ("a@example.org, b@example.org", .address(.separator(","))),
        (#""A" B <a@example.org>"#, .textAfterAddress),
        ("Anna <a@example.org\n>", .address(.controlCharacter)),
    ])
    func `what is no mailbox is refused with its reason`(text: String, reason: MailboxError) {
        #expect(throws: reason) { try Mailbox(text) }
    }
}

@Suite struct PunycodeTests {
    @Test(arguments: [
        ("ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn"), ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"),
        ("Pročprostěnemluvíčesky", "Proprostnemluvesky-uyb24dma41a"),
        ("3年B組金八先生", "3B-ww4c5e180e575a65lsy2b"),
        ("-> $1.00 <-", "-> $1.00 <--"), ("ü", "tda"), ("", ""), ("abc", "abc-"),
    ])
    func `the samples of RFC 3492 come out as there`(text: String, expected: String) {
        #expect(Punycode.encode(Array(text.unicodeScalars)) == expected)
    }

    @Test func `the highest scalars do not overflow`() {
        let text = String(repeating: "\u{10FFFD}\u{E000}a", count: 21)
        #expect(Punycode.encode(Array(text.unicodeScalars)) != nil)
        #expect(Punycode.encode(Array((text + "a").unicodeScalars)) == nil)
    }
}
