/// What a tick takes from the world around it: the clocks, chance and other threads. A test gives its own.
package struct Surroundings: Sendable {
    /// Reads both clocks.
    package let now: @Sendable () -> Moment
    /// A random number, at least 0 and below 1.
    package let chance: @Sendable () -> Double
    /// Has something done beside what the caller does; several such things may be done at once.
    package let beside: @Sendable (@escaping @Sendable () -> Void) -> Void

    /// Makes surroundings of their parts.
    package init(
        now: @escaping @Sendable () -> Moment,
        chance: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
        beside: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void
    ) {
        self.now = now
        self.chance = chance
        self.beside = beside
    }
}
