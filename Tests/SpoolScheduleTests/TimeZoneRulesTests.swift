import Foundation
@testable import SpoolSchedule
@testable import TestSupport
import Testing

/// Reads a zone as installed on this machine.
func installedZone(_ name: String) throws -> TimeZoneRules {
    try TimeZoneRules(tzif: installedZoneBytes(name))
}

func installedZoneBytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/" + name)))
}

func moment(_ text: String) throws -> Timestamp {
    try #require(Timestamp(rfc3339: text))
}

struct TimeZoneRulesTests {
    @Test(arguments: [
        "Europe/Stockholm", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu",
        "Pacific/Apia", "UTC", "Europe/Dublin", "America/Nuuk", "Antarctica/Troll", "Asia/Gaza",
        "America/Caracas",
    ])
    func `offsets and local times are those of another implementation`(name: String) throws {
        let seed = UInt64(20_261_123)
        let zone = try installedZone(name)
        for line in try python(zoneComparison, [name, "\(seed)"]).split(separator: "\n") {
            let words = line.split(separator: " ")
            let number = { (index: Int) in try #require(Int64(words[index])) }
            switch words[0] {
            case "offset":
                let second = try number(1)
                #expect(
                    Int64(zone.utcOffset(at: Timestamp(seconds: second))) == (try number(2)),
                    "\(name) \(second)")
            case "local":
                let wall = try number(1)
                let expected = try words.dropFirst(2).map { Timestamp(seconds: try #require(Int64($0))) }
                let found = zone.instants(ofLocal: LocalDateTime(wallSeconds: wall))
                switch found {
                case .one(let time): #expect([time] == expected, "\(name) \(wall)")
                case .twice(let first, let second): #expect([first, second] == expected, "\(name) \(wall)")
                case .never(let next):
                    #expect(expected.isEmpty, "\(name) \(wall)")
                    #expect(zone.localDateTime(at: next).wallSeconds > wall)
                    #expect(zone.localDateTime(at: next - .seconds(1)).wallSeconds < wall)
                }
            default: Issue.record("unexpected line \(line)")
            }
        }
    }

    private func python(_ script: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(text.hasPrefix("offset"))
        return text
    }

    @Test func `the days on which the clocks change are known far beyond the table`() throws {
        let zone = try installedZone("Europe/Stockholm")
        #expect(zone.utcOffset(at: try moment("2500-01-01T00:00:00Z")) == 3600)
        #expect(zone.utcOffset(at: try moment("2500-07-01T00:00:00Z")) == 7200)
        #expect(zone.utcOffset(at: try moment("2026-10-25T00:59:59Z")) == 7200)
        #expect(zone.utcOffset(at: try moment("2026-10-25T01:00:00Z")) == 3600)
    }

    @Test func `a local time that comes twice means the first, one that is skipped the end of the gap`()
        throws
    {
        let zone = try installedZone("Europe/Stockholm")
        let repeated = try SendTime("2026-10-25T02:30").resolve(in: zone)
        #expect(repeated.time == (try moment("2026-10-25T00:30:00Z")))
        #expect(repeated.adjustment == .repeatedHour)
        let missing = try SendTime("2026-03-29T02:30").resolve(in: zone)
        #expect(missing.time == (try moment("2026-03-29T01:00:00Z")))
        #expect(missing.adjustment == .missingHour)
        let usual = try SendTime("2026-11-24T19:00").resolve(in: zone)
        #expect(usual.time == (try moment("2026-11-24T18:00:00Z")))
        #expect(usual.adjustment == .none)
        #expect(try SendTime("now").resolve(in: zone).time == nil)
    }

    @Test func `a day that Samoa skipped ends at the first moment of the next`() throws {
        let missing = try SendTime("2011-12-30T12:00").resolve(in: installedZone("Pacific/Apia"))
        #expect(missing.time == (try moment("2011-12-30T10:00:00Z")))
        #expect(missing.adjustment == .missingHour)
    }

    @Test(arguments: [
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-07-01T00:00:00Z", 7200),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-12-01T00:00:00Z", 3600),
        ("<+0545>-5:45", "2026-12-01T00:00:00Z", 20_700),
        ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-12-01T00:00:00Z", 0),
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-01-01T00:00:00Z", 39_600),
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z", -7200),
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", -3600),
        ("EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-27T23:59:59Z", 7200),
        ("EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-28T00:00:00Z", 10_800),
        ("XXX3EDT4,0/0,J365/23", "2026-12-31T23:30:00Z", -14_400),
        ("XXX3EDT4,0/0,J365/23", "2027-01-01T03:00:00Z", -14_400),
        ("AAA0BBB,J60,J61", "2028-03-01T02:00:00Z", 3600),
        ("AAA0BBB,J60,J61", "2028-02-29T12:00:00Z", 0),
        ("AAA0BBB,59,60", "2028-02-29T02:00:00Z", 3600),
        ("AAA0BBB,59,60", "2028-03-01T02:00:00Z", 0),
    ])
    func `the rule for the years to come is read as POSIX writes it`(
        footer: String, at: String, offset: Int64
    ) throws {
        let zone = try #require(RecurringZone(Array(footer.utf8)))
        #expect(zone.offset(atSecond: try moment(at).seconds) == offset)
    }

    @Test(arguments: [
        "", "CE", "CET", "CET-1CEST", "CET-25", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,J0,J1",
        "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,366,1", "<CET-1", "CET-1 ", "<+>1",
        "CET-1CEST,M3.5.0/168,M10.5.0", "CET-1:60",
    ])
    func `a rule that POSIX does not know is not read`(footer: String) {
        #expect(RecurringZone(Array(footer.utf8)) == nil)
    }

    @Test func `a file of version 1 ends with its last offset`() throws {
        var bytes = Array("TZif".utf8) + [UInt8](repeating: 0, count: 16)
        bytes += [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 4]
        bytes +=
            [0x7f, 0xff, 0xff, 0xff, 1] + [0, 0, 0, 0, 0, 0] + [0xff, 0xff, 0xf1, 0xf0, 0, 0] + [
                65, 65, 65, 0,
            ]
        let zone = try TimeZoneRules(tzif: bytes)
        #expect(zone.utcOffset(at: Timestamp(seconds: 2_147_483_646)) == 0)
        #expect(zone.utcOffset(at: Timestamp(seconds: 2_147_483_647)) == -3600)
        #expect(zone.utcOffset(at: Timestamp(seconds: 9_147_483_647)) == -3600)
    }

    @Test func `a file that ends too early is refused wherever it ends`() throws {
        let bytes = try installedZoneBytes("Europe/Stockholm")
        for length in 0..<bytes.count {
            #expect(throws: Diagnostic.self) { try TimeZoneRules(tzif: Array(bytes[..<length])) }
        }
    }

    @Test func `a damaged file is refused or read, and never crashes or hangs`() throws {
        let bytes = try installedZoneBytes("Africa/Casablanca")
        var random = SeededRandom(seed: 7)
        var refused = 0
        for _ in 0..<3000 {
            var damaged = bytes
            for _ in 0...random.number(0...3) {
                damaged[random.number(0...damaged.count - 1)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let zone = try? TimeZoneRules(tzif: damaged) else {
                refused += 1
                continue
            }
            let time = Timestamp(seconds: random.number(Int64(0)...10_000_000_000))
            _ = zone.instants(ofLocal: zone.localDateTime(at: time))
            _ = try DeliveryWindow(from: "18:00", until: "07:00").nextOpening(after: time, in: zone)
        }
        #expect(refused > 0)
    }

    @Test func `a zone that counts leap seconds is refused`() throws {
        var bytes = Array("TZif".utf8) + [UInt8](repeating: 0, count: 16)
        bytes += [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1]
        bytes += [UInt8](repeating: 0, count: 20)
        let error = #expect(throws: Diagnostic.self) { try TimeZoneRules(tzif: bytes) }
        #expect(error?.message.contains("leap seconds") == true)
    }
}

/// Prints random moments with their offsets, and random local times with the moments that they mean; half
/// of them near changes of the clocks.
private let zoneComparison = """
    import random, sys
    from datetime import datetime, timedelta, timezone
    from zoneinfo import ZoneInfo
    zone, chance = ZoneInfo(sys.argv[1]), random.Random(int(sys.argv[2]))
    first, last = 631152000, 4133980800
    epoch = datetime(1970, 1, 1)
    offset = lambda s: int(datetime.fromtimestamp(s, zone).utcoffset().total_seconds())
    changes = [s for s in range(first, last, 43200) if offset(s) != offset(s + 43200)]
    def pick():
        if changes and chance.random() < 0.5:
            return chance.choice(changes) + chance.randrange(-100000, 100000)
        return chance.randrange(first, last)
    for _ in range(1500):
        s = pick()
        print("offset", s, offset(s))
    for _ in range(1500):
        wall = pick()
        local = epoch + timedelta(seconds=wall)
        moments = set()
        for fold in (0, 1):
            utc = local.replace(tzinfo=zone, fold=fold).astimezone(timezone.utc)
            if utc.astimezone(zone).replace(tzinfo=None) == local:
                moments.add(int(utc.timestamp()))
        print("local", wall, *sorted(moments))
    """
