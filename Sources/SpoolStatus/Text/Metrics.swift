internal import SpoolConsole
internal import SpoolSchedule
internal import SpoolStore

/// `spool-status --metrics`: the status in Prometheus's text format, for node_exporter's textfile collector.
///
/// A series for each mailing is kept only while there is something to watch: as long as it is unfinished, and for a day
/// after, for the hundred that ended last. All others are in the numbers of the spool as a whole. No address, subject
/// or reply is a label.
struct Metrics {
    private let status: SpoolStatus
    /// The mailings with series of their own; one of each name, since two would be one series twice.
    private let watched: [MailingStatus]
    private var text = ""

    /// How long and how many finished mailings are watched.
    private static let watchedFor = Interval.days(1)
    private static let mostFinished = 100

    /// - Parameter asked: which to watch, whatever their state; nil to choose.
    init(_ status: SpoolStatus, asked: [MailingStatus]? = nil) {
        self.status = status
        watched = Metrics.choose(asked ?? status.mailings, wantsAll: asked != nil, at: status.at)
    }

    private static func choose(
        _ mailings: [MailingStatus], wantsAll: Bool, at now: Timestamp
    ) -> [MailingStatus] {
        var finished = 0
        var seen: Set<String> = []
        var chosen: [MailingStatus] = []
        for state in MailingState.allCases {
            for mailing in mailings where mailing.state == state {
                if state == .done, !wantsAll {
                    let isRecent = mailing.finishedAt.map { now - $0 < watchedFor } ?? false
                    if !isRecent || finished >= mostFinished { continue }
                    finished += 1
                }
                if seen.insert(SafeText.label(mailing.name)).inserted { chosen.append(mailing) }
            }
        }
        return chosen
    }

    /// The exposition, with a line feed at the end of each line.
    static func text(of status: SpoolStatus, asked: [MailingStatus]? = nil) -> String {
        var metrics = Metrics(status, asked: asked)
        metrics.writeSpool()
        metrics.writeTotals()
        metrics.writeMailings()
        return metrics.text
    }

    // MARK: The spool as a whole

    private mutating func writeSpool() {
        family("spool_info", .gauge, "Version of the program that wrote these metrics; always 1.")
        sample("spool_info", [("version", Spool.version)], 1)
        family("spool_ticking", .gauge, "Whether spool-tick is at work at this moment (1) or not (0).")
        sample("spool_ticking", [], status.isTicking ? 1 : 0)
        if let lastTick = status.lastTick {
            let name = "spool_last_tick_timestamp_seconds"
            family(name, .gauge, "When spool-tick last looked at the spool, in seconds since 1970.")
            sample(name, [], Double(lastTick.milliseconds) / 1000)
        }
        family(
            "spool_mail_system_accepting", .gauge,
            "Whether the mail system was accepting messages when it was last tried (1) or not (0).")
        sample("spool_mail_system_accepting", [], status.refusal == nil ? 1 : 0)
        family("spool_ignored_files", .gauge, "Entries of the state folders that are no mailing document.")
        sample("spool_ignored_files", [], Double(status.ignored.count))
        family("spool_mailings", .gauge, "Mailings by state; cancelled ones are not counted as done.")
        for state in MailingState.allCases.map(\.rawValue) + ["cancelled"] {
            let count = status.mailings.count { $0.stateWord == state }
            sample("spool_mailings", [("state", state)], Double(count))
        }
        family("spool_mailings_with_errors", .gauge, "Mailings that are stopped by an error.")
        sample("spool_mailings_with_errors", [], Double(status.mailings.count { !$0.errors.isEmpty }))
    }

    private mutating func writeTotals() {
        family(
            "spool_all_recipients", .gauge,
            "Recipients of all mailings together, finished ones included, by state.")
        for column in Metrics.columns {
            let sum = status.mailings.reduce(0) { $0 + ($1.counts.map(column.count) ?? 0) }
            sample("spool_all_recipients", [("state", column.state)], Double(sum))
        }
    }

    private static let columns: [(state: String, count: @Sendable (MailingCounts) -> Int)] = [
        ("waiting", { $0.waiting }), ("sending", { $0.sending }), ("in-doubt", { $0.inDoubt }),
        ("sent", { $0.sent }), ("deferred", { $0.deferred }), ("failed", { $0.failed }),
        ("skipped", { $0.skipped }),
    ]

    // MARK: Mailings

    private mutating func writeMailings() {
        family("spool_mailing_info", .gauge, "State of a mailing; always 1.")
        for mailing in watched {
            sample("spool_mailing_info", of: mailing, [("state", mailing.stateWord)], 1)
        }
        family(
            "spool_recipients", .gauge, "Recipients of a mailing by state; together they are all of its list."
        )
        for mailing in watched {
            guard let counts = mailing.counts else { continue }
            for column in Metrics.columns {
                sample(
                    "spool_recipients", of: mailing, [("state", column.state)], Double(column.count(counts)))
            }
        }
        family(
            "spool_messages_sent_total", .counter,
            "Messages of a mailing that the mail system has accepted, former recipients included.")
        for mailing in watched {
            guard let counts = mailing.counts else { continue }
            sample("spool_messages_sent_total", of: mailing, [], Double(counts.sent + counts.formerSent))
        }
        value("spool_mailing_errors", "Errors that stop a mailing.") { Double($0.errors.count) }
        value("spool_mailing_warnings", "Warnings about a mailing, which stop nothing.") {
            Double($0.warnings.count)
        }
        value("spool_mailing_messages_per_minute", "Pace of a mailing; of a finished one its average.") {
            $0.perMinute
        }
        value("spool_mailing_remaining_seconds", "Estimated time until a mailing has gone out.") {
            $0.secondsLeft.map(Double.init)
        }
        value("spool_mailing_start_timestamp_seconds", "When a mailing began, in seconds since 1970.") {
            $0.startedAt.map { Double($0.milliseconds) / 1000 }
        }
        value("spool_mailing_end_timestamp_seconds", "When a mailing ended, in seconds since 1970.") {
            $0.finishedAt.map { Double($0.milliseconds) / 1000 }
        }
        family("spool_mailing_waiting", .gauge, "What a mailing waits for; always 1.")
        for mailing in watched {
            if let reason = mailing.waitingFor {
                sample("spool_mailing_waiting", of: mailing, [("for", reason.rawValue)], 1)
            }
        }
    }

    // MARK: The format

    private enum Kind: String {
        case counter, gauge
    }

    private mutating func value(_ name: String, _ help: String, _ value: (MailingStatus) -> Double?) {
        family(name, .gauge, help)
        for mailing in watched {
            if let value = value(mailing) { sample(name, of: mailing, [], value) }
        }
    }

    private mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    private mutating func sample(
        _ name: String, of mailing: MailingStatus, _ labels: [(String, String)], _ value: Double
    ) {
        sample(name, [("mailing", mailing.name)] + labels, value)
    }

    private mutating func sample(_ name: String, _ labels: [(String, String)], _ value: Double) {
        let list = labels.map { "\($0.0)=\"\(SafeText.label($0.1))\"" }.joined(separator: ",")
        let number = value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
        text += name + (list.isEmpty ? "" : "{\(list)}") + " \(number)\n"
    }
}
