internal import SpoolMailing
internal import SpoolSchedule

/// The `key=value` fields of a `counts` line: all that is known of a mailing but its title, in any order.
enum CountsLine {
    /// The fields as they are written, with a blank between two of them.
    static func fields(of history: MailingHistory) -> String {
        let identity = history.identity.text.split(separator: " ")
        var text = history.counts.text
        text += " mailing=\(history.mailing) folder=\(history.isGone ? "gone" : history.folder.rawValue)"
        text += " last-folder=\(history.folder.rawValue) inode=\(identity[0]) birth=\(identity[1])"
        text += " revision=\(history.revision.isEmpty ? "-" : history.revision)"
        if let wording = history.wording { text += " wording=\(wording.subject)/\(wording.bodies)" }
        text += " started=\(history.startedAt.rfc3339Milliseconds)"
        if let closing = history.closing, let closedAt = history.closedAt {
            text += " closed=\(closing.rawValue) ended=\(closedAt.rfc3339Milliseconds)"
        }
        if history.hasReturned { text += " returned=1" }
        if let last = history.lastAttempt { text += " last-try=\(last.rfc3339Milliseconds)" }
        if let last = history.lastAccepted { text += " last-sent=\(last.rfc3339Milliseconds)" }
        return text + (history.report.map(fields) ?? "")
    }

    /// The report's part, with a blank before it.
    private static func fields(of report: RecipientProgress) -> String {
        var text = " report=\(report.state.word)"
        for (key, number) in [
            ("tries", report.attempts), ("unclear", report.unclearAttempts), ("timeouts", report.timeouts),
            ("deferred", report.hasOwnDeferral ? 1 : 0),
        ] where number > 0 { text += " report-\(key)=\(number)" }
        for (key, second) in [("first", report.firstAttempt), ("next", report.nextRetry)] {
            if let second { text += " report-\(key)=\(Timestamp(seconds: Int64(second)).rfc3339)" }
        }
        return text
    }

    /// Reads the fields; what they do not say is as of a mailing that has not begun.
    static func history(of fields: UnsafeRawBufferPointer) -> MailingHistory {
        var history = MailingHistory()
        var inode = ""
        var reader = JournalCoding.Fields(fields)
        while !reader.rest.isEmpty {
            let field = reader.next()
            guard let equals = field.firstIndex(of: 0x3D) else { continue }
            read(
                String(decoding: field[..<equals], as: UTF8.self),
                UnsafeRawBufferPointer(rebasing: field[(equals + 1)...]), into: &history, &inode)
        }
        return history
    }

    /// - Parameter inode: kept until the time of birth, which stands behind it.
    private static func read(
        _ key: String, _ bytes: UnsafeRawBufferPointer, into history: inout MailingHistory,
        _ inode: inout String
    ) {
        let value = String(decoding: bytes, as: UTF8.self)
        switch key {
        case "recipients": break
        case "mailing": history.mailing = value
        case "folder": history.isGone = value == "gone"
        case "last-folder": history.folder = Folder(rawValue: value) ?? history.folder
        case "inode": inode = value
        case "birth": history.identity = DocumentIdentity(inode: inode, birth: value) ?? history.identity
        case "revision": history.revision = value == "-" ? "" : value
        case "wording": history.wording = wording(value)
        case "returned": history.hasReturned = true
        case "started": history.startedAt = Timestamp(rfc3339: bytes) ?? history.startedAt
        case "closed": history.closing = Closing(rawValue: value)
        case "ended": history.closedAt = Timestamp(rfc3339: bytes)
        case "last-try": history.lastAttempt = Timestamp(rfc3339: bytes)
        case "last-sent": history.lastAccepted = Timestamp(rfc3339: bytes)
        default:
            if history.counts.read(key: key, value: value) { return }
            if key == "report" || key.hasPrefix("report-") {
                var report = history.report ?? RecipientProgress()
                read(key, value, into: &report)
                history.report = report
            }
        }
    }

    private static func wording(_ value: String) -> MailingWording? {
        let parts = value.split(separator: "/")
        return parts.count == 2 ? MailingWording(subject: String(parts[0]), bodies: String(parts[1])) : nil
    }

    private static func read(_ key: String, _ value: String, into report: inout RecipientProgress) {
        let number = Int(value) ?? 0
        let second = Timestamp(rfc3339: value).map { UInt32(clamping: $0.seconds) }
        switch key {
        case "report": report.state = RecipientState.all.first { $0.word == value } ?? .waiting
        case "report-tries": report.attempts = number
        case "report-unclear": report.unclearAttempts = number
        case "report-timeouts": report.timeouts = number
        case "report-deferred": report.hasOwnDeferral = number > 0
        case "report-first": report.firstAttempt = second
        case "report-next": report.nextRetry = second
        default: break
        }
    }
}
