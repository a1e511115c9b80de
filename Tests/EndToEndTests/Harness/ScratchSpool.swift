import Foundation
import Glibc
import Testing

/// A spool of a test's own, made by `spool-tick --init`, which delivers to a fake sendmail.
final class ScratchSpool {
    enum Folder: String, CaseIterable {
        case scheduled, active, paused, done, files, journal

        static let states: [Folder] = [.scheduled, .active, .paused, .done]
    }

    let path: String
    let sink: Sink
    private let directory: TemporaryDirectory?

    /// A spool in `place`, or in a temporary directory.
    ///
    /// `settings` are config.json's keys beside `delivery`; `delivery` its keys beside `command`.
    init(
        in place: String? = nil, concurrency: Int = 2, delivery: [String: Any] = [:],
        settings: [String: Any] = [:]
    ) throws {
        directory = place == nil ? try TemporaryDirectory() : nil
        path = (place ?? directory?.path ?? "") + "/spool"
        sink = try Sink(journal: path + "/journal")
        let outcome = try Run.start(Installation.tick, ["--init", path]).wait()
        guard outcome.ending == .exited(0) else {
            throw HarnessError("spool-tick --init: \(outcome.ending) \(outcome.errors)")
        }
        try configure(concurrency: concurrency, delivery: delivery, settings: settings)
    }

    // MARK: What people do

    /// Writes config.json.
    func configure(
        concurrency: Int = 2, delivery: [String: Any] = [:], settings: [String: Any] = [:]
    ) throws {
        var keys: [String: Any] = ["command": try sink.command, "concurrency": concurrency]
        keys.merge(delivery) { _, new in new }
        let config = settings.merging(["delivery": keys]) { _, new in new }
        try replace("config.json", with: try JSONSerialization.data(withJSONObject: config))
    }

    /// Puts a document into a folder, whole, as people are told to: written elsewhere and renamed.
    func drop(_ draft: Draft, as name: String, in folder: Folder) throws {
        try replace("\(folder.rawValue)/\(name).json", with: try draft.json)
    }

    /// Writes a file as an editor does that replaces it.
    func replace(_ file: String, with data: Data) throws {
        let place = (path + "/" + file) as NSString
        let temporary = place.deletingLastPathComponent + "/.new-" + place.lastPathComponent
        try data.write(to: URL(fileURLWithPath: temporary))
        guard rename(temporary, place as String) == 0 else { throw HarnessError("rename \(file)") }
    }

    /// Writes a file as an editor does that overwrites it in place.
    func overwrite(_ file: String, with data: Data) throws {
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path + "/" + file))
        try handle.truncate(atOffset: 0)
        try handle.write(contentsOf: data)
        try handle.close()
    }

    /// Puts a file into `files/` (or elsewhere in the spool) that has not changed for a minute.
    func put(_ file: String, _ contents: String, age seconds: Double = 60) throws {
        try replace(file, with: Data(contents.utf8))
        try setAge(of: file, seconds)
    }

    func setAge(of file: String, _ seconds: Double) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date.now.addingTimeInterval(-seconds)], ofItemAtPath: path + "/" + file)
    }

    /// Moves a document as `mv` does; false if it is not there.
    @discardableResult
    func move(_ name: String, from source: Folder, to target: Folder, as newName: String? = nil) -> Bool {
        rename(document(name, in: source), document(newName ?? name, in: target)) == 0
    }

    // MARK: What can be seen

    func document(_ name: String, in folder: Folder) -> String {
        "\(path)/\(folder.rawValue)/\(name).json"
    }

    func contents(of name: String, in folder: Folder) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: document(name, in: folder)))
    }

    /// The state folders in which a document lies.
    func folders(of name: String) -> [Folder] {
        Folder.states.filter { access(document(name, in: $0), F_OK) == 0 }
    }

    /// The names of a folder's entries, sorted.
    func names(in folder: Folder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder.rawValue)").sorted()
    }

    /// All that lies in it, with what a look at it would not show, but for what an access changes.
    var picture: String {
        get throws { try tool("/usr/bin/find", path, "-printf", "%p %u %m %s %T@ %C@ %l\n") }
    }

    // MARK: The programs under test

    func startTick(_ arguments: [String] = [], under conditions: Conditions = .ordinary) throws -> Run {
        let (program, all, variables) = conditions.command(Installation.tick, ["--spool", path] + arguments)
        return try Run.start(program, all, environment: variables)
    }

    /// Runs a tick to its end.
    func tick(
        _ arguments: String..., under conditions: Conditions = .ordinary, seconds: Double = 90
    ) throws -> Outcome {
        try startTick(arguments, under: conditions).wait(seconds: seconds)
    }

    /// Kills a running tick, so that nothing of it is left but the sendmails that it has started.
    ///
    /// A child that has not yet become a sendmail when its tick dies still has the tick's lock, for some milliseconds,
    /// or many on a busy machine: a tick that was started at once would leave again at once.
    @discardableResult
    func kill(_ tick: Run) throws -> Outcome {
        tick.signal(SIGKILL)
        let outcome = tick.wait()
        try eventually("the lock is free") {
            let lock = open(path + "/journal/lock", O_RDONLY | O_CLOEXEC)
            // It was killed before it had made one.
            guard lock >= 0 else { return true }
            defer { close(lock) }
            return flock(lock, LOCK_EX | LOCK_NB) == 0
        }
        return outcome
    }

    /// Runs ticks as cron would until nothing is left in `active/` and `scheduled/`; returns how many it took.
    @discardableResult
    func tickUntilDone(
        atMost limit: Int = 8, location: SourceLocation = #_sourceLocation
    ) throws -> Int {
        var outcome: Outcome?
        for number in 0...limit {
            let left = try names(in: .active) + names(in: .scheduled)
            if !left.contains(where: { $0.hasSuffix(".json") && !$0.hasPrefix(".") }) { return number }
            if number == limit { break }
            outcome = try tick()
        }
        let last = outcome.map { "\($0.ending) \($0.errors)" } ?? ""
        Issue.record("not done after \(limit) ticks; the last one: \(last)", sourceLocation: location)
        return limit
    }

    func status(under conditions: Conditions = .ordinary) throws -> Status {
        let (program, arguments, variables) = conditions.command(
            Installation.status, ["--spool", path, "--json"])
        let outcome = try Run.start(program, arguments, environment: variables).wait()
        guard outcome.ending == .exited(0) else {
            throw HarnessError("spool-status: \(outcome.ending) \(outcome.errors)")
        }
        return try JSONDecoder().decode(Status.self, from: Data(outcome.output.utf8))
    }

    /// What the status says of one mailing.
    func status(of name: String) throws -> Status.Mailing { try status()[name] }
}
