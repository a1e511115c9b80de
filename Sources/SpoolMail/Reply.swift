internal import SpoolText

/// What a mail system said to an attempt, made safe to keep and to show.
package enum Reply {
    /// How much of a reply is kept, in bytes.
    private static let limit = 500

    /// The last line that is not blank, without control characters, as valid UTF-8.
    package static func lastLine(of output: [UInt8]) -> String {
        let lines = output.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D })
        let line = lines.last { $0.contains { $0 > 0x20 } } ?? []
        return PlainText.clean(String(decoding: line.prefix(limit), as: UTF8.self))
    }
}

extension Reply {
    /// How a message handed over ended, by the word that the journal has for it: `75`, `signal-9`, `timeout`,
    /// `not-started`, or `-` where no mail system was asked.
    package static func ending(_ status: String) -> String {
        if Int(status) != nil { return "exit status \(status)" }
        if status.hasPrefix("signal-") { return "killed by signal \(status.dropFirst("signal-".count))" }
        return switch status {
        case "timeout": "no answer in time"
        case "not-started": "not started"
        default: "given up"
        }
    }

    /// What was said, or that nothing was, and how it ended.
    package static func words(_ text: String, status: String) -> String {
        if !text.isEmpty { return text }
        return status == "-" ? "no reason was given" : "\(ending(status)), without a word"
    }
}
