package import SpoolMail

/// What a mail system said that refused a recipient at the hand-over: it counts like a bounce of the same code.
package struct HandOverRefusal {
    package let meaning: ReturnClass
    /// As `5.1.1`; nil if none was said.
    package let code: String?
    /// Which rule spoke.
    package let rule: String

    /// - Parameters:
    ///   - status: the exit status of sendmail.
    ///   - reply: the last line that it said.
    package init(status: String, reply: String) {
        let reason = Reason(
            status: HandOverRefusal.codes[status].flatMap { StatusCode($0) }, words: Array(reply.utf8),
            context: { [] })
        (meaning, code, rule) = (reason.meaning, reason.code?.text, reason.rule)
    }

    /// What the statuses of sysexits.h say of an address: no such user, no such host.
    private static let codes = ["67": "5.1.1", "68": "5.1.2"]
}
