package import SpoolSchedule
internal import SpoolSystem
internal import Synchronization

/// The clocks of a test and the world that goes by them: time passes only where somebody waits, or the test says so.
///
/// What is to happen at a time happens on the way there. What is done "beside" is done at once, on the same thread, unless
/// the test says how long it takes.
package final class TestClock: Wakeups {
    private struct Event {
        let time: Int64
        let action: @Sendable () -> Void
    }

    private struct State {
        /// A moment from which on nobody has set the clock on the wall.
        var beginning: Moment
        var monotonic: Int64
        /// In the order in which they happen.
        var events: [Event] = []
        var isAwake = false
        var isTerminationAsked = false
        var waits = 0
        var chance = 0.0
        var besideTakes: Interval?

        var now: Moment {
            let raw = Moment(wall: beginning.wall, monotonic: monotonic)
            return Moment(wall: raw.steadyWall(since: beginning), monotonic: monotonic)
        }
    }

    private let state: Mutex<State>

    /// Tuesday, 24 November 2026, 18:00 in UTC.
    package static let start = Timestamp(milliseconds: 1_795_543_200_000)
    /// Whoever waits more often than this for nothing will never end.
    private static let mostWaits = 10_000

    package init(at start: Timestamp = TestClock.start) {
        let beginning = Moment(wall: start, monotonic: 1_000_000_000)
        state = Mutex(State(beginning: beginning, monotonic: beginning.monotonic))
    }

    // MARK: The test's side

    /// Both clocks as they are.
    package var now: Moment { state.withLock(\.now) }

    /// What is to be given to whatever is tested.
    package var surroundings: Surroundings {
        Surroundings(
            now: { self.now }, chance: { self.state.withLock(\.chance) }, beside: { self.beside($0) })
    }

    /// Lets time pass.
    package func pass(_ interval: Interval) {
        run(to: now.monotonic + interval.microseconds, untilAwake: false)
    }

    /// Sets the clock on the wall, and not the other one.
    package func setWall(by interval: Interval) {
        state.withLock { state in
            let now = state.now
            state.beginning = Moment(wall: now.wall + interval, monotonic: now.monotonic)
        }
    }

    /// Has something happen when a length of time has passed.
    package func after(_ interval: Interval, _ action: @escaping @Sendable () -> Void) {
        state.withLock { state in
            let event = Event(time: state.monotonic + interval.microseconds, action: action)
            let place = state.events.firstIndex { $0.time > event.time } ?? state.events.endIndex
            state.events.insert(event, at: place)
        }
    }

    /// Every random number from here on.
    package func setChance(_ chance: Double) { state.withLock { $0.chance = chance } }

    /// How long it takes what is done beside from here on; nil for no time at all.
    package func setBeside(takes interval: Interval?) { state.withLock { $0.besideTakes = interval } }

    /// Asks whoever waits to end.
    package func askForTermination() {
        state.withLock { $0.isTerminationAsked = true }
        wake()
    }

    // MARK: The side of what is tested

    package var isTerminationAsked: Bool { state.withLock(\.isTerminationAsked) }

    package func wake() { state.withLock { $0.isAwake = true } }

    package func wait(forInputOf inputs: [Int32], microseconds: Int64) {
        let end = state.withLock { state in
            state.waits = microseconds > 0 ? 0 : state.waits + 1
            precondition(state.waits < TestClock.mostWaits, "waits without an end for no time at all")
            return state.monotonic + max(0, microseconds)
        }
        run(to: end, untilAwake: true)
    }

    private func beside(_ work: @escaping @Sendable () -> Void) {
        guard let length = state.withLock(\.besideTakes) else { return work() }
        after(length, work)
    }

    private func run(to end: Int64, untilAwake: Bool) {
        while true {
            let event: Event? = state.withLock { state in
                if untilAwake, state.isAwake {
                    state.isAwake = false
                    return nil
                }
                let next = state.events.first.flatMap { $0.time <= end ? $0 : nil }
                if next != nil { state.events.removeFirst() }
                state.monotonic = max(state.monotonic, next?.time ?? end)
                return next
            }
            guard let event else { return }
            event.action()
        }
    }
}
