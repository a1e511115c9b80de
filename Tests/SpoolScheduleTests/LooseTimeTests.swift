@testable import SpoolSchedule
import Testing

struct LooseTimeTests {
    private static let anyForm =
        "write \"now\", \"2026-11-24T19:00\" in the mailing's time zone, or \"2026-11-24T19:00:00+01:00\""

    private func diagnostic(_ text: String) throws -> Diagnostic {
        try #require(#expect(throws: Diagnostic.self) { try SendTime(text) })
    }

    @Test(arguments: [
        ("2026-11-24 19:00", "2026-11-24T19:00"), (" 2026-11-24T19:00 ", "2026-11-24T19:00"),
        ("2026-11-24 19:00:30", "2026-11-24T19:00:30"), ("2026-11-24T19:00:00.5", "2026-11-24T19:00:00"),
        ("2026-11-24T19", "2026-11-24T19:00"), ("2026-11-24 9:05", "2026-11-24T09:05"),
        ("24.11.2026 19:00", "2026-11-24T19:00"), ("24.11.2026, 19 Uhr", "2026-11-24T19:00"),
        ("24. Nov. 2026 19:00", "2026-11-24T19:00"), ("November 24, 2026 7pm", "2026-11-24T19:00"),
        ("Tue, 24 Nov 2026 19:00:00 +0100", "2026-11-24T19:00:00+01:00"),
        ("2026/11/24 19:00", "2026-11-24T19:00"), ("11/24/2026 7:30 PM", "2026-11-24T19:30"),
        ("24/11/2026 12 am", "2026-11-24T00:00"), ("2026-11-24 at 19:00", "2026-11-24T19:00"),
        ("2026-11-24 19:00Z", "2026-11-24T19:00Z"), ("2026-11-24T19:00 UTC", "2026-11-24T19:00Z"),
        ("2026-11-24T19:00+0100", "2026-11-24T19:00+01:00"),
        ("2026-11-24T19:00-03", "2026-11-24T19:00-03:00"),
        ("Now", "now"), (" now ", "now"),
    ]) func `what people write instead of a time is answered with the form that is read`(
        text: String, form: String
    ) throws {
        let problem = try diagnostic(text)
        #expect(problem.message == "\"\(text)\" cannot be read as a time")
        #expect(problem.hint == "write \"\(form)\"")
        #expect(throws: Never.self) { try SendTime(form) }
    }

    @Test(arguments: [
        ("2026-11-24", "write the time of day too: \"2026-11-24T09:00\""),
        ("24.11.2026", "write the time of day too: \"2026-11-24T09:00\""),
        ("19:00", "write the day too: \"2026-11-24T19:00\""),
        ("tomorrow 7 pm", "write the day too: \"2026-11-24T19:00\""),
        (
            "2026-11-24T19:00 Europe/Berlin",
            "write \"2026-11-24T19:00\", and \"timeZone\": \"Europe/Berlin\" beside it"
        ),
        (
            "2026-11-24 19:00 CET",
            "write \"2026-11-24T19:00\", and its zone as in \"timeZone\": \"Europe/Stockholm\", "
                + "or its offset as in \"2026-11-24T19:00+01:00\""
        ),
    ]) func `what is missing, or stands elsewhere, is said`(text: String, hint: String) throws {
        let problem = try diagnostic(text)
        #expect(problem.message == "\"\(text)\" cannot be read as a time")
        #expect(problem.hint == hint)
    }

    @Test(arguments: [
        "", "tomorrow", "soon", "03/04/2026 19:00", "1970-01-01T00:00+01:00", "20261124", "1 2 3 4 5 6",
        "ZZZZ-11-24T19:00", "99999999999999999999", "24.11.26 19:00",
    ]) func `where nobody can tell what is meant, all forms are said`(text: String) throws {
        let problem = try diagnostic(text)
        #expect(problem.message == "\"\(text)\" cannot be read as a time")
        #expect(problem.hint == Self.anyForm)
    }

    @Test(arguments: [
        ("2026-02-29T19:00", "2026-02 has 28 days"), ("2026-13-01T19:00", "there is no month 13"),
        ("31.11.2026 19:00", "2026-11 has 30 days"), ("2026-11-24T24:00", "hours are 00 to 23"),
        ("2026-11-24T19:60", "minutes and seconds are 00 to 59"),
        ("2026-11-24T19:00:60", "minutes and seconds are 00 to 59"),
        ("1969-11-24T19:00", "it lies before 1970"),
    ]) func `what no calendar or clock has is named`(text: String, reason: String) throws {
        let problem = try diagnostic(text)
        #expect(problem.message == "\"\(text)\" cannot be read as a time: \(reason)")
        #expect(problem.hint == Self.anyForm)
    }

    @Test func `a text of any length and kind is taken apart in no time`() throws {
        for text in [
            String(repeating: "1", count: 1_000_000), String(repeating: "19:00 ", count: 16),
            "\u{1B}[31m19:00",
            "２０２６-11-24T19:00", "é/ü 19:00",
        ] {
            let problem = try diagnostic(text)
            #expect(problem.message.count < 300 && !problem.message.contains("\u{1B}"))
        }
    }
}
