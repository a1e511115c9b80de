@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
import Testing

struct FileTimeTests {
    @Test(arguments: [Int64.max, .min, 1 << 60]) func `no time of a file is too far off`(seconds: Int64) {
        let time = Timestamp(FileStatus.Time(seconds: seconds, nanoseconds: 999_999_999))
        #expect((time > Timestamp(seconds: 0)) == (seconds > 0))
    }
}
