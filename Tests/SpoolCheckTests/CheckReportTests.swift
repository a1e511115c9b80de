@testable import SpoolCheck
@testable import SpoolConsole
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
import Testing

/// What people see, as it was looked at and found good.
struct CheckReportTests {
    /// Tuesday, 2026-11-24 14:48 UTC.
    private let now = Timestamp(seconds: 1_795_531_680)
    private let zone = TimeZoneRules(utcOffset: 3600)

    private func result(_ folder: Folder? = nil) -> CheckResult {
        var result = CheckResult(
            path: "drafts/meeting.json", name: "meeting", spool: "/var/spool/mailings", folder: folder,
            at: now)
        result.from = "The Club <club@example.org>"
        result.subject = "Annual meeting, Anna"
        var recipients = ListSummary()
        recipients.rows = 1000
        recipients.unique = 980
        recipients.duplicates = 12
        recipients.invalid = 8
        recipients.suppressed = 3
        result.recipients = recipients
        result.parts = [
            .init(type: "text/plain", bytes: 1_234, isDerived: true), .init(type: "text/html", bytes: 8_400),
            .init(type: "application/pdf", name: "agenda.pdf", bytes: 3_100_000),
        ]
        result.largest = .init(bytes: 4_251_000, address: "bo@example.org")
        return result
    }

    private func plan(
        _ folder: Folder? = nil, sendAt: Timestamp? = nil, rate: String? = nil, spoolRate: String? = nil,
        window: (String, String)? = nil, history: MailingHistory? = nil, remaining: Int = 977
    ) throws -> DeliveryPlan {
        let policy = MailingPolicy(
            window: try window.map { try DeliveryWindow(from: $0.0, until: $0.1) }, zone: zone,
            rate: try rate.map { try Rate($0) })
        return DeliveryPlan(
            MailingTiming(sendAt: sendAt, policy: policy, attempts: AttemptPolicy()),
            spoolRate: try spoolRate.map { try Rate($0) }, folder: folder, history: history,
            remaining: remaining,
            at: now)
    }

