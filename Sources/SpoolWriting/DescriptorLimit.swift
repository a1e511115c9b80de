internal import Glibc
internal import SpoolSystem

/// The limit of open descriptors, raised for this process and not for the programs that it starts.
///
/// Many of those close every descriptor up to their limit first: a million calls for each message.
package struct DescriptorLimit: Sendable {
    private let inherited: rlimit

    /// Kept for what a look needs, when deliveries have used up all others.
    private static let reserve = 32

    /// Raises the limit of this process as far as it goes (setrlimit(2) with RLIMIT_NOFILE); nil if it stays as it was.
    package static func raised() -> DescriptorLimit? {
        let inherited = current
        guard inherited.rlim_cur < inherited.rlim_max else { return nil }
        do throws(SystemError) {
            try set(inherited.rlim_max, inherited.rlim_max)
        } catch {
            return nil
        }
        return DescriptorLimit(inherited: inherited)
    }

    /// Whether a number that a call has just returned is one of the last: the lowest that is free is always taken.
    package static func isNearlyReached(by number: Int32) -> Bool {
        let most = Int(clamping: current.rlim_cur)
        return Int(number) >= most - min(reserve, most / 4)
    }

    /// Does something under the limit that this process was started with, if all that other threads open meanwhile is
    /// surely below it.
    ///
    /// - Parameter number: of a descriptor that has just been opened.
    func lowered<Value>(besides number: Int32, _ body: () throws(SystemError) -> Value)
        throws(SystemError) -> Value
    {
        guard Int(number) + DescriptorLimit.reserve < Int(clamping: inherited.rlim_cur) else {
            return try body()
        }
        try DescriptorLimit.set(inherited.rlim_cur, inherited.rlim_max)
        // What was allowed before is allowed again.
        defer { try? DescriptorLimit.set(inherited.rlim_max, inherited.rlim_max) }
        return try body()
    }

    private static var current: rlimit {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return limit
    }

    private static func set(_ soft: rlim_t, _ hard: rlim_t) throws(SystemError) {
        var limit = rlimit(rlim_cur: soft, rlim_max: hard)
        try systemCall(.setrlimit, "descriptors") {
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
    }
}
