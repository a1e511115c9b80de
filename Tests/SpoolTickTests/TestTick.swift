@testable import SpoolConsole
@testable import SpoolExamine
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolSystem
@testable import SpoolTick
@testable import SpoolTransport
@testable import SpoolWriting
import TestSupport

/// Whole ticks on a spool of a test's own, without a process: the mail system does what the test has written down for
/// it, and time passes only where the tick waits.
final class TestTick {
    let spool: TestSpool
    let clock: TestClock
    let transport: ScriptedTransport
    /// What ticks have said, to a cron that mails it.
    private(set) var heard: [String] = []
    /// Whether anybody listens.
    var isHeard = true
    /// The concurrencies for which transports were made, one for each stretch.
    private(set) var stretches: [Int] = []

    init(
        concurrency: Int = 2, _ settings: String = "",
        _ react: @escaping (ScriptedTransport.HandOver) -> ScriptedTransport.Reaction = { _ in .accepts }
    ) throws {
        spool = try TestSpool()
        clock = TestClock()
        transport = ScriptedTransport(clock, react)
        try configure(concurrency: concurrency, settings)
    }

    /// Writes config.json.
    func configure(concurrency: Int = 2, _ settings: String = "") throws {
        try spool.write("config.json", TestTick.configuration(concurrency: concurrency, settings))
    }

    static func configuration(concurrency: Int, _ settings: String = "") -> String {
        "{\"delivery\": {\"concurrency\": \(concurrency)}, \"timeZone\": \"UTC\""
            + (settings.isEmpty ? "}" : ", \(settings)}")
    }

    func forgetWhatWasHeard() { heard = [] }

    /// One tick, from the lock to the end.
    @discardableResult
    func run(isVerbose: Bool = false) throws(SystemError) -> ExitStatus {
        let lock = try LockFile(in: spool.directory.journal, TickLock.name)
        guard try lock.take() else { return .ok }
        defer { lock.release() }
        let listener = Announcements.Listener(isPerson: false) { [unowned self] in
            if isHeard { heard.append($0) }
            return isHeard
        }
        let tick = try Tick(
            spool.directory, isVerbose: isVerbose, to: listener, wakeups: clock, in: clock.surroundings,
            transport: { [unowned self] configured, _, _, _ in
                stretches.append(configured.settings.concurrency)
                return transport
            })
        return try tick.run()
    }

    /// Ticks as cron starts them, one a minute unless the one before is still at it.
    func run(for interval: Interval) throws(SystemError) {
        let end = clock.now.monotonic + interval.microseconds
        var next = clock.now.monotonic
        while next <= end {
            clock.pass(Interval(milliseconds: max(0, next - clock.now.monotonic) / 1000))
            try run()
            while next <= clock.now.monotonic { next += 60_000_000 }
        }
    }

    /// The seconds after the beginning at which messages were handed over.
    var handOverTimes: [Double] {
        transport.log.map { Double(($0.moment.wall - TestClock.start).milliseconds) / 1000 }
    }

    /// What the last look has left of a document.
    func snapshot(_ name: String) throws -> DocumentSnapshot? {
        try TickSnapshot(in: spool.directory.journal).entries.first { $0.name == name }
    }

    /// Where the documents lie.
    var places: [String] {
        Folder.allCases.flatMap { folder in
            spool.names(in: folder.rawValue).map { "\(folder.rawValue)/\($0)" }
        }
    }
}
