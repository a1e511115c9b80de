import Testing

@testable import SpoolMail

@Suite struct MessageSizeTests {
    private let date = "Tue, 24 Nov 2026 19:00:00 +0000"

    private func rendered(_ design: MessageDesign) throws -> [UInt8] {
        try design.render(to: Mailbox("anna@example.org"), messageID: "<1.x@example.org>", date: date) { _ in
            nil
        }
        .bytes(files: [])
    }

    private func sized(
        _ limit: Int, files: Int = 0, text: String? = "{{ a }}", html: String? = nil, subject: String = "x"
    ) throws -> MessageDesign {
        try MessageDesign(
            from: Mailbox("a@example.org"), subject: Template(subject), text: text.map { try Template($0) },
            html: html.map { try Template($0) }, filesSize: files, sizeLimit: limit)
    }

    /// What is found of a message without rendering it, and what becomes of it when it is rendered.
    private func verdicts(
        _ design: MessageDesign, _ value: String, longest: Int = .max
    ) throws -> (found: [RenderError], rendered: RenderError?) {
        let anna = try Mailbox("anna@example.org")
        let found = design.problems(for: anna, longestValue: longest) { _ in value }
        do throws(RenderError) {
            _ = try design.render(
                to: anna, messageID: String(repeating: "x", count: 34) + "@example.org", date: date
            ) { _ in value }
            return (found, nil)
        } catch {
            return (found, error)
        }
    }

    @Test func `a message is found too large by the lengths of its parts as it is when it is rendered`()
        throws
    {
        let bodies: [(text: String?, html: String?)] = [
            ("{{ a }}", nil), (nil, "<p>{{ a }}</p>"), ("{{ a | url_encode }}", nil),
            ("{{ a }}{{ a }}", "<b>{{ a }}</b>"), ("{{ b | default: 'x' }}", "{{ a | raw }}"),
        ]
        for (text, html) in bodies {
            for letter in ["a", "<", "é", "a b\n", "=\r\n"] {
                for count in [0, 10, 200, 500, 1000, 1500, 2000, 5000, 100_000] {
                    for files in [0, 1500, 2900] {
                        let design = try sized(3000, files: files, text: text, html: html)
                        let value = String(repeating: letter, count: max(1, count / letter.utf8.count))
                        let (found, rendered) = try verdicts(design, value)
                        #expect(
                            found == [rendered].compactMap(\.self),
                            "\(text ?? "") \(letter) \(count) \(files)")
                        #expect(rendered == nil || rendered == .tooLarge)
                    }
                }
            }
        }
    }

    @Test func `a message may be as large as the limit, and no byte larger`() throws {
        let whole = try rendered(sized(.max, text: String(repeating: "line\n", count: 1000)))
        for (limit, fits) in [(whole.count, true), (whole.count - 1, false)] {
            let design = try sized(limit, text: String(repeating: "line\n", count: 1000))
            let rendered: [UInt8]? = try? rendered(design)
            #expect((rendered == whole) == fits)
        }
    }

    @Test func `a bomb of values is broken off at the limit, wherever it stands`() throws {
        let bomb = String(repeating: "{{ a }}", count: 4000)
        let value = String(repeating: "<", count: 1_000_000)
        let began = ContinuousClock.now
        for design in [
            try sized(1 << 20, text: bomb), try sized(1 << 20, text: nil, html: bomb),
            try sized(1 << 20, text: "{{ a | url_encode | url_encode | url_encode }}" + bomb),
        ] {
            let (found, rendered) = try verdicts(design, value)
            #expect(found == [.tooLarge] && rendered == .tooLarge)
        }
        let subject = try sized(1 << 20, text: "x", subject: bomb)
        let (found, rendered) = try verdicts(subject, value)
        #expect(found == [.headerTooLong(field: "Subject")] && rendered == found.first)
        // All of it would be 4 GB, and more where it is escaped.
        #expect(ContinuousClock.now - began < .seconds(20))
    }

    @Test func `who has short values alone is not asked for them`() throws {
        let design = try sized(1 << 20, text: "Hi {{ a }}", html: "<p>{{ a }}</p>")
        var asked = 0
        let anna = try Mailbox("anna@example.org")
        let found = design.problems(for: anna, longestValue: 1000) { _ in
            asked += 1
            return "x"
        }
        #expect(found.isEmpty)
        // Once, to see that there is one.
        #expect(asked == 1)
    }
}
