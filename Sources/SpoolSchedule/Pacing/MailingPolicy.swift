/// When and how fast one mailing may be delivered.
package struct MailingPolicy: Equatable, Sendable {
    /// The hours of the week; nil means always.
    package var window: DeliveryWindow?
    /// The zone of the window.
    package var zone: TimeZoneRules
    /// The mailing's own rate, beside the spool's.
    package var rate: Rate?
    /// Nobody is mailed at this moment or later.
    package var sendUntil: Timestamp?

    /// Makes a policy; without arguments, at once and as fast as the mail system takes it.
    package init(
        window: DeliveryWindow? = nil, zone: TimeZoneRules = .utc, rate: Rate? = nil,
        sendUntil: Timestamp? = nil
    ) {
        self.window = window
        self.zone = zone
        self.rate = rate
        self.sendUntil = sendUntil
    }

    /// Whether it is too late to mail anybody.
    func isLate(at time: Timestamp) -> Bool {
        sendUntil.map { time >= $0 } ?? false
    }
}

/// Whether somebody of a mailing can be mailed at once, by what only its list of recipients knows.
package struct Demand: Hashable, Sendable {
    /// Somebody waits for the first attempt, is in doubt and to be sent again, or is due again.
    package internal(set) var readyNow: Bool
    /// When the next deferred recipient is due, if nobody is ready now; in steady time
    /// (``Schedule/steadyTime(at:)``).
    var nextRetry: Timestamp?

    /// Makes a demand.
    package init(readyNow: Bool, nextRetry: Timestamp? = nil) {
        self.readyNow = readyNow
        self.nextRetry = nextRetry
    }

    /// Nobody, now or later: all have ended or are being handed over.
    package static let none = Demand(readyNow: false)
    /// Somebody, now.
    package static let ready = Demand(readyNow: true)
}

/// Why a mailing does not go on; the raw values are those of `spool-status --json` and of board.json.
package enum WaitReason: String, Codable, Sendable {
    /// Its time has not come.
    case sendAt
    /// It is outside its window.
    case window
    /// Its rate, or the spool's, holds it back.
    case rate
    /// Everybody who is left has been deferred.
    case retry
    /// A file that it refers to is still being written.
    case file
    /// The mail system does not accept messages.
    case mailSystem = "mail system"
    /// A person has to decide.
    case person
    /// A mailing of this name is under way.
    case otherMailing = "another mailing of this name"
    /// A tick sends nothing before config.json or suppressed.txt is mended.
    case configuration
}
