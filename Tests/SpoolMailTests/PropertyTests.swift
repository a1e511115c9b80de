import Foundation
@testable import SpoolMail
@testable import TestSupport
import Testing

/// Random Unicode in every field: rendered, then read by the small reader and by Python.
@Suite struct PropertyTests {
    private struct Sample {
        let subject: String
        let senderName: String
        let name: String
        let text: String
        let html: String
        let fileName: String
        let file: [UInt8]
        let header: String

        init(_ random: inout SeededRandom) {
            subject = PropertyTests.line(&random, upTo: 60)
            senderName = PropertyTests.line(&random, upTo: 15)
            name = PropertyTests.line(&random, upTo: 25)
            text = PropertyTests.words(
                &random, upTo: 300, PropertyTests.pieces + ["\n", "\n", "\u{0}", ".", "\nFrom "])
            html = PropertyTests.words(&random, upTo: 300, PropertyTests.pieces + ["<p>", "<br>\n", "\n.\n"])
            // Python takes quotation marks around a whole file name for quoting, and decodes words in it.
            fileName = "f" + PropertyTests.line(&random, upTo: 20).replacing(/\/|=\?/, with: "_")
            file = (0..<Int.random(in: 0...300, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            header = PropertyTests.line(&random, upTo: 120)
        }

        func message(_ number: Int) throws -> [UInt8] {
            let design = try MessageDesign(
                from: Mailbox(name: senderName, address: EmailAddress("club@example.org")),
                subject: Template("{{ subject }}"),
                text: Template("{{ text }}"), html: Template("{{ html | raw }}"),
                headers: [(name: "X-Note", value: Template("{{ header }}"))],
                attachments: [AttachedFile(name: fileName, type: "application/octet-stream")])
            let values = ["subject": subject, "text": text, "html": html, "header": header]
            return try design.render(
                to: Mailbox(name: name, address: EmailAddress("anna@example.org")), messageID: "\(number)@x",
                date: "date"
            ) { values[$0] }.bytes(files: [file])
        }
    }

    private static let pieces = [
        "a", "Word", "1", " ", "  ", "=", "?", "=?", "?=", "=?UTF-8?Q?x?=", "\"", "\\", "<", ">", ",", ";",
        ":", "(", ")", "@",
        "_", "%", "'", "å", "ß", "Grüße", "日本", "한글", "שלום", "\u{200F}", "e\u{301}", "👨‍👩‍👧‍👦", "🇸🇪", "\u{1F3FD}",
        "𝔘",
        "{{", "}}", "&amp;", "-", "--", ".", "Z\u{36F}\u{36F}\u{36F}", String(repeating: "y", count: 80),
        "=_",
    ]

    private static func words(_ random: inout SeededRandom, upTo count: Int, _ pieces: [String]) -> String {
        // A few kinds at a time: in a mixture of all, nothing is ever plain.
        let kinds = (0..<Int.random(in: 1...8, using: &random)).map { _ in
            pieces.randomElement(using: &random) ?? ""
        }
        let text = (0..<Int.random(in: 1...count, using: &random))
            .map { _ in kinds.randomElement(using: &random) ?? "" }.joined()
        return text.allSatisfy { $0 == " " } ? "x" : text
    }

    private static func line(_ random: inout SeededRandom, upTo count: Int) -> String {
        // By scalars: a blank with a mark on it is one character to Swift, and yet a blank at the end of a line.
        let text = words(&random, upTo: count, pieces).unicodeScalars.drop { $0 == " " }
        let trimmed = String(String.UnicodeScalarView(text.reversed().drop { $0 == " " }.reversed()))
        return trimmed.isEmpty ? "x" : trimmed
    }

    private func withoutBlanks(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != " " }))
    }

    @Test(arguments: [51, 52, UInt64.random(in: 0...UInt64.max)])
    func `random texts, names and files survive rendering and reading`(seed: UInt64) throws {
        print("seed \(seed)")
        var random = SeededRandom(seed: seed)
        let samples = (0..<80).map { _ in Sample(&random) }
        let messages = try samples.enumerated().map { try $1.message($0) }
        let python = try PythonReader.read(messages)
        for (index, sample) in samples.enumerated() {
            let clean = sample.text.replacing("\u{0}", with: "")
            let text = clean.hasSuffix("\n") ? clean : clean + "\n"
            let html = sample.html.hasSuffix("\n") ? sample.html : sample.html + "\n"
            #expect(WireRules.violations(messages[index]) == [])

            let part = MessageReader.read(messages[index])
            #expect(MessageReader.decodedText(part.field("Subject") ?? "") == sample.subject)
            #expect(MessageReader.decodedText(part.field("X-Note") ?? "") == sample.header)
            #expect(MessageReader.displayName(part.field("From") ?? "") == sample.senderName)
            #expect(MessageReader.displayName(part.field("To") ?? "") == sample.name)
            #expect(part.leaves.map(\.text).prefix(2) == [text, html])
            #expect(part.leaves.last?.filename == sample.fileName)
            #expect(part.leaves.last?.decodedBody == sample.file)

            let read = python[index]
            #expect(read.fields["Subject"] == sample.subject)
            #expect(read.fields["X-Note"] == sample.header)
            #expect(read.from.map(\.address) == ["club@example.org"])
            #expect(read.to.map(\.address) == ["anna@example.org"])
            // Python 3.11 leaves the blank between the encoded words of a name standing, against RFC 2047, 6.2.
            #expect(read.from.map { withoutBlanks($0.name) } == [withoutBlanks(sample.senderName)])
            #expect(read.to.map { withoutBlanks($0.name) } == [withoutBlanks(sample.name)])
            #expect(read.text == text)
            #expect(read.html == html)
            #expect(read.files.map(\.name) == [sample.fileName])
            #expect(read.files.map(\.base64) == [Data(sample.file).base64EncodedString()])
            #expect(read.structure == "mixed(alternative(text/plain, text/html), application/octet-stream)")
        }
    }
}
