import Foundation
import SpoolMail
@testable import SpoolReturnedMail
import Testing

/// Who may say what: the order of judgement.
@Suite struct JudgementTests {
    private static let notice = """
        Hi. This is the qmail-send program at mx.example.net.

        <bo@example.com>:
        Remote host said: 550 5.1.1 user unknown
        """

    @Test(arguments: [
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net", "Return-Path: <>\nFrom: anna@example.com",
        "From: MAILER-DAEMON <>", "From: postmaster@mx.example.net\nReturn-Path: <x@mx.example.net>",
        "Return-Path: <MAILER-DAEMON@mx.example.net>\nFrom: x@mx.example.net",
        "Return-Path:\nFrom: mx@mx.example.net",
    ])
    func `an old format counts with an empty return path, or from a daemon`(header: String) {
        let message = ReturnedMessage("\(header)\nSubject: failure notice\n\n\(Self.notice)")
        #expect(message.kind == .bounce)
        #expect(message.recipients.map(\.address) == ["bo@example.com"])
        #expect(message.recipients.first?.meaning == .hard)
    }

    @Test(arguments: [
        "Return-Path: <anna@example.com>\nFrom: Anna <anna@example.com>", "From: Anna <anna@example.com>",
        "Return-Path: <anna@example.com>\nFrom: \"MAILER-DAEMON\" <anna@example.com>",
        "Return-Path: <anna@example.com>\nFrom: \"postmaster@example.com\" <anna@example.com>",
    ])
    func `from a person it is nothing but mail`(header: String) {
        let message = ReturnedMessage("\(header)\nSubject: Re: failure notice\n\n\(Self.notice)")
        #expect(message.kind == .other)
        #expect(message.recipients.isEmpty)
    }

    @Test(arguments: [
        "Subject: Automatic reply: Hej", "Subject: Re: Hej\nAuto-Submitted: auto-replied",
        "Subject: x\nPrecedence: junk",
        "Subject: x\nX-Auto-Response-Suppress: All", "Subject: Out of Office",
        "Subject: =?utf-8?q?Fr=C3=A5nvarande?=",
        "Subject: x\nX-Autoreply: yes", "Subject: Please confirm your message", "Subject: AUTO: Re: Hej",
    ])
    func `an automatic reply never acts, also with an empty return path`(header: String) {
        for sender in [
            "Return-Path: <>\nFrom: anna@example.com",
            "Return-Path: <anna@example.com>\nFrom: anna@example.com",
        ] {
            let message = ReturnedMessage("\(sender)\nTo: bounce@example.org\n\(header)\n\n\(Self.notice)")
            #expect(message.kind == .autoReply)
            #expect(message.recipients.isEmpty)
        }
    }

    @Test func `a report counts by its type, whatever Auto-Submitted says`() throws {
        let bytes = try Corpora.bytes(Corpora.own.appendingPathComponent("postfix-user-unknown.eml"))
        let message = ReturnedMessage(Array("Auto-Submitted: auto-replied\nPrecedence: bulk\n".utf8) + bytes)
        #expect(message.kind == .bounce)
    }

    @Test(arguments: [
        ("failed", ReturnClass.hard), ("delayed", .delayed), ("delivered", .delivered),
        ("relayed", .delivered),
        ("expanded", .delivered), ("Failed", .hard),
    ])
    func `the action comes before any code`(action: String, expected: ReturnClass) {
        let message = ReturnedMessage(
            """
            Content-Type: multipart/report; report-type=delivery-status; boundary=b

            --b
            Content-Type: message/delivery-status

            Final-Recipient: rfc822; Bo@Example.com
            Action: \(action)
            Status: 5.1.1
            --b--
            """)
        #expect(message.recipients.map(\.meaning) == [expected])
        #expect(message.recipients.map(\.address) == ["bo@example.com"])
    }

    @Test(arguments: [
        ("abuse", ReturnedMessage.Kind.complaint), ("fraud", .complaint), ("opt-out", .unsubscribe),
        ("not-spam", .other),
        ("virus", .other), ("auth-failure", .other), ("", .other),
    ])
    func `of feedback only abuse and fraud complain, and an opt-out leaves`(
        type: String, kind: ReturnedMessage.Kind
    ) {
        let message = ReturnedMessage(
            """
            Return-Path: <fbl@isp.example>
            Content-Type: multipart/report; report-type=feedback-report; boundary=b

            --b
            Content-Type: message/feedback-report

            Feedback-Type: \(type)
            Original-Rcpt-To: anna@example.org
            --b--
            """)
        #expect(message.kind == kind)
        #expect(message.recipients.isEmpty == (kind == .other))
    }

    @Test func `words of strangers are one short line without control characters`() {
        let words = "550 \u{1B}[31muser unknown\r\n\u{7}" + String(repeating: "é", count: 500)
        let message = ReturnedMessage(
            "From: MAILER-DAEMON\n\nThis is the qmail-send program\n<bo@example.com>:\n\(words)")
        let said = message.recipients.first?.words ?? ""
        #expect(said.contains("user unknown"))
        #expect(said.count <= 201)
        #expect(!said.unicodeScalars.contains { $0.properties.generalCategory == .control })
    }
}

/// The small inputs beside the clone, with their placeholders.
@Suite(.enabled(if: Corpora.sharedIsExpected)) struct FieldInputTests {
    @Test(arguments: [
        (
            "01-forged-message-id.eml",
            "bounce | delivery-status | bo@example.com hard 5.1.1 no-such-address-code"
        ),
        (
            "02-forged-no-token.eml",
            "bounce | delivery-status | bo@example.com hard 5.1.1 no-such-address-code"
        ),
        (
            "04-token-of-anna-final-recipient-bo.eml",
            "bounce | delivery-status | bo@example.com hard 5.1.1 no-such-address-code"
        ),
        ("06-vacation-null-return-path.eml", "auto-reply | automatic-reply-subject"),
        ("08-arf-not-spam.eml", "other | feedback-of-no-consequence"),
        ("10-delayed.eml", "bounce | delivery-status | anna@example.org delayed 4.4.1 action-delayed"),
    ])
    func `the small inputs are judged as they are meant`(name: String, expected: String) throws {
        let folder = Corpora.shared.appendingPathComponent("field/returns")
        #expect(ReturnedMessage(try Corpora.bytes(folder.appendingPathComponent(name))).summary == expected)
    }
}
