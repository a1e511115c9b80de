import Foundation
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import TestSupport
import Testing

@Suite struct JSONOutlineTests {
    static func outline(_ text: String) throws(SourceError) -> JSONOutline {
        try JSONOutline(Array(text.utf8), listKey: "recipients")
    }

    @Test func `every key has its line, also where it is nested`() throws {
        let text = """
            {
              "subject": "x", "window": {
                "from": "18:00",
                "days": ["mon",
                  "tue"]
              },
              "attachments": [
                "a.pdf",
                { "path": "b.pdf",
                  "name": "c" }
              ]
            }
            """
        let outline = try Self.outline(text)
        let lines = [
            ("subject", 2), ("window", 2), ("window.from", 3), ("window.days[1]", 5), ("attachments[0]", 8),
            ("attachments[1].path", 9), ("attachments[1].name", 10), ("attachments[1].type", 9),
        ]
        for (path, line) in lines { #expect(outline.line(of: path) == line, "\(path)") }
        #expect(outline.line(of: "text") == nil)
    }

    @Test func `the elements of the list are located and not recorded`() throws {
        let text =
            "{\"recipients\": [ \"a@b.c\",\n {\"address\": \"d@e.f\", \"n\": [1]}, 3 ], \"recipientsFile\": \"x\"}"
        let outline = try Self.outline(text)
        let bytes = Array(text.utf8)
        #expect(outline.listElements.map { bytes[Int($0)] } == Array("\"{3".utf8))
        #expect(outline.nodes.count == 3)
    }

    struct Bad: Sendable, CustomStringConvertible {
        var text: String
        var line: Int
        var column: Int
        var reason: String
        var description: String { text }
    }

    static let bad: [Bad] = [
        Bad(
            text: "{\"a\": \"Hi {{ n | default: \"friend\" }}\"}", line: 1, column: 27,
            reason: "a quotation mark inside {{ … }} ends the text"),
        Bad(
            text: "{\"a\": \"{{ n | default: \"\" }}\"}", line: 1, column: 24,
            reason: "a quotation mark inside {{ … }} ends the text"),
        Bad(
            text: "{\"a\": \"{{ n | default: \", \" }}\", \"b\": 1}", line: 1, column: 24,
            reason: "a quotation mark inside {{ … }} ends the text"),
        Bad(
            text: "{\"a\": \"{{ \"{{\" }} b\"}", line: 1, column: 11,
            reason: "a quotation mark inside {{ … }} ends the text"),
        Bad(text: "{\"a\": \"{{ n }}\" b}", line: 1, column: 17, reason: "b stands where a comma"),
        Bad(text: "", line: 1, column: 1, reason: "it is empty"),
        Bad(text: " \n ", line: 1, column: 1, reason: "it is empty"),
        Bad(text: "[]", line: 1, column: 1, reason: "it is not a JSON object"),
        Bad(text: "\"x\"", line: 1, column: 1, reason: "it is not a JSON object"),
        Bad(text: "{\"a\": 1,\n}", line: 2, column: 1, reason: "\"}\" stands where a key"),
        Bad(text: "{\"a\": [1, 2,\n]}", line: 2, column: 1, reason: "\"]\" stands where a value"),
        Bad(text: "{\"a\" 1}", line: 1, column: 6, reason: "the key \"a\" is not followed by a colon"),
        Bad(text: "{\"a\": 1\n \"b\": 2}", line: 2, column: 2, reason: "a comma is missing"),
        Bad(text: "{\"a\": 1 ; }", line: 1, column: 9, reason: "\";\" stands where a comma or }"),
        Bad(text: "{'a': 1}", line: 1, column: 2, reason: "a single quote"),
        Bad(text: "{a: 1}", line: 1, column: 2, reason: "a stands where a key"),
        Bad(text: "{\"a\": 1} x", line: 1, column: 10, reason: "something follows"),
        Bad(text: "{\"a\": 1", line: 1, column: 8, reason: "it ends inside an object that begins on line 1"),
        Bad(text: "{\n\"a\": [1,", line: 2, column: 9, reason: "the text ends where a value"),
        Bad(text: "{\"a\": \"x", line: 1, column: 7, reason: "a string begins here and does not end"),
        Bad(text: "{\"a\": \"x\ny\"}", line: 1, column: 9, reason: "a string may not contain a line break"),
        Bad(text: "{\"a\": \"x\ty\"}", line: 1, column: 9, reason: "a string may not contain a tab"),
        Bad(text: "{\"a\": \"å\\x\"}", line: 1, column: 9, reason: "a backslash is followed"),
        Bad(text: "{\"a\": \"\\u12g4\"}", line: 1, column: 8, reason: "\\u is not followed"),
        Bad(text: "{\"a\": \"\\ud800\"}", line: 1, column: 8, reason: "\\u names one half"),
        Bad(text: "{\"a\": \"\\udc00\\ud800\"}", line: 1, column: 8, reason: "\\u names one half"),
        Bad(text: "{\"a\": 01}", line: 1, column: 7, reason: "a number begins with a superfluous 0"),
        Bad(text: "{\"a\": 1.}", line: 1, column: 7, reason: "a number is malformed"),
        Bad(text: "{\"a\": -}", line: 1, column: 7, reason: "a number is malformed"),
        Bad(text: "{\"a\": 1e}", line: 1, column: 7, reason: "a number is malformed"),
        Bad(text: "{\"a\": +1}", line: 1, column: 7, reason: "\"+\" stands where a value"),
        Bad(text: "{\"a\": True}", line: 1, column: 7, reason: "True stands where a value"),
        Bad(text: "{\"a\": nul}", line: 1, column: 7, reason: "nul stands where a value"),
        Bad(text: "{\"a\": truex}", line: 1, column: 7, reason: "truex stands where a value"),
        Bad(text: "{\"a\": NaN}", line: 1, column: 7, reason: "NaN stands where a value"),
        Bad(text: "{\"a\": 1, // x\n}", line: 1, column: 10, reason: "a comment stands"),
        Bad(text: "{\"a\": “x”}", line: 1, column: 7, reason: "a curly quote"),
        Bad(text: "{\u{A0}\"a\": 1}", line: 1, column: 2, reason: "a no-break space"),
        Bad(
            text: "{\"a\": [1}", line: 1, column: 9, reason: "an array that begins on line 1 is closed with }"
        ),
        Bad(
            text: "{\"a\": {\"b\": 1]", line: 1, column: 14,
            reason: "an object that begins on line 1 is closed with ]"),
        Bad(text: "{,}", line: 1, column: 2, reason: "a comma stands where a key"),
        Bad(text: "{\"a\": \u{0}}", line: 1, column: 7, reason: "a control character"),
    ]

    @Test(arguments: bad) func `what is no JSON is refused where it goes wrong`(bad: Bad) throws {
        let error = #expect(throws: SourceError.self) { try Self.outline(bad.text) }
        let mistake = try #require(error)
        let bytes = Array(bad.text.utf8)
        #expect(mistake.reason.hasPrefix(bad.reason), "\(mistake.reason)")
        #expect(SourceText.line(of: mistake.offset, in: bytes) == bad.line)
        #expect(SourceText.column(of: mistake.offset, in: bytes) == bad.column)
        #expect(!mistake.hint.isEmpty)
    }

    @Test func `ten thousand levels are an ordinary mistake`() {
        for text in [
            "{\"a\": " + String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000) + "}",
            String(repeating: "{\"a\":", count: 10_000), "{\"x-a\": " + String(repeating: "[", count: 10_000),
            "{\"recipients\": " + String(repeating: "[", count: 10_000),
        ] {
            let error = #expect(throws: SourceError.self) { try Self.outline(text) }
            #expect(error?.reason == "arrays and objects are nested more than 100 deep")
        }
    }

