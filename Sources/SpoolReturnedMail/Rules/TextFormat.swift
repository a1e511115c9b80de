/// A kind of report in prose, as mail systems wrote them before RFC 3464 and some still do: by what it is known, and what
/// introduces the addresses in it.
struct TextFormat {
    let name: String
    /// Any of these in the text says that it is one.
    let marks: PhraseList
    /// Or this header field.
    let field: String?
    /// A line or two of it, as an example. The tests look for the format in it.
    let example: String

    init(_ name: String, marks: PhraseList = "", field: String? = nil, example: String) {
        self.name = name
        self.marks = marks
        self.field = field
        self.example = example
    }
}

/// The old formats, the first that fits speaks. Only mail with an empty return path or from a daemon is compared.
enum TextFormatTable {
    /// The name of the last, whose marks are no mail system's own.
    static let generic = "daemon"

    static let all: [TextFormat] = [
        TextFormat(
            "qmail",
            marks: """
                this is the qmail-send program, this is the…program at…i'm afraid i wasn't able to
                """,
            example: "Hi. This is the qmail-send program at mx.example.org."),
        TextFormat(
            "exim", field: "x-failed-recipients",
            example: "X-Failed-Recipients: bo@example.org"),
        TextFormat(
            "exim-text",
            marks: """
                this message was created automatically by mail delivery software,
                this message was created automatically by the, a message that you sent could not be delivered,
                a message that you have sent could not be delivered, a message you sent could not be delivered,
                a message that you sent has not yet been delivered
                """,
            example: "This message was created automatically by mail delivery software."),
        TextFormat(
            "dma", marks: "this is the dragonfly mail agent, this is the…mail agent",
            example: "This is the DragonFly Mail Agent v0.13 at df.example.org."),
        TextFormat(
            "opensmtpd", marks: "this is the mailer-daemon…please do not reply",
            example: "This is the MAILER-DAEMON, please DO NOT REPLY to this e-mail."),
        TextFormat(
            "postfix",
            marks: """
                this is the postfix program, this is the…mail system at host, this is the mail system at host
                """,
            example: "This is the mail system at host mx.example.org."),
        TextFormat(
            "sendmail",
            marks: """
                transcript of session follows, the following addresses had…errors,
                the following addresses had…problems, unsent message follows, the original message was received at,
                while talking to
                """,
            example: "   ----- Transcript of session follows -----"),
        TextFormat(
            "exchange",
            marks: """
                did not reach the following recipient*, did not reach some or all of the intended recipients,
                delivery has failed to these recipients, the following recipient*…could not be reached,
                your message…did not reach, could not be delivered to the following recipient*
                """,
            example: "Your message did not reach the following recipient(s):"),
        TextFormat(
            "domino",
            marks: """
                was not delivered to, failure reasons, not listed in domino directory, not listed in public name
                """,
            example:
                "Your message Subject: Test was not delivered to: bo@example.org because: User bo not listed"),
        TextFormat(
            "gmail",
            marks: """
                delivery to the following recipient*, delevery to the following recipient*,
                google tried to deliver your message
                """,
            example: "Delivery to the following recipient failed permanently:"),
        TextFormat(
            "yahoo",
            marks: """
                unable to deliver your message to the following address*, unable to deliver message to
                """,
            example: "Sorry, we were unable to deliver your message to the following address."),
        TextFormat(
            "mail-marshal", marks: "could not be delivered because of, recipients were affected",
            example: "Could not be delivered because of 550 5.1.1 User unknown"),
        TextFormat(
            "mdaemon", marks: "fatal delivery errors, failed address",
            example: "The attached message had PERMANENT fatal delivery errors!"),
        TextFormat(
            "mailenable", marks: "remote smtp server returned, recipient(s) could not be reached",
            example: "Reason: Remote SMTP Server Returned: 550 Unknown user"),
        TextFormat(
            "groupwise", marks: "the attached file had the following undeliverable recipient*",
            example: "The attached file had the following undeliverable recipient(s):"),
        TextFormat(
            "interscan", marks: "message from interscan, interscan notification, sent >>> rcpt to",
            example: "Message from InterScan Messaging Security Suite"),
        TextFormat(
            "m-filter", marks: "-------server message, server message…smtp command",
            example: "-------server message"),
        TextFormat(
            "james", marks: "this is the…mail server at, error message below",
            example: "Hi. This is the James mail server at mx.example.org."),
        TextFormat(
            "imail",
            marks: """
                body of message generated response, delivery failed…attempts, user mailbox exceeds allowed size
                """,
            example: "Delivery failed 20 attempts: bo@example.org"),
        TextFormat(
            "smail", marks: "failed addresses follow, no valid recipients were found",
            example: "|------------------------- Failed addresses follow: ---------------------|"),
        TextFormat(
            "fml", marks: "loop alert, duplicated message-id",
            example: "Subject: Loop Alert: Duplicated Message-ID (neko ML)"),
        TextFormat(
            "status-fields", marks: "final-recipient: rfc822",
            example: "Final-Recipient: rfc822; bo@example.org"),
        TextFormat(
            generic,
            marks: """
                undeliver*, could not be delivered, couldn't be delivered, cannot be delivered, can't be delivered,
                can not be delivered, not be delivered, not delivered, was not delivered, has not been delivered,
                unable to deliver, not able to deliver, wasn't able to deliver, failed to deliver,
                unable to be delivered, non-delivery, nondelivery, nicht zugestellt, unzustellbar, delivery failed,
                delivery failure, delivery has failed, delivery error, delivery status notification,
                delivery notification, delivery report, delivery problem*, failure notice, failed delivery,
                failure delivery, mail failed, mail failure, mail error, mail system error, message delivery,
                returned mail, returned message, returned to sender, returning message to sender, returning to sender,
                returned email, rejected by, was rejected, has been rejected, error delivering, error sending,
                error message below, trouble delivering, message status, mailbox exceeds, delivery delayed,
                delivery…delayed, has been delayed, message delayed, still being retried, could not send, not send,
                user unknown, unknown user, invalid user, mail delivery, invalid recipient, non remis*, non distribu*,
                échec, n'a pas pu être, no se pudo entregar, no entregado, devuelto, non recapitat*, mancata consegna,
                não entregue, falha, onbestelbaar, nie dostarczono, kunde inte levereras, olevererat, недоставлен*,
                не доставлен*, не может быть доставлен*, не удалось доставить, 送信できません, 配信できません, 配信不能, 届けられません,
                配達できません, エラー, 返送, 退信, 无法投递, 投递失败, could not be sent, as their mailbox is full
                """,
            example: "Subject: Undeliverable mail"),
    ]

