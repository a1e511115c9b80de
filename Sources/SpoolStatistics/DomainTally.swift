internal import SpoolMailing
internal import SpoolSchedule

/// How a mailing fares with the recipients of one domain.
package struct DomainFigures: Equatable, Sendable {
    /// The domain in its ASCII form, in small letters.
    package let domain: String
    /// Messages that the mail system took.
    package var sent = 0
    /// Recipients refused for good or given up.
    package var failed = 0
    /// Recipients who are to be tried again.
    package var deferred = 0
    /// Attempts that were put off, those of recipients who have ended since included.
    package var deferrals = 0
    /// Messages of which the time from the first attempt to the acceptance is known, and the sum of these times in
    /// milliseconds.
    var timed = 0
    var milliseconds: Int64 = 0
    /// The longest of these times, in milliseconds.
    package var longest: Int64 = 0

    /// The mean time from the first attempt to the acceptance, in milliseconds; nil if nothing was accepted.
    package var mean: Int64? { timed == 0 ? nil : milliseconds / Int64(timed) }

    /// All recipients of whom anything is known.
    package var recipients: Int { sent + failed + deferred }

    /// A deferred recipient is tried again or has ended; the deferral itself may be among the others, or damaged.
    mutating func endDeferral() { deferred = max(0, deferred - 1) }

    /// Notes how long it took until a message was accepted.
    mutating func addTime(_ time: Interval) {
        let length = max(0, time.milliseconds)
        timed += 1
        milliseconds = saturatingSum(milliseconds, length)
        longest = max(longest, length)
    }
}

/// Figures by domain, in bounded memory: of more than 8192 domains those with the fewest recipients and no trouble are
/// only counted together.
package struct DomainTally: Equatable, Sendable {
    private var figures: [AddressHash: DomainFigures] = [:]
    /// All that is not told apart by domain.
    package private(set) var others = DomainFigures(domain: "")

    private static let limit = 8192

    /// All domains that were kept.
    var domains: [DomainFigures] { Array(figures.values) }

    /// Changes the figures of the domain of a normalised address.
    mutating func update(_ address: UnsafeRawBufferPointer, _ change: (inout DomainFigures) -> Void) {
        let begin = address.lastIndex(of: 0x40).map { $0 + 1 } ?? 0
        let domain = UnsafeRawBufferPointer(rebasing: address[begin...])
        let key = AddressHash(domain)
        if figures[key] == nil, figures.count >= DomainTally.limit { dropSmallest() }
        change(&figures[key, default: DomainFigures(domain: String(decoding: domain, as: UTF8.self))])
    }

    /// Whoever had failed is tried again.
    mutating func forgetFailures() {
        for key in figures.keys { figures[key]?.failed = 0 }
        others.failed = 0
    }

    private mutating func dropSmallest() {
        let ascending = figures.sorted {
            ($0.value.failed + $0.value.deferrals, $0.value.sent)
                < ($1.value.failed + $1.value.deferrals, $1.value.sent)
        }
        for (key, figure) in ascending.prefix(DomainTally.limit / 2) {
            others.sent += figure.sent
            others.failed += figure.failed
            others.deferred += figure.deferred
            others.deferrals += figure.deferrals
            others.timed += figure.timed
            others.milliseconds = saturatingSum(others.milliseconds, figure.milliseconds)
            others.longest = max(others.longest, figure.longest)
            figures[key] = nil
        }
    }
}
