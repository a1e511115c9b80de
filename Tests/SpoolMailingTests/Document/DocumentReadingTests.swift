@testable import SpoolMailing
@testable import SpoolSchedule
@testable import TestSupport
import Testing

@Suite struct DocumentReadingTests {
    static func problems(_ text: String) -> [Diagnostic] {
        do throws(Diagnostic) {
            return try DocumentReading(Array(text.utf8)).problems
        } catch {
            return [error]
        }
    }

    @Test func `every key of a document is decoded`() throws {
        let text = """
            {"subject": "s", "from": "f", "replyTo": ["a", "b"], "returnPath": "r", "text": "t", "textFile": "tf",
             "html": "h", "htmlFile": "hf", "recipients": ["a@b.c", 1], "recipientsFile": "l.csv", "sendAt": "now",
             "sendUntil": "u", "timeZone": "z", "window": {"from": "1", "until": "2", "days": ["mon"]}, "rate": "1/hour",
             "giveUpAfter": "3d", "attachments": ["p", {"path": "q", "name": "n", "type": "y", "inline": "i"}],
             "headers": {"X-A": "b"}, "listUnsubscribe": {"url": "u", "mailto": "m", "oneClick": true},
             "reportTo": "rt", "x-own": {"anything": [null]}}
            """
        let reading = try DocumentReading(Array(text.utf8))
        let document = reading.document
        #expect(reading.problems.isEmpty)
        #expect(document.subject == "s" && document.from == "f" && document.returnPath == "r")
        #expect(document.replyTo?.values == ["a", "b"])
        #expect(
            document.text == "t" && document.textFile == "tf" && document.html == "h"
                && document.htmlFile == "hf")
        #expect(document.recipientsFile == "l.csv" && reading.inlineRecipients?.offsets.count == 2)
        #expect(document.sendAt == "now" && document.sendUntil == "u" && document.timeZone == "z")
        #expect(document.window == .times(from: "1", until: "2", days: ["mon"]))
        #expect(document.rate == "1/hour" && document.giveUpAfter == "3d" && document.reportTo == "rt")
        #expect(document.attachments?.map(\.path) == ["p", "q"] && document.attachments?[1].inline == "i")
        #expect(document.headers == ["X-A": "b"] && document.listUnsubscribe?.oneClick == true)
    }

    @Test(arguments: [
        ("sendat", "did you mean \"sendAt\"?"), ("send_at", "did you mean \"sendAt\"?"),
        ("reply-to", "did you mean \"replyTo\"?"), ("sbuject", "did you mean \"subject\"?"),
        ("recipient", "did you mean \"recipients\"?"), ("to", "write \"recipients\"; everybody on it gets"),
        ("BCC", "write all addresses into \"recipients\""), ("weather", "remove it, or let it begin with x-"),
    ]) func `an unknown key is refused with what was probably meant`(key: String, hint: String) throws {
        let problems = Self.problems("{\n\"\(key)\": 1}")
        #expect(problems.map(\.key) == [key])
        #expect(problems.map(\.line) == [2])
        #expect(problems[0].message == "unknown key")
        #expect(problems[0].hint.hasPrefix(hint), "\(problems[0].hint)")
    }

    @Test(arguments: [
        ("\"subject\": 1", "subject", "must be a string, not a number"),
        ("\"subject\": null", "subject", "must be a string, not null"),
        ("\"replyTo\": {}", "replyTo", "must be a string or an array of strings, not an object"),
        ("\"replyTo\": [\"a\", 2]", "replyTo[1]", "must be a string, not a number"),
        ("\"recipients\": \"a@b.c\"", "recipients", "must be an array, not a string"),
        ("\"window\": {\"from\": 18}", "window.from", "must be a string, not a number"),
        ("\"window\": {\"form\": \"18:00\"}", "window.form", "unknown key"),
        ("\"window\": 3", "window", "must be a string or an object, not a number"),
        ("\"attachments\": \"a.pdf\"", "attachments", "must be an array, not a string"),
        ("\"attachments\": [{\"file\": \"a\"}]", "attachments[0].file", "unknown key"),
        ("\"headers\": {\"X-A\": 1}", "headers.X-A", "must be a string, not a number"),
        (
            "\"listUnsubscribe\": {\"oneClick\": \"yes\"}", "listUnsubscribe.oneClick",
            "must be true or false, not a string"
        ),
    ]) func `a wrong type is refused with its key`(member: String, key: String, message: String) {
        let problems = Self.problems("{\n\n\(member)}")
        #expect(problems.map(\.key) == [key])
        #expect(problems.map(\.message) == [message])
        #expect(problems.map(\.line) == [3])
    }

    @Test func `all that is wrong is found in one go, and the rest is decoded`() throws {
        let text = """
            {"subject": 1,
             "from": "a@example.org",
             "sendat": "now",
             "text": "x", "text": "y",
             "window": {"from": 1, "until": 2}}
            """
        let reading = try DocumentReading(Array(text.utf8))
        #expect(reading.problems.map(\.key) == ["text", "subject", "sendat", "window.from", "window.until"])
        #expect(reading.document.from == "a@example.org" && reading.document.subject == nil)
        #expect(reading.rejected == ["subject", "sendat", "window"])
    }

    @Test func `a byte order mark is passed over`() throws {
        let reading = try DocumentReading([0xEF, 0xBB, 0xBF] + Array("{\"subject\": \"å\"}".utf8))
        #expect(reading.document.subject == "å")
    }

    @Test func `bytes that are no UTF-8 are refused with their line and a way out`() throws {
        let latin = Array("{\n\"subject\": \"".utf8) + [0xE5] + Array("rsm\"}".utf8)
        let problem = #expect(throws: Diagnostic.self) { try DocumentReading(latin) }
        #expect(problem?.line == 2)
        #expect(problem?.message == "the file is not UTF-8 (byte 0xE5)")
        #expect(problem?.hint.contains("iconv -f WINDOWS-1252 -t UTF-8") == true)
        let wide = #expect(throws: Diagnostic.self) { try DocumentReading([0xFF, 0xFE, 0x7B, 0x00]) }
        #expect(wide?.message == "the file is UTF-16, not UTF-8")
    }

    @Test func `a document over 64 MiB is refused without being looked at`() throws {
        let problem = #expect(throws: Diagnostic.self) {
            try DocumentReading([UInt8](repeating: 0x20, count: DocumentReading.sizeLimit + 1))
        }
        #expect(problem == DocumentReading.tooLarge)
    }

    @Test func `a body that is too long is not decoded, and the rest is`() throws {
        let limit = ReferredFile.textLimit
        let escaped = String(repeating: "\\n\\u00e5", count: 2) + String(repeating: "x", count: limit - 6)
        let text = "{\"subject\": \"s\", \"text\": \"\(escaped)\", \"html\": \"\(escaped)y\"}"
        let reading = try DocumentReading(Array(text.utf8))
        #expect(reading.document.text?.utf8.count == limit && reading.document.html == nil)
        #expect(reading.longBodies == ["html": limit + 1] && reading.rejected == ["html"])
        #expect(reading.document.subject == "s" && reading.problems.isEmpty)
        guard case .failure(let problems) = try TestDocument.validate(text, TemporaryFiles()).outcome else {
            Issue.record("it is taken for a mailing")
            return
        }
        #expect(
            problems.all.first { $0.key == "html" }?.message
                == "the body has 8193K, and a body may have 8M")
    }

    @Test func `a document with too much beside its list is refused before it is decoded`() throws {
        func read(_ text: String) throws(Diagnostic) -> StrictJSON<Document> {
            try StrictJSON(Array(text.utf8), shape: Document.shape, listKey: "recipients", restLimit: 60)
        }
        let most = "\"subject\": \"\(String(repeating: "x", count: 44))\""
        let others =
            ", \"recipients\": [\"\(most.replacing("\"", with: ""))\"], \"x-mine\": \"\(most.count)\""
        #expect(try read("{\(most)\(others)}").value.subject?.count == 44)
        let problem = #expect(throws: Diagnostic.self) { try read("{\(most), \"from\": \"\"\(others)}") }
        #expect(problem?.message.hasPrefix("it has more than 1K outside recipients") == true)
    }

    @Test func `what is too much is no mistake of syntax`() throws {
        let flood = "{\"attachments\": [" + String(repeating: "1,", count: 30_000) + "1]}"
        let problem = try #require(Self.problems(flood).first)
        #expect(problem.message == "there are more than 20000 values, the last of them in \"attachments\"")
        #expect(problem.hint.contains("100 attachments"))
    }

    @Test func `a mistake of syntax says line and column`() throws {
        let problem = try #require(Self.problems("{\n  \"subject\": \"å\",,\n}").first)
        #expect(problem.line == 2)
        #expect(
            problem.message == "no valid JSON: column 18: a comma stands where a key in double quotes should")
    }

    @Test func `UTF-16 is known without its mark`() throws {
        let wide = "{\"subject\": 1}".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let problem = #expect(throws: Diagnostic.self) { try DocumentReading(wide) }
        #expect(problem?.message == "the file is UTF-16, not UTF-8")
    }

    @Test func `a key of a megabyte does not fill the terminal`() {
        let key = String(repeating: "k", count: 1 << 20)
        for text in ["{\"\(key)\": 1}", "{\"\(key)\" 1}", "{\"\(key)\": 1, \"\(key)\": 2}"] {
            for problem in Self.problems(text) { #expect(problem.description.utf8.count < 400) }
        }
    }
}
