import Foundation
import Glibc
import Testing

@Suite(.timeLimit(.minutes(25)))
struct `Errors, warnings and what is never sent` {
    @Test func `an error is said once for each version of the document`() throws {
        let spool = try ScratchSpool()
        let wrong = """
            {"subject": "News",
             "sendat": "2030-01-01T00:00:00Z",
             "from": "club@example.org", "text": "\(Draft.lastWords) {{ address }}",
             "recipients": ["a@example.com"]}
            """
        try spool.replace("scheduled/news.json", with: Data(wrong.utf8))
        let first = try spool.tick()
        #expect(first.ending == .exited(0), "\(first)")
        #expect(first.errors.contains("news") && first.errors.contains("sendat"), "\(first.errors)")
        #expect(try spool.tick().isSilentSuccess)
        let mailing = try spool.status(of: "news")
        #expect(mailing.errors.map(\.key) == ["sendat"] && mailing.errors.map(\.line) == [2])
        #expect(mailing.errors.allSatisfy { !$0.message.isEmpty && $0.hint?.isEmpty == false })
        #expect(mailing.state == "scheduled")

        // Another version with the same error is another error; a mended one is picked up.
        try spool.overwrite("scheduled/news.json", with: Data(wrong.replacing("News", with: "More").utf8))
        #expect(try spool.tick().errors.contains("sendat"))
        #expect(try spool.tick().isSilentSuccess)
        #expect(try spool.sink.count == 0)
        try spool.overwrite("scheduled/news.json", with: try Draft(["a@example.com"]).json)
        #expect(try spool.tick().isSilentSuccess)
        try expectDelivered(spool, to: ["a@example.com"])
    }

    @Test(arguments: [ScratchSpool.Folder.scheduled, .active, .paused])
    func `errors are found at the first look, in any folder but done`(folder: ScratchSpool.Folder) throws {
        let spool = try ScratchSpool()
        let draft = Draft(2).with("subject", nil)
            .with("sendAt", rfc3339(Date.now.addingTimeInterval(86400)))
        try spool.drop(draft, as: "news", in: folder)
        let outcome = try spool.tick()
        #expect(outcome.ending == .exited(0) && outcome.errors.contains("subject"), "\(outcome)")
        #expect(spool.folders(of: "news") == [folder])
        #expect(try spool.sink.count == 0)
        #expect(try spool.status(of: "news").errors.map(\.key) == ["subject"])
    }

