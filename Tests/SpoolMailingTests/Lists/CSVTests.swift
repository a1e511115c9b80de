import Foundation
@testable import SpoolMailing
@testable import TestSupport
import Testing

@Suite struct CSVTests {
    /// All rows of a list with a header row, through windows as small as possible.
    static func rows(_ bytes: [UInt8], windowSize: Int) throws -> [[String]] {
        var reader = try RecordReader(.memory(bytes), kind: .csv, windowSize: windowSize)
        var lookup = RecordLookup(.memory(bytes), format: reader.format)
        var record = RecipientRecord()
        var again = RecipientRecord()
        var rows: [[String]] = []
        while try reader.next(into: &record, onMistake: { rows.append(["mistake \($0): \($1.reason)"]) }) {
            let row = (0..<record.count).map { record.value($0) }
            rows.append(row)
            #expect(try lookup.read(at: record.offset, into: &again))
            #expect((0..<again.count).map { again.value($0) } == row)
        }
        return rows
    }

    @Test(
        arguments: [
            ("email,a\nx@y.z,1\n", [["x@y.z", "1"]]), ("email,a\r\nx@y.z,1", [["x@y.z", "1"]]),
            ("email,a\rx@y.z,1\rv@y.z,2", [["x@y.z", "1"], ["v@y.z", "2"]]),
            ("\u{FEFF}email;a\nx@y.z;1,5\n", [["x@y.z", "1,5"]]),
            ("email\ta\nx@y.z\t1;2\n", [["x@y.z", "1;2"]]),
            ("sep=;\r\nemail;a\r\nx@y.z;1\r\n", [["x@y.z", "1"]]),
            ("email,a\n\"x@y.z\",\"b \"\"c\"\", d\"\n", [["x@y.z", "b \"c\", d"]]),
            ("email,a\nx@y.z,\"two\r\nlines\"\nv@y.z,\n", [["x@y.z", "two\r\nlines"], ["v@y.z", ""]]),
            ("email,a\n\n,\n \nx@y.z,5\" disk\n,,\n \t\n , \n\u{1A}", [["x@y.z", "5\" disk"]]),
            ("email,a\r\nx@y.z,1\u{1A}", [["x@y.z", "1"]]),
            ("email,a\nx@y.z,\"1\"\u{1A}\u{1A}", [["x@y.z", "1"]]),
            ("SEP=;\r\nemail;a,b\r\nx@y.z;1\r\n", [["x@y.z", "1"]]),
            ("\u{FEFF}\"Sep=;\"\nemail;a,b,c\nx@y.z;1\n", [["x@y.z", "1"]]),
            ("\"sep=\t\"\r\nemail\ta,b,c\r\nx@y.z\t1\r\n", [["x@y.z", "1"]]),
            (
                "email, a\nx@y.z, \"b, \"\"c\"\"\" \nv@y.z, \"d\"\n",
                [["x@y.z", "b, \"c\""], ["v@y.z", "d"]]
            ),
            (
                "email,a\nx@y.z, \"b\" c\nv@y.z, \"d\nw@y.z,\"e\" ,\n",
                [["x@y.z", " \"b\" c"], ["v@y.z", " \"d"], ["w@y.z", "e"]]
            ),
            ("email,a,b\nx@y.z\nv@y.z,1,\n", [["x@y.z", "", ""], ["v@y.z", "1", ""]]),
            ("email,a\nx@y.z,1,,\nv@y.z,2, ,\"\"\n", [["x@y.z", "1"], ["v@y.z", "2"]]),
            ("email,a,a\nx@y.z,1,2\n", [["x@y.z", "1", "2"]]),
            ("\"e-mail\",\"a;b\"\nx@y.z,\"\"\n", [["x@y.z", ""]]),
            (
                "email,a\nx@y.z\nv@y.z,1,2\nw@y.z,3",
                [
                    ["x@y.z", ""], ["mistake 3: has 3 fields where the first row has 2"], ["w@y.z", "3"],
                ]
            ),
            (
                "email,a\n\"x\"@y.z,1\nw@y.z,3\n",
                [
                    ["mistake 2: has something between a closing quote and a comma"], ["w@y.z", "3"],
                ]
            ),
            ("a@b.c,1\nx@y.z,2\n", [["a@b.c", "1"], ["x@y.z", "2"]]),
            ("1;Anna <a@b.c>\n", [["1", "Anna <a@b.c>"]]),
            ("email\n", []), ("\n\n email \nx@y.z\n", [["x@y.z"]]),
        ] as [(String, [[String]])])
    func `rows are what their writer meant, however they are cut into reads`(
        text: String, expected: [[String]]
    ) throws {
        for size in [1, 2, 3, 7, 64, 4096] {
            #expect(try Self.rows(Array(text.utf8), windowSize: size) == expected, "window of \(size)")
        }
    }

