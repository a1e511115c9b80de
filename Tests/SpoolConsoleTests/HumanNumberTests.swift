@testable import SpoolConsole
import Testing

struct HumanNumberTests {
    @Test func `of several counts those are said of which there is any, and those that always are`() {
        let counts = [(0, "sent"), (1200, "failed"), (0, "skipped")]
        #expect(HumanNumber.list(counts) == "1,200 failed")
        #expect(HumanNumber.list(counts, always: ["sent"]) == "0 sent, 1,200 failed")
        #expect(HumanNumber.list([]).isEmpty)
    }

    @Test(arguments: [
        (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1 kB"), (1234, "1.2 kB"),
        (9_949, "9.9 kB"),
        (9_950, "10 kB"), (99_949, "100 kB"), (999_499, "999 kB"), (999_500, "1 MB"), (4_210_000, "4.2 MB"),
        (10_000_000, "10 MB"), (64 << 20, "67 MB"), (2_500_000_000, "2.5 GB"),
    ])
    func `sizes have two digits or whole numbers`(bytes: Int, text: String) {
        #expect(HumanNumber.size(bytes) == text)
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (1_000_000, "1,000,000"),
        (-1234, "-1,234"), (-12_345, "-12,345"),
    ])
    func `numbers have commas between thousands`(number: Int, text: String) {
        #expect(HumanNumber.text(number) == text)
    }

    @Test func `one is singular`() {
        #expect(HumanNumber.counted(1, "link leads", "links lead") == "1 link leads")
        #expect(HumanNumber.counted(0, "link leads", "links lead") == "0 links lead")
        #expect(HumanNumber.counted(1200, "link leads", "links lead") == "1,200 links lead")
    }

    @Test(arguments: [
        (0, 5, "0 %"), (5, 5, "100 %"), (999, 1000, "99 %"), (1, 3000, "< 0.1 %"), (45, 1000, "4.5 %"),
        (40, 1000, "4 %"), (0, 0, "0 %"),
    ])
    func `shares are never rounded into something else`(part: Int, whole: Int, text: String) {
        #expect(HumanNumber.percent(part, of: whole) == text)
    }

    @Test(arguments: [
        (0, "0"), (0.35, "0.4"), (4, "4"), (4.46, "4.5"), (9.94, "9.9"), (9.96, "10"), (49.9, "50"),
        (3970.8, "3,971"), (.greatestFiniteMagnitude, "1,000,000,000,000"),
    ])
    func `a rate has a digit behind the point where it is small`(perMinute: Double, text: String) {
        #expect(HumanNumber.rate(perMinute) == text)
    }
}
