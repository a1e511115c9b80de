import Foundation
@testable import SpoolConsole
import SpoolMail
@testable import SpoolSchedule
@testable import SpoolStatistics
@testable import SpoolStatus
@testable import SpoolStore
@testable import SpoolSystem
@testable import TestSupport
import Testing

struct `The page's parts` {
    @Test(arguments: [1, 2])
    func `what needs a person counts those whose hand-over hung twice, as --attention does`(hangs: Int) throws
    {
        let spool = try TestSpool()
        var journal = JournalText(at: MadeUpSpool.now - .minutes(1))
        for number in 1...hangs {
            journal.attempt("a@example.org", number: number, .inDoubt, "2026-11-24T13:05:00.000Z timeout")
        }
        try spool.write("journal/news.journal", String(decoding: journal.bytes, as: UTF8.self))
        var mailing = MadeUpSpool.mailing("news", .active)
        mailing.journal = FileName("news")
        let page = try StatusPage(
            MadeUpSpool.status([mailing]), showsAll: false, journals: spool.journals
        ).text
        #expect(page.contains("aria-label=\"Needs attention\"") == (hangs == 2))
    }

    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            String(repeating: "a", count: 1000),
            "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"
        ),
    ])
    func `SHA-256 gives the digests of FIPS 180-4 and of sha256sum`(text: String, digest: String) {
        let bytes = SHA256.digest(Array(text.utf8))
        let hexadecimal = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(hexadecimal == digest)
    }

    @Test func `text from outside is escaped by being put in, and shows its control characters`() {
        let outside = "<b a=\"x\" b='y'>&amp;\u{1B}[31m\u{0}\u{202E}\n"
        let markup: HTML = "<p title=\"\(outside)\">\(outside)</p>"
        let escaped = "&lt;b a=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;␛[31m␀\u{FFFD}␊"
        #expect(markup.text == "<p title=\"\(escaped)\">\(escaped)</p>")
        #expect(SafeText.label("a\\b\"c\nd") == "a\\\\b\\\"c␊d")
    }

    @Test func `an axis of counts has round ticks from nothing to no less than the largest`() {
        var generator = SeededRandom(seed: 7)
        let some = (0..<400).map { _ in
            Int.random(in: 0...10_000_000, using: &generator) >> Int.random(in: 0...22, using: &generator)
        }
        for largest in Array(0...120) + some + [1_000_000] {
            let scale = CountScale(upTo: largest)
            let step = scale.ticks[1]
            #expect((2...6).contains(scale.ticks.count), "\(largest): \(scale.ticks)")
            #expect(scale.ticks == (0..<scale.ticks.count).map { $0 * step })
            #expect(scale.top >= largest && scale.top - step < max(1, largest), "\(largest): \(scale.ticks)")
            let leading = String(step).reversed().drop { $0 == "0" }
            #expect(["1", "2", "5"].contains(String(leading)), "\(largest): \(scale.ticks)")
            #expect(
                Set(scale.ticks.map(CountScale.label)).count == scale.ticks.count,
                "\(largest): \(scale.ticks)")
        }
        #expect(
            [0, 500, 1000, 1500, 20_000, 3_000_000].map(CountScale.label) == [
                "0", "500", "1k", "1.5k", "20k", "3M",
            ])
    }

    @Test func `an axis of time has its ticks at round moments of local time`() throws {
        let start = try #require(Timestamp(rfc3339: "2026-11-24T16:47:10Z"))
        let clock = HumanTime(now: start, zone: TimeZoneRules(utcOffset: 3600))
        func labels(_ length: Interval) -> [String] {
            TimeScale(from: start, to: start + length, in: clock).ticks.map(\.label)
        }
        #expect(labels(.seconds(12)) == ["17:47:10", "17:47:15", "17:47:20"])
        #expect(labels(.minutes(20)) == ["17:50", "17:55", "18:00", "18:05"])
        #expect(labels(.hours(9)) == ["18:00", "20:00", "22:00", "25 Nov", "02:00"])
        #expect(labels(.hours(48)) == ["25 Nov", "12:00", "26 Nov", "12:00"])
        for seconds in [1, 7, 59, 600, 4000, 90_000, 172_800, 3_000_000] {
            let scale = TimeScale(from: start, to: start + .seconds(Int64(seconds)), in: clock)
            #expect((1...7).contains(scale.ticks.count), "\(seconds) s: \(scale.ticks)")
            #expect(
                scale.ticks.allSatisfy { $0.time >= start && $0.time <= start + .seconds(Int64(seconds)) })
        }
    }

    @Test func `a list without anybody that is done has gone out as a whole, on the page as on a terminal`() {
        var mailing = MadeUpSpool.mailing("empty", .done)
        mailing.counts = MadeUpSpool.counts()
        let clock = HumanTime(now: MadeUpSpool.now, zone: .utc)
        #expect(MailingWords(mailing: mailing, time: clock).percent == "100 %")
        #expect(ProgressBar(mailing, clock)?.percent == "100 %")
        mailing.state = .paused
        #expect(ProgressBar(mailing, clock)?.percent == "0 %")
    }

    // MARK: The chart

    @Test func `over two days the chart counts in hours of local time and adds up`() throws {
        let start = try #require(Timestamp(rfc3339: "2026-11-24T18:00:00Z"))
        var timeline = DeliveryTimeline()
        for minute in 0..<2880 where minute % 3 == 0 {
            timeline.record(DeliveryTimeline.Bucket(accepted: 5), at: start + .minutes(Int64(minute)))
        }
        timeline.record(DeliveryTimeline.Bucket(failed: 2, deferred: 7), at: start + .minutes(700))
        let clock = HumanTime(now: start, zone: TimeZoneRules(utcOffset: 3600))
        let figure = DeliveryChart(timeline, id: "m1", clock: clock).figure.text
        #expect(figure.contains("In each hour, messages"))
        #expect(figure.contains("24 Nov 19:00–20:00: 100 accepted; 100 so far"))
        #expect(figure.contains("25 Nov 06:00–07:00: 100 accepted, 2 failed, 7 put off; 1,200 so far"))
        #expect(figure.contains("26 Nov 18:00–19:00: 100 accepted; 4,800 so far"))
        #expect(figure.components(separatedBy: "<th scope=\"row\">").count == 49)
        #expect(figure.contains("Accepted so far: 4,800 messages, 24 Nov 19:00–26 Nov 19:00"))
    }

    // MARK: Contrast

    /// The colours that the style sheet gives in light or in dark.
    private func colors(_ scheme: Int) throws -> [String: String] {
        let blocks = PageStyle.sheet.components(separatedBy: ":root{")
        let block = try #require(blocks[scheme].components(separatedBy: "}").first)
        var colors: [String: String] = [:]
        for declaration in block.components(separatedBy: ";") {
            let parts = declaration.components(separatedBy: ":")
            if parts.count == 2, parts[0].hasPrefix("--") { colors[String(parts[0].dropFirst(2))] = parts[1] }
        }
        return colors
    }

    /// Relative luminance (WCAG 2.2).
    private func luminance(_ color: String) throws -> Double {
        var digits = color.dropFirst()
        if digits.count == 3 { digits = Substring(digits.flatMap { [$0, $0] }) }
        let number = try #require(Int(digits, radix: 16))
        let parts = [16, 8, 0].map { shift -> Double in
            let part = Double(number >> shift & 255) / 255
            return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }

    @Test(arguments: [1, 2])
    func `text has a contrast of 4.5, drawings of 3, in light and in dark`(scheme: Int) throws {
        let colors = try colors(scheme)
        func contrast(_ one: String, _ other: String) throws -> Double {
            let both = try [luminance(#require(colors[one])), luminance(#require(colors[other]))].sorted()
            return (both[1] + 0.05) / (both[0] + 0.05)
        }
        for ground in ["ground", "card"] {
            for text in ["ink", "soft", "link"] {
                #expect(try contrast(text, ground) >= 4.5, "\(text) on \(ground)")
            }
        }
        for text in ["bad", "warn", "go", "good", "calm"] {
            #expect(try contrast(text, "\(text)-ground") >= 4.5, "\(text)")
        }
        for fill in ["sent", "failed", "deferred", "doubt", "sending", "waiting", "skipped"] {
            #expect(try contrast(fill, "card") >= 3, "\(fill) on a card")
        }
    }
}
