internal import Dispatch
package import SpoolSchedule
package import SpoolSystem

extension Moment {
    /// Both clocks of the machine as they are now.
    package static func now() -> Moment {
        Moment(
            wall: Timestamp(milliseconds: Clock.wallMilliseconds()), monotonic: Clock.monotonicMicroseconds())
    }
}

extension Surroundings {
    /// Those of the machine.
    package static let machine = Surroundings(now: Moment.now, beside: { threads.async(execute: $0) })

    private static let threads = DispatchQueue(label: "beside", attributes: .concurrent)
}

extension Timestamp {
    /// A time of the file system, cut to milliseconds.
    package init(_ time: FileStatus.Time) {
        self.init(
            milliseconds: saturatingSum(
                saturatingProduct(time.seconds, 1000), Int64(time.nanoseconds) / 1_000_000))
    }
}
