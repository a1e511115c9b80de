internal import SpoolMail

/// Why mail comes back, as data: whoever meets a reply that is judged wrongly adds its words here, with the reply as the
/// example.
///
/// The order is: words of `overriding`, where a code says that the address is dead or no code says anything; then the
/// code; then words of `byWords`; else `unclear`. In each list the first rule that fits speaks.
enum ReasonTable {
    static let overriding: [ReasonRule] = senderReasons + limitReasons
    static let byWords: [ReasonRule] =
        [tryAgain, accountDisabled] + addressReasons + systemReasons + [rejected]

    /// Codes that give way to words of `addressReasons`: many servers say 5.2.1 to whom they do not know.
    static let weak: Set<String> = ["mailbox-disabled-code"]

    /// Codes that say no more than that it failed: the words decide.
    static let silentCodes = ["x.0.*", "5.1.0", "5.5.0", "5.4.1", "5.3.0"]

    static let byCode: [ReasonRule] = [
        ReasonRule(
            "account-disabled-code", .soft, codes: ["x.7.13"],
            example: "525 5.7.13 <bo@example.org>: Recipient address rejected: Disabled recipient address"),
        ReasonRule(
            "policy-code", .refused, codes: ["x.7.*"],
            example: "550 5.7.1 <bo@example.org>... Access denied"),
        ReasonRule(
            "content-code", .refused, codes: ["x.6.*"],
            example: "552 5.6.0 Headers too large (3 max)"),
        ReasonRule(
            "size-code", .refused, codes: ["x.2.3", "x.3.4"],
            example: "552 5.2.3 Message length exceeds administrative limit"),
        ReasonRule(
            "sender-code", .refused, codes: ["5.1.7", "5.1.8"],
            example: "501 5.1.8 Sender is not from a domain of ours"),
        ReasonRule(
            "no-such-address-code", .hard, codes: ["5.1.1", "5.1.3", "5.1.6", "5.1.10"],
            example: "550 5.1.1 <bo@example.org>: it is not here"),
        ReasonRule(
            "no-such-host-code", .hard, codes: ["5.1.2", "5.4.4"],
            example: "5.4.4 nothing answers to that name"),
        ReasonRule(
            "temporary-code", .soft, codes: ["4.*.*"],
            example: "450 4.1.1 <bo@example.org>: Recipient address rejected: unverified address"),
        ReasonRule(
            "mailbox-disabled-code", .soft, codes: ["5.2.1"],
            example: "550 5.2.1 <bo@example.org>: not at present"),
        ReasonRule(
            "mailbox-code", .soft, codes: ["5.2.*"],
            example: "552 5.2.2 over there it is tight"),
        ReasonRule(
            "system-code", .soft, codes: ["5.3.*", "5.4.6", "5.4.7"],
            example: "554 5.4.6 it went round and round"),
    ]

    /// The address is all that was rejected, and no reason is given.
    static let rejected = ReasonRule(
        "address-rejected", .hard,
        words: "recipient address rejected, recipient rejected, address rejected, recipient denied",
        example: "550 #5.1.0 Address rejected.")

    /// No words and no code, but the mail system would have tried again.
    static let givenUp = ReasonRule(
        "given-up", .soft, example: "421 mwinf5c77 ME Service refuse. Veuillez essayer plus tard.")

    /// Nothing that a rule knows.
    static let unclear = ReasonRule("unclear", .soft, example: "550 #5.1.0 Mail denied.")

    /// Before the dead: a name that does not resolve today may do so tomorrow.
    static let tryAgain = ReasonRule(
        "host-not-found-for-now", .soft,
        words: """
            host not found…try again, host name lookup failure, name server…try again, temporary…lookup,
            dns…timed out, dns query failed, dns…timeout, temporarily unable to resolve, servfail,
            temporarily unavailable, unavailable temporarily, temporary failure, temporarily rejected,
            temporarily disabled, temporary problem, temporary error, temporarily deferred, greylist*, greylisted,
            graylist*, temporary lookup failure, unable to verify address, address verification in progress, Временно,
            временно, 一時的
            """,
        example: "Name service error for domain example.com: Host not found, try again")

    /// May be opened again.
    static let accountDisabled = ReasonRule(
        "account-disabled", .soft,
        words: """
            account…disabled, mailbox…disabled, user…disabled, recipient…disabled, address…disabled, is disabled,
            was disabled, been disabled, disabled due, disabled user, disabled recipient, disabled account,
            disabled mailbox, mailbox disabled, account disabled, deactivated, suspended, suspension, inactive,
            inactivity, not active, not activated, is locked, account locked, account…locked, mailbox locked,
            mailbox is frozen, frozen, account…expired, account expired, on hold, account…closed, temporarily closed,
            account has been closed, mailbox currently suspended, no longer active, dormant, user is blocked,
            account is blocked, account blocked, mailbox blocked, mailbox is blocked, locked mailbox, nicht aktiv,
            deaktiviert, désactivé*, desactivad*, disattivat*, отключен*, неактив*, 利用停止, 停止中
            """,
        example: "554 delivery error: dd Sorry, this mailbox is disabled")
}
