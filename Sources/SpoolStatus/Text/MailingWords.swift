internal import SpoolConsole
internal import SpoolSchedule
internal import SpoolStore

/// What is said of a mailing in a few words, the same in the overview and on its own page.
struct MailingWords {
    let mailing: MailingStatus
    let time: HumanTime

    var tone: TerminalStyle.Tone? {
        if !mailing.errors.isEmpty { return .error }
        if mailing.isCancelled { return .quiet }
        return switch mailing.state {
        case .scheduled: .planned
        case .active: .good
        case .paused: .warning
        case .gone: .error
        case .done: nil
        }
    }

    /// The time that matters most in its state: when it will go out, went out, or ended.
    var when: Timestamp? {
        switch mailing.state {
        case .scheduled: mailing.sendAt ?? mailing.startedAt
        case .active, .paused, .gone: mailing.startedAt ?? mailing.sendAt
        case .done: mailing.finishedAt ?? mailing.startedAt
        }
    }

    /// The share of recipients who have ended, from 0 to 1; nil as long as nobody has counted.
    var share: Double? {
        mailing.counts.map {
            $0.recipients == 0
                ? (mailing.state == .done ? 1 : 0)
                : Double($0.recipients - $0.left) / Double($0.recipients)
        }
    }

    /// Who has ended, as a share of all: "42 %".
    var percent: String {
        guard let counts = mailing.counts else { return "-" }
        // A list without anybody has gone out as a whole.
        if share == 1 { return "100 %" }
        return HumanNumber.percent(counts.recipients - counts.left, of: counts.recipients)
    }

    /// Messages a minute; digits are not grouped, since those of the counts beside it are not.
    var rate: String {
        guard let rate = mailing.perMinute, mailing.state == .active || mailing.state == .done else {
            return ""
        }
        return HumanNumber.rate(rate).replacing(",", with: "")
    }

    /// What it waits for and until when, or how long it will take; empty if nothing is to be expected.
    var outlook: String {
        if mailing.state == .done { return "" }
        if !mailing.errors.isEmpty { return "has errors" }
        if let reason = mailing.waitingFor { return wait(reason) }
        if mailing.state == .paused { return "stopped" }
        if mailing.state == .gone { return "its document is gone" }
        return secondsLeft.map { "\(HumanTime.length($0)) to go" } ?? ""
    }

    /// The same in about ten cells.
    var briefOutlook: String {
        if mailing.state == .done { return "" }
        if !mailing.errors.isEmpty { return "errors" }
        if let reason = mailing.waitingFor { return briefly(reason) }
        return secondsLeft.map { HumanTime.length($0, .oneUnit) } ?? ""
    }

    /// How long an active mailing will take.
    private var secondsLeft: Int? {
        guard mailing.state == .active, (mailing.counts?.left ?? 0) > 0 else { return nil }
        return mailing.secondsLeft
    }

    private func wait(_ reason: WaitReason) -> String {
        func until(_ what: String, _ verb: String) -> String {
            mailing.next.map { "\(what), \(verb) \(time.day($0))" } ?? what
        }
        switch reason {
        case .sendAt: return mailing.next.map { time.relative($0) } ?? "waits for its time"
        case .window: return until("outside its window", "opens")
        case .rate: return until("held by the rate", "next")
        case .retry: return until("deferred", "next try")
        case .file: return "waits for a file that is still changing"
        case .mailSystem: return until("the mail system does not accept", "next try")
        case .person: return "waits for a person"
        case .otherMailing: return "waits for the other of this name"
        case .configuration: return "waits for the configuration to be mended"
        }
    }

    private func briefly(_ reason: WaitReason) -> String {
        let next = mailing.next.map { time.brief($0) } ?? ""
        switch reason {
        case .sendAt:
            return mailing.next.map { "in " + HumanTime.length(($0 - time.now).seconds, .oneUnit) } ?? ""
        case .window: return "opens \(next)"
        case .rate: return "rate \(next)"
        case .retry: return "retry \(next)"
        case .file: return "file"
        case .mailSystem: return "no mail system"
        case .person: return "person"
        case .otherMailing: return "other"
        case .configuration: return "config"
        }
    }
}
