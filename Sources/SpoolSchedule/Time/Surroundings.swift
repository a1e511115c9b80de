/// What a tick takes from the world around it: the clocks and chance. A test gives its own.
package struct Surroundings: Sendable {
    /// Reads both clocks.
    package let now: @Sendable () -> Moment
    /// A random number, at least 0 and below 1.
    package let chance: @Sendable () -> Double

    /// Makes surroundings of a clock and a source of chance.
    package init(
        now: @escaping @Sendable () -> Moment,
        chance: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.now = now
        self.chance = chance
    }
}
