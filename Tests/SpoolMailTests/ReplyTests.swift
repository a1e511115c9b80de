@testable import SpoolMail
import Testing

struct ReplyTests {
    @Test(arguments: [
        ("75", "exit status 75"), ("0", "exit status 0"), ("signal-9", "killed by signal 9"),
        ("timeout", "no answer in time"), ("not-started", "not started"), ("-", "given up"),
    ]) func `how a hand-over ended is said in words, not in the journal's`(status: String, words: String) {
        #expect(Reply.ending(status) == words)
        #expect(Reply.words("no such user", status: status) == "no such user")
        let silent = status == "-" ? "no reason was given" : "\(words), without a word"
        #expect(Reply.words("", status: status) == silent)
    }
}