    @Test(arguments: [
        ("", 1, "is empty"), ("\n\n", 1, "is empty"),
        ("name,phone\nA,1\n", 1, "has no column address or email"),
        (
            "email,e-post,a\nx@y.z,v@y.z,1\n", 1,
            "has several columns that may hold the address: \"email\", \"e-post\""
        ),
        (
            "Home,Office\nx@y.z,v@y.z\n", 1,
            "has no column email, and several that hold addresses: \"Home\", \"Office\""
        ),
        ("Reach,a\nx@@y.z,1\n", 1, "has no column address or email"),
        (
            "email,a\nx@y.z,1\nv@y.z,\"2\nw@y.z,3\n", 3,
            "has a field that begins with a quote and is never closed"
        ),
        ("email,a\n\"x\ny\",\"2\nw@y.z,3\n", 3, "has a field that begins with a quote and is never closed"),
        ("PK\u{03}\u{04}", 1, "is a spreadsheet or an archive"),
    ]) func `a list that cannot be read says on which line`(text: String, line: Int, reason: String) throws {
        for size in [1, 5, 4096] {
            let error = #expect(throws: ListFailure.self) {
                try Self.rows(Array(text.utf8), windowSize: size)
            }
            guard case .mistake(let at, let mistake) = error else {
                Issue.record("no mistake")
                continue
            }
            #expect(at == line)
            #expect(mistake.reason.hasPrefix(reason), "\(mistake.reason)")
        }
    }

    @Test func `a row longer than a mebibyte is refused by its line`() throws {
        let long = Array("email,a\nx@y.z,1\nv@y.z,".utf8) + [UInt8](repeating: 0x61, count: 2 << 20)
        let error = #expect(throws: ListFailure.self) { try Self.rows(long, windowSize: 4096) }
        guard case .mistake(let line, let mistake) = error else {
            Issue.record("no mistake")
            return
        }
        #expect(line == 3)
        #expect(mistake == ListFailure.tooLong)
    }

    @Test func `bytes that are no UTF-8 are refused by their line`() throws {
        let bytes = Array("email,a\nx@y.z,1\nv@y.z,\"\n".utf8) + [0xE5] + Array("\"\nw@y.z,2\n".utf8)
        #expect(
            try Self.rows(bytes, windowSize: 16) == [
                ["x@y.z", "1"], ["mistake 4: is not UTF-8 (byte 0xE5)"], ["w@y.z", "2"],
            ])
    }

    @Test func `rows are what Python's csv module makes of them`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        var random = SeededRandom(seed: seed)
        let texts = (0..<100).map { _ in Self.randomList(using: &random) }
        let program = """
            import sys, csv, io, json
            for text in sys.stdin.buffer.read().decode().split("\\0"):
                rows = list(csv.reader(io.StringIO(text, newline="")))
                print(json.dumps([r for r in rows[1:] if any(c.strip() for c in r)]))
            """
        let output = try python(program, input: Data(texts.joined(separator: "\0").utf8))
        let answers = output.split(separator: UInt8(ascii: "\n"))
        try #require(answers.count == texts.count)
        for (text, answer) in zip(texts, answers) {
            let expected = try JSONDecoder().decode([[String]].self, from: answer)
            let size = Int.random(in: 1...200, using: &random)
            #expect(try Self.rows(Array(text.utf8), windowSize: size) == expected, "\(text)")
        }
    }

    /// A list that is well-formed, whatever its fields hold.
    private static func randomList(using random: inout SeededRandom) -> String {
        let pieces = ["a", "å", "\"", ",", ";", "\n", "\r\n", "\r", " ", "🙂", "x@y.z", ""]
        let columns = Int.random(in: 2...4, using: &random)
        var text = "email" + (1..<columns).map { ",c\($0)" }.joined() + "\n"
        for _ in 0..<Int.random(in: 0...20, using: &random) {
            let fields = (0..<columns).map { _ in
                let value = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                    pieces[Int.random(in: 0..<pieces.count, using: &random)]
                }.joined()
                let mustQuote = value.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
                return mustQuote || Bool.random(using: &random)
                    ? "\"" + value.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : value
            }
            text += fields.joined(separator: ",") + ["\n", "\r\n"][Int.random(in: 0...1, using: &random)]
        }
        return text
    }
}
