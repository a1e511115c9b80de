@testable import SpoolMail
@testable import TestSupport
import Testing

@Suite struct HTMLTextTests {
    @Test(arguments: [
        ("", ""), ("Hello", "Hello\n"), ("<p>One</p><p>Two</p>", "One\n\nTwo\n"),
        ("a\n  b\t c<br>d<br><br>e<br><br><br><br>f", "a b c\nd\n\ne\n\nf\n"),
        ("<h1>News</h1>Text<h2>More</h2><div>x</div><div>y</div>", "News\n\nText\n\nMore\n\nx\ny\n"),
        ("<b>bold</b> <i>and</i> so<em>on</em>", "bold and soon\n"),
        ("<ul><li>One<li>Two <b>x</b></li></ul>after", "- One\n- Two x\n\nafter\n"),
        ("<ol><li>One</li><li>Two<br>lines</li></ol>", "1. One\n2. Two\n   lines\n"),
        ("<ol start=9><li>Nine</li><li>Ten</li></ol>", "9. Nine\n10. Ten\n"),
        ("<ul><li>A<ul><li>B</li><li>C</li></ul></li><li>D</li></ul>", "- A\n  - B\n  - C\n- D\n"),
        ("<ul><li><p>A</p><p>B</p></li></ul>", "- A\n\n  B\n"),
        (
            "<a href=\"https://example.org/x?a=1&amp;b=2\">here</a>.",
            "here <https://example.org/x?a=1&b=2>.\n"
        ),
        ("<a href='https://example.org/'>example.org</a>", "example.org\n"),
        ("<a href=mailto:a@b.org>a@b.org</a> <a href='#top'>up</a>", "a@b.org up\n"),
        ("<a href='https://x.org'><img src=l.png></a>", "<https://x.org>\n"),
        ("<a href='https://x.org'><img src=l.png alt='Our club'></a>", "Our club <https://x.org>\n"),
        ("<img src=a.png alt=\"A &quot;cat&quot;\"><img src=b.png>", "A \"cat\"\n"),
        (
            "<table><tr><th>Day</th><th>Time</th></tr><tr><td>Mon</td><td>19:00</td></tr></table>",
            "Day  Time\nMon  19:00\n"
        ),
        (
            "&lt;b&gt; &amp;amp; &euro;5 &Auml;&#228;&#xE4; &#x1F3BB; &#128; &nosuch; & &copy;",
            "<b> &amp; €5 Äää 🎻 € &nosuch; & ©\n"
        ),
        ("a<script>if (a<b) {x()}</script>b<style>p{}</style>c<!-- <p>no</p> -->d", "abcd\n"),
        (
            "<!doctype html><html><head><title>T</title><meta charset=utf-8></head><body>B</body></html>",
            "B\n"
        ),
        ("<div style=\"display: NONE\">pre<div>header</div></div>seen", "seen\n"),
        ("<blockquote>Quote<br>on</blockquote>x", "> Quote\n> on\n\nx\n"),
        ("<pre>a  b\n  c</pre>", "a  b\n  c\n"),
        ("a<hr>b", "a\n\n----------\n\nb\n"), ("1 < 2 and 3 <4", "1 < 2 and 3 <4\n"),
        ("a&nbsp;&nbsp;b&shy;c", "a bc\n"),
        ("<p>unclosed <b>bold", "unclosed bold\n"), ("</p></li></ul></a>x", "x\n"), ("<p", "<p\n"),
        ("<a href=", "<a href=\n"),
        ("שלום <b>עולם</b>", "שלום עולם\n"), ("<!-- never closed", ""), ("<script>never closed", ""),
        ("<a href='x>one</a> <b>two</b>", "one <'x> two\n"), ("<p>a <b c='>d</b> e", "a d e\n"),
        ("<dl><dt>Term</dt><dd>Meaning</dd></dl>", "Term\n  Meaning\n"),
    ])
    func `HTML is turned into text that can be read`(html: String, text: String) {
        #expect(plainText(html) == text)
    }

    private func plainText(_ html: String) -> String {
        HTMLText.plainText(from: (try? Template(html)) ?? Template(literal: html)).source
    }

    @Test(arguments: [
        ("<p>Dear {{ name | default: \"<friend>\" }},</p>", "Dear A&B,\n"),
        (
            "<a href=\"https://x.org/?a={{ address | url_encode }}&amp;b=1\">leave</a>",
            "leave <https://x.org/?a=a%40b.org&b=1>\n"
        ),
        ("<a href=\"{{ link }}\">{{ link }}</a>", "https://x.org/\n"), ("<img alt='{{ name }}'>", "A&B\n"),
        ("<b>{</b>{ name }}", "{{ name }}\n"), ("&#123;&#123; name }}", "{{ name }}\n"),
        ("{{ '{{' }} name }}", "{{ name }}\n"),
        ("<p>x {{- name -}} y</p>", "xA&By\n"), ("<p class=\"{{ name }}\">x</p>", "x\n"),
        ("{&#123;{{ name }}", "{{A&B\n"),
        ("<li>{</li>{{ name }}", "- {\nA&B\n"),
    ])
    func `expressions survive and are not escaped again`(html: String, text: String) throws {
        let values = ["name": "A&B", "address": "a@b.org", "link": "https://x.org/"]
        let template = HTMLText.plainText(from: try Template(html))
        #expect(try template.rendered { values[$0] } == text)
        let source = plainText(html)
        #expect(try Template(source).rendered { values[$0] } == text, "\(source)")
    }

    @Test func `what readers stumble over is counted`() throws {
        let html = """
            <a href="">x</a> <a href=" # ">y</a> <a name=z>z</a> <a href="{{ link }}">w</a> <a href="#part">v</a>
            <img src="cid:logo@x"> <img src="cid:two" alt=""> <img src="https://x.org/a.png" alt="A">
            <!-- <img> --> <style><img></style> <td background="cid:three">
            """
        let findings = HTMLFindings(in: try Template(html))
        #expect(findings.linksWithoutTarget == 2)
        #expect(findings.imagesWithoutAlt == 1)
        #expect(findings.contentIDs == ["logo@x", "two", "three"])
    }

    @Test func `hostile HTML costs no more than its length`() {
        for piece in [
            "<a ", "<a href='", "<", "<blockquote>x", "<ul><li>x", "</x>", "&", "<!--",
            "<b style='display:none'>",
        ] {
            let html = String(repeating: piece, count: 20_000)
            #expect(plainText(html).utf8.count <= 1_000_000, "\(piece)")
        }
    }

    @Test(arguments: [41, 42] as [UInt64])
    func `no HTML, however broken, makes a line of blanks or loses its plain words`(seed: UInt64) {
        print("seed \(seed)")
        var random = SeededRandom(seed: seed)
        let pieces = [
            "<", ">", "<p>", "</p>", "<ul>", "<li>", "</ul>", "<a href='", "'", "</a>", "word", " ", "&amp;",
            "&#", "<td>",
            "<!--", "-->", "<pre>", "\n", "ä", "<blockquote>", "\"", "=", "/", "<br>",
        ]
        for _ in 0..<5000 {
            let html = (0..<Int.random(in: 0...25, using: &random))
                .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            let text = plainText("<p>first</p>" + html)
            #expect(text.hasPrefix("first"), "\(html)")
            #expect(!text.contains("\n\n\n"), "\(html)")
        }
    }
}
