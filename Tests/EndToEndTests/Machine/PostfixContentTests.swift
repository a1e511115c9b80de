import Foundation
import Testing

@Suite(.serialized, .timeLimit(.minutes(25)))
struct `What a message holds, through a real Postfix` {
    private static let bodies: [(name: String, text: String)] = [
        ("dots", ".\n..\n...\n.\n\n.x\n" + String(repeating: ".\n", count: 300)),
        ("a line of dots", String(repeating: ".", count: 5000) + "\n.\n"),
        ("a line of 5,000", String(repeating: "x", count: 5000) + "\n"),
        ("a line of 100,000", String(repeating: "Wörter und ", count: 9091) + "\n"),
        ("a line of 100,000 without a blank", String(repeating: "å", count: 100_000) + "\n"),
        (
            "lines of 998 and 999",
            String(repeating: "a", count: 998) + "\n" + String(repeating: "b", count: 999) + "\n"
        ),
        (
            "From at line starts",
            "From me\n>From you\n From us\nFrom \nFromage\n\nFrom x@example.com Tue Nov 24 2026\n"
        ),
        ("NUL and lone CR", "zero \u{0} byte, return \r alone, and \r\rtwice\n\u{0}\n\rfirst\n"),
        ("controls", "\u{1}\u{7}\u{8}\u{B}\u{C}\u{1B}[31m\u{1A}\u{7F}\u{85}\u{2028}\u{2029}\n"),
        ("right to left", "שלום עולם, \u{202E}reversed\u{202C} مرحبا بالعالم \u{200F}\n"),
        ("emoji", "👩🏽‍🚀 👨‍👩‍👧‍👦 🇸🇪 1️⃣ \u{FE0F}\n"),
        ("combining", "e\u{301} é Z\u{36F}\u{336}a\u{334}l\u{335}go\u{321} 한글 \u{1112}\u{1161}\u{11AB} ก็\n"),
        ("blanks at ends", "trailing  \n\t\n \n  leading\nnbsp\u{A0}\n\n\n\n"),
        ("what looks encoded", "=3D =\n=20\n=?UTF-8?Q?x?=\n--=_boundary\n--\n--=_boundary--\n"),
        ("headers", "Subject: not one\n\nBcc: x@example.com\n"),
    ]

    @Test func `arrives as it was written, as text, as HTML and as a file`() throws {
        let server = try PostfixServer()
        let spool = try ScratchSpool()
        try spool.replace("config.json", with: Data("{}".utf8))
        for (index, body) in Self.bodies.enumerated() {
            try spool.put("files/\(index).txt", body.text)
            let draft = Draft(["a+\(index)@example.com"]).with("subject", "\(index) \(body.name) é\u{301}🎻")
                .with("text", "{{ address }}\n" + body.text).with("html", "<p>\n" + body.text)
                .with("attachments", [["path": "\(index).txt", "name": "\(body.name) é🎻.txt"]])
            try spool.drop(draft, as: "m\(index)", in: .scheduled)
        }
        let tick = try Run.start(Installation.tick, ["--spool", spool.path], environment: server.environment)
        let outcome = tick.wait(seconds: 200)
        #expect(outcome.isSilentSuccess, "\(outcome)")
        try eventually("all are delivered", within: 120) { server.count >= Self.bodies.count }
        let messages = try ReadMail.read(try server.files)
        #expect(messages.count == Self.bodies.count)
        var seen: Set<Int> = []
        for message in messages {
            let subject = try #require(message.fields["Subject"])
            let index = try #require(Int(subject.prefix { $0 != " " }))
            seen.insert(index)
            let body = Self.bodies[index]
            #expect(message.defects == [], "\(body.name)")
            // Byte for byte: a Swift comparison takes é and é for the same.
            func isSame(_ found: String?, _ written: String) -> Bool {
                found.map { Array($0.utf8) } == Array(written.utf8)
            }
            #expect(isSame(subject, "\(index) \(body.name) é\u{301}🎻"), "\(body.name)")
            // A lone CR is a line end, and NUL is left out; a file keeps both.
            let text = body.text.replacing("\r", with: "\n").replacing("\u{0}", with: "")
            #expect(isSame(message.text, "a+\(index)@example.com\n" + text), "\(body.name)")
            #expect(isSame(message.html, "<p>\n" + text), "\(body.name)")
            #expect(
                message.files.map(\.base64) == [Data(body.text.utf8).base64EncodedString()], "\(body.name)")
            #expect(isSame(message.files.first?.name, "\(body.name) é🎻.txt"), "\(body.name)")
            #expect(message.structure == "mixed(alternative(text/plain, text/html), text/plain)")
        }
        #expect(seen.count == Self.bodies.count)
    }
}
