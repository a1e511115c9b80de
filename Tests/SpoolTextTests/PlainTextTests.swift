import SpoolText
import Testing

struct PlainTextTests {
    @Test(arguments: [
        ("plain", "plain"), ("a\nb\r\nc", "a b  c"), (" a ", "a"), ("\u{1B}[31mred", "[31mred"),
        ("a\u{2028}b\u{2029}c\u{85}d", "a b c d"), ("a\u{202E}b\u{2066}c\u{200F}d\u{61C}e", "abcde"),
        ("👨‍👩‍👧 å", "👨‍👩‍👧 å"),
    ])
    func `a text is shown on one line, and turns nothing round`(text: String, shown: String) {
        #expect(PlainText.clean(text) == shown)
    }

    @Test func `a program gets the marks of direction, and still one line`() {
        #expect(PlainText.oneLine("a\u{202E}b\nc") == "a\u{202E}b c")
    }

    @Test func `what is quoted is cut, whatever it is made of`() {
        #expect("short".quoted == "\"short\"")
        for piece in ["x", "é", "a ", "\u{301}", "😀"] {
            let quoted = String(repeating: piece, count: 400_000 / piece.utf8.count).quoted
            #expect(quoted.unicodeScalars.count == 203, "\(piece)")
            #expect(Array(quoted.unicodeScalars.suffix(2)) == ["…", "\""], "\(piece)")
        }
        let whole = String(repeating: "é", count: 200)
        #expect(whole.quoted == "\"\(whole)\"")
    }

    @Test func `in a sentence the words are cut and the rest stays`() {
        let long = String(repeating: "x", count: 5000)
        #expect(PlainText.cuttingWords("a \(long)  b", to: 3) == "a xxx…  b")
    }
}
