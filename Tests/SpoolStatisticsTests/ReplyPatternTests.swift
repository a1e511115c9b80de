@testable import SpoolStatistics
import Testing

struct ReplyPatternTests {
    @Test(arguments: [
        (
            "550 5.1.1 <anna@example.org>: Recipient address rejected: User unknown",
            "550 5.1.1 <*>: Recipient address rejected: User unknown"
        ),
        (
            "host mx1.example.org[192.0.2.1]:25 said: 452 4.2.2 mailbox full (id=4FZb2T1xyz)",
            "host * said: 452 4.2.2 mailbox full (id=*)"
        ),
        (
            "550-5.1.1 no such user d9443c01a7336-29e5b1234abcd.123 - gsmtp",
            "550-5.1.1 no such user * - gsmtp"
        ),
        ("postdrop: warning: 20261: queue file write error", "postdrop: warning: *: queue file write error"),
        ("user anna unknown at example.org, see RFC5321", "user * unknown at *, see RFC5321"),
        ("try again in 300 seconds, at 12:34:56 on 2026-11-24", "try again in * seconds, at * on *"),
        ("connect to [2001:db8::1]: refused", "connect to [*]: refused"),
        ("see https://example.org/?id=77", "see https://example.org/?id=77"), ("", ""),
        ("421 #4.4.5 Too many connections", "421 #4.4.5 Too many connections"),
    ])
    func `what is the recipient's or the attempt's own becomes a star`(reply: String, pattern: String) {
        #expect(ReplyPattern.pattern(of: reply, to: "anna@example.org") == pattern)
    }
}
