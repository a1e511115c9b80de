internal import Glibc

/// The clocks of the machine.
package enum Clock {
    /// The wall clock, in milliseconds since 1970 UTC (CLOCK_REALTIME). It can jump.
    package static func wallMilliseconds() -> Int64 {
        let now = read(CLOCK_REALTIME)
        return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
    }

    /// A clock that only goes forward, in microseconds from no particular point (CLOCK_MONOTONIC).
    package static func monotonicMicroseconds() -> Int64 {
        let now = read(CLOCK_MONOTONIC)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
    }

    /// Sleeps; a signal may end it early.
    package static func sleep(milliseconds: Int64) {
        var time = timespec(
            tv_sec: time_t(milliseconds / 1000), tv_nsec: Int(milliseconds % 1000) * 1_000_000)
        nanosleep(&time, nil)
    }

    private static func read(_ clock: clockid_t) -> timespec {
        var now = timespec()
        clock_gettime(clock, &now)
        return now
    }
}
