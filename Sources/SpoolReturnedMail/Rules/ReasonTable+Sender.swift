internal import SpoolMail

/// What is the sender's fault, whatever else is said: reputation, authentication, content, policy, size, rate.
extension ReasonTable {
    static let senderReasons: [ReasonRule] = [
        ReasonRule(
            "host-name", .refused,
            words: """
                reverse dns, reverse-dns, rdns, reverse lookup, reverse hostname, reverse host, ptr, ptr record,
                cannot find your hostname, cannot find your reverse, could not find your hostname, helo, ehlo,
                no reverse, hostname lookup, forward-confirmed, fcrdns, resolve your hostname, resolve your host,
                cannot resolve…address, could not reverse, does not resolve, lack of reverse, unverified dns,
                dns information for
                """,
            example: "550 Client host rejected: cannot find your reverse hostname, [192.0.2.1]"),
        ReasonRule(
            "authentication", .refused,
            words: """
                spf, dkim, dmarc, sender policy framework, sender id, sender-id, senderid, domainkeys,
                purported responsible address, unauthenticated, not authenticated, authenticat* required,
                authenticat*, authentication, not authorized, not authorised, unauthorized, unauthorised,
                authorization required, starttls, tls, encryption required, encryption needed, ssl,
                not permitted to send, not allowed to send, no permission to send, send as, signature,
                delivery not authorized
                """,
            names: "dmarcrejection, unauthenticatedemail, spf, dmarc, authrequired",
            example:
                "550 Unauthenticated email from example.org is not accepted due to the domain's DMARC policy"),
        ReasonRule(
            "block-list", .refused,
            words: """
                blacklist*, black list*, black-list*, blocklist*, block list*, block-list*, blackhole*, denylist*,
                deny list*, rbl, rbls, dnsbl*, rbl lookup, blocked using, blocked by, is blocked, was blocked,
                been blocked, are blocked, blocked for, blocked due, blocked from, blocked because, block address,
                blocked - see, blocked see, blocked, blocking, is listed, are listed, been listed, listed…blacklist*,
                listed in rbl, listed by, banned, sending ip, sender ip, source ip, client ip, your ip, your host,
                your server, connecting ip, ip address…rejected, ip address…refused, ip…denied, ip…reputation,
                client host rejected, client host…blocked, host rejected, sender blocked, blocked sender,
                sender is blocked, access from…denied, reputation*, not accept mail from, not accepting mail from,
                don't accept mail from, refusing connection*, refused connection, connections from…not,
                connections not accepted, connection not accepted, you are not allowed to connect, dynamic ip*,
                dynamically, dialup*, residential, may not be mail exchanger, messages from…weren't sent,
                part of their network is on our block list, abuse, abusive, ip not allowed, bad ip, geoblock*,
                mismatches client, service provider, proxy, zombie, botnet, insecure, spoof*, forged, im sperrliste,
                gesperrt wegen, liste noire, lista negra, черн* списк*, спам-лист*, заблокирован*
                """,
            names: """
                spamhaus*, spamcop*, sorbs*, barracudacentral*, uceprotect*, abuseat, spamrats*, senderscore*,
                senderbase*, sender.office.com, abusix*, cloudmark*, surbl*, uribl*, njabl*, mailspike*, invaluement*,
                talosintelligence*, rbl, dnsbl, barracuda*reputation, postmaster.aol.com, trendmicro.com,
                senders.yahooinc.com, mail-abuse*
                """,
            example: "554 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org"),
        ReasonRule(
            "spam", .refused,
            words: """
                spam*, unsolicited, junk, bulk mail*, bulk email*, bulk e-mail*, bulk sender*, bulk message*, ube,
                uce, virus*, malware, phish*, infected, trojan, malicious, suspicious, suspect*, content rejected,
                content denied, content filter*, content restriction*, content…rejected, content…blocked,
                content…not accepted, content…unacceptable, content presents, message content, mail content,
                forbidden, attachment*, executable, dangerous, harmful, blacklisted url*, listed url*, uri…listed,
                url…listed, looks like spam, gtube, bayes*, hits=, identified…as, classified, detected as,
                filter rule, message filtered, mail filtered, rejected…filter, content-based, quarantin*, cloudmark,
                unwanted, high probability, message score, spamicity, milter, mensaje…rechazado, contenido, werbung,
                unerwünscht, спам*, 迷惑, 垃圾, ウイルス, ウィルス, スパム
                """,
            names: "unsolicitedmessageerror, unsolicitedratelimiterror, blockedmessage, rejectedcontent",
            example: "554 Reject, id=20025-09 - SPAM"),
        ReasonRule(
            "policy", .refused,
            words: """
                policy, policies, prohibit*, administrative, administratively, relaying, relay access, relay denied,
                relay not permitted, to relay, not relay, no relay, open relay, mail relay, relay attempt*,
                relay…denied, relay prohibited, cannot relay, security polic*, security reason*, security violation,
                secure channel, not allowed by, local rules, restrict*, sender rejected, sender address,
                sender denied, sender…rejected, sender…refused, sender…denied, sender…not accepted,
                sender not accepted, sender verif*, sender domain, sender not, bad sender, invalid sender,
                unroutable sender, unrouteable sender, domain of sender, from address, from domain, mailfrom domain,
                envelope sender, envelope from, return path, return-path, verify sender, verify the sender, callback,
                callout, valid sender, no valid sender, sender was rejected, sender's domain, sender requires,
                mail from…not allowed, mail from…not accepted, only accepts mail from, accepts mail only from,
                unlisted sender, recipient preferences, not permitted, permission to post, members only,
                subscribers only, moderat*, whitelist*, allow list, allowlist*, challenge, refused by your, opted out,
                unsubscribed, redundant, politique, directiva, sicherheit*, richtlinie*, политик*, 受信拒否
                """,
            names: "denied.by.policy",
            example: "550 Mail from nekonyaan@example.net rejected for policy reasons"),
        ReasonRule(
            "before-recipient", .refused,
            words: """
                after mail from, in reply to mail from, mail_from, after helo, after ehlo, in reply to helo,
                in reply to ehlo, after initial connection, did not like our mail from,
                connected to…but sender was rejected, refused to talk to me, did not like our helo,
                did not like our ehlo, nemesis esmtp service not available, no smtp service here,
                does not accept your mail, while sending mail from, error…mail from command
                """,
            example:
                "SMTP error from remote mail server after MAIL FROM:<a@example.org>: 553 a.example does not exist"
        ),
    ]
}
