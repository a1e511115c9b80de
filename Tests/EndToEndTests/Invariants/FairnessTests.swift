import Foundation
import Glibc
import Testing

/// What hostile and careless members ask for, beside the mailings of everybody else.
@Suite(.timeLimit(.minutes(5)))
struct `Nobody waits for what another mailing asks for` {
    @Test
    func
        `in 256 MB eleven kinds of monsters hold up neither a steady mailing nor a short one, and each is named`()
        throws
    {
        let memory = Conditions.memory(megabytes: 256)
        let spool = try ScratchSpool(concurrency: 2)
        let place = try TemporaryDirectory()
        try tool("/usr/bin/env", "python3", Python.script("make-monsters"), spool.path, place.path)
        let files = try FileManager.default.contentsOfDirectory(atPath: place.path).sorted()
        let monsters = files.map { String($0.dropLast(".json".count)) }
        #expect(monsters.count == 11)
        // It reads the long list as the tick does, which takes a while.
        let check = try spool.check(
            monsters.filter { $0 != "long-list" }.map { "\(place.path)/\($0).json" }, under: memory)
        #expect(check.ending == .exited(65))
        try spool.drop(Draft(400).with("rate", "20/second"), as: "steady", in: .active)
        let load = try MachineLoad()
        defer { load.end() }
        let tick = try spool.startTick(under: memory)
        try eventually("the steady mailing is under way") { try spool.sink.count > 5 }
        let start = monotonicNanoseconds()
        for monster in monsters {
            let document = spool.document(monster, in: .scheduled)
            #expect(rename("\(place.path)/\(monster).json", document) == 0)
        }
        try spool.drop(Draft(["short@example.org"]), as: "short", in: .scheduled)
        let dropped = monotonicNanoseconds()
        var outcome = tick.wait(seconds: 150)
        let end = monotonicNanoseconds()
        // On a slow machine it has ended, as it has said something, before everything is done.
        for _ in 0..<3 where outcome.ending == .exited(0) {
            if try spool.folders(of: "steady") == [.done] && !spool.isToBeNamed(monsters) { break }
            outcome = try spool.tick(under: memory, seconds: 150)
        }
        #expect(outcome.ending == .exited(0), "\(outcome.errors)")

        let submissions = try spool.sink.submissions
        #expect(Set(submissions.map(\.recipient)).count == 401 && submissions.count == 401)
        #expect(spool.folders(of: "steady") == [.done] && spool.folders(of: "short") == [.done])
        var last = start
        for submission in submissions
        where start...end ~= submission.start && submission.recipient != "short@example.org" {
            expectPrompt("a message of the steady mailing", since: last, submission.start, load)
            last = submission.start
        }
        let short = try #require(submissions.first { $0.recipient == "short@example.org" })
        // One look sees it, and the next one sends it.
        expectPrompt("the short mailing", after: 3, since: dropped, short.start, load)

        let attention = try spool.report("--attention")
        #expect(attention.ending == .exited(1))
        let named = Set(attention.output.split(separator: "\n").map { String($0.prefix { $0 != ":" }) })
        for monster in monsters {
            let isChecked = monster == "long-list" || check.output.contains("error       \(monster).json:1: ")
            #expect(isChecked, "\(check.output)")
            #expect(named.contains(monster), "\(attention.output)")
            #expect(spool.folders(of: monster) == [.scheduled])
        }
    }

    /// Expects that something came within some seconds, beside those that the machine itself needed.
    private func expectPrompt(
        _ what: String, after limit: Double = 1, since start: Int, _ end: Int, _ load: MachineLoad
    ) {
        let seconds = Double(end - start) / 1e9
        let excused = load.seconds(from: start, to: end)
        #expect(seconds < limit + excused, "\(what): \(seconds) s, of which the machine took \(excused) s")
    }
}

extension ScratchSpool {
    /// Runs `spool-check` on documents.
    fileprivate func check(_ documents: [String], under conditions: Conditions) throws -> Outcome {
        let (program, all, variables) = conditions.command(
            Installation.check, ["--spool", path] + documents)
        return try Run.start(program, all, environment: variables).wait()
    }

    /// Whether any of these documents has no error as yet.
    fileprivate func isToBeNamed(_ names: [String]) throws -> Bool {
        let status = try status()
        return try names.contains { try status[$0].errors.isEmpty }
    }
}
