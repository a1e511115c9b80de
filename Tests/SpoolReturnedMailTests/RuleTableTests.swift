import SpoolMail
@testable import SpoolReturnedMail
import Testing

/// The tables that a stranger extends: each rule decides its own example, so that none hides behind an earlier one.
@Suite struct RuleTableTests {
    private static let rules =
        ReasonTable.overriding + ReasonTable.byCode + ReasonTable.byWords
        + [ReasonTable.givenUp, ReasonTable.unclear]

    @Test(arguments: rules.indices)
    func `each rule decides its own example`(index: Int) {
        let rule = Self.rules[index]
        let reason = Reason(status: nil, words: Array(rule.example.utf8), context: { [] })
        #expect(reason.rule == rule.name, "\(rule.example)")
        #expect(reason.meaning == rule.meaning)
    }

    @Test func `no two rules have a name in common`() {
        #expect(Set(Self.rules.map(\.name)).count == Self.rules.count)
        #expect(Set(TextFormatTable.all.map(\.name)).count == TextFormatTable.all.count)
    }

    @Test(arguments: TextFormatTable.all.indices)
    func `each format is known by its own example`(index: Int) {
        let format = TextFormatTable.all[index]
        let headers = "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org\n"
        let text =
            format.field != nil || format.example.hasPrefix("Subject:")
            ? headers + format.example + "\n\nbo@example.org" : headers + "\n" + format.example
        let message = ReturnedMessage(text)
        #expect(message.kind == .bounce)
        #expect(message.rule.hasPrefix(format.name))
    }

    @Test(arguments: [
        ("5.1.1", ReturnClass.hard), ("5.1.2", .hard), ("5.1.3", .hard), ("5.1.6", .hard), ("5.1.10", .hard),
        ("5.4.4", .hard), ("4.2.2", .soft), ("4.4.7", .soft), ("5.2.2", .soft), ("5.2.0", .soft),
        ("5.7.13", .soft),
        ("5.7.1", .refused), ("4.7.1", .refused), ("5.7.26", .refused), ("5.6.0", .refused),
        ("5.2.3", .refused),
        ("4.3.4", .refused), ("5.3.4", .refused), ("5.1.7", .refused), ("5.1.8", .refused), ("5.3.2", .soft),
        ("5.0.0", .soft), ("5.1.0", .soft), ("5.5.0", .soft), ("5.4.1", .soft), ("5.3.0", .soft),
        ("4.0.0", .soft),
    ])
    func `the class of a code is that of the contract`(code: String, expected: ReturnClass) {
        #expect(Reason(status: StatusCode(code), words: [], context: { [] }).meaning == expected)
    }

    @Test(arguments: ["5.0.0", "5.1.0", "5.5.0", "5.4.1", "5.3.0"])
    func `a code that says nothing leaves it to the words`(code: String) {
        for (words, expected) in [
            ("mailbox unavailable", ReturnClass.hard), ("Recipient address rejected: Access denied", .hard),
            ("mailbox full", .soft), ("rejected as spam", .refused), ("words of nobody's", .soft),
        ] {
            let reason = Reason(status: StatusCode(code), words: Array("550 \(words)".utf8), context: { [] })
            #expect(reason.meaning == expected, "\(words)")
        }
    }

    @Test func `the code in the words comes before the report's own, and before the words`() {
        let reason = Reason(
            status: StatusCode("5.1.1"), words: Array("550 5.7.1 user unknown".utf8), context: { [] })
        #expect(reason.meaning == .refused)
        #expect(reason.code?.text == "5.7.1")
    }

    @Test(arguments: [
        "blocked using zen.spamhaus.org", "rejected as spam", "message rejected due to local policy",
        "SPF check failed",
        "DMARC policy of the domain", "DKIM signature did not verify", "no PTR record",
        "bad reputation of your IP",
        "your IP is on our blacklist", "authentication required", "message size exceeds the limit",
        "rate limit exceeded",
        "Client host rejected: cannot find your reverse hostname", "sender rejected", "relaying denied",
        "virus found",
    ])
    func `what is the sender's fault is never hard, whatever the code`(words: String) {
        for code in ["5.1.1", "5.1.10", "5.1.2", "5.4.4", "5.0.0"] {
            let reason = Reason(
                status: StatusCode(code), words: Array("550 \(code) \(words)".utf8), context: { [] })
            #expect(reason.meaning == .refused, "\(code) \(words): \(reason.rule)")
        }
    }

    @Test(arguments: [
        "550 5.1.1 <spam@example.org>: nobody here", "550 5.1.1 user unknown (antispam.example.org)",
        "550 5.1.1 See https://example.org/policy/spam",
        "550-5.1.1 no such user\n550 5.1.1 policy.example.org",
    ])
    func `names of addresses, servers and pages are no words`(words: String) {
        #expect(Reason(status: nil, words: Array(words.utf8), context: { [] }).meaning == .hard)
    }

    @Test func `words are whole, gaps are short, and only a star leaves an ending open`() {
        let list: PhraseList = "user…unknown, blacklist*, rbl"
        #expect(list.occurs(in: Array("the user is unknown here".utf8)))
        #expect(list.occurs(in: Array("blacklisted".utf8)))
        #expect(!list.occurs(in: Array("superuser unknown".utf8)))
        #expect(!list.occurs(in: Array("rblx".utf8)))
        #expect(!list.occurs(in: Array("user \(String(repeating: "x ", count: 60))unknown".utf8)))
        #expect(!list.occurs(in: []))
    }

    @Test func `a code is none inside a version, an address or a number`() {
        let text = "1.5.1.1 v5.1.1 10.5.1.1 5.1.1.1 5.1 5.1.1234 (#5.2.2) [5.7.1] 4.4.7. 9.9.9"
        #expect(StatusCode.all(in: Array(text.utf8)).map(\.text) == ["5.2.2", "5.7.1", "4.4.7"])
    }
}
