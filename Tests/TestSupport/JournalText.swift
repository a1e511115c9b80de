package import SpoolSchedule
package import SpoolStatistics
internal import SpoolStore

/// The words of journals as they stand there, so that a test does not depend on the code that writes them.
package enum JournalWord: String, CaseIterable {
    case attempt = "try"
    case sent, deferred, failed
    case inDoubt = "in-doubt"
    case withdrew, excused
    case gaveUp = "gave-up"
    case resolved, skipped
    case opened = "journal"
    case document, revision, wording, about, counts, closed, reopened, report
}

/// A journal's lines as a test writes them, read by what is under test.
package struct JournalText {
    private var lines: [[UInt8]] = []
    /// The time of the next line.
    package var time: Timestamp

    package init(at time: Timestamp = Timestamp(milliseconds: 1_795_485_600_000)) {
        self.time = time
        add(.opened, "1 madeup")
        add(.document, "active 7 1795484573.305436878")
        add(.revision, "first")
    }

    package mutating func add(_ word: JournalWord, _ fields: String) {
        lines.append(JournalText.line(word, fields, at: time).dropLast())
    }

    /// A line with its line feed.
    package static func line(_ word: JournalWord, _ fields: String, at time: Timestamp) -> [UInt8] {
        let text = "\(time.rfc3339Milliseconds) \(word.rawValue)" + (fields.isEmpty ? "" : " \(fields)")
        var bytes = Array(text.utf8)
        let checksum = String(bytes.withUnsafeBytes(Checksum.crc32), radix: 16)
        bytes.insert(
            contentsOf: (String(repeating: "0", count: 8 - checksum.count) + checksum + " ").utf8, at: 0)
        return bytes + [0x0A]
    }

    package mutating func pass(_ interval: Interval) { time = time + interval }

    /// An attempt that ends as the event says.
    package mutating func attempt(
        _ address: String, number: Int = 1, from state: String = "waiting", _ event: JournalWord,
        _ fields: String = "", after interval: Interval = .zero
    ) {
        add(.attempt, "\(address) \(number) \(state)")
        pass(interval)
        add(event, fields.isEmpty ? address : "\(address) \(fields)")
    }

    /// The whole journal.
    package var bytes: [UInt8] { lines.flatMap { $0 + [0x0A] } }

    package var details: MailingDetails {
        var reading = DetailsReading()
        for line in lines {
            line.withUnsafeBytes { bytes in
                if let line = JournalLine(bytes) { reading.read(line) }
            }
        }
        return reading.details
    }
}
