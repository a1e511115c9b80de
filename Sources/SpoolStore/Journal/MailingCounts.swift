package import SpoolMailing

/// The numbers of a mailing: how many recipients are in which state. Their sum is the number of recipients in the document.
package struct MailingCounts: Equatable, Sendable {
    /// Not yet handed over.
    package var waiting = 0
    /// Handed over by a tick that is at it.
    package var sending = 0
    /// Handed over, outcome unknown.
    package var inDoubt = 0
    /// Accepted by the mail system.
    package var sent = 0
    /// Not now; tried again later.
    package var deferred = 0
    /// Refused, or given up.
    package var failed = 0
    /// Repeats of an address that stands further up.
    package var duplicate = 0
    /// Rows whose address is not valid.
    package var invalid = 0
    /// Addresses that are never mailed.
    package var suppressed = 0
    /// Not reached before `sendUntil`.
    package var late = 0
    /// Recipients who got the mailing and are not in the document any more; not part of the sum.
    package var formerSent = 0

    /// No recipients.
    package init() {}

    /// The numbers of lists of which nobody has been mailed.
    init(total: Int, duplicate: Int, invalid: Int, suppressed: Int) {
        self.duplicate = duplicate
        self.invalid = invalid
        self.suppressed = suppressed
        waiting = total - skipped
    }

    /// All recipients of the document.
    package var recipients: Int {
        waiting + sending + inDoubt + sent + deferred + failed + skipped
    }

    /// Recipients who are not mailed.
    package var skipped: Int { duplicate + invalid + suppressed + late }

    /// Recipients who have not ended: somebody may still be mailed.
    package var left: Int { waiting + sending + inDoubt + deferred }

    private static let keys: [(String, any WritableKeyPath<MailingCounts, Int> & Sendable)] = [
        ("waiting", \.waiting), ("sending", \.sending), ("in-doubt", \.inDoubt), ("sent", \.sent),
        ("deferred", \.deferred), ("failed", \.failed), ("duplicate", \.duplicate), ("invalid", \.invalid),
        ("suppressed", \.suppressed), ("late", \.late), ("former-sent", \.formerSent),
    ]

    /// "waiting=5 sending=0 …", the sum first.
    var text: String {
        (["recipients=\(recipients)"] + MailingCounts.keys.map { "\($0.0)=\(self[keyPath: $0.1])" })
            .joined(separator: " ")
    }

    /// Reads one `key=value`; false if the key is not one of the counts.
    mutating func read(key: String, value: String) -> Bool {
        guard let entry = MailingCounts.keys.first(where: { $0.0 == key }), let number = Int(value) else {
            return false
        }
        self[keyPath: entry.1] = number
        return true
    }

    /// The number of recipients in a state.
    subscript(state: RecipientState) -> Int {
        get { self[keyPath: MailingCounts.path(of: state)] }
        set { self[keyPath: MailingCounts.path(of: state)] = newValue }
    }

    /// The numbers for whoever looks on: while nobody is at it, what was being handed over is as a kill has left it.
    package func seen(isTicking: Bool) -> MailingCounts {
        if isTicking { return self }
        var counts = self
        for _ in 0..<max(0, sending) { counts.move(from: .sending, to: RecipientState.sending.leftByKill) }
        return counts
    }

    /// Moves one recipient from a state to another.
    mutating func move(from: RecipientState, to: RecipientState) {
        self[from] -= 1
        self[to] += 1
    }

    private static func path(of state: RecipientState) -> WritableKeyPath<MailingCounts, Int> {
        switch state {
        case .waiting: \.waiting
        case .sending: \.sending
        case .inDoubt: \.inDoubt
        case .sent: \.sent
        case .deferred: \.deferred
        case .failed: \.failed
        case .skipped(.suppressed): \.suppressed
        case .skipped(.late): \.late
        }
    }
}

extension ListSummary {
    /// The numbers of a mailing that has not begun.
    package var counts: MailingCounts {
        MailingCounts(total: rows, duplicate: duplicates, invalid: invalid, suppressed: suppressed)
    }
}
