internal import SpoolConsole
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore

/// When a mailing will be delivered, and how long that will take, as far as can be said beforehand.
struct DeliveryPlan: Equatable, Sendable {
    /// What the mailing waits for.
    enum Start: Equatable, Sendable {
        /// Nothing.
        case atOnce
        /// Its time, which has not come.
        case at(Timestamp)
        /// It has begun, at this moment if a tick has seen it.
        case begun(Timestamp?)
        /// A person: it lies in a folder from which nothing is sent.
        case person(Folder)
    }

    var start: Start
    /// As the document has it; nil for at once.
    var sendAt: Timestamp?
    /// When the first message can leave: `sendAt`, or now, or when the window opens after that.
    var opens: Timestamp
    /// When the window closes that is open then.
    var closes: Timestamp?
    var hasWindow: Bool
    var zone: TimeZoneRules
    /// Its IANA name, where that is known.
    var zoneName: String?
    var rate: Rate?
    var spoolRate: Rate?
    var sendUntil: Timestamp?
    /// How many are still to be mailed; nil if the lists could not be read.
    var remaining: Int?
    /// From `opens` until the last message; nil if only the mail system's speed limits it.
    var seconds: Int64?

    /// When the last message leaves.
    var ends: Timestamp? { seconds.map { opens + .seconds($0) } }

    init(
        _ timing: MailingTiming, spoolRate: Rate?, folder: Folder?, history: MailingHistory?, remaining: Int?,
        at now: Timestamp
    ) {
        sendAt = timing.sendAt
        switch folder {
        case nil, .scheduled?: start = timing.sendAt.map { $0 > now ? .at($0) : .atOnce } ?? .atOnce
        case .active?: start = .begun(history?.startedAt)
        case .paused?, .done?: start = .person(folder ?? .paused)
        }
        var earliest = now
        if case .at(let time) = start { earliest = time }
        var policy = timing.policy
        opens = policy.window.flatMap { $0.nextOpening(after: earliest, in: policy.zone) } ?? earliest
        let opening = opens
        closes = policy.window.flatMap { $0.closes(after: opening, in: policy.zone) }
        hasWindow = policy.window != nil
        zone = policy.zone
        rate = policy.rate
        self.spoolRate = spoolRate
        sendUntil = policy.sendUntil
        self.remaining = remaining
        policy.sendUntil = nil
        let estimate = DeliveryEstimate(policy: policy, spoolRate: spoolRate)
        seconds = remaining.flatMap { estimate.secondsLeft(remaining: $0, at: opening) }
    }

    /// What should be known of the times.
    func warnings(about mailing: Mailing, written: Document, folder: Folder?, at now: Timestamp)
        -> [Diagnostic]
    {
        let clock = HumanTime(now: now, zone: zone)
        var warnings: [Diagnostic] = []
        func warn(_ key: String, _ message: String, _ hint: String) {
            warnings.append(
                Diagnostic(key: key, line: mailing.line(ofKey: key), message: message, hint: hint))
        }
        if let sendAt = mailing.timing.sendAt {
            switch folder {
            case nil, .scheduled?:
                if sendAt <= now {
                    warn(
                        "sendAt",
                        "the time has passed, \(clock.relative(sendAt, .rounded)): it goes out at once",
                        "write a later time, unless that is meant")
                }
            case .active?:
                warn(
                    "sendAt", "it is without effect: in active/ a mailing has begun",
                    "move it to paused/ to stop it")
            case .paused?:
                warn(
                    "sendAt",
                    "it is without effect in paused/: moved to active/, the mailing goes on at once",
                    "move it to scheduled/ to let it wait for its time")
            case .done?:
                warn(
                    "sendAt", "it is without effect in done/: the mailing is over",
                    "moved to scheduled/ it counts again, for whoever has not got the mailing")
            }
        }
        if let sendUntil, sendUntil <= now {
            warn("sendUntil", "the time has passed: nobody is mailed any more", "write a later time")
        } else if let sendUntil, opens >= sendUntil {
            warn(
                "sendUntil", "the window does not open before this time: nobody is mailed",
                "write a later time")
        } else if let sendUntil, let ends, ends > sendUntil {
            warn(
                "sendUntil",
                "at this rate it takes until \(clock.calendarDay(ends)): "
                    + "whoever is left at sendUntil is skipped as late",
                "raise the rate, begin earlier, or write a later time")
        }
        return warnings
    }
}
