@testable import SpoolSchedule
import Testing

struct SettingTextTests {
    @Test(arguments: [
        ("30s", Int64(30_000)), ("5m", 300_000), ("4h", 14_400_000), ("3d", 259_200_000), ("1s", 1000),
        ("3650d", 315_360_000_000),
    ])
    func `a length of time is a number and a unit`(text: String, milliseconds: Int64) throws {
        let interval = try Interval(text)
        #expect(interval.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "5", "m", "0m", "-5m", "+5m", "5 m", " 5m", "5M", "5min", "1.5h", "5m30s", "3651d",
        "999999999999d",
        "99999999999999999999s", "٣d", "5w",
    ])
    func `what is not a length of time is refused with a remedy`(text: String) {
        let error = #expect(throws: Diagnostic.self) { try Interval(text) }
        #expect(error?.hint.contains("d\"") == true)
        #expect(error?.message.contains("\"\(text)\"") == true)
    }

    @Test func `a message never quotes control characters or long values`() {
        let error = #expect(throws: Diagnostic.self) {
            try Interval("\u{1b}[31m" + String(repeating: "x", count: 1000))
        }
        #expect(error?.message.contains("\u{1b}") == false)
        #expect((error?.message.count ?? 0) < 240)
    }

    @Test(arguments: ["x", "long ", "\u{301}", "\u{202E}a\n"])
    func `a problem has a length that can be read, on one line, whatever its author quotes`(piece: String) {
        let text = String(repeating: piece, count: 50_000)
        let problem = Diagnostic(
            key: "a.\(text)", message: "\(text) stands \(text) here", hint: "not \(text)")
        #expect(problem.description.unicodeScalars.count < 3300)
        #expect(!problem.description.unicodeScalars.contains { $0 == "\n" || $0 == "\u{202E}" })
        // Where it is one word, what stands behind it is still said.
        #expect(piece.contains(" ") || piece.contains("\n") || problem.message.hasSuffix("here"))
    }

    @Test func `a command in a hint is left whole`() {
        let path = "/" + String(repeating: "folder/", count: 60)
        #expect(Diagnostic("m", hint: "say: mv x \(path)").hint == "say: mv x \(path)")
    }

    @Test(arguments: [
        ("600/hour", 600, Rate.Unit.hour, Int64(6_000_000)), ("120/minute", 120, .minute, 500_000),
        ("7/second", 7, .second, 142_858), ("1000/day", 1000, .day, 0), ("1/hour", 1, .hour, 3_600_000_000),
        ("1000000000/second", 1_000_000_000, .second, 1),
    ])
    func `a rate is a number and a unit, evenly spaced`(
        text: String, count: Int, unit: Rate.Unit, spacing: Int64
    ) throws {
        let rate = try Rate(text)
        #expect(rate == Rate(count: count, per: unit))
        #expect(rate.spacing == spacing)
        #expect(rate.description == text)
    }

    @Test(arguments: [
        "", "600", "600/", "/hour", "0/hour", "-1/hour", "600/hours", "600/Hour", "600 /hour", "6e2/hour",
        "600/hour/day", "1000000001/second", "600/week", "1.5/second",
    ])
    func `what is not a rate is refused with a remedy`(text: String) {
        let error = #expect(throws: Diagnostic.self) { try Rate(text) }
        #expect(error?.hint.contains("600/hour") == true)
    }

    @Test func `the three forms of a time are read`() throws {
        #expect(try SendTime("now") == .now)
        let noon = try #require(Timestamp(rfc3339: "2026-11-24T18:00:00Z"))
        #expect(try SendTime("2026-11-24T19:00:00+01:00") == .moment(noon))
        #expect(try SendTime("2026-11-24T19:00+01:00") == .moment(noon))
        #expect(try SendTime("2026-11-24T18:00Z") == .moment(noon))
        let local = LocalDateTime(wallSeconds: noon.seconds + 3600)
        #expect(try SendTime("2026-11-24T19:00") == .local(local))
        #expect(try SendTime("2026-11-24T19:00:00") == .local(local))
    }

    @Test(arguments: [
        "Europe/Stockholm", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+1", "Etc/GMT-14", "GB-Eire",
        "EST5EDT",
    ])
    func `an IANA name is safe`(name: String) {
        #expect(TimeZoneRules.isSafeName(name))
    }

    @Test(arguments: [
        "", "/etc/passwd", "..", "../passwd", "Europe/../../etc", "Europe//Stockholm", "Europe/", ".", "a b",
        "Europe/Malmö", "x\0y", "-x", "Europe/-x", "tzdata.zi", "a\n", String(repeating: "a", count: 101),
    ])
    func `a name that could lead elsewhere is not safe`(name: String) {
        #expect(!TimeZoneRules.isSafeName(name))
    }
}
