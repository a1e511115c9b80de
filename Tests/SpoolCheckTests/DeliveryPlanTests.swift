@testable import SpoolCheck
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
@testable import TestSupport
import Testing

struct DeliveryPlanTests {
    /// Tuesday, 2026-11-24 14:48 UTC.
    private let now = Timestamp(seconds: 1_795_531_680)

    private func warnings(
        _ members: String, folder: Folder? = nil, remaining: Int? = 100
    ) throws -> [String] {
        let files = try TemporaryFiles()
        let text = TestDocument.document(members)
        let mailing = try TestDocument.validate(text, files).outcome.get()
        let plan = DeliveryPlan(
            mailing.timing, spoolRate: nil, folder: folder, history: nil, remaining: remaining, at: now)
        let written = try DocumentReading(Array(text.utf8)).document
        return plan.warnings(about: mailing, written: written, folder: folder, at: now).map {
            "\($0.key ?? "-"): \($0.message)"
        }
    }

    @Test(arguments: [
        (nil, "sendAt: the time has passed, 1 day ago: it goes out at once"),
        (Folder.scheduled, "sendAt: the time has passed, 1 day ago: it goes out at once"),
        (.active, "sendAt: it is without effect: in active/ a mailing has begun"),
        (.paused, "sendAt: it is without effect in paused/: moved to active/, the mailing goes on at once"),
        (.done, "sendAt: it is without effect in done/: the mailing is over"),
    ])
    func `a time that has passed, or has no effect, is said`(folder: Folder?, message: String) throws {
        #expect(try warnings("\"sendAt\": \"2026-11-23T14:48:00Z\"", folder: folder) == [message])
    }

    @Test func `a time to come, and now, are not warned of where they count`() throws {
        #expect(try warnings("\"sendAt\": \"2026-11-25T14:48:00Z\"").isEmpty)
        #expect(try warnings("\"sendAt\": \"now\"", folder: .active).isEmpty)
        #expect(try warnings("").isEmpty)
    }

    @Test func `an end before all have been mailed is said`() throws {
        let until = "\"sendUntil\": \"2026-11-24T16:48:00Z\""
        #expect(try warnings("\(until), \"rate\": \"50/hour\"").isEmpty)
        #expect(
            try warnings("\(until), \"rate\": \"40/hour\"") == [
                "sendUntil: at this rate it takes until today 17:18: whoever is left at sendUntil is skipped as late"
            ])
        #expect(
            try warnings(
                "\(until), \"rate\": \"1/hour\", \"window\": {\"from\": \"20:00\", \"until\": \"22:00\"}")
                == ["sendUntil: the window does not open before this time: nobody is mailed"])
        #expect(
            try warnings("\"sendUntil\": \"2026-11-24T14:00:00Z\"")
                == ["sendUntil: the time has passed: nobody is mailed any more"])
    }

    @Test func `delivery begins when the window opens after sendAt, and ends by the rate`() throws {
        let files = try TemporaryFiles()
        let text = TestDocument.document(
            "\"sendAt\": \"2026-11-25T12:00:00Z\", \"rate\": \"10/hour\", \"window\": {\"from\": \"18:00\", \"until\": \"20:00\"}"
        )
        let mailing = try TestDocument.validate(text, files).outcome.get()
        let plan = DeliveryPlan(
            mailing.timing, spoolRate: nil, folder: nil, history: nil, remaining: 30, at: now)
        #expect(plan.start == .at(Timestamp(seconds: 1_795_608_000)))
        #expect(plan.opens.rfc3339 == "2026-11-25T18:00:00Z")
        #expect(plan.closes?.rfc3339 == "2026-11-25T20:00:00Z")
        // Two hours on the first evening, one on the second.
        #expect(plan.ends?.rfc3339 == "2026-11-26T19:00:00Z")
    }
}