    @Test func `a flood of values is refused outside the list and the user's own keys`() throws {
        let flood = "[" + String(repeating: "1,", count: 30_000) + "1]"
        #expect(throws: SourceError.self) { try Self.outline("{\"attachments\": \(flood)}") }
        #expect(try Self.outline("{\"x-data\": \(flood)}").nodes.count == 2)
        #expect(try Self.outline("{\"recipients\": \(flood)}").listElements.count == 30_001)
    }

    @Test func `what a document holds too much of is named, where it begins, with a way out`() throws {
        let values = "{\"attachments\":\n[" + String(repeating: "1,", count: 30_000) + "1]}"
        let keys = (0...20_000).map { "\"k\($0)\": 1" }.joined(separator: ",")
        let long = String(repeating: "x", count: JSONOutline.elementLimit)
        for (text, reason, line) in [
            (values, "there are more than 20000 values, the last of them in \"attachments\"", 2),
            ("{\n\"x-a\": {\(keys)}}", "an object has more than 20000 keys", 2),
            ("{\"recipients\": [{}, {\(keys)}]}", "an object has more than 20000 keys", 1),
            ("{\"recipients\": [1,\n\"\(long)\"\n]}", "a recipient has more than 8M", 2),
        ] {
            let mistake = try #require(#expect(throws: SourceError.self) { try Self.outline(text) })
            #expect(mistake.isLimit && mistake.reason == reason)
            #expect(SourceText.line(of: mistake.offset, in: Array(text.utf8)) == line)
            #expect(!mistake.hint.isEmpty)
        }
        let list = Array("{\"recipients\": [1, 2, 3]}".utf8)
        #expect(try JSONOutline(list, listKey: "recipients", listLimit: 3).listElements.count == 3)
        let mistake = #expect(throws: SourceError.self) {
            try JSONOutline(list, listKey: "recipients", listLimit: 2)
        }
        #expect(mistake?.reason == "there are more than 2 recipients in the document")
        #expect(mistake?.isLimit == true && mistake?.offset == 22)
    }

    @Test(arguments: [
        ("{\"a\": 1,\n\"a\": 2}", "a", 2), ("{\"a\": 1,\n\"\\u0061\": 2}", "a", 2),
        ("{\"window\": {\"from\": \"1\",\n\n\"from\": \"2\"}}", "window.from", 3),
        ("{\"recipients\": [{\"address\": \"x\"},\n{\"n\": 1, \"n\": 2}]}", "recipients[1].n", 2),
        ("{\"x-a\": {\"b\": [1, {\"c\": 1,\n\"c\": 1}]}}", "x-a.b[1].c", 2),
    ]) func `a key that appears twice is found on every level`(text: String, path: String, line: Int) throws {
        let duplicates = try Self.outline(text).duplicates
        #expect(duplicates.map(\.key) == [path])
        #expect(duplicates.map(\.line) == [line])
    }

    @Test func `a key that appears twice is found among a thousand`() throws {
        let keys = (0..<1000).map { "\"x-\($0)\": 0" }.joined(separator: ",")
        #expect(try Self.outline("{\(keys)}").duplicates.isEmpty)
        #expect(try Self.outline("{\(keys), \"x-7\": 0}").duplicates.map(\.key) == ["x-7"])
        #expect(try Self.outline("{\(keys), \"x-999\": 0}").duplicates.map(\.key) == ["x-999"])
    }

    @Test func `what it takes for JSON is what Python takes for JSON`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        var random = SeededRandom(seed: seed)
        let seedTexts = [
            "{\"a\": [1, -2.5e+3, 0, \"x\\n\\\\\", true, false, null], \"b\": {\"c\": {}, \"d\": []}}",
            "{ \"a\" : { \"b\" : [ [ ] , { } , \"\" ] } , \"c\" : 10E-2 }", "{}",
        ]
        let alphabet = Array("{}[],:\"\\ntrue0159.-+eE \n\t/'x".utf8)
        let texts = (0..<3000).map { _ in
            var bytes = Array(seedTexts[Int.random(in: 0..<seedTexts.count, using: &random)].utf8)
            for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                let byte = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes.remove(at: place)
                case 1: bytes[place] = byte
                case 2: bytes.insert(byte, at: place)
                default: bytes.swapAt(place, Int.random(in: 0..<bytes.count, using: &random))
                }
            }
            return bytes
        }
        let program = """
            import sys, json
            def no(x): raise ValueError(x)
            for text in sys.stdin.buffer.read().split(b"\\0"):
                try: good = isinstance(json.loads(text.decode(), parse_constant=no), dict)
                except ValueError: good = False
                sys.stdout.write("1" if good else "0")
            """
        let verdicts = Array(try python(program, input: Data(texts.joined(separator: [0]))))
        try #require(verdicts.count == texts.count)
        #expect(verdicts.contains(UInt8(ascii: "0")) && verdicts.contains(UInt8(ascii: "1")))
        for (text, verdict) in zip(texts, verdicts) {
            let accepted = (try? JSONOutline(text)) != nil
            #expect(accepted == (verdict == UInt8(ascii: "1")), "\(String(decoding: text, as: UTF8.self))")
        }
    }
}
