internal import SpoolSchedule
internal import SpoolText

extension MailingValidator {
    mutating func timing(lookUp: TimeZoneLookup) -> MailingTiming? {
        let zone = reader.read("timeZone", document.timeZone, lookUp) ?? configuration.zone
        let sendAt = time("sendAt", document.sendAt, zone)
        let sendUntil = time("sendUntil", document.sendUntil, zone)
        if document.sendUntil == "now" {
            reader.fail("sendUntil", "is now, so that nobody would be mailed", hint: "write a later time")
        }
        if let sendAt, let sendUntil, sendUntil <= sendAt {
            reader.fail(
                "sendUntil", "is not after sendAt, so that nobody would be mailed", hint: "write a later time"
            )
        }
        let window = reader.window("window", document.window)
        let hours = window.map(\.hours) ?? configuration.window
        if hours != nil, let unknownZone {
            reader.fail("window", unknownZone.message, hint: unknownZone.hint)
        }
        let rate = reader.read("rate", document.rate) { text throws(Diagnostic) in try Rate(text) }
        var attempts = configuration.attempts
        let giveUpAfter = reader.read("giveUpAfter", document.giveUpAfter) { text throws(Diagnostic) in
            try Interval(text)
        }
        if let giveUpAfter { attempts.giveUpAfter = giveUpAfter }
        guard reader.problems.isEmpty else { return nil }
        return MailingTiming(
            sendAt: sendAt,
            policy: MailingPolicy(
                window: hours, zone: zone, rate: rate, sendUntil: sendUntil),
            attempts: attempts)
    }

    /// Why local times mean nothing: the document names no zone, and the machine's is not understood.
    private var unknownZone: Diagnostic? {
        document.timeZone == nil ? configuration.localZone.problem : nil
    }

    private mutating func time(_ key: String, _ text: String?, _ zone: TimeZoneRules) -> Timestamp? {
        let unknownZone = unknownZone
        let time = reader.read(key, text) { text throws(Diagnostic) in
            let time = try SendTime(text)
            if case .local = time, let unknownZone { throw unknownZone }
            return time
        }
        guard let (moment, adjustment) = time?.resolve(in: zone) else { return nil }
        func warn(_ message: String, _ hint: String) {
            warnings.append(
                Diagnostic(key: key, line: reading.outline.line(of: key), message: message, hint: hint))
        }
        switch adjustment {
        case .none: break
        case .repeatedHour:
            warn(
                "the clocks show this time twice; the first is taken", "write it with its offset to be exact")
        case .missingHour:
            warn(
                "the clocks skip this time; the moment of the change is taken",
                "write it with its offset to be exact")
        }
        return moment
    }

    mutating func recipients() -> MailingRecipients? {
        if !isThere("recipients"), !isThere("recipientsFile") {
            require(
                "recipients", "the key is missing",
                hint:
                    "write \"recipients\": [\"anna@example.org\"], or name a list below files/ in \"recipientsFile\""
            )
        }
        guard let path = document.recipientsFile else {
            return reading.inlineRecipients.map { MailingRecipients(inline: $0, file: nil, kind: nil) }
        }
        let opened = open("recipientsFile", path)
        guard let kind = ListKind(fileName: path) else {
            reader.fail(
                "recipientsFile", "\(path.quoted) is not named like a list",
                hint: "lists end in .csv, .jsonl, .ndjson or .txt; spreadsheets are saved as CSV")
            return nil
        }
        return opened.map {
            MailingRecipients(inline: reading.inlineRecipients, file: $0.reference, kind: kind)
        }
    }
}
