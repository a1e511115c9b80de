internal import SpoolMail

/// What says that there is no such address, no such host, or no mail there.
extension ReasonTable {
    static let addressReasons: [ReasonRule] = [
        ReasonRule(
            "null-mx", .hard,
            words: """
                null mx, nullmx, no smtp service, does not accept mail, doesn't accept mail, does not accept email,
                doesn't receive email, does not receive mail, does not receive email, domain…accepts no mail,
                no mail service
                """,
            example: "an MX or SRV record indicated no SMTP service"),
        ReasonRule(
            "no-such-user", .hard,
            words: """
                user unknown, unknown user, user…unknown, unknown…user, no such user, no such recipient,
                no such mailbox, no such address, no such person, no such account, no such local, no such email,
                no such…user, no such…mailbox, no such…address, no such…recipient, no such…account, no such id,
                no mailbox, mailbox not found, mailbox unavailable, mailbox not available, mailbox unknown,
                unknown mailbox, mailbox…not found, user not found, user…not found, user was not found,
                recipient not found, recipient…not found, recipient unknown, recipient…unknown, unknown recipient,
                address not found, address…not found, address unknown, unknown address, unknown to address,
                address…unknown, addressee unknown, destination unknown, unknown destination, does not exist,
                doesn't exist, do not exist, don't exist, did not exist, not exist, not exists, non-existent,
                nonexistent, non existent, no longer exists, no longer valid, no longer on server, no longer in use,
                no longer with, no longer here, no longer at, no longer accepts, no longer used, is no longer,
                not listed in, invalid recipient, invalid recipients, invalid address, invalid mailbox, invalid user,
                invalid email, invalid destination, invalid local, invalid…recipient, invalid…address,
                address…invalid, recipient…invalid, recipient invalid, user invalid,
                recipient address rejected access denied, recipient address rejected: access denied,
                recipient…rejected: access denied, not a valid, not valid user, isn't a valid, not a known,
                not a registered, not registered, isn't registered, not our customer, not known, not a user,
                not a local, is not local, not a member, not recognized, not recognised, not in directory,
                not found in directory, unrecognized recipient, unrecognized user, unrecognized address,
                unknown local part, unknown local-part, unknown or illegal, illegal user, illegal alias,
                unknown account, unknown alias, account not found, account unknown, no account,
                does not have a…account, doesn't have a…account, doesn't have an account, does not have an account,
                cannot find user, can't find user, can not find user, could not find user, couldn't be found,
                could not be found, cannot be found, can't be found, was not found, wasn't found, isn't found,
                not found here, no user, no recipient, undeliverable address, bad destination mailbox, bad address,
                bad recipient, bad user, bad mailbox, bad email, recipient is not, user is not, address is not,
                unrouteable address, unroutable address, has moved, moved permanently, user has left, has left,
                retired, mailbox name not allowed, recipient address rejected: undeliverable, not deliverable,
                syntax error in mailbox address, malformed address, illegal address, not our user, we do not have,
                no one by that name, nobody by that name, no person by, not on this server, isn't here, isn't a user,
                account is invalid, check if address is correct, no valid recipients for this mm,
                address is possibly incorrect, email address…misspelled, no matches to nameserver query,
                utilisateur inconnu, destinataire inconnu, utilisateur…inconnu, inconnu, inexistant*,
                destinataire invalide, adresse invalide, n'existe pas, unbekannt*, benutzer…unbekannt,
                existiert nicht, nicht gefunden, ungültige empfänger*, empfänger…ungültig, usuario desconocido,
                desconocid*, no existe, inexistente*, sconosciut*, non esiste, desconhecid*, não existe, onbekend*,
                bestaat niet, nieznan*, nie istnieje, neexistuje, okänd*, finns inte, ukendt*, ukjent*, findes ikke,
                не существует, не найден*, нет такого, неизвестн*, не зарегистрирован*, 宛先不明, 存在しません, 存在しない, 見つかりません,
                記載されていません, 登録されていません, 不存在, 无此用户, 用户不存在, 没有找到
                """,
            names: """
                542…rejected, recipnotfound, recipientnotfound, nosuchuser, nosuchmailbox, nosuchrecipient,
                dns…nxdomain
                """,
            example: "550 Requested action not taken: mailbox unavailable"),
        ReasonRule(
            "no-such-host", .hard,
            words: """
                host unknown, unknown host, host not found, hostname not found, domain not found, domain…not found,
                domain name not found, host or domain name not found, no such domain, no such host, unknown domain,
                domain unknown, nxdomain, bad destination system, bad destination host, invalid domain,
                domain invalid, invalid host, unrouteable mail domain, unroutable mail domain, no mx or,
                couldn't find any host, couldn't find a mail exchanger, cannot find a mail exchanger,
                find a mail exchanger, no mail exchanger, no mx record*, no valid mx,
                mx records point to non-existent, no valid hosts, no a record, no address record, no dns,
                hostname unknown, illegal host, domain is not reachable
                """,
            example: "550 Host unknown (Authoritative answer from name server)"),
    ]

    static let systemReasons: [ReasonRule] = [
        ReasonRule(
            "expired", .soft,
            words: """
                expired, timed out, timeout, time out, timeouts, too long, giving up, gave up, last attempt,
                not going to try again, will be deleted from queue, could not deliver for, delivery failed…attempts,
                retry time not reached, retry limit, aborted after
                """,
            example: "Could not deliver for the last 432000 seconds. Giving up."),
        ReasonRule(
            "network", .soft,
            words: """
                connection refused, connection reset, connection dropped, connection lost, lost connection,
                connect to, could not connect, cannot connect, can't connect, unable to connect, unable to contact,
                unable to establish, no route to host, unreachable, network error, not accept our requests to connect,
                broken pipe, loops back, mail loop, routing loop, loop, loops, too many hops, hop count,
                wasn't able to establish, socket error
                """,
            example: "Network error on destination MXs"),
        ReasonRule(
            "system", .soft,
            words: """
                system error, system config error, configuration error, internal error, mailer error,
                service unavailable, service currently unavailable, service not available, command died,
                command failed, input/output error, i/o error, can't create, couldn't create, cannot create,
                can't open, cannot open, local error, server error, system problem, protocol error, syntax error,
                bad sequence, improper sequence, procmail, pipe to, exit status, try again, try later, later
                """,
            example: "553 system config error"),
    ]
}
