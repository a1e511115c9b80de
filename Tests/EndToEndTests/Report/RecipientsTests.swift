import Foundation
import Testing

@Suite(.serialized, .timeLimit(.minutes(5)))
struct `The list of recipients` {
    struct Line: Decodable, Equatable {
        var mailing: String?
        let address: String
        let state: String
        let reason: String?
        let attempts: Int
        let at: String?
        let reply: String?
    }

    /// A mailing in which every outcome occurs, in the middle of its delivery.
    private func spool() throws -> ScratchSpool {
        let spool = try ScratchSpool()
        try spool.sink.behave(
            "r3@* exit=67 stderr=550_no_such_user", "r4@* exit=75 stderr=451_come_back,_\"later\"",
            "r5@* exit=67")
        try spool.put("suppressed.txt", "r6@example.com\n")
        let recipients =
            ["Anna <R1@Example.com>"] + Draft.addresses(6).dropFirst() + [
                "r2@EXAMPLE.com", "=1+2", "+sum@example.com",
            ]
        try spool.drop(Draft(recipients), as: "news", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        return spool
    }

    private func lines(_ text: String) throws -> [Line] {
        try text.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    }

    @Test func `as JSON there is a line for each row of the list, in its order, with what became of it`()
        throws
    {
        let spool = try spool()
        let lines = try lines(spool.reported("news", "--recipients", "--json"))
        #expect(
            lines.map(\.address) == [
                "R1@example.com", "r2@example.com", "r3@example.com", "r4@example.com", "r5@example.com",
                "r6@example.com", "r2@example.com", "=1+2", "+sum@example.com",
            ])
        #expect(
            lines.map(\.state) == [
                "sent", "sent", "failed", "deferred", "failed", "skipped", "skipped", "skipped", "sent",
            ])
        #expect(
            lines.map(\.reason) == [
                nil, nil, "refused", "not-now", "refused", "suppressed", "duplicate", "invalid", nil,
            ])
        #expect(lines.map(\.attempts) == [1, 1, 1, 1, 1, 0, 0, 0, 1])
        #expect(lines[2].reply == "550 no such user")
        #expect(lines[3].reply == "451 come back, \"later\"")
        #expect(lines[4].reply == "exit status 67, without a word")
        #expect(lines[0].reply == nil)
        for line in lines {
            #expect((line.at != nil) == (line.attempts > 0), "\(line)")
            if let at = line.at { #expect(abs(try Date(at, strategy: .iso8601).timeIntervalSinceNow) < 300) }
        }
        let mailing = try spool.status(of: "news")
        #expect(mailing.recipients == lines.count)
        let counts = Dictionary(grouping: lines, by: \.state).mapValues(\.count)
        #expect(counts["sent"] == mailing.sent && counts["failed"] == mailing.failed)
        #expect(counts["deferred"] == mailing.deferred && counts["waiting"] ?? 0 == mailing.waiting)
    }

    @Test func `Python's csv module reads the same from the CSV as JSON says`() throws {
        let spool = try spool()
        let text = try spool.reported("news", "--recipients", "--csv")
        #expect(text.hasPrefix("address,state,reason,attempts,at,reply\r\n"))
        let program = """
            import csv, io, json, sys
            text = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", newline="").read()
            json.dump(list(csv.DictReader(io.StringIO(text, newline=""), strict=True)), sys.stdout)
            """
        let rows = try Python.read([[String: String]].self, ["-c", program], input: text)
        let lines = try lines(spool.reported("news", "--recipients", "--json"))
        #expect(rows.count == lines.count)
        for (row, line) in zip(rows, lines) {
            #expect(row["address"] == line.address && row["state"] == line.state)
            #expect(row["reason"] == line.reason ?? "" && row["attempts"] == String(line.attempts))
            #expect(row["at"] == line.at ?? "" && row["reply"] == line.reply ?? "")
        }
    }

    @Test func `only the states asked for are listed, and only those there are can be`() throws {
        let spool = try spool()
        let some = try lines(spool.reported("news", "--recipients", "--json", "--state", "failed,deferred"))
        #expect(some.map(\.address) == ["r3@example.com", "r4@example.com", "r5@example.com"])
        for state in ["waiting", "sending", "in-doubt", "sent", "deferred", "failed", "skipped"] {
            _ = try spool.reported("news", "--recipients", "--state", state)
        }
        for wrong in ["Sent", "sent,", "", "indoubt"] {
            #expect(try spool.report("news", "--recipients", "--state=\(wrong)").ending == .exited(64))
        }
        #expect(try spool.report("news", "--state", "sent").ending == .exited(64))
        #expect(try spool.report("news", "--recipients", "--csv", "--json").ending == .exited(64))
        #expect(try spool.report("nobody", "--recipients").ending == .exited(66))
    }

    @Test func `into a pipe it is a line a row with tabs, and of several mailings each row says whose it is`()
        throws
    {
        let spool = try spool()
        try spool.drop(Draft(["x@example.org"]), as: "later", in: .paused)
        let rows = try spool.reported("news", "--recipients").split(separator: "\n").map {
            $0.split(separator: "\t", omittingEmptySubsequences: false)
        }
        #expect(rows.count == 9 && rows.allSatisfy { $0.count == 6 })
        #expect(rows[5].prefix(3) == ["r6@example.com", "skipped", "suppressed"])
        let all = try lines(spool.reported("--recipients", "--json"))
        #expect(all.filter { $0.mailing == "news" }.count == 9)
        #expect(
            all.first
                == Line(
                    mailing: "later", address: "x@example.org", state: "waiting", reason: nil, attempts: 0,
                    at: nil, reply: nil))
    }

    @Test func `whoever stops reading after the first line is not answered with an error`() throws {
        let spool = try ScratchSpool()
        try spool.drop(Draft(20_000), as: "news", in: .paused)
        for start in ["", "trap '' PIPE; "] {
            let outcome = try Run.start(
                "/bin/sh",
                [
                    "-c", "\(start)\"$0\" --spool \"$1\" news --recipients | head -n 1", Installation.status,
                    spool.path,
                ]
            ).wait()
            #expect(outcome.isSilentSuccess && outcome.output == "r1@example.com\twaiting\t\t0\t\t\n")
        }
    }

    @Test
    func
        `when the list is gone, or another than it was, those whom the journal knows are listed, and that is said`()
        throws
    {
        let spool = try ScratchSpool()
        try spool.sink.behave("r2@* exit=67 stderr=no")
        try spool.put("files/list.txt", Draft.addresses(3).map { $0 + "\n" }.joined())
        try spool.drop(Draft(file: "list.txt"), as: "news", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        #expect(spool.folders(of: "news") == [.done])
        let whole = try spool.reported("news", "--recipients", "--json")
        #expect(try lines(whole).map(\.state) == ["sent", "failed", "sent"])
        try spool.put("files/list.txt", "r1@example.com\nnew@example.com\nr3@example.com\n")
        let changed = try spool.report("news", "--recipients", "--json")
        #expect(changed.ending == .exited(0) && changed.errors.contains("not what it was"))
        #expect(changed.output == whole)
        #expect(unlink(spool.path + "/files/list.txt") == 0)
        let gone = try spool.report("news", "--recipients", "--json")
        #expect(gone.ending == .exited(0) && gone.errors.contains("list.txt"))
        #expect(gone.output == whole)
        try spool.drop(Draft(file: "list.txt"), as: "other", in: .paused)
        let unknown = try spool.report("other", "--recipients", "--json")
        #expect(unknown.ending == .exited(65) && unknown.output == "" && unknown.errors.contains("list.txt"))
    }

    @Test func `after a kill those in flight are in doubt; sent again, failures wait anew`() throws {
        let spool = try ScratchSpool(settings: ["inDoubt": "hold"])
        try spool.sink.behave("r1@* exit=67", "r2@* hang=120000 times=1")
        try spool.drop(Draft(2), as: "news", in: .scheduled)
        let tick = try spool.startTick()
        try eventually("one hangs") { try !spool.sink.hanging.isEmpty && spool.sink.count == 2 }
        #expect(
            try lines(spool.reported("news", "--recipients", "--json")).map(\.state) == ["failed", "sending"])
        try spool.kill(tick)
        let killed = try lines(spool.reported("news", "--recipients", "--json"))
        #expect(killed.map(\.state) == ["failed", "in-doubt"] && killed[1].reason == "killed")
        #expect(spool.move("news", from: .active, to: .done))
        for id in spool.sink.hanging { kill(id, SIGKILL) }
        #expect(try spool.tick().ending == .exited(0))
        #expect(spool.move("news", from: .done, to: .paused))
        #expect(try spool.tick().ending == .exited(0))
        let status = try spool.status(of: "news")
        let states = try lines(spool.reported("news", "--recipients", "--json")).map(\.state)
        #expect(
            states.count { $0 == "failed" } == status.failed
                && states.count { $0 == "in-doubt" } == status.inDoubt)
        #expect(states.count { $0 == "waiting" } == status.waiting)
    }
}
