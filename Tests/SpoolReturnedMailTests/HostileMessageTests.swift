@testable import SpoolReturnedMail
@testable import TestSupport
import Testing

/// Whatever bytes come, reading ends, and soon.
@Suite struct HostileMessageTests {
    @Test(arguments: [11, 12, 13, 14] as [UInt64])
    func `mutations of real messages are read to the end`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let messages = try Corpora.messages(in: Corpora.own).map(\.bytes)
        for round in 0..<60 {
            var bytes = try #require(messages.randomElement(using: &random))
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                Self.mutate(&bytes, with: messages, &random)
            }
            let message = ReturnedMessage(bytes)
            // Automatic replies and mail of people's never act, whatever is in them.
            if message.kind == .autoReply || message.kind == .other {
                #expect(message.recipients.isEmpty, "seed \(seed), round \(round)")
            }
            for recipient in message.recipients {
                #expect(
                    recipient.words.count <= 201 && !recipient.words.contains("\n"),
                    "seed \(seed), round \(round)")
            }
        }
    }

    private static func mutate(_ bytes: inout [UInt8], with others: [[UInt8]], _ random: inout SeededRandom) {
        guard !bytes.isEmpty else { return }
        let start = Int.random(in: 0..<bytes.count, using: &random)
        let end = min(bytes.count, start + Int.random(in: 0...80, using: &random))
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes.removeSubrange(start..<end)
        case 1: bytes.insert(contentsOf: bytes[start..<end], at: start)
        case 2: for index in start..<end { bytes[index] = UInt8.random(in: 0...255, using: &random) }
        case 3: bytes.removeSubrange(end...)
        case 4: bytes.insert(contentsOf: others.randomElement(using: &random)?.prefix(600) ?? [], at: start)
        default:
            bytes[start] =
                [0x0A, 0x0D, 0x00, 0x1B, 0x3D, 0x40, 0x3C, 0x80, 0xFF][Int.random(in: 0..<9, using: &random)]
        }
    }

    /// What would take the square of its length if anything were read over and over.
    static let patterns: [(name: String, head: String, piece: String)] = [
        ("folds", "Subject: x\n", " y\n"), ("fields", "", "To: a@b\n"),
        ("half words", "Subject: ", "=?utf-8?q?"),
        ("addresses", "To: ", "a@b,"), ("ats", "X-Failed-Recipients: ", "@"), ("letters", "To: ", "a"),
        ("boundaries", "Content-Type: multipart/mixed; boundary=b\n\n", "--b\n"),
        (
            "guessed boundaries", "Content-Type: multipart/mixed\n\n",
            "--b12\nContent-Type: multipart/mixed\n\n"
        ),
        ("nested messages", "", "Content-Type: message/rfc822\n\n"),
        ("nested multiparts", "", "Content-Type: multipart/mixed; boundary=b\n\n--b\n"),
        ("tags", "Content-Type: text/html\n\n", "<p"),
        ("blockquotes", "Content-Type: text/html\n\n", "<blockquote>a"),
        ("styles", "Content-Type: text/html\n\n", "<style>"),
        ("entities", "Content-Type: text/html\n\n", "&amp"),
        (
            "groups",
            "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n",
            "Final-Recipient: rfc822; a@b\nStatus: 5.0.0\nDiagnostic-Code: smtp; user user user\n\n"
        ),
        ("recipients", "From: MAILER-DAEMON\n\nThis is the qmail-send program\n", "<a@b>:\n550 no\n"),
        ("gaps", "From: MAILER-DAEMON\n\nundeliverable\na@b\n", "user "),
        ("escapes", "\n", "\u{1B}$B\u{1B}(B"),
        ("a line of words", "From: MAILER-DAEMON\n\n", "rcpt to a@b mail from "),
        ("tokens", "To: ", "kgcd5sghrv78941k115hc1b12o1rg678e "),
        ("JSON", "From: a@sns.amazonaws.com\n\n{", "\"a\":{"),
    ]

    @Test(.timeLimit(.minutes(2)), arguments: patterns.indices)
    func `a message that repeats itself is read in time in proportion to it`(index: Int) {
        let pattern = Self.patterns[index]
        let clock = ContinuousClock()
        let seconds = [1, 8].map { factor in
            let text =
                pattern.head
                + String(repeating: pattern.piece, count: factor * 8_000 / pattern.piece.utf8.count)
            return clock.measure { _ = ReturnedMessage(text) }
        }
        // Eight times the length may take eight times as long, and some more on a busy machine; the square is 64.
        #expect(seconds[1] < max(seconds[0] * 30, .seconds(2)), "\(pattern.name): \(seconds)")
    }

    @Test func `beyond the limit nothing is read`() {
        let head = "Subject: x\n\n" + String(repeating: "a", count: ReturnedMessage.limit)
        #expect(ReturnedMessage(head + "\nundeliverable").kind == .other)
    }
}
