@testable import SpoolCheck
@testable import SpoolMail
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import TestSupport
import Testing

struct MessageSurveyTests {
    private func survey(
        _ list: String, wanted: [String] = [], subject: String = "Hello", text: String = "Hi {{ name }}\n",
        attachment: Int? = nil
    ) throws -> MessageSurvey.Result {
        let files = try TemporaryFiles()
        try files.write("list.csv", Array(list.utf8))
        var members = "\"recipientsFile\": \"list.csv\""
        if let attachment {
            try files.write("a.bin", [UInt8](repeating: 7, count: attachment))
            members += ", \"attachments\": [\"a.bin\"]"
        }
        let json =
            "{\"subject\": \"\(subject)\", \"from\": \"f@example.org\", \"text\": \"\(text.replacing("\n", with: "\\n"))\", \(members)}"
        let mailing = try TestDocument.validate(json, files).outcome.get()
        let survey = MessageSurvey(
            at: Timestamp(seconds: 1_795_531_680), wanted: try wanted.map { try EmailAddress($0) },
            progress: { _, _ in })
        survey.begins(mailing, written: try DocumentReading(Array(json.utf8)).document)
        _ = try RecipientList.load(mailing, files: files.directory) { recipient in
            survey.passes(recipient)
            return []
        }
        return survey.finish()
    }

    /// Enough for several batches, the last of which is not full.
    private static let many = 2500

    @Test func `every message is rendered, and firsts are the list's, whichever core was faster`() throws {
        var list = "email,name,mark\n"
        for number in 0..<Self.many {
            let isLong = number == 1234 || number == 1235 || number == 2499
            list += "r\(number)@example.org,R\(number),\(isLong ? String(repeating: "å", count: 151) : "x")\n"
        }
        let result = try survey(
            list, wanted: ["R2400@Example.ORG", "nobody@example.org"], subject: "{{ mark }}")
        #expect(result.findings.messages == Self.many)
        #expect(result.findings.longSubjects.count == 3)
        #expect(result.findings.longSubjects.first == "r1234@example.org")
        #expect(result.findings.oversized.count == 0)
        #expect(result.findings.largest?.address == "r1234@example.org")
        #expect(result.first?.address.description == "r0@example.org")
        #expect(result.wanted.mapValues(\.address.description) == ["r2400@example.org": "r2400@example.org"])
    }

    @Test func `a subject is measured in characters, not in bytes`() throws {
        let result = try survey(
            "email,mark\na@example.org,\(String(repeating: "å", count: 150))\n", subject: "{{ mark }}",
            text: "x")
        #expect(result.findings.longSubjects.count == 0)
    }

    @Test func `the size counts attachments in their encoding`() throws {
        let alone = try #require(try survey("email,name\na@example.org,A\n").findings.largest)
        let size = 7_600_000
        let attached = try survey("email,name\na@example.org,A\n", attachment: size)
        let largest = try #require(attached.findings.largest)
        let encoded = Base64Lines.encodedCount(of: size)
        #expect(largest.bytes > alone.bytes + encoded && largest.bytes < alone.bytes + encoded + 600)
        #expect(attached.findings.oversized == MessageSurvey.Findings.one("a@example.org"))
    }
}

extension MessageSurvey.Findings {
    fileprivate static func one(_ address: String) -> MessageSurvey.Group {
        var group = MessageSurvey.Group()
        group.add(address)
        return group
    }
}
