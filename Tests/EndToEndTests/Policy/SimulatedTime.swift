import Foundation

/// Moments that a test lets the programs under test believe in.
enum SimulatedTime {
    /// Reads RFC 3339 in UTC, with or without milliseconds.
    static func date(_ text: String) throws -> Date {
        if let date = try? Date(text, strategy: .iso8601) { return date }
        return try Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}

/// A clock that a test sets while a program runs by it.
final class SettableClock {
    private let directory: TemporaryDirectory
    private let file: URL

    /// A clock that goes right.
    init() throws {
        directory = try TemporaryDirectory()
        file = URL(fileURLWithPath: directory.path + "/clock")
        try set("+0")
    }

    /// Sets it, in libfaketime's words: `+3600`.
    func set(_ clock: String) throws {
        try Data("\(clock)\n".utf8).write(to: file, options: .atomic)
    }

    /// The variables of a program that goes by it.
    func environment(_ variables: [String: String]) -> [String: String] {
        var environment = variables
        environment["FAKETIME"] = nil
        environment["FAKETIME_TIMESTAMP_FILE"] = file.path
        environment["FAKETIME_NO_CACHE"] = "1"
        return environment
    }
}

extension Conditions {
    /// The clock as it goes from a moment on.
    static func clock(at date: Date) -> Conditions {
        let text = date.formatted(Date.ISO8601FormatStyle(dateTimeSeparator: .space))
        return .clock("@" + text.replacing("Z", with: ""))
    }
}

extension ScratchSpool {
    /// Runs a tick that begins at a moment.
    func tick(at time: Date) throws -> Outcome { try tick(under: .clock(at: time)) }

    func tick(at time: String) throws -> Outcome { try tick(at: SimulatedTime.date(time)) }

    /// Starts a tick by a clock that can be set.
    func startTick(by clock: SettableClock) throws -> Run {
        let (program, arguments, variables) = Conditions.clock("+0").command(
            Installation.tick, ["--spool", path])
        return try Run.start(program, arguments, environment: clock.environment(variables))
    }

    /// What the status says of a mailing at a moment.
    func status(of name: String, at time: Date) throws -> Status.Mailing {
        try status(under: .clock(at: time))[name]
    }

    func status(of name: String, at time: String) throws -> Status.Mailing {
        try status(of: name, at: SimulatedTime.date(time))
    }

    /// One line of a mailing's journal about a recipient.
    struct Event {
        let time: Date
        let event: String
        let address: String
        let rest: String
    }

    /// What a mailing's journal says of its recipients, in order.
    func events(of name: String, _ kind: String? = nil) throws -> [Event] {
        let text = try String(contentsOfFile: "\(path)/journal/\(name).journal", encoding: .utf8)
        return try text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ", maxSplits: 4, omittingEmptySubsequences: false)
                .map(String.init)
            guard fields.count >= 4, fields[3].contains("@"), kind == nil || kind == fields[2] else {
                return nil
            }
            return Event(
                time: try SimulatedTime.date(fields[1]), event: fields[2], address: fields[3],
                rest: fields.count > 4 ? fields[4] : "")
        }
    }

    /// Goes from one moment at which there is something to do to the next, a tick at each, as long as the mailing is
    /// not done; gives the times of the ticks.
    func tickThroughTime(
        _ name: String, from start: Date, atMost limit: Int,
        _ each: (Date, Outcome) throws -> Void = { _, _ in }
    ) throws -> Date {
        var time = start
        for _ in 0..<limit {
            let outcome = try tick(at: time)
            try each(time, outcome)
            if folders(of: name) == [.done] { return time }
            let next = try status(of: name, at: time).next.map(SimulatedTime.date)
            // So late, and so far apart, that no tick stays for those who are due within the minute.
            time = max(next?.addingTimeInterval(20) ?? time, time.addingTimeInterval(120))
        }
        throw HarnessError(
            "\(name) is not done at \(time) after \(limit) ticks: \(try status(of: name, at: time))")
    }
}
