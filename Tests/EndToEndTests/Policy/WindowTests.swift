import Foundation
import Testing

@Suite(.timeLimit(.minutes(25)))
struct `Hours of delivery` {
    /// A window, a moment, and what a tick makes of a mailing in it.
    struct Case: Sendable, CustomTestStringConvertible {
        let window: [String: [String]]?
        let zone: String
        /// UTC.
        let at: String
        /// When it opens, if it is closed; UTC.
        let opens: String?
        /// config.json's window.
        var spoolWindow: [String: [String]]?
        var isAlways = false
        var testDescription: String { "\(window ?? [:]) \(zone) at \(at)" }
    }

    private static func hours(_ from: String, _ until: String, _ days: String...) -> [String: [String]] {
        var window = ["from": [from], "until": [until]]
        if !days.isEmpty { window["days"] = days }
        return window
    }

    /// As JSON has it: the times are strings, the days an array.
    private static func json(_ window: [String: [String]]) -> [String: Any] {
        var object: [String: Any] = [:]
        for (key, value) in window { object[key] = key == "days" ? value : value[0] }
        return object
    }

    static let night = hours("18:00", "07:00")

    static let cases = [
        // Over midnight, in Stockholm an hour before UTC.
        Case(
            window: night, zone: "Europe/Stockholm", at: "2026-11-24T16:50:00Z", opens: "2026-11-24T17:00:00Z"
        ),
        Case(window: night, zone: "Europe/Stockholm", at: "2026-11-24T17:00:00Z", opens: nil),
        Case(window: night, zone: "Europe/Stockholm", at: "2026-11-24T23:30:00Z", opens: nil),
        Case(window: night, zone: "Europe/Stockholm", at: "2026-11-25T05:59:00Z", opens: nil),
        Case(
            window: night, zone: "Europe/Stockholm", at: "2026-11-25T06:00:00Z", opens: "2026-11-25T17:00:00Z"
        ),
        // The same moment in another zone.
        Case(
            window: night, zone: "America/New_York", at: "2026-11-24T17:00:00Z", opens: "2026-11-24T23:00:00Z"
        ),
        Case(window: night, zone: "America/New_York", at: "2026-11-25T06:00:00Z", opens: nil),
        // The days are those on which it opens: Friday's night goes on into Saturday.
        Case(
            window: hours("18:00", "07:00", "fri"), zone: "UTC", at: "2026-11-28T06:30:00Z", opens: nil),
        Case(
            window: hours("18:00", "07:00", "fri"), zone: "UTC", at: "2026-11-28T19:00:00Z",
            opens: "2026-12-04T18:00:00Z"),
        // Summer time begins on March 29: 02:00 to 03:00 does not come in Berlin that night.
        Case(
            window: hours("02:00", "03:00"), zone: "Europe/Berlin", at: "2026-03-29T00:30:00Z",
            opens: "2026-03-30T00:00:00Z"),
        Case(
            window: hours("02:00", "03:00"), zone: "Europe/Berlin", at: "2026-03-29T01:00:00Z",
            opens: "2026-03-30T00:00:00Z"),
        Case(window: hours("02:30", "04:00"), zone: "Europe/Berlin", at: "2026-03-29T01:00:00Z", opens: nil),
        // It ends on October 25: 02:30 comes at 00:30 and at 01:30 in UTC.
        Case(
            window: hours("02:30", "02:45"), zone: "Europe/Berlin", at: "2026-10-25T00:20:00Z",
            opens: "2026-10-25T00:30:00Z"),
        Case(window: hours("02:30", "02:45"), zone: "Europe/Berlin", at: "2026-10-25T00:31:00Z", opens: nil),
        Case(
            window: hours("02:30", "02:45"), zone: "Europe/Berlin", at: "2026-10-25T00:45:00Z",
            opens: "2026-10-25T01:30:00Z"),
        Case(window: hours("02:30", "02:45"), zone: "Europe/Berlin", at: "2026-10-25T01:31:00Z", opens: nil),
        // config.json's holds for who has none, is replaced, and is lifted.
        Case(
            window: nil, zone: "Europe/Stockholm", at: "2026-11-24T12:00:00Z", opens: "2026-11-24T17:00:00Z",
            spoolWindow: night),
        Case(
            window: hours("10:00", "14:00"), zone: "Europe/Stockholm", at: "2026-11-24T12:00:00Z", opens: nil,
            spoolWindow: night),
        Case(
            window: hours("10:00", "14:00"), zone: "Europe/Stockholm", at: "2026-11-24T19:00:00Z",
            opens: "2026-11-25T09:00:00Z", spoolWindow: night),
        Case(
            window: nil, zone: "Europe/Stockholm", at: "2026-11-24T12:00:00Z", opens: nil, spoolWindow: night,
            isAlways: true),
    ]

