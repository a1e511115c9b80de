import Foundation
import Testing

@Suite(.serialized, .timeLimit(.minutes(10)))
struct `The looks of the status` {
    private func look(
        _ spool: ScratchSpool, _ arguments: String..., environment: [String: String] = [:]
    ) throws -> Outcome {
        try Run.start(Installation.status, ["--spool", spool.path] + arguments, environment: environment)
            .wait()
    }

    @Test func `a mailing's page has its numbers, and failures by reason with examples`() throws {
        let spool = try ScratchSpool(settings: ["retry": ["first": "1h", "most": "1h"]])
        try spool.sink.behave(
            "r?1@* exit=67 stderr=550_5.1.1_user_unknown", "r?2@* exit=75 stderr=452_4.2.2_mailbox_full")
        try spool.drop(Draft(60), as: "news", in: .active)
        #expect(try spool.tick().ending == .exited(0))
        let page = try look(spool, "news")
        #expect(page.isSilentSuccess, "\(page)")
        let lines = page.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        for line in ["sent 50", "failed 5", "deferred 5", "together 60", "attempts 60"] {
            #expect(lines.contains(line), "no \(line) in \(page.output)")
        }
        #expect(lines.contains { $0.hasPrefix("5 550") && $0.hasSuffix("(exit status 67)") })
        #expect(lines.contains { $0.hasPrefix("r11@example.com, ") })
        #expect(lines.contains { $0.hasPrefix("next ") && $0.contains("next try") })
        #expect(lines.contains { $0.hasPrefix("50 got revision") })
        #expect(page.output.utf8.allSatisfy { $0 < 0x80 })
    }

    @Test func `what has ended is listed up to the last ten, and all of it with --all`() throws {
        let spool = try ScratchSpool()
        for number in 1...13 { try spool.drop(Draft(1), as: "n\(number)", in: .active) }
        #expect(try spool.tick().isSilentSuccess)
        let few = try look(spool).output
        let all = try look(spool, "--all").output
        func done(_ text: String) -> Int { text.split(separator: "\n").count { $0.hasPrefix("done ") } }
        #expect(done(few) == 10 && few.contains("3 older mailings"))
        #expect(done(all) == 13 && !all.contains("older"))
    }

    @Test func `an empty spool says how to begin`() throws {
        let spool = try ScratchSpool()
        let outcome = try look(spool)
        #expect(outcome.isSilentSuccess && outcome.output.contains("\(spool.path)/scheduled/"), "\(outcome)")
    }

    @Test func `all that is drawn fits the columns asked for`() throws {
        let spool = try ScratchSpool()
        try spool.drop(Draft(3), as: String(repeating: "long-name-", count: 9), in: .active)
        #expect(try spool.tick().isSilentSuccess)
        for columns in [40, 80, 140] {
            let lines = try look(spool, environment: ["COLUMNS": "\(columns)"]).output.split(separator: "\n")
            #expect(lines.count == 2 && lines.allSatisfy { $0.count <= columns }, "\(lines)")
        }
        #expect(try look(spool).output.contains(String(repeating: "long-name-", count: 9)))
    }

    @Test func `options that do not go together, or mean nothing here, are refused with 64`() throws {
        let spool = try ScratchSpool()
        for arguments in [
            ["--watch"], ["--watch", "0"], ["--watch=soon"], ["--json", "--watch"],
            ["--json", "--attention"],
            ["--all", "--json"], ["--colour", "never"], ["--color", "sometimes"], ["--json=x"],
        ] {
            let outcome = try Run.start(Installation.status, ["--spool", spool.path] + arguments).wait()
            #expect(outcome.ending == .exited(64) && outcome.output.isEmpty, "\(arguments): \(outcome)")
            #expect(outcome.errors.hasPrefix("spool-status: "), "\(arguments): \(outcome)")
        }
        #expect(try look(spool, "nobody-knows").ending == .exited(66))
        #expect(try look(spool, "nobody-knows", "--json").ending == .exited(66))
    }

