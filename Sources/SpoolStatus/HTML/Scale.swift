internal import SpoolConsole
internal import SpoolSchedule

/// Round numbers for an axis of counts that begins at 0.
struct CountScale: Equatable {
    /// The ticks, 0 first; the last is at least the largest value.
    let ticks: [Int]

    /// - Parameter intervals: about how many parts the axis has.
    init(upTo largest: Int, intervals: Int = 4) {
        let largest = max(1, largest)
        var step = 1
        var factors = [2, 5, 10]
        while (largest + step - 1) / step > intervals + 1 {
            let factor = factors.removeFirst()
            factors.append(factor * 10)
            step = factor
        }
        let count = (largest + step - 1) / step
        ticks = (0...count).map { $0 * step }
    }

    var top: Int { ticks[ticks.count - 1] }

    /// Where a value is, from 0 to 1.
    func share(_ value: Int) -> Double { Double(value) / Double(top) }

    /// A tick's label: 500, 1.5k, 2M.
    static func label(_ number: Int) -> String {
        for (size, sign) in [(1_000_000, "M"), (1_000, "k")] where number >= size {
            return HumanNumber.tenths(number, of: size) + sign
        }
        return String(number)
    }
}

/// Round moments of local time for an axis.
struct TimeScale {
    /// The ticks with their labels.
    let ticks: [(time: Timestamp, label: String)]

    private static let steps: [Int64] = [
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
        172_800,
        604_800,
    ]

    /// At most `most` ticks between two moments.
    init(from start: Timestamp, to end: Timestamp, in clock: HumanTime, most: Int = 6) {
        let span = max(1, end.seconds - start.seconds)
        let step = TimeScale.steps.first { span / $0 < Int64(most) } ?? max(604_800, span / Int64(most))
        let offset = Int64(clock.zone.utcOffset(at: start))
        var local = (start.seconds + offset + step - 1) / step * step
        var ticks: [(Timestamp, String)] = []
        while local - offset <= end.seconds {
            let time = Timestamp(seconds: local - offset)
            ticks.append((time, clock.tick(time, step: step)))
            local += step
        }
        self.ticks = ticks
    }
}
