package import SpoolSchedule

/// The deferrals of one mailing that may yet turn out to have been the mail system's fault, and those that did.
///
/// It changes alike when things happen and when they are read again.
package struct OpenDeferrals {
    /// What a deferral has counted.
    package struct Deferral {
        /// It counted towards the attempts of unclear status.
        package let isUnclear: Bool
        /// It is the first that counts against its recipient.
        package let isFirst: Bool
    }

    /// The latest deferrals of recipients since the mail system last accepted something of the mailing.
    private var counted: [Int: Deferral] = [:]
    /// Whose latest deferral was excused, and when; until the mail system accepts something.
    private var excused: [Int: Timestamp] = [:]

    /// Nothing has happened yet.
    package init() {}

    /// Recipients deferred for the first time since something of the mailing was last accepted, in list order.
    ///
    /// At a slow rate a tick makes one attempt: the row of five that shows a failing mail system goes over several.
    package var newcomers: [Int] { counted.filter(\.value.isFirst).keys.sorted() }

    package mutating func deferred(_ index: Int, isUnclear: Bool, isFirst: Bool) {
        excused[index] = nil
        counted[index] = Deferral(isUnclear: isUnclear, isFirst: isFirst)
    }

    /// Notes that the latest deferral of a recipient was not its own fault; gives what it had counted.
    package mutating func excuse(_ index: Int, at time: Timestamp) -> Deferral {
        excused[index] = time
        return counted.removeValue(forKey: index) ?? Deferral(isUnclear: false, isFirst: false)
    }

    /// Notes that a recipient has ended.
    package mutating func ended(_ index: Int) {
        counted[index] = nil
        excused[index] = nil
    }

    /// Notes that something of the mailing was accepted; gives those whose next deferral counts against them, since
    /// the mail system now works.
    package mutating func accepted() -> [Int] {
        counted = [:]
        defer { excused = [:] }
        return Array(excused.keys)
    }

    /// Notes that something of another mailing was accepted; gives those who had been excused before.
    package mutating func accepted(elsewhere time: Timestamp) -> [Int] {
        let cleared = excused.filter { $0.value < time }.map(\.key)
        for index in cleared { excused[index] = nil }
        return cleared
    }
}
