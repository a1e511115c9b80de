import Foundation
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import TestSupport
import Testing

/// A status reads the end of a journal backwards; it must find there what reading all of it would.
struct JournalTailTests {
    private let files: TemporaryFiles

    init() throws {
        files = try TemporaryFiles()
    }

    private func history(_ bytes: [UInt8]) throws -> MailingHistory? {
        try files.write("a.journal", bytes)
        return try JournalReader(file: Directory(path: files.path).open(FileName("a.journal"))).history()
    }

    /// All lines from the last `counts` on, and the last title before it, in order: what a tail means.
    private func expected(_ bytes: [UInt8]) -> MailingHistory? {
        var history = MailingHistory()
        for text in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast() {
            text.withUnsafeBytes { text in
                if let line = JournalLine(text) { history.apply(line) }
            }
        }
        return history.mailing.isEmpty ? nil : history
    }

    /// A journal of one mailing with some counts in it.
    private func journal(_ lines: Int, countsEach: Int, _ random: inout SeededRandom) -> [UInt8] {
        var bytes: [UInt8] = []
        var history = MailingHistory()
        var time = Timestamp(milliseconds: 1_795_525_200_000)
        func add(_ word: JournalWord, _ fields: String) {
            bytes += JournalText.line(word, fields, at: time)
            bytes.dropLast().withUnsafeBytes { all in
                let start = all.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
                if let line = JournalLine(UnsafeRawBufferPointer(rebasing: all[start...])) {
                    history.apply(line)
                }
            }
        }
        add(.opened, "1 madeup")
        add(.document, "active 7 1795484573.305436878")
        add(.revision, "first")
        add(.about, #"{"from":"Klubben <k@example.org>","subject":"Årsmöte"}"#)
        history.counts.waiting = lines
        add(.counts, CountsLine.fields(of: history))
        for number in 0..<lines {
            time = time + .milliseconds(random.number(0...900 as ClosedRange<Int64>))
            add(.attempt, "r\(number)@example.org 1 waiting")
            if random.chance(0.9) { add(.sent, "r\(number)@example.org 250 ok") }
            if number % countsEach == countsEach - 1 { add(.counts, CountsLine.fields(of: history)) }
            if random.chance(0.01) {
                add(.about, #"{"from":"a@b.example","sendAt":"x","subject":"a \"b\""}"#)
            }
        }
        return bytes
    }

    @Test func `the tail says what the whole journal says, whatever its length and wherever it is torn`()
        throws
    {
        var random = SeededRandom(seed: 20)
        for round in 0..<40 {
            let lines = random.number(0...400 as ClosedRange<Int>)
            let whole = journal(lines, countsEach: random.number(1...200 as ClosedRange<Int>), &random)
            for cut in [0, random.number(0...200 as ClosedRange<Int>)] {
                let bytes = Array(whole.dropLast(min(cut, whole.count / 2)))
                let found = try history(bytes)
                var all = expected(bytes)
                // The title that stands further up than the tail reaches is not looked for.
                if found?.title == nil { all?.title = nil }
                #expect(found == all, "round \(round), cut by \(cut)")
            }
        }
    }

    @Test func `a damaged line is passed over, and so is the last counts line if it is the one`() throws {
        var random = SeededRandom(seed: 21)
        let whole = journal(60, countsEach: 20, &random)
        for _ in 0..<60 {
            var bytes = whole
            bytes[random.number(0...(bytes.count - 1) as ClosedRange<Int>)] ^= 0x40
            let found = try history(bytes)
            #expect(found?.mailing == "madeup")
            #expect(found?.counts.recipients == 60)
        }
    }

    @Test func `nothing sound, or no counts, is no history, or that of all lines`() throws {
        #expect(try history([]) == nil)
        #expect(try history(Array("garbage\n".utf8)) == nil)
        let bytes = JournalText.line(.opened, "1 x", at: Timestamp(seconds: 1))
        #expect(try history(bytes)?.mailing == "x")
        #expect(try history(bytes + Array(repeating: 0x41, count: 100_000))?.mailing == "x")
    }

    @Test(arguments: [
        (
            #"{"from":"a","sendAt":"2026-11-24T18:00:00Z","subject":"c"}"#,
            MailingTitle(subject: "c", from: "a", sendAt: Timestamp(rfc3339: "2026-11-24T18:00:00Z"))
        ),
        (
            #"{ "sendAt" : "2026-11-24T18:00:00Z" }"#,
            MailingTitle(sendAt: Timestamp(rfc3339: "2026-11-24T18:00:00Z"))
        ),
        (#"{"subject":"Årsmöte, {{ name }}"}"#, MailingTitle(subject: "Årsmöte, {{ name }}")),
        (#"{"subject":"c","topic":"club.news"}"#, MailingTitle(subject: "c", topic: "club.news")),
        (#"{"subject":"a \"quoted\" \u00e5"}"#, MailingTitle(subject: "a \"quoted\" å")),
        (#"{}"#, MailingTitle()), (#"{"subject":"x","other":7}"#, MailingTitle(subject: "x")),
        (#"{ "subject" : "x" }"#, MailingTitle(subject: "x")), (#"{"from":null}"#, MailingTitle()),
    ])
    func `a title is read as JSON, however it is written`(json: String, title: MailingTitle) {
        #expect(Array(json.utf8).withUnsafeBytes { MailingTitle(json: $0) } == title)
    }

    @Test(arguments: [#"{"sendAt":"b","subject":"c"}"#, #"{ "sendAt" : "b" }"#])
    func `a title with a time that is none is damaged`(json: String) {
        #expect(Array(json.utf8).withUnsafeBytes { MailingTitle(json: $0) } == nil)
    }
}
