internal import SpoolSchedule

/// The deferrals of one mailing that may yet turn out to have been the mail system's fault, and those that did.
///
/// It changes alike when things happen and when they are read again.
package struct OpenDeferrals {
    /// What a deferral has counted.
    private struct Deferral {
        /// What it said of the recipient.
        let kind: RecipientEvent.DeferralKind
        /// It is the first that counts against its recipient.
        let isFirst: Bool
    }

    /// The latest deferrals of recipients since the mail system last accepted something of the mailing.
    private var counted: [Int: Deferral] = [:]
    /// Whose latest deferral was excused, and when; until the mail system accepts something.
    private var excused: [Int: Timestamp] = [:]

    /// Nothing has happened yet.
    init() {}

    /// Recipients deferred for the first time since something of the mailing was last accepted, in list order.
    ///
    /// At a slow rate a tick makes one attempt: the row of five that shows a failing mail system goes over several.
    package var newcomers: [Int] { counted.filter(\.value.isFirst).keys.sorted() }

    mutating func deferred(_ index: Int, _ kind: RecipientEvent.DeferralKind, isFirst: Bool) {
        excused[index] = nil
        counted[index] = Deferral(kind: kind, isFirst: isFirst)
    }

    /// The event by which the latest deferral of a recipient is put down to the mail system.
    package func excuse(of index: Int) -> RecipientEvent {
        let deferral = counted[index] ?? Deferral(kind: .notNow, isFirst: false)
        return .excused(deferral.kind, isFirst: deferral.isFirst)
    }

    /// Notes that the latest deferral of a recipient was not its own fault.
    mutating func excuse(_ index: Int, at time: Timestamp) {
        excused[index] = time
        counted[index] = nil
    }

    /// Notes that a recipient has ended.
    mutating func ended(_ index: Int) {
        counted[index] = nil
        excused[index] = nil
    }

    /// Notes that something of the mailing was accepted; gives those whose next deferral counts against them, since
    /// the mail system now works.
    mutating func accepted() -> [Int] {
        counted = [:]
        defer { excused = [:] }
        return Array(excused.keys)
    }

    /// Notes that something of another mailing was accepted; gives those who had been excused before.
    mutating func accepted(elsewhere time: Timestamp) -> [Int] {
        let cleared = excused.filter { $0.value < time }.map(\.key)
        for index in cleared { excused[index] = nil }
        return cleared
    }
}
