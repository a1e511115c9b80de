@testable import SpoolSchedule
@testable import TestSupport
import Testing

struct DeliveryWindowTests {
    private let stockholm: TimeZoneRules

    init() throws {
        stockholm = try installedZone("Europe/Stockholm")
    }

    /// Monday 2026-11-23; the clocks are an hour ahead of UTC.
    @Test(
        arguments: [
            ("18:00", "07:00", nil, "2026-11-23T16:59:59Z", false),
            ("18:00", "07:00", nil, "2026-11-23T17:00:00Z", true),
            ("18:00", "07:00", nil, "2026-11-24T05:59:59.999Z", true),
            ("18:00", "07:00", nil, "2026-11-24T06:00:00Z", false),
            ("18:00", "07:00", ["tue"], "2026-11-23T17:00:00Z", false),
            ("18:00", "07:00", ["sun"], "2026-11-23T05:00:00Z", true),
            ("18:00", "07:00", ["sun"], "2026-11-23T17:00:00Z", false),
            ("09:00", "17:00", ["mon", "fri"], "2026-11-23T08:00:00Z", true),
            ("09:00", "17:00", ["mon", "fri"], "2026-11-24T08:00:00Z", false),
            ("18:00", "24:00", ["mon"], "2026-11-23T22:59:59Z", true),
            ("18:00", "24:00", ["mon"], "2026-11-23T23:00:00Z", false),
            ("18:00", "00:00", ["mon"], "2026-11-23T22:59:59Z", true),
            ("18:00", "00:00", ["mon"], "2026-11-23T23:00:00Z", false),
            ("00:00", "24:00", ["mon"], "2026-11-22T23:00:00Z", true),
            ("00:00", "24:00", ["mon"], "2026-11-23T23:00:00Z", false),
            ("06:00", "06:00", ["mon"], "2026-11-24T04:59:59Z", true),
            ("06:00", "06:00", ["mon"], "2026-11-24T05:00:00Z", false),
            ("06:00", "06:00", nil, "2026-11-24T05:00:00Z", true),
        ] as [(String, String, [String]?, String, Bool)])
    func `a window is open in its local hours on its days`(
        from: String, until: String, days: [String]?, at: String, isOpen: Bool
    ) throws {
        let window = try DeliveryWindow(from: from, until: until, days: days)
        #expect(window.isOpen(at: try moment(at), in: stockholm) == isOpen)
    }

    @Test(
        arguments: [
            ("18:00", "07:00", nil, "2026-11-23T12:00:00Z", "2026-11-23T17:00:00Z", "2026-11-24T06:00:00Z"),
            (
                "18:00", "07:00", ["sat"], "2026-11-23T12:00:00Z", "2026-11-28T17:00:00Z",
                "2026-11-29T06:00:00Z"
            ),
            (
                "18:00", "07:00", ["mon"], "2026-11-24T06:00:00Z", "2026-11-30T17:00:00Z",
                "2026-12-01T06:00:00Z"
            ),
            (
                "00:00", "24:00", ["mon", "tue"], "2026-11-21T00:00:00Z", "2026-11-22T23:00:00Z",
                "2026-11-24T23:00:00Z"
            ),
            // The clocks skip from two to three: what lies between does not come.
            ("02:30", "02:45", nil, "2026-03-29T00:00:00Z", "2026-03-30T00:30:00Z", "2026-03-30T00:45:00Z"),
            (
                "02:30", "02:45", ["sun"], "2026-03-29T00:00:00Z", "2026-04-05T00:30:00Z",
                "2026-04-05T00:45:00Z"
            ),
            ("02:30", "04:00", nil, "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z"),
            ("01:00", "02:30", nil, "2026-03-28T12:00:00Z", "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z"),
            // The clocks show two to three twice.
            ("02:15", "02:45", nil, "2026-10-25T00:00:00Z", "2026-10-25T00:15:00Z", "2026-10-25T00:45:00Z"),
            ("02:15", "02:45", nil, "2026-10-25T00:45:00Z", "2026-10-25T01:15:00Z", "2026-10-25T01:45:00Z"),
            ("01:00", "02:30", nil, "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z"),
            ("18:00", "07:00", nil, "2026-10-24T12:00:00Z", "2026-10-24T16:00:00Z", "2026-10-25T06:00:00Z"),
        ] as [(String, String, [String]?, String, String, String)])
    func `a window opens and closes by the clocks on the wall`(
        from: String, until: String, days: [String]?, after: String, opens: String, closes: String
    ) throws {
        let window = try DeliveryWindow(from: from, until: until, days: days)
        let opening = try #require(window.nextOpening(after: try moment(after), in: stockholm))
        #expect(opening.rfc3339 == opens)
        #expect(window.closes(after: opening, in: stockholm)?.rfc3339 == closes)
        #expect(window.nextOpening(after: opening, in: stockholm) == opening)
    }

