internal import SpoolMail

/// Judges a message in the order that RETURNS.md lays down: reports by their type, automatic replies, old formats, and
/// everything else.
struct Judge {
    struct Verdict {
        let kind: ReturnedMessage.Kind
        let rule: String
        var recipients: [ReturnedMessage.Recipient] = []
    }

    let message: MessagePart
    let sender: Sender
    let subject: String
    /// The headers of the message that came back, wherever they stand.
    let returned: [HeaderFields]
    private let parts: [MessagePart]
    private let prose: FailureText

    init(_ message: MessagePart, _ sender: Sender) {
        self.message = message
        self.sender = sender
        subject = message.fields.text("subject") ?? ""
        parts = message.ownParts
        prose = FailureText(Judge.prose(of: parts))
        // A gateway may have put the report into one of its own.
        let inner = parts.filter(\.isMessage).compactMap(\.parts.first)
        var returned = (inner + inner.flatMap(\.ownParts).filter(\.isMessage).compactMap(\.parts.first)).map(
            \.fields)
        if !prose.copy.isEmpty { returned.append(HeaderFields.read(prose.copy, ofMessage: true).0) }
        self.returned = returned
    }

    func verdict() -> Verdict {
        if let verdict = report() ?? serviceReport() { return verdict }
        let format = textFormat()
        if let rule = AutomaticReply.rule(bySubject: subject) { return Verdict(kind: .autoReply, rule: rule) }
        // Exim and others mark their reports as automatic replies, too.
        if format == nil || !sender.isDaemon, let rule = AutomaticReply.rule(byFields: message.fields) {
            return Verdict(kind: .autoReply, rule: rule)
        }
        if let format { return bounce(in: format) }
        return Verdict(kind: .other, rule: "nothing-known")
    }

    /// The first text that says anything.
    private static func prose(of parts: [MessagePart]) -> [UInt8] {
        for part in parts where part.type.hasPrefix("text/") && !part.isMessage {
            let text = part.text
            if text.contains(where: { $0 > ASCII.space }) { return text }
        }
        // A multipart whose boundary cannot be found.
        return parts.first.map { $0.type.hasPrefix("multipart/") ? $0.text : [] } ?? []
    }

    // MARK: - Reports by their type

    private func report() -> Verdict? {
        let isReport = message.type == "multipart/report"
        guard isReport || sender.hasNoReturnPath || sender.isDaemon else { return nil }
        for part in parts {
            switch part.type {
            case "message/feedback-report": return feedback(FeedbackReport(part.decodedBody))
            case "message/disposition-notification", "message/global-disposition-notification":
                return Verdict(kind: .autoReply, rule: "disposition-notification")
            case "message/delivery-status", "message/global-delivery-status":
                var reports = DeliveryStatus.read(part.decodedBody)
                guard !reports.isEmpty else { continue }
                for index in reports.indices {
                    let (address, status) = (reports[index].address, reports[index].statusField)
                    reports[index].context = { [status] + context(of: address) }
                }
                return Verdict(kind: .bounce, rule: "delivery-status", recipients: reports.map(judged))
            default: continue
            }
        }
        return nil
    }

    /// What the prose of a report says of a recipient, then all of it.
    private func context(of address: String) -> [[UInt8]] {
        RecipientSearch.reports(in: prose, known: [address], senders: []).flatMap { [$0.words] }
            + [Array(subject.utf8), Array(prose.said.joined(separator: [ASCII.space]))]
    }

    private func feedback(_ report: FeedbackReport) -> Verdict {
        let meaning: ReturnClass
        let kind: ReturnedMessage.Kind
        if report.isComplaint {
            (kind, meaning) = (.complaint, .complaint)
        } else if report.isDeparture {
            (kind, meaning) = (.unsubscribe, .unsubscribed)
        } else {
            return Verdict(kind: .other, rule: "feedback-of-no-consequence")
        }
        let addresses = report.recipients.isEmpty ? addressees() : report.recipients
        return Verdict(
            kind: kind, rule: "feedback-\(report.type)",
            recipients: named(addresses, meaning, rule: "feedback-\(report.type)"))
    }

    private func addressees() -> [String] {
        returned.flatMap { $0.values("to") }.flatMap { AddressSearch.all(in: $0[...]).map(\.address) }
    }

    private func named(_ addresses: [String], _ meaning: ReturnClass, rule: String) -> [ReturnedMessage
        .Recipient]
    {
        var seen: Set<String> = []
        return addresses.filter { seen.insert($0).inserted }.map {
            ReturnedMessage.Recipient(
                address: $0, action: .failed, meaning: meaning, code: nil, reply: nil, words: "", rule: rule)
        }
    }

