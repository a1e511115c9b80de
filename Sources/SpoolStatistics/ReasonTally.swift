package import SpoolSchedule

/// Why recipients failed, or were deferred, for one reason.
package struct Reason: Equatable, Sendable {
    /// What the mail system answered with: an exit status such as `67`, or `signal-9`; `-` where it gave none.
    package let status: String
    /// What it said, with `*` for what differs from one recipient to the next; empty if it said nothing.
    package let text: String
    /// How often.
    package var count = 0
    /// Normalised addresses, at most three.
    package var examples: [String] = []
    /// When it last happened.
    package var latest: Timestamp
}

/// Counts reasons, in bounded memory: beyond 500 different ones the rarest are only counted together.
package struct ReasonTally: Equatable, Sendable {
    private struct Key: Hashable {
        let status: String
        let text: String
    }

    private var reasons: [Key: Reason] = [:]
    /// How often there was a reason that was too rare to be kept.
    package private(set) var others = 0

    private static let limit = 500
    private static let mostExamples = 3

    /// All reasons that were kept, the most frequent first.
    package var sorted: [Reason] {
        reasons.values.sorted {
            ($1.count, $0.text, $0.status) < ($0.count, $1.text, $1.status)
        }
    }

    /// How often there was any reason.
    package var total: Int { reasons.values.reduce(others) { $0 + $1.count } }

    /// Notes what was said to an attempt.
    mutating func add(status: String, reply: String, address: String, at time: Timestamp) {
        let key = Key(status: status, text: ReplyPattern.pattern(of: reply, to: address))
        if reasons[key] == nil, reasons.count >= ReasonTally.limit { dropRarest() }
        var reason = reasons[key] ?? Reason(status: status, text: key.text, latest: time)
        reason.count += 1
        reason.latest = max(reason.latest, time)
        if reason.examples.count < ReasonTally.mostExamples, !reason.examples.contains(address) {
            reason.examples.append(address)
        }
        reasons[key] = reason
    }

    private mutating func dropRarest() {
        let ascending = reasons.sorted { $0.value.count < $1.value.count }
        for (key, reason) in ascending.prefix(ReasonTally.limit / 2) {
            others += reason.count
            reasons[key] = nil
        }
    }
}