    @Test func `a mailing without fault, in a file`() throws {
        var result = result()
        result.plan = try plan(
            sendAt: now + .seconds(11_520), rate: "600/hour", spoolRate: "2000/hour",
            window: ("18:00", "22:00"))
        #expect(
            CheckReport(result, style: TerminalStyle()).text == """
                drafts/meeting.json
                  spool       /var/spool/mailings
                  from        The Club <club@example.org>
                  subject     Annual meeting, Anna
                  when        today 19:00, in 3 h 12 min (2026-11-24 19:00 +01:00)
                  recipients  1,000 in total: 980 unique, 12 duplicate, 8 invalid, 3 suppressed
                  parts       text 1.2 kB (derived from the HTML), HTML 8.4 kB
                  attached    agenda.pdf 3.1 MB
                  message     4.3 MB at most
                  window      open then, closes today 22:00
                  takes       1 h 38 min at 600/hour, the spool's rate is 2000/hour, until today 20:37

                It can be sent.

                """)
    }

    @Test func `a column that was found by what it holds is named, for people and for programs`() throws {
        var result = result()
        #expect(result.json.text.contains("\"addressColumn\":null"))
        result.recipients?.guessedColumn = "Kontakt"
        #expect(result.json.text.contains("\"addressColumn\":\"Kontakt\""))
        let lines = CheckReport(result, style: TerminalStyle()).text.split(separator: "\n")
        #expect(lines.contains("  addresses   in the column \"Kontakt\", which holds some"))
    }

    @Test func `problems in a file stand on one line each, for grep`() throws {
        var result = result()
        result.recipients = nil
        result.parts = []
        result.largest = nil
        result.subject = "Annual\u{1B}[2J\nmeeting"
        result.errors = [
            Diagnostic(key: "sendat", line: 4, message: "unknown key", hint: "did you mean \"sendAt\"?"),
            Diagnostic(message: "an unfinished mailing has lost its document", hint: "give it another name"),
        ]
        result.warnings = [
            Diagnostic(key: "html", line: 7, message: "1 image has no alt text", hint: "write\u{7}alt")
        ]
        #expect(
            CheckReport(result, style: TerminalStyle()).text == """
                drafts/meeting.json
                  spool       /var/spool/mailings
                  from        The Club <club@example.org>
                  subject     Annual [2J meeting

                  error       meeting.json:4: sendat: unknown key; did you mean "sendAt"?
                  error       meeting.json: an unfinished mailing has lost its document; give it another name
                  warning     meeting.json:7: html: 1 image has no alt text; write alt

                It cannot be sent: 2 errors, 1 warning.

                """)
    }

    @Test func `on a terminal of 80 columns lines are wrapped and problems coloured`() throws {
        var result = result()
        result.plan = try plan(rate: "600/hour", spoolRate: "2000/hour")
        result.errors = [
            Diagnostic(
                key: "html", line: 5,
                message: "12 recipients have no value for {{ firstName }} (first: line 14, anna@example.org)",
                hint: "give a default: {{ firstName | default: \"…\" }}, or complete the list")
        ]
        result.warnings = [
            Diagnostic(
                key: "listUnsubscribe", message: "977 recipients have no way to unsubscribe",
                hint: "write one")
        ]
        let text = CheckReport(result, style: TerminalStyle(width: 80, usesColor: true)).text
        #expect(
            text.replacing("\u{1B}[", with: "^") == """
                ^1mdrafts/meeting.json^0m
                  spool       /var/spool/mailings
                  from        The Club <club@example.org>
                  subject     Annual meeting, Anna
                  when        at once
                  recipients  1,000 in total: 980 unique, 12 duplicate, 8 invalid, 3 suppressed
                  parts       text 1.2 kB (derived from the HTML), HTML 8.4 kB
                  attached    agenda.pdf 3.1 MB
                  message     4.3 MB at most
                  takes       1 h 38 min at 600/hour, the spool's rate is 2000/hour, until today
                              17:25

                  ^31merror^0m       ^31mmeeting.json:5: html: 12 recipients have no value for {{ firstName^0m
                              ^31m}} (first: line 14, anna@example.org)^0m
                              -> give a default: {{ firstName | default: "…" }}, or complete the
                                 list
                  ^33mwarning^0m     ^33mmeeting.json: listUnsubscribe: 977 recipients have no way to^0m
                              ^33munsubscribe^0m
                              -> write one

                ^31mIt cannot be sent: 1 error, 1 warning.^0m

                """)
    }

    @Test func `a mailing that has begun says how far it is`() throws {
        var result = result(.active)
        var history = MailingHistory()
        history.startedAt = now - .seconds(5400)
        history.counts = MailingCounts(total: 1000, duplicate: 12, invalid: 8, suppressed: 3)
        history.counts.waiting = 500
        history.counts.sent = 470
        history.counts.failed = 5
        history.counts.deferred = 2
        result.counts = history.counts
        result.plan = try plan(.active, sendAt: now - .seconds(9000), history: history, remaining: 502)
        let lines = CheckReport(result, style: TerminalStyle()).text.split(separator: "\n")
        #expect(lines.contains("  when        begun today 14:18, 1 h 30 min ago (2026-11-24 14:18 +01:00)"))
        #expect(lines.contains("  so far      470 sent, 5 failed, 2 deferred, 502 left"))
        #expect(lines.contains("  takes       as long as the mail system needs"))
    }

    @Test(arguments: [
        (Folder.paused, "when it is moved to active/ or scheduled/"),
        (.done, "when it is moved back to active/ or scheduled/"), (.active, "at once, with the next tick"),
    ])
    func `where it lies says when it leaves`(folder: Folder, when: String) throws {
        var result = result(folder)
        result.plan = try plan(folder, rate: "1/day", remaining: 3)
        let text = CheckReport(result, style: TerminalStyle()).text
        #expect(text.contains("\n  when        \(when)\n"))
        let takes = folder == .active ? "2 days at 1/day, until Thu 26 Nov 15:48" : "2 days at 1/day"
        #expect(text.contains("\n  takes       \(takes)\n"))
    }

    @Test func `a window that is closed is waited for, and an end is named`() throws {
        var result = result()
        var plan = try plan(rate: "600/hour", window: ("18:00", "22:00"))
        plan.sendUntil = now + .days(2)
        result.plan = plan
        let text = CheckReport(result, style: TerminalStyle()).text
        #expect(
            text.contains(
                """

                  when        when the window opens: today 18:00, in 2 h 12 min (2026-11-24 18:00 +01:00)
                  until       Thu 26 Nov 15:48, in 2 days (2026-11-26 15:48 +01:00)

                """))
        #expect(text.contains("\n  window      opens today 18:00, closes today 22:00\n"))
        #expect(text.contains("\n  takes       1 h 38 min at 600/hour, until today 19:37\n"))
    }

    @Test func `warnings alone forbid nothing`() {
        var result = result()
        result.warnings = [Diagnostic(message: "m", hint: "h"), Diagnostic(message: "m", hint: "h")]
        #expect(
            CheckReport(result, style: TerminalStyle(usesColor: true)).text.hasSuffix(
                "\u{1B}[32mIt can be sent; 2 warnings.\u{1B}[0m\n"))
    }

    @Test func `the bar keeps to the width of its terminal`() {
        for columns in 1...200 {
            for (fraction, messages) in [(0.0, 0), (0.374, 370_000), (1.0, 1_000_000), (7, 12)] {
                let line = CheckProgress.line("newsletter.json", fraction, messages, columns: columns)
                #expect(line.count < max(columns, 1) || line.isEmpty, "\(columns): \(line)")
            }
        }
        #expect(
            CheckProgress.line("news.json", 0.374, 370_000, columns: 80)
                == "news.json  [##############--------------------------]   37 %  370,000 messages")
    }

    @Test func `the share of the lists grows from the document's to the file's`() {
        var extent = ListExtent(inlineBytes: 1000, fileBytes: 3000)
        #expect(extent.fraction(at: 500) == 0.125)
        #expect(extent.fraction(at: 100) == 0.275)
        #expect(extent.fraction(at: 3000) == 1)
        var file = ListExtent(inlineBytes: 0, fileBytes: 3000)
        #expect(file.fraction(at: 1500) == 0.5)
    }
}
