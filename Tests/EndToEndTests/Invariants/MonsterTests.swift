import Foundation
import Glibc
import Testing

/// Documents that ask for more than the machine has, and ticks that die of one.
@Suite(.timeLimit(.minutes(5)))
struct `One document stops nobody else` {
    @Test func `a document at which three ticks in a row were killed is left alone, and the others go on`()
        throws
    {
        let spool = try ScratchSpool()
        let rows = (0..<400_000).map { "r\($0)@example.net" }.joined(separator: "\n")
        try spool.put("files/long.csv", "address\n\(rows)\n")
        try spool.drop(
            Draft(file: "long.csv").with("sendAt", "2040-01-01T00:00:00Z"), as: "long", in: .scheduled)
        for count in 1...3 {
            let tick = try spool.startTick()
            try eventually("it is being prepared") {
                let marks = try? String(contentsOfFile: spool.path + "/journal/preparing", encoding: .utf8)
                // Not the line that the tick before has left.
                return marks?.contains("\n\(count) scheduled ") == true
            }
            #expect(try spool.kill(tick).ending == .signalled(SIGKILL))
        }
        try spool.drop(Draft(3), as: "news", in: .scheduled)
        let outcome = try spool.tick()
        #expect(outcome.ending == .exited(0))
        #expect(
            outcome.errors.hasPrefix(
                "spool-tick: scheduled/long.json: 3 ticks in a row were killed while they prepared it"))
        #expect(spool.folders(of: "news") == [.done] && spool.folders(of: "long") == [.scheduled])
        #expect(try spool.tick().isSilentSuccess)
        let attention = try Run.start(Installation.status, ["--spool", spool.path, "--attention"]).wait()
        #expect(attention.ending == .exited(1) && attention.output.contains("long"))
        // A move lets it be tried again.
        #expect(spool.move("long", from: .scheduled, to: .paused))
        #expect(try spool.tick().isSilentSuccess)
        #expect(try spool.status(of: "long").recipients == 400_000)
    }

    @Test func `more mailings outside their window than there are descriptors hold nobody up`() throws {
        let spool = try ScratchSpool()
        try spool.put("files/a.txt", "Hello")
        let now = Int(Date.now.timeIntervalSince1970) / 3600 % 24
        let window = [
            "from": String(format: "%02d:00", (now + 3) % 24),
            "until": String(format: "%02d:00", (now + 4) % 24),
        ]
        try spool.put("files/l.csv", "address\nlist@example.org\n")
        for number in 0..<150 {
            let draft = Draft(1).with("window", window).with("timeZone", "UTC").with("attachments", ["a.txt"])
                .with("recipientsFile", "l.csv")
            try spool.drop(draft, as: "m\(number)", in: .active)
        }
        try spool.drop(Draft(3).with("attachments", ["a.txt"]), as: "news", in: .active)
        let outcome = try Run.start(
            "/bin/sh", ["-c", "ulimit -n 100; exec \"$@\"", "sh", Installation.tick, "--spool", spool.path]
        ).wait()
        #expect(outcome.isSilentSuccess, "\(outcome.errors)")
        #expect(spool.folders(of: "news") == [.done])
        #expect(try spool.status(of: "m0").waitingFor == "window")
    }
}