    /// Services that report in a way of their own, each known by its address.
    private func serviceReport() -> Verdict? {
        if sender.address.hasSuffix("@sns.amazonaws.com"),
            let notification = ServiceNotification(Judge.prose(of: parts))
        {
            guard notification.type == "Complaint" else {
                return Verdict(
                    kind: .bounce, rule: "amazon-ses", recipients: notification.reports.map(judged))
            }
            let addresses = notification.reports.map(\.address)
            return Verdict(
                kind: .complaint, rule: "amazon-ses",
                recipients: named(addresses, .complaint, rule: "amazon-ses"))
        }
        if sender.address == "staff@hotmail.com", subject.contains("complaint about message from") {
            let original = returned.flatMap { $0.values("x-hmxmroriginalrecipient") }.compactMap(
                AddressSearch.first)
            return Verdict(
                kind: .complaint, rule: "hotmail-complaint",
                recipients: named(
                    original.isEmpty ? addressees() : original, .complaint, rule: "hotmail-complaint"))
        }
        return nil
    }

    // MARK: - Old formats

    /// The format of a report in prose, if the message is from a mail system.
    private func textFormat() -> TextFormat? {
        guard sender.hasNoReturnPath || sender.isDaemon else { return nil }
        let heading = Wording(Array(subject.utf8))
        return TextFormatTable.all.first { format in
            if let field = format.field, message.fields.text(field) != nil { return true }
            // Marks that anybody might write count from programs alone.
            guard format.name != TextFormatTable.generic || sender.isProgram else { return false }
            return format.marks.occurs(in: prose.wording.full) || format.marks.occurs(in: heading.full)
        }
    }

    private func bounce(in format: TextFormat) -> Verdict {
        let fields = DeliveryStatus.read(Array(prose.said.joined(separator: [ASCII.lineFeed])))
        guard fields.isEmpty else {
            return Verdict(kind: .bounce, rule: "\(format.name)-fields", recipients: fields.map(judged))
        }
        let known = message.fields.values("x-failed-recipients").flatMap {
            AddressSearch.all(in: $0[...]).map(\.address)
        }
        var reports = RecipientSearch.reports(in: prose, known: known, senders: sender.addressees)
        if reports.isEmpty, let verdict = wrappedReport() { return verdict }
        if reports.isEmpty {
            reports = addressees().prefix(1).map {
                var report = RecipientReport(address: $0)
                report.words = Array(prose.said.joined(separator: [ASCII.space]))
                return report
            }
        }
        let isDelayed = isDelayed()
        return Verdict(
            kind: .bounce, rule: format.name,
            recipients: reports.map { report in
                var report = report
                if isDelayed { report.action = .delayed }
                let around = report.context
                report.context = { [Array(subject.utf8)] + around() }
                return judged(report)
            })
    }

    /// The report inside the message that a gateway sent on in the place of its own.
    private func wrappedReport() -> Verdict? {
        let part = parts.first(where: \.isMessage)?.parts.first
        let inner = part ?? MessagePart(message: prose.copy)
        guard inner.type == "multipart/report" else { return nil }
        return Judge(inner, Sender(inner.fields, isDaemonMailbox: false)).report()
    }

    private func isDelayed() -> Bool {
        let heading = Wording(Array(subject.utf8))
        let (delayed, ended) = (TextFormatTable.delayMarks, TextFormatTable.endMarks)
        return (delayed.occurs(in: prose.wording.full) || delayed.occurs(in: heading.full))
            && !ended.occurs(in: prose.wording.full)
    }

    // MARK: - One recipient

    private func judged(_ report: RecipientReport) -> ReturnedMessage.Recipient {
        let reason = Reason(status: report.status, words: report.words, context: report.context)
        let (meaning, rule): (ReturnClass, String) =
            switch report.action {
            case .failed: (reason.meaning, reason.rule)
            case .delayed: (.delayed, "action-delayed")
            case .delivered, .relayed, .expanded: (.delivered, "action-\(report.action.rawValue)")
            }
        let words = OneLine.text(report.words)
        return ReturnedMessage.Recipient(
            address: report.address, action: report.action, meaning: meaning, code: reason.code?.text,
            reply: reason.reply,
            words: words.isEmpty ? OneLine.text(report.context().first { !$0.isEmpty } ?? []) : words,
            rule: rule)
    }
}