    @Test(arguments: cases)
    func `a mailing goes out inside its window, and outside it waits in active and says until when`(
        example: Case
    ) throws {
        let settings: [String: Any] = example.spoolWindow.map { ["window": Self.json($0)] } ?? [:]
        let spool = try ScratchSpool(settings: settings)
        var draft = Draft(2).with("timeZone", example.zone).with("sendAt", "2026-03-01T00:00:00Z")
        if let window = example.window { draft = draft.with("window", Self.json(window)) }
        if example.isAlways { draft = draft.with("window", "always") }
        try spool.drop(draft, as: "news", in: .scheduled)
        #expect(try spool.tick(at: example.at).isSilentSuccess)
        guard let opens = example.opens else {
            #expect(try spool.sink.count == 2)
            #expect(spool.folders(of: "news") == [.done])
            return
        }
        #expect(try spool.sink.count == 0)
        #expect(spool.folders(of: "news") == [.active])
        let mailing = try spool.status(of: "news", at: example.at)
        #expect(mailing.waitingFor == "window" && mailing.next == opens, "\(mailing)")
        #expect(try spool.tick(at: SimulatedTime.date(opens)).isSilentSuccess)
        try expectDelivered(spool, to: Draft.addresses(2))
    }

    @Test func `a tick waits for a window that opens within the minute, and stops where it closes`() throws {
        let spool = try ScratchSpool(concurrency: 1)
        let recipients = Draft.addresses(40)
        let draft = Draft(recipients).with("timeZone", "Europe/Stockholm")
        try spool.drop(draft.with("window", ["from": "18:00", "until": "07:00"]), as: "news", in: .active)
        try spool.sink.behave("* before=120")
        let end = try SimulatedTime.date("2026-11-25T06:00:00Z")
        #expect(try spool.tick(at: end.addingTimeInterval(-2)).isSilentSuccess)
        let before = try spool.sink.count
        #expect(before > 0 && before < 40)
        #expect(try spool.events(of: "news", "try").allSatisfy { $0.time < end })
        let mailing = try spool.status(of: "news", at: end.addingTimeInterval(5))
        #expect(mailing.waitingFor == "window" && mailing.next == "2026-11-25T17:00:00Z", "\(mailing)")
        #expect(mailing.secondsLeft.map { $0 >= 11 * 3600 - 10 } ?? true, "\(mailing)")

        try spool.sink.behave()
        #expect(try spool.tick(at: "2026-11-25T16:59:58Z").isSilentSuccess)
        try expectDelivered(spool, to: recipients)
        let opening = try SimulatedTime.date("2026-11-25T17:00:00Z")
        #expect(try spool.events(of: "news", "try").allSatisfy { $0.time < end || $0.time >= opening })
        #expect(try spool.sink.submissions.map(\.recipient) == recipients, "in list order")
    }

    @Test func `an edited window holds at once`() throws {
        let spool = try ScratchSpool()
        let draft = Draft(3).with("timeZone", "UTC")
        try spool.drop(draft.with("window", ["from": "18:00", "until": "19:00"]), as: "news", in: .active)
        #expect(try spool.tick(at: "2026-11-24T12:00:00Z").isSilentSuccess)
        #expect(try spool.sink.count == 0)
        try spool.drop(draft.with("window", ["from": "12:00", "until": "13:00"]), as: "news", in: .active)
        #expect(try spool.tick(at: "2026-11-24T12:01:00Z").isSilentSuccess)
        try expectDelivered(spool, to: Draft.addresses(3))
    }

    @Test func `a local time that the clocks skip or show twice is warned of`() throws {
        let spool = try ScratchSpool()
        let draft = Draft(2).with("timeZone", "Europe/Berlin")
        try spool.drop(draft.with("sendAt", "2026-03-29T02:30"), as: "skipped", in: .scheduled)
        try spool.drop(draft.with("sendAt", "2026-10-25T02:30"), as: "twice", in: .scheduled)
        #expect(try spool.tick(at: "2026-03-29T00:20:00Z").isSilentSuccess)
        let time = "2026-03-29T00:21:00Z"
        let skipped = try spool.status(of: "skipped", at: time)
        #expect(skipped.sendAt == "2026-03-29T01:00:00Z" && skipped.next == skipped.sendAt)
        #expect(skipped.warnings.map(\.key) == ["sendAt"] && skipped.errors.isEmpty, "\(skipped)")
        let twice = try spool.status(of: "twice", at: time)
        #expect(twice.sendAt == "2026-10-25T00:30:00Z")
        #expect(twice.warnings.map(\.key) == ["sendAt"] && twice.errors.isEmpty, "\(twice)")
    }
}
