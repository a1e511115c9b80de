@testable import SpoolConsole
import Testing

struct DisplayWidthTests {
    @Test(arguments: [
        ("plain", 5), ("å", 1), ("a\u{30A}", 1), ("漢字", 4), ("ｱ", 1), ("Ａ", 2), ("한국", 4),
        ("\u{1112}\u{1161}\u{11AB}", 2), ("😀", 2), ("👨‍👩‍👧", 2), ("👍🏽", 2), ("🇸🇪", 2), ("❤️", 2), ("❤", 1),
        ("नि", 2), ("ที่", 1), ("\u{200B}", 0), ("…", 1), ("━╸─", 3), ("", 0), ("العربية", 7),
        ("e\u{301}te\u{301}", 3),
    ])
    func `a text takes the cells that terminals give it`(text: String, width: Int) {
        #expect(DisplayWidth.of(text) == width)
    }

    @Test func `a text is cut between characters, and padded, to exactly a width`() {
        let texts = ["plain text", "漢字の手紙", "a\u{30A}rsmo\u{308}te", "😀👨‍👩‍👧🇸🇪", "नमस्ते"]
        for text in texts {
            for width in 0...12 {
                let cut = DisplayWidth.truncate(text, to: width, ellipsis: "…")
                #expect(DisplayWidth.of(cut) <= width)
                #expect(text.hasPrefix(cut.hasSuffix("…") ? String(cut.dropLast()) : cut))
                #expect(DisplayWidth.of(DisplayWidth.pad(cut, to: width)) == width)
            }
        }
        #expect(DisplayWidth.truncate("漢字の手紙", to: 6, ellipsis: "…") == "漢字…")
    }

    @Test func `a paragraph is broken at blanks, and a long word where it must be`() {
        #expect(DisplayWidth.wrap("to be or not to be", to: 7) == ["to be", "or not", "to be"])
        #expect(DisplayWidth.wrap("aaaaaaaaaa b", to: 4) == ["aaaa", "aaaa", "aa b"])
        #expect(DisplayWidth.wrap("漢字漢字", to: 3) == ["漢", "字", "漢", "字"])
        #expect(DisplayWidth.wrap("", to: 4) == [""])
    }
}