    /// What is wrong, and a word that the error has to contain.
    static let mistakes: [(json: String, word: String)] = [
        (#"{"subject":"x","from":"a@b.example","text":"x"}"#, "recipients"),
        (#"{"subject":"x","from":"a@b.example","recipients":["a@b.example"]}"#, "text"),
        (#"{"subject":"x","text":"x","recipients":["a@b.example"]}"#, "from"),
        (#"{"subject":"x","from":"no mailbox","text":"x","recipients":["a@b.example"]}"#, "from"),
        (
            #"{"subject":"x","subject":"y","from":"a@b.example","text":"x","recipients":["a@b.example"]}"#,
            "subject"
        ),
        (#"{"subject":1,"from":"a@b.example","text":"x","recipients":["a@b.example"]}"#, "subject"),
        (#"{"subject":"x\ny","from":"a@b.example","text":"x","recipients":["a@b.example"]}"#, "subject"),
        (#"{"subject":"x","from":"a@b.example","text":"x","recipients":[]}"#, "recipient"),
        (
            #"{"subject":"x","from":"a@b.example","text":"x","recipients":["nobody","-x@b.example"]}"#,
            "recipient"
        ),
        (#"{"subject":"x","from":"a@b.example","text":"{{ first }}","recipients":["a@b.example"]}"#, "first"),
        (
            #"{"subject":"x","from":"a@b.example","text":"x","recipients":["a@b.example"],"sendAt":"soon"}"#,
            "sendAt"
        ),
        (
            #"{"subject":"x","from":"a@b.example","text":"x","recipients":["a@b.example"],"timeZone":"Mars/X"}"#,
            "timeZone"
        ),
        (#"{"subject":"x","from":"a@b.example","text":"x","recipientsFile":"none.csv"}"#, "none.csv"),
        (
            #"{"subject":"x","from":"a@b.example","textFile":"../x.txt","recipients":["a@b.example"]}"#,
            "textFile"
        ),
        (#"{"subject":"x","from":"a@b.example","text":"x","recipients":["a@b.example"]"#, "news"),
        (#"{"subject":"x","from":"a@b.example","text":"x","recipients":["a@b.example"],}"#, "news"),
    ]

    @Test(arguments: mistakes)
    func `a mistake stops the whole mailing and is named`(mistake: (json: String, word: String)) throws {
        let spool = try ScratchSpool()
        try spool.put("scheduled/news.json", mistake.json)
        let outcome = try spool.tick()
        #expect(outcome.ending == .exited(0), "\(outcome)")
        #expect(outcome.errors.contains("news") && outcome.errors.contains(mistake.word), "\(outcome.errors)")
        #expect(try spool.sink.count == 0)
        #expect(spool.folders(of: "news") == [.scheduled])
        #expect(try !spool.status(of: "news").errors.isEmpty)
        #expect(try spool.tick().isSilentSuccess)
    }

    @Test func `keys that begin with x- are the user's own`() throws {
        let spool = try ScratchSpool()
        try spool.drop(Draft(1).with("x-note", ["sendat": [1, 2]]), as: "news", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        try expectDelivered(spool, to: Draft.addresses(1))
    }

    @Test func `a half-written document is left alone while it is young`() throws {
        let spool = try ScratchSpool()
        try spool.sink.behave("r* before=400")
        try spool.drop(Draft(20), as: "other", in: .active)
        let whole = try Draft(["late@example.com"]).json
        let path = URL(fileURLWithPath: spool.document("news", in: .scheduled))
        try whole.prefix(whole.count / 2).write(to: path)
        let tick = try spool.startTick()
        try spool.awaitLooks(3, of: tick)
        #expect(tick.isRunning && tick.errorsSoFar.isEmpty)
        #expect(try spool.status(of: "news").errors.isEmpty)
        try whole.write(to: path)
        let outcome = tick.wait()
        #expect(outcome.isSilentSuccess, "\(outcome)")
        try spool.tickUntilDone()
        try expectDelivered(spool, to: Draft.addresses(20) + ["late@example.com"])
    }

    @Test func `a list that has just changed holds its mailing until it is settled`() throws {
        let spool = try ScratchSpool()
        try spool.put("files/list.csv", "address\na@example.com\n", age: 0)
        try spool.drop(Draft(file: "list.csv"), as: "news", in: .scheduled)
        let tick = try spool.startTick()
        try spool.awaitLooks(2, of: tick)
        #expect(try spool.sink.count == 0)
        #expect(try spool.status(of: "news").waitingFor == "file")
        // The upload goes on.
        try spool.overwrite("files/list.csv", with: Data("address\na@example.com\nb@example.com\n".utf8))
        _ = tick.wait()
        try eventually("the file is settled") {
            _ = try spool.tick()
            return spool.folders(of: "news") == [.done]
        }
        try expectDelivered(spool, to: ["a@example.com", "b@example.com"])
    }

    /// Ends a tick that has delivered a mailing, and would stay until suppressed.txt has settled.
    private func end(_ tick: Run, behind name: String, of spool: ScratchSpool) throws {
        try eventually("\(name) is done") { spool.folders(of: name) == [.done] }
        tick.signal(SIGTERM)
        let outcome = tick.wait()
        #expect(outcome.isSilentSuccess, "\(outcome)")
    }

    @Test func `suppressed addresses are skipped, also those that are added during the delivery`() throws {
        let spool = try ScratchSpool(concurrency: 1)
        try spool.sink.behave("* before=60")
        try spool.put("suppressed.txt", "r2@example.com\nR3@EXAMPLE.com\n")
        try spool.drop(Draft(80), as: "news", in: .active)
        let tick = try spool.startTick()
        try eventually("it has begun") { try spool.sink.count >= 3 }
        try spool.overwrite(
            "suppressed.txt", with: Data("r2@example.com\nr3@example.com\nr80@example.com\n".utf8))
        try end(tick, behind: "news", of: spool)
        let expected = Draft.addresses(80).filter { !["r2", "r3", "r80"].contains($0.prefix { $0 != "@" }) }
        try expectDelivered(spool, to: expected)
        let mailing = try spool.status(of: "news")
        #expect(mailing.skipped["suppressed"] == 3 && mailing.sent == 77 && mailing.sum == 80)
    }

    @Test func `lines of suppressed txt that suppress nobody are said once, and the others hold`() throws {
        let spool = try ScratchSpool()
        try spool.put(
            "suppressed.txt", "r1@example.com bounced\r\nr2\r\n# r3\r\n@gone.example\tclosed\r\n@\r\n")
        try spool.drop(
            Draft(["r1@example.com", "r3@example.com", "x@gone.example"]), as: "news", in: .scheduled)
        let outcome = try spool.tick()
        #expect(outcome.ending == .exited(0))
        #expect(outcome.errors.contains("suppressed.txt: lines 2 and 5 hold no address"), "\(outcome)")
        try expectDelivered(spool, to: ["r3@example.com"])
        #expect(try spool.tick().isSilentSuccess)
        try spool.put("suppressed.txt", "r1@example.com\nr2\n")
        #expect(try spool.tick().errors.contains("suppressed.txt: line 2 holds no address"))
    }

    @Test func `an address that leaves suppressed txt is mailed only once the file has settled`() throws {
        let spool = try ScratchSpool()
        try spool.put("suppressed.txt", "r2@example.com\n")
        #expect(try spool.tick().isSilentSuccess)
        try spool.overwrite("suppressed.txt", with: Data())
        try spool.drop(Draft(3), as: "early", in: .scheduled)
        try end(try spool.startTick(), behind: "early", of: spool)
        #expect(try !spool.sink.accepted.contains("r2@example.com"))
        try spool.setAge(of: "suppressed.txt", 60)
        try spool.drop(Draft(["r2@example.com"]), as: "late", in: .scheduled)
        try spool.tickUntilDone()
        #expect(try spool.sink.accepted.sorted() == ["r1", "r2", "r3"].map { "\($0)@example.com" })
    }

    @Test func `who leaves suppressed txt soon after having come is not mailed before it has settled`() throws
    {
        let spool = try ScratchSpool(concurrency: 1)
        try spool.sink.behave("* before=80")
        try spool.put("suppressed.txt", "nobody@example.com\n")
        try spool.drop(Draft(60), as: "news", in: .active)
        let tick = try spool.startTick()
        try eventually("it has begun") { try spool.sink.count >= 3 }
        let both = Data("nobody@example.com\nr60@example.com\n".utf8)
        try spool.overwrite("suppressed.txt", with: both)
        let seen = try spool.sink.count
        try eventually("it was seen") { try spool.sink.count >= seen + 3 }
        // A program that rewrites the file makes it short for a moment, and twice.
        try spool.overwrite("suppressed.txt", with: Data("nobody@example.com\n".utf8))
        try end(tick, behind: "news", of: spool)
        try expectDelivered(spool, to: Draft.addresses(59))
        #expect(try spool.status(of: "news").skipped["suppressed"] == 1)
    }

    @Test func `a suppressed txt that was seen but once, and new, is missed when it is gone`() throws {
        let spool = try ScratchSpool()
        try spool.put("suppressed.txt", "r2@example.com\n", age: 0)
        let tick = try spool.startTick()
        try eventually("it has seen it") { try spool.names(in: .journal).contains("suppressed") }
        tick.signal(SIGTERM)
        #expect(tick.wait().isSilentSuccess)
        try FileManager.default.removeItem(atPath: spool.path + "/suppressed.txt")
        try spool.drop(Draft(3), as: "news", in: .scheduled)
        let next = try spool.startTick()
        try eventually("it is said") { next.errorsSoFar.contains("suppressed.txt") || !next.isRunning }
        next.signal(SIGTERM)
        let outcome = next.wait()
        #expect(outcome.errors.contains("suppressed.txt"), "\(outcome)")
        #expect(try spool.sink.count == 0)
    }

    @Test func `when suppressed txt is gone nothing is sent, and that is said`() throws {
        let spool = try ScratchSpool()
        try spool.put("suppressed.txt", "r2@example.com\n")
        #expect(try spool.tick().isSilentSuccess)
        let list = spool.path + "/suppressed.txt"
        try FileManager.default.moveItem(atPath: list, toPath: list + ".away")
        try spool.drop(Draft(3), as: "news", in: .scheduled)
        let outcome = try spool.tick()
        #expect(outcome.errors.contains("suppressed.txt"), "\(outcome)")
        // Said once, and no tick stays for it.
        let next = try spool.tick(seconds: 20)
        #expect(next.ending == .exited(78) && next.errors.isEmpty, "\(next)")
        #expect(try spool.sink.count == 0)
        try FileManager.default.moveItem(atPath: list + ".away", toPath: list)
        try spool.tickUntilDone()
        try expectDelivered(spool, to: ["r1@example.com", "r3@example.com"])
    }

    @Test func `a suppressed txt that goes in the middle of a delivery stops it`() throws {
        let spool = try ScratchSpool(concurrency: 1)
        try spool.sink.behave("* before=100")
        try spool.put("suppressed.txt", "r2@example.com\n")
        try spool.drop(Draft(200), as: "news", in: .active)
        let tick = try spool.startTick()
        try eventually("it has begun") { try spool.sink.count >= 3 }
        try FileManager.default.removeItem(atPath: spool.path + "/suppressed.txt")
        let outcome = tick.wait()
        #expect(outcome.errors.contains("suppressed.txt"), "\(outcome)")
        #expect(try spool.sink.count < 100)
        try spool.put("suppressed.txt", "r2@example.com\n")
        try spool.sink.behave()
        try spool.tickUntilDone()
        try expectDelivered(spool, to: Draft.addresses(200).filter { $0 != "r2@example.com" })
    }
}