    @Test func `names choose from the JSON document`() throws {
        let spool = try ScratchSpool()
        for name in ["a", "b", "c"] { try spool.drop(Draft(1), as: name, in: .paused) }
        let outcome = try look(spool, "c", "a", "--json")
        let status = try JSONDecoder().decode(Status.self, from: Data(outcome.output.utf8))
        #expect(Set(status.mailings.map(\.name)) == ["a", "c"])
    }

    @Test func `another user sees all that the files allow, and is told what they do not`() throws {
        let spool = try ScratchSpool()
        try spool.drop(Draft(2), as: "news", in: .active)
        #expect(try spool.tick().isSilentSuccess)
        func ask(_ option: String) throws -> Outcome {
            try Run.start(
                "/usr/bin/setpriv",
                [
                    "--reuid=nobody", "--regid=nogroup", "--clear-groups", Installation.status, "--spool",
                    spool.path, option,
                ]
            ).wait()
        }
        let refused = try ask("--json")
        #expect(refused.ending == .exited(77) && refused.errors.contains("journal"), "\(refused)")
        try tool("/bin/chgrp", "-R", "nogroup", spool.path + "/journal")
        for option in ["--json", "--all", "--attention"] {
            let outcome = try ask(option)
            #expect(outcome.isSilentSuccess, "\(option): \(outcome)")
        }
        #expect(try ask("--json").output.contains(#""sent":2"#))
    }

    @Test func `every look works on a read-only copy`() throws {
        let spool = try ScratchSpool(settings: ["retry": ["first": "1h", "most": "1h"]])
        try spool.sink.behave("r2@* exit=75")
        try spool.drop(Draft(3), as: "news", in: .active)
        #expect(try spool.tick().ending == .exited(0))
        let mount = try Mount.tmpfs(megabytes: 4)
        try tool("/bin/cp", "-a", spool.path, mount.path + "/copy")
        try mount.remount("ro")
        for arguments in [[], ["news"], ["--json"], ["--attention"], ["--all"]] {
            let outcome = try Run.start(
                Installation.status, ["--spool", mount.path + "/copy"] + arguments
            ).wait()
            #expect(outcome.ending == .exited(0) && outcome.errors.isEmpty, "\(arguments): \(outcome)")
        }
    }

    @Test func `attention is silent when all is well, and says what needs a person`() throws {
        let spool = try ScratchSpool(settings: ["inDoubt": "hold", "retry": ["first": "1h", "most": "1h"]])
        try spool.drop(Draft(2), as: "fine", in: .active)
        #expect(try spool.tick().isSilentSuccess)
        let well = try look(spool, "--attention")
        #expect(well.isSilentSuccess && well.output.isEmpty, "\(well)")

        func expect(_ words: String..., location: SourceLocation = #_sourceLocation) throws {
            let outcome = try look(spool, "--attention")
            #expect(outcome.ending == .exited(1) && outcome.errors.isEmpty, sourceLocation: location)
            for word in words {
                #expect(outcome.output.contains(word), "\(outcome)", sourceLocation: location)
            }
        }
        try spool.drop(Draft(2).with("subject", nil), as: "broken", in: .scheduled)
        _ = try spool.tick()
        try expect("broken: ", "subject")
        try FileManager.default.removeItem(atPath: spool.document("broken", in: .scheduled))

        try spool.sink.behave("* exit=75 stderr=queue_file_write_error")
        try spool.drop(Draft(9), as: "refused", in: .active)
        #expect(try spool.tick().ending == .exited(75))
        try expect("the mail system is not accepting messages", "queue file write error")
        #expect(spool.move("refused", from: .active, to: .done))

        try spool.sink.behave("* before=60000")
        try spool.drop(Draft(1), as: "doubtful", in: .active)
        let tick = try spool.startTick()
        try eventually("a hand-over") { try spool.status(of: "doubtful").sending == 1 }
        try spool.kill(tick)
        try expect("doubtful: 1 recipient is in doubt", "spool-tick --resolve doubtful=sent")
        #expect(spool.move("doubtful", from: .active, to: .done))

        try spool.replace("journal/tick", with: Data((rfc3339(Date.now - 400) + "\n").utf8))
        try expect("no tick since", "crontab")
    }
}
