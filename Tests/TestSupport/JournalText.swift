package import SpoolSchedule
package import SpoolStatistics
package import SpoolStore

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

    package mutating func add(_ event: JournalEvent, _ fields: String) {
        var bytes: [UInt8] = []
        JournalLine.write(event, fields, at: time, to: &bytes)
        lines.append(bytes.dropLast())
    }

    package mutating func pass(_ interval: Interval) { time = time + interval }

    /// An attempt that ends as the event says.
    package mutating func attempt(
        _ address: String, number: Int = 1, from state: String = "waiting", _ event: JournalEvent,
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
