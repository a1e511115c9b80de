internal import SpoolMail

/// What says nothing of whether there is such an address: it is full or closed for now, or the message was too much.
extension ReasonTable {
    static let limitReasons: [ReasonRule] = [
        ReasonRule(
            "mailbox-full", .soft,
            words: """
                over quota, overquota, over-quota, quota exceeded, exceed*…quota, exceeded…quota, exceeds…quota,
                quota, quotas, mailbox full, mailbox is full, mailbox…is full, mailbox…full, mail box full,
                mail box is full, mail box…full, full mailbox, inbox is full, inbox full, inbox…full, account is full,
                account full, account…full, user is over, maildir…full, mailfolder is full, mailbox has exceeded,
                mailbox exceeds, mailbox exceeded, mailbox…exceeded, mailbox…exceeds, mailbox size, size of mailbox,
                user mailbox exceeds, recipient's mailbox exceed*, messages in recipient's, storage, out of storage,
                insufficient, disk full, disk quota, disk space, disk is full, no space left, not enough space,
                out of space, out of disk, not enough disk, no room, too many messages in, too much mail data,
                too much mail, has too many messages, maximum allowed, exceeded the space, over the limit,
                over its limit, over limit, exceeds…storage, receiving…too full, boite…pleine, boîte…pleine,
                boite pleine, pleine, postfach…voll, postfach ist voll, postfach voll, speicherplatz, buzón…lleno,
                buzón lleno, casella piena, casella…piena, caixa…cheia, přeplněn*, przepełnion*, переполнен*, 容量, 満杯,
                空间, 已满, 邮箱已满
                """,
            names: "overquota*",
            example: "552 sorry, mailbox bo@example.org is over quota temporarily (#5.1.1)"),
        ReasonRule(
            "size", .refused,
            words: """
                message size, message too large, message is too large, message…too large, message too big,
                message is too big, message too long, message length, message file too big, mail size, mail too large,
                mail is too large, size limit, size exceed*, maximum size, maximum message size, max message size,
                exceed*…size, exceeds…size, exceeded…size, too large, too big, size of message, message exceeds,
                message exceeded, body too long, header too long, headers too large, zu groß, trop volumineux,
                demasiado grande, 大きすぎ
                """,
            example: "554 Message too big for system"),
        ReasonRule(
            "rate", .refused,
            words: """
                too many, rate limit*, rate-limit*, ratelimit*, rate exceeded, rate control*, throttl*, too fast,
                too quickly, too frequent*, too often, frequency, hourly, daily, per hour, per day, per minute,
                sending limit, limit…exceeded, limit exceeded, exceeded…limit, exceeds…limit, limits, message rate,
                at a rate, concurrent, connection limit, connection rate, excessive, traffic, unusual, volume,
                max emails, discard, flood*
                """,
            names: "receivingrate*, ratelimit*",
            example: "550 Ip frequency limited"),
    ]
}
