/// How somebody who works in rounds waits for the next, and what wakes him or asks him to end.
///
/// ``Signals`` are those of a process; a test has its own, in which waiting takes no time.
package protocol Wakeups: AnyObject, Sendable {
    /// Whether he is to end.
    var isTerminationAsked: Bool { get }

    /// Wakes the one that waits, or is about to, from any thread.
    func wake()

    /// Waits until something wakes us, a descriptor can be read, or the time is over.
    ///
    /// - Parameter microseconds: at most this long; 0 only looks.
    func wait(forInputOf inputs: [Int32], microseconds: Int64)
}