    /// Behind any of these the message that came back begins.
    static let copyMarks: PhraseList = """
        below this line is a copy of the message, this is a copy of the message, this is a copy of your message,
        original message -----, the header of the original message, the headers of the original message,
        message headers follow, message header follows, original message follows, original message headers,
        enclosed is a copy of the message, below is a copy of the original, a copy of the original message,
        unsent message follows, message text follows, returned message -----, returned message ---,
        copy of the message header, a copy of the message, returned message follows, returned mail follows,
        begin forwarded message, header of your message, original message is attached, the body of your message,
        undelivered message follows, your message follows, start of message, received message,
        original mail as follows, unzustellbare nachricht folgt, original message:, original mail:,
        copy of the first part of, first 20 lines, der originalnachricht, first part of the message
        """

    /// The mail system is still trying.
    static let delayMarks: PhraseList = """
        warning message only, has been delayed, is delayed, was delayed, being delayed, delivery delayed,
        delivery status notification (delay), message delayed, delayed mail, still being retried, will be retried,
        will keep trying, will continue to, temporary failure report, not yet been delivered,
        could not send message for past, could not send mail for past, has not yet been, no action is required,
        you do not need to resend, still undelivered, delayed for, still trying, continue trying,
        warning--could not send, undelivered after, noch nicht zugestellt, verzögert, retardé*, 遅延
        """

    /// It has given up, whatever else it says.
    static let endMarks: PhraseList = """
        permanent error, permanent failure, failed permanently, giving up, given up, permanent fatal errors,
        returning message to sender, gave up
        """
}
