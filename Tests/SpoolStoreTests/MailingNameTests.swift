@testable import SpoolStore
@testable import SpoolSystem
@testable import TestSupport
import Testing

struct MailingNameTests {
    private let names = ["news", "news.json", "årsmöte", "2026"].map { FileName($0) }

    @Test(
        arguments: [
            ("news", "news"), ("scheduled/news.json", "news"), ("/var/spool/x/done/årsmöte.json", "årsmöte"),
            // What somebody has called so goes first.
            ("news.json", "news.json"), ("2026.json", "2026"), ("./2026", "2026"), ("New", nil), ("", nil),
            ("/", nil),
        ] as [(String, String?)]
    ) func `a mailing is meant by its name, its file or its path`(text: String, name: String?) {
        #expect(MailingName(FileName(text)).find(among: names) == name.map { FileName($0) })
    }

    @Test(arguments: [
        ("newz", "there is no mailing newz; did you mean news?"),
        ("done/neews.json", "there is no mailing done/neews.json; did you mean news?"),
        ("arsmote", "there is no mailing arsmote"), ("invitation", "there is no mailing invitation"),
    ]) func `one that is near is suggested`(text: String, words: String) {
        #expect(MailingName(FileName(text)).missing(among: names) == words)
    }
}