    @Test func `a window of every day and hour never closes`() throws {
        let window = try DeliveryWindow(from: "00:00", until: "24:00")
        #expect(window.closes(after: try moment("2026-03-29T00:00:00Z"), in: stockholm) == nil)
    }

    @Test(arguments: [
        "Europe/Stockholm", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia",
        "Antarctica/Troll",
    ])
    func `on days when the clocks change it opens and closes where looking at every minute finds it`(
        name: String
    ) throws {
        let zone = try installedZone(name)
        let seed = UInt64(name.utf8.reduce(0) { $0 + Int($1) })
        var random = SeededRandom(seed: seed)
        for _ in 0..<30 {
            let start = Timestamp(seconds: random.number(Int64(600_000_000)...4_000_000_000))
            let change = zone.nextChange(afterSecond: start.seconds) ?? start.seconds
            let first = Timestamp(seconds: (change - random.number(Int64(0)...200_000)) / 60 * 60)
            let window = try randomWindow(&random)
            let minutes = (0..<6000).map { first + .minutes(Int64($0)) }
            let open = minutes.map { isOpenByLooking(window, at: $0, in: zone) }
            let opening = open.firstIndex(of: true).map { minutes[$0] }
            let closing = open.firstIndex(of: false).map { minutes[$0] }
            let note: Comment = "\(name), seed \(seed), \(window) from \(first.rfc3339)"
            #expect(window.window.isOpen(at: first, in: zone) == open[0], note)
            let found = window.window.nextOpening(after: first, in: zone)
            if let opening {
                #expect(found == opening, note)
            } else {
                #expect(found.map { $0 > minutes[5999] } == true, note)
            }
            let closes = window.window.closes(after: first, in: zone)
            if let closing {
                #expect(closes == closing, note)
            } else {
                #expect(closes.map { $0 > minutes[5999] } ?? true, note)
            }
        }
    }

    private struct Case: CustomStringConvertible {
        let window: DeliveryWindow
        let from: Int
        let until: Int
        let days: [Weekday]

        var description: String { "\(from) to \(until) on \(days)" }
    }

    private func randomWindow(_ random: inout SeededRandom) throws -> Case {
        let from = random.number(0...47) * 30
        let until = random.chance(0.1) ? from : random.number(0...48) * 30
        var days = Weekday.allCases.filter { _ in random.chance(0.7) }
        if days.isEmpty { days = [.sunday] }
        let text = { (minutes: Int) in
            let hour = "\(minutes / 60)"
            return (hour.count == 1 ? "0" : "") + hour + (minutes % 60 == 0 ? ":00" : ":30")
        }
        let window = try DeliveryWindow(from: text(from), until: text(until), days: days.map(\.rawValue))
        return Case(window: window, from: from, until: until, days: days)
    }

    private func isOpenByLooking(_ window: Case, at time: Timestamp, in zone: TimeZoneRules) -> Bool {
        let local = zone.localDateTime(at: time)
        let minute = local.hour * 60 + local.minute
        let yesterday = LocalDateTime(wallSeconds: local.wallSeconds - 86_400).weekday
        let today = window.days.contains(local.weekday) && minute >= window.from
        let since = window.days.contains(yesterday) && window.until <= window.from && minute < window.until
        return (today && (window.until <= window.from || minute < window.until)) || since
    }

    @Test(
        arguments: [
            ("24:00", "07:00", nil), ("18:00", "24:01", nil), ("1800", "07:00", nil), ("18:60", "07:00", nil),
            ("8:00", "17:00", nil), ("18:00", "07:00:00", nil), ("", "07:00", nil), ("18:00", "07:00", []),
            ("18:00", "07:00", ["Mon"]), ("18:00", "07:00", ["monday"]), ("18:00", "07:00", ["mon", "mon"]),
        ] as [(String, String, [String]?)])
    func `what is not a window is refused with a remedy`(from: String, until: String, days: [String]?) {
        let error = #expect(throws: Diagnostic.self) {
            try DeliveryWindow(from: from, until: until, days: days)
        }
        #expect(error?.hint.isEmpty == false)
    }
}
