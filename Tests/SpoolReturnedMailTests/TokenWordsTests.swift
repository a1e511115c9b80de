@testable import SpoolMail
@testable import SpoolReturnedMail
import Testing

@Suite struct TokenWordsTests {
    private static let token = "kgcd5sghrv78941k115hc1b12o1rg678e"

    private func words(_ text: String) -> TokenWords { ReturnedMessage(text).tokens }

    @Test(arguments: [
        "Delivered-To: bounce+TOKEN@example.org", "X-Original-To: TOKEN@bounce.example.org",
        "Envelope-To: <Bounce+TOKEN@example.org>", "To: \"x\" <bounce+TOKEN@example.org>",
        "Cc: a@example.org,\n bounce+TOKEN@example.org",
        "Received: from mx by example.org\n\tfor <bounce+TOKEN@example.org>; Thu, 1 Jan 2026",
    ])
    func `a token is found in the fields of the delivery, in either case`(field: String) {
        for token in [Self.token, Self.token.uppercased()] {
            let found = words(field.replacing("TOKEN", with: token) + "\n\nx")
            #expect(found.delivery.map(\.description) == [Self.token])
            #expect(found.returned.isEmpty)
        }
    }

    @Test func `only the topmost Received counts, and nothing that is no field of the delivery`() {
        let token = Self.token
        let found = words(
            "Received: by mx\nReceived: for <b+\(token)@example.org>\nFrom: \(token)@example.org\nReply-To: \(token)@x.org\n\n"
        )
        #expect(found.delivery.isEmpty)
    }

    @Test(arguments: [
        "x\(token)@a.org", "\(token)x@a.org", "\(token.dropLast())@a.org", "\(token.dropLast())w@a.org",
    ])
    func `a token is a word of its own`(address: String) {
        #expect(words("To: \(address)\n\n").delivery.isEmpty)
    }

    private static func report(_ returned: String) -> String {
        """
        Return-Path: <>
        From: MAILER-DAEMON@mx.example.net
        Content-Type: multipart/report; boundary=b

        --b
        Content-Type: message/delivery-status

        Final-Recipient: rfc822; bo@example.com
        Status: 5.1.1
        --b
        \(returned)
        --b--
        """
    }

    @Test(arguments: [
        "Content-Type: text/rfc822-headers\n\nMessage-ID: <TOKEN@example.org>",
        "Content-Type: message/rfc822\n\nMessage-ID: <kgcd5sghrv789.41k115hc1b12o1rg678e@example.org>\n\nx",
        "Content-Type: message/rfc822\n\nList-Unsubscribe: <mailto:leave+TOKEN@example.org>,\n <https://example.org/?t=TOKEN>\n\nx",
        "Content-Type: message/rfc822\n\nList-Unsubscribe: <mailto:leave+kgcd5sghrv789\n 41k115hc1b12o1rg678e@example.org>\n\nx",
        """
        Content-Type: text/rfc822-headers
        Content-Transfer-Encoding: quoted-printable

        Message-ID: <kgcd5sghrv7894=
        1k115hc1b12o1rg678e@example.org>
        """,
        // Message-ID: <TOKEN@example.org>
        """
        Content-Type: message/rfc822
        Content-Transfer-Encoding: base64

        TWVzc2FnZS1JRDogPGtnY2Q1c2docnY3ODk0MWsxMTVoYzFiMTJvMXJnNjc4ZUBleGFtcGxlLm9y
        Zz4KCg==
        """,
    ])
    func `a token is found in the part that came back, behind every encoding and fold`(part: String) {
        let found = words(Self.report(part.replacing("TOKEN", with: Self.token)))
        #expect(found.returned.map(\.description) == [Self.token])
        #expect(found.delivery.isEmpty)
    }

    @Test func `a token is found in a copy that follows in the text`() {
        let found = words(
            """
            Return-Path: <>
            From: MAILER-DAEMON@mx.example.net
            Subject: failure notice

            Hi. This is the qmail-send program at mx.example.net.

            <bo@example.com>:
            no mailbox here

            --- Below this line is a copy of the message.

            Return-Path: <bounce@example.org>
            Message-ID: <\(Self.token)@example.org>
            """)
        #expect(found.returned.map(\.description) == [Self.token])
    }

    @Test func `a token that stands in what somebody wrote is none`() {
        #expect(
            words("To: klubb@example.org\nSubject: Hej\n\nMessage-ID: <\(Self.token)@example.org>").returned
                .isEmpty)
    }

    @Test func `a message of nothing but tokens yields few`() {
        let many = (0..<500).map { "a+\(String(repeating: "0", count: 30))\(100 + $0)@x.org" }.joined(
            separator: ", ")
        #expect(words("To: \(many)\n\n").delivery.count <= 50)
    }

    @Test func `a subject and an address at which people leave are seen`() {
        let found = words("To: leave+\(Self.token)@example.org\nSubject: unsubscribe \(Self.token)\n\n")
        #expect(found.isToLeaveAddress)
        #expect(found.subject.map(\.description) == [Self.token])
        #expect(!words("To: bounce+\(Self.token)@example.org\n\n").isToLeaveAddress)
    }

    private static let nginx = "2026-11-28T12:00:00+00:00 POST 200 /leave?t=\(token)"
    private static let combined =
        #"192.0.2.1 - - [28/Nov/2026:12:00:00 +0000] "POST /leave/\#(token) HTTP/2.0" 200 5 "-" "x""#

    @Test(arguments: [
        nginx, combined, "POST /u?x=1&t=\(token)&y=2", "busybox: POST https://example.org/leave%2B\(token)",
        nginx.replacing(token, with: token.uppercased()),
    ])
    func `a POST to a target with a token acts, whatever the log's format`(line: String) {
        #expect(WebLogLine.tokens(in: Array(line.utf8)[...]).map(\.description) == [Self.token])
    }

    @Test(arguments: [
        "GET /leave?t=\(token)", "HEAD /leave?t=\(token)", "post /leave?t=\(token)",
        "XPOST /leave?t=\(token)",
        "POST / \"https://example.org/?t=\(token)\"", #""GET / HTTP/1.1" 200 "POST /?t=\#(token)""#,
        #""GET /" "-" "POST /leave?t=\#(token)""#, "POST", "", "POST 200",
        #""POST / HTTP/1.1" 200 "x\#(token)""#,
        "POST /leave?t=x\(token)", "/POST/ /leave?t=\(token)",
    ])
    func `nothing else does: other methods, the Referer, what a browser calls itself`(line: String) {
        #expect(WebLogLine.tokens(in: Array(line.utf8)[...]).isEmpty)
    }
}
