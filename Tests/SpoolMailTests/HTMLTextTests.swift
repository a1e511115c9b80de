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
        ("<a href=' https://x.org/Protokoll 2026.pdf\n'>P</a>", "P <https://x.org/Protokoll%202026.pdf>\n"),
        (
            "<a href='https://a.org/x'>One</a><a href='https://b.org/x'>Two</a>.",
            "One <https://a.org/x> Two <https://b.org/x>.\n"
        ),
        ("<a href='https://a.org'>a.org</a><a href='https://b.org'>b.org</a>", "a.org b.org\n"),
        ("<a href='https://example.org/News'>Example.ORG/news</a>", "Example.ORG/news\n"),
        ("<a href='MAILTO:a@b.org'>a@b.org</a> <a href='JavaScript:x()'>y</a>", "a@b.org y\n"),
        ("a<svg width='1'/>b<svg/>c", "abc\n"),
        ("a<svg><path d='x'/><g/><title>t</title>no<svg></svg>no</svg>b", "ab\n"),
        ("<svg><p>b", "b\n"), ("a<math/>b", "ab\n"),
        ("a<template>b<template>c</template>d</template>e", "ae\n"),
        ("a<iframe src=x>no <b>frame</iframe>b<xmp><b></xmp>c", "abc\n"),
        ("<p style='display:none'>Pre<p>Hello</p><p>More", "Hello\n\nMore\n"),
        ("<p>a</p><div><p hidden>b</div>c", "a\n\nc\n"), ("<ul><li hidden>a<li>b</ul>c", "- b\n\nc\n"),
        ("<table><tr><td hidden>a<td>b<tr hidden><td>c<tr><td>d</table>", "b\nd\n"),
        ("<dl><dt hidden>a<dd>b<dt>c</dl>", "  b\nc\n"),
        ("<select><option hidden>a<option>b</select>", "b\n"),
        ("<div hidden><div>a</div>b</div>c", "c\n"), ("<span hidden>a<p>b</span>c</p></span>d", "d\n"),
        ("<b hidden>a<p>b</b>c", "c\n"), ("<td hidden>a</td>b", "b\n"), ("<p hidden>a</div>b</p>c", "c\n"),
        ("<div style='max-height: 0px'>a</div>b", "b\n"), ("<i style='opacity:0.0;'>a</i>b", "b\n"),
        ("<i style='height:0;overflow:hidden'>a</i><i style='height:0'>b</i>", "b\n"),
        ("<i style='DISPLAY : none !IMPORTANT'>a</i>b", "b\n"), ("<i style='max-height:0.5em'>b</i>", "b\n"),
        (
            "<td style='font-size:0'>a<img alt=L><b style='font-size:1em'>b</b><b style='font-size:12px'>c</b></td>",
            "Lc\n"
        ),
        ("<i style='font:0/0 a'>a</i><i style='font:12px/0 a'>b</i>", "b\n"),
        ("<i style='visibility:hidden'>a<hr><img alt=b><u style='visibility:visible'>c</u></i>", "c\n"),
        (
            "<style>.a, div.b{display:none}#c{opacity:0}</style><i class='x a'>1</i><div class=b>2</div><i class=b>3</i><i id=c>4</i>",
            "3\n"
        ),
        (
            "<style>@media(max-width:9px){.a{display:none}}.b{display:none}.b{display:block}</style><i class=a>1</i><i class=b>2</i>",
            "12\n"
        ),
        (
            "<style>/*.a{display:none}*/<!-- .b{display:none} --></style><i class=a>1</i><i class=b>2</i>",
            "1\n"
        ),
        ("<style>.a{display:none}</style><i class=a style='display:inline'>1</i>", "1\n"),
        (
            "<style>.a{visibility:hidden}i.b{font-size:0}#c{max-height:0}.d{visibility:visible;font-size:9px}</style><i class=a>1</i><i class=b>2</i><i id=c>3</i><u class=b>4</u><i class=a><u class=d>5</u></i>",
            "45\n"
        ),
        ("<style>#a{display:block}.b{display:none}</style><i class=b id=a>1</i><i class=b>2</i>", "1\n"),
        ("a<!-->b<!--->c<!-- d > -->e<!--[if !mso]><!-->f<!--<![endif]-->g", "abcefg\n"),
        ("a</br>b</br >c", "a\nb\nc\n"),
        ("<dl><dt>a<dd>b<dl><dd>c</dd></dl>d</dl>e", "a\n  b\n\n    c\n\n  d\n\ne\n"),
        ("a&zwnj;&nbsp;&#847;&zwj; &#8199;&zwnj;", "a\n"),
        ("می&zwnj;خواهم 👩&zwj;👧 &zwj;x", "می\u{200C}خواهم 👩\u{200D}👧 x\n"),
        ("10&#8239;000&thinsp;kr", "10 000 kr\n"),
        (
            "&copy2026 AT&T &amp &notit; &rarr; &ccaron;&NotEqualTilde; &hearts &#8217 &#x41x &#0;&#xD800;&#99999999999;",
            "©2026 AT&T & ¬it; → č≂̸ &hearts ’ Ax \u{FFFD}\u{FFFD}\u{FFFD}\n"
        ),
        (
            "<a href='https://x.org/?a=1&copy=2&lt=3&amp;b&copy'>x</a>",
            "x <https://x.org/?a=1&copy=2&lt=3&b©>\n"
        ),
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
            <!-- <img> --> <style><img>.a{background:url('cid:four')/* url(cid:0) */}</style> <td background="cid:three">
            <p style="background: URL(CID:five%40x)"> <svg/><input src=cid:six> <a>u</a> <a id=t>t</a> <form></form>
            <a href="JavaScript:x">s</a> <script src="x.js">a("<img src=x>")</script> <meta charset=utf-8>
            """
        let findings = HTMLFindings(in: try Template(html))
        #expect(findings.linksWithoutTarget == 2)
        #expect(findings.linksWithoutHref == 1)
        #expect(findings.scriptLinks == 1 && findings.scripts == 1 && findings.forms == 1)
        #expect(findings.imagesWithoutAlt == 1)
        #expect(findings.contentIDs == ["logo@x", "two", "three", "four", "five@x", "six"])
        #expect(findings.brokenLinks == [] && findings.brokenPictures == [])
        #expect(findings.foreignCharset == nil)
    }

    @Test(arguments: [
        ("/about", HTMLAddress.Fault.relative), ("images/a b.png", .relative), ("//example.org/x", .relative),
        ("x/{{ name }}.png", .relative), ("www.example.org", .noScheme), ("WWW.x.org/a", .noScheme),
        ("example.org:8080/x", .noScheme), ("anna@example.org", .mailbox), ("file:///C:/a.png", .file),
        ("C:\\a.png", .file), ("\\\\server\\a.png", .file), ("http://localhost:80/x", .localhost),
        ("https://127.0.0.1", .localhost), ("HTTP://[::1]/", .localhost), ("localhost:3000/", .localhost),
        ("https://user@my.localhost/?a=@b", .localhost), ("https://example.org/localhost", nil),
        ("https://localhost.example.org", nil), ("https://127.example.org", nil), ("#part", nil), ("", nil),
        ("mailto:a@b.org", nil), ("tel:+46", nil), ("cid:x", nil), ("data:image/png;base64,AA", nil),
        ("{{ link }}/x", nil), ("https://example.org/{{ name }}", nil), ("webcal://example.org", nil),
    ])
    func `an address that cannot work in mail is known by its form`(
        address: String, fault: HTMLAddress.Fault?
    ) throws {
        let findings = HTMLFindings(
            in: try Template("<a href='\(address)'>x</a><img alt='' src='\(address)'>"))
        #expect(findings.brokenLinks.map(\.fault) == [fault].compactMap(\.self))
        #expect(findings.brokenPictures.map(\.fault) == [fault].compactMap(\.self))
        #expect(findings.brokenLinks.allSatisfy { !$0.text.contains("{{") })
    }

    @Test(arguments: [
        ("<meta charset=ISO-8859-1>", "ISO-8859-1"), ("<META CHARSET='UTF-8'>", nil),
        ("<meta charset=utf8>", nil),
        ("<meta http-equiv=Content-Type content='text/html; charset=windows-1252'>", "windows-1252"),
        ("<meta http-equiv=Content-Type content='text/html; charset=UTF-8'>", nil),
        ("<meta http-equiv=Content-Type content='text/html; charset = latin1'>", "latin1"),
        ("<meta name=viewport content='width=device-width'>", nil),
    ])
    func `a character set that is not the message's is found`(html: String, charset: String?) throws {
        #expect(HTMLFindings(in: try Template(html)).foreignCharset == charset)
    }

    @Test func `hostile HTML costs no more than its length`() {
        for piece in [
            "<a ", "<a href='", "<", "<blockquote>x", "<ul><li>x", "</x>", "&", "<!--",
            "<b style='display:none'>", "<p hidden>", "<svg>", "<td hidden>x", "<table><tr>", "<i><div>x",
            "</i>",
            "<style>.a{", "<style>.a{display:none}</style><p class=a>", "{", "%", "[[a", "<<", "&#1",
            "&CounterClockwiseContourIntegra", "<b><p></b>", "<a href=x>",
        ] {
            let html = String(repeating: piece, count: 20_000)
            #expect(plainText(html).utf8.count <= 1_000_000, "\(piece)")
        }
    }

    @Test func `of what a tag, a class or a style sheet holds too much of, what counts is kept`() {
        let attributes = (0..<1_000).map { "a\($0)=b" }.joined(separator: " ")
        var scanner = HTMLScanner(Array("<p hidden \(attributes)>".utf8))
        guard case .tag(let tag)? = scanner.next() else {
            Issue.record("it is taken for no tag")
            return
        }
        #expect(tag.attributes.count == 100 && tag.attributes["hidden"] != nil)
        let many = String(repeating: "a\n", count: 100_000)
        let sheet = "<style>\(String(repeating: "i, ", count: 100_000))\n.b ,c{display:none}</style>"
        let declarations = String(repeating: "a:b;", count: 100_000)
        let hidden = "<p class='\(many) b'>1</p><c>2</c><p style='\(declarations) display: none;'>3</p>"
        #expect(plainText(sheet + hidden + "<p class='\(many)'>4</p>") == "4\n")
        let nested = String(repeating: "<ul><li>", count: 5_000)
        #expect(plainText(nested + "x").hasSuffix("x\n"))
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
