@testable import SpoolSchedule
import Testing

struct LocalZoneTests {
    @Test(arguments: [
        ("EST5", -18_000, -18_000), ("<-03>3", -10_800, -10_800), ("<+0545>-5:45", 20_700, 20_700),
        ("CET-1CEST,M3.5.0,M10.5.0/3", 3600, 7200), ("CET-1CEST", 3600, 7200), ("EST5EDT4", -18_000, -14_400),
        ("NZST-12NZDT,M9.5.0,M4.1.0/3", 46_800, 43_200),
    ]) func `a TZ of POSIX is read as the C library reads it`(text: String, winter: Int, summer: Int) throws {
        let zone = LocalZone(posix: text)
        #expect(zone.problem == nil && zone.name == nil)
        #expect(zone.rules.utcOffset(at: try moment("2026-01-15T12:00:00Z")) == winter)
        #expect(zone.rules.utcOffset(at: try moment("2026-07-15T12:00:00Z")) == summer)
    }

    @Test func `a summer without its days is that of the United States`() throws {
        let zone = LocalZone(posix: "CET-1CEST").rules
        #expect(zone.utcOffset(at: try moment("2026-03-08T00:59:59Z")) == 3600)
        #expect(zone.utcOffset(at: try moment("2026-03-08T01:00:00Z")) == 7200)
        #expect(zone.utcOffset(at: try moment("2026-10-31T12:00:00Z")) == 7200)
        #expect(zone.utcOffset(at: try moment("2026-11-01T12:00:00Z")) == 3600)
    }

    @Test(arguments: [
        "Mars/Base", "CET", "5", "CE-1", "CET-1CEST,", "CET-1CEST,M3.5.0", "CET-25", "<ab>1", "CET-1 CEST",
        String(repeating: "x", count: 2_000_000),
    ]) func `what no library understands is a problem, and never silently UTC`(text: String) throws {
        let problem = try #require(LocalZone(posix: text).problem)
        #expect(problem.message.hasPrefix("the machine's time zone is not understood: TZ is \""))
        #expect(
            problem.message.utf8.count < 400 && problem.hint.contains("\"timeZone\": \"Europe/Stockholm\""))
    }
}
