package import SpoolSystem

/// The locks that keep ticks and commands from each other.
package enum TickLock {
    /// Held by the one tick that works.
    package static let name = FileName("lock")
    /// Held by a command that wants the lock: a tick that notices ends in order.
    package static let wantName = FileName("want")
}
