@testable import Spool

/// A journal's lines as a test writes them, read by what is under test.
struct JournalText {
    private var lines: [[UInt8]] = []
    /// The time of the next line.
    var time: Timestamp

    init(at time: Timestamp = Timestamp(milliseconds: 1_795_485_600_000)) {
        self.time = time
        add(.opened, "1 madeup")
        add(.document, "active 7 1795484573.305436878")
        add(.revision, "first")
    }

    mutating func add(_ event: JournalEvent, _ fields: String) {
        var bytes: [UInt8] = []
        JournalLine.write(event, fields, at: time, to: &bytes)
        lines.append(bytes.dropLast())
    }

    mutating func pass(_ interval: Interval) { time = time + interval }

    /// An attempt that ends as the event says.
    mutating func attempt(
        _ address: String, number: Int = 1, from state: String = "waiting", _ event: JournalEvent,
        _ fields: String = "", after interval: Interval = .zero
    ) {
        add(.attempt, "\(address) \(number) \(state)")
        pass(interval)
        add(event, fields.isEmpty ? address : "\(address) \(fields)")
    }

    /// The whole journal.
    var bytes: [UInt8] { lines.flatMap { $0 + [0x0A] } }

    var details: MailingDetails {
        var reading = DetailsReading()
        for line in lines {
            line.withUnsafeBytes { bytes in
                if let line = JournalLine(bytes) { reading.read(line) }
            }
        }
        return reading.details
    }
}
