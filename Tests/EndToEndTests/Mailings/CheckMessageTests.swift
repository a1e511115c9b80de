import Foundation
import Glibc
import Testing

/// `--preview` and `--test`.
@Suite(.timeLimit(.minutes(25)))
struct `spool-check shows and sends messages` {
    private var draft: Draft {
        let recipients: [[String: Any]] = [
            ["address": "anna@example.org", "name": "Anna Å", "no": 1],
            ["address": "bo@example.org", "no": 2],
        ]
        return Draft([]).with("recipients", recipients).with("subject", "News {{ no }}")
            .with("html", "<p>Hello {{ name | default: \"you\" }}, {{ address }}</p>")
            .with("attachments", ["a.pdf"]).with("listUnsubscribe", ["mailto": "leave@example.org"])
    }

    private func spool(delivery: [String: Any] = [:]) throws -> ScratchSpool {
        let spool = try ScratchSpool(delivery: delivery)
        try spool.put("files/a.pdf", String(repeating: "contents ", count: 5000))
        return spool
    }

    /// The lines of a message but Date, with what its Message-ID and boundaries have in place of it.
    private func comparable(_ message: String, hidingID: Bool) -> String {
        var text = message.replacing(/\nDate: [^\n]*\n/, with: "\nDate: …\n")
        guard hidingID else { return text }
        text = text.replacing(/\nMessage-ID: <[^>]*>\n/, with: "\nMessage-ID: …\n")
        return text.replacing(/=_[0-9a-z]+([ARM])/) { "=_\($0.output.1)" }
    }

    private func sent(_ spool: ScratchSpool, to recipient: String) throws -> String {
        let submission = try #require(try spool.sink.submissions.last { $0.recipient == recipient })
        return try String(contentsOfFile: spool.sink.path + "/" + submission.file, encoding: .utf8)
    }

    @Test func `a preview is what the tick then sends, but for Date and, before it has begun, Message-ID`()
        throws
    {
        let spool = try spool()
        let file = try spool.write(draft, as: "news")
        var previews: [String: String] = [:]
        for address in ["anna@example.org", "bo@example.org"] {
            let outcome = try spool.check(file, "--preview", address.uppercased())
            #expect(outcome.isSilentSuccess, "\(outcome)")
            previews[address] = outcome.output
            #expect(try spool.check(file, "--preview", address).output.contains("Message-ID: <preview."))
        }
        #expect(try spool.sink.count == 0)
        try spool.drop(draft, as: "news", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        for (address, preview) in previews {
            let real = try sent(spool, to: address)
            #expect(comparable(preview, hidingID: true) == comparable(real, hidingID: true))
            #expect(preview.contains("Subject: News \(address.hasPrefix("anna") ? 1 : 2)\n"))
        }
    }

    @Test func `once it has begun, the preview has the Message-ID that the recipient gets`() throws {
        let spool = try spool()
        try spool.configure(settings: ["retry": ["first": "1s", "most": "1s"]])
        try spool.sink.behave("bo@* exit=75 times=1")
        try spool.drop(draft, as: "news", in: .scheduled)
        _ = try spool.tick()
        let first = try #require(try spool.sink.submissions.first { $0.recipient == "bo@example.org" })
        try spool.tickUntilDone()
        // Wherever its document lies by then.
        let folder = try #require(spool.folders(of: "news").first)
        let outcome = try spool.check(spool.document("news", in: folder), "--preview", "bo@example.org")
        #expect(outcome.isSilentSuccess, "\(outcome)")
        #expect(
            comparable(outcome.output, hidingID: false)
                == comparable(try sent(spool, to: "bo@example.org"), hidingID: false))
        #expect(outcome.output.contains("Message-ID: \(first.messageID)\n"))
    }

    @Test
    func `a preview of nobody, or of a mailing with errors, is refused, with nothing on standard output`()
        throws
    {
        let spool = try spool()
        try spool.put("suppressed.txt", "bo@example.org\n")
        let file = try spool.write(draft, as: "news")
        for (address, words) in [("carl@example.org", "not on the list"), ("bo@example.org", "suppressed")] {
            let outcome = try spool.check(file, "--preview", address)
            #expect(
                outcome.ending == .exited(66) && outcome.output.isEmpty && outcome.errors.contains(words),
                "\(outcome)")
        }
        let bad = try spool.write(draft.with("html", "{{ nothing }}"), as: "bad")
        let outcome = try spool.check(bad, "--preview", "anna@example.org")
        #expect(outcome.ending == .exited(65) && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.errors.contains("bad.json: line ") && outcome.errors.contains("{{ nothing }}"))
        #expect(
            try spool.check(spool.path + "/none.json", "--preview", "a@example.org").ending == .exited(66))
    }

    @Test func `a test copy reaches each address, marked, as for the first recipient or another`() throws {
        let spool = try spool()
        try spool.drop(Draft(3), as: "before", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        let file = try spool.write(draft.with("returnPath", "bounces@example.org"), as: "news")
        let before = try spool.image(of: "journal")
        let status = try spool.status()
        let outcome = try spool.check(file, "--test", "me@example.com,You <you@example.com>,ME@example.com")
        #expect(outcome.ending == .exited(0) && outcome.errors.isEmpty, "\(outcome)")
        let asBo = try spool.check(file, "--test", "me@example.com", "--as", "BO@example.org")
        #expect(asBo.ending == .exited(0), "\(asBo)")
        let copies = try spool.sink.submissions.dropFirst(3)
        #expect(copies.map(\.recipient) == ["me@example.com", "you@example.com", "me@example.com"])
        #expect(copies.allSatisfy { $0.verdict == "ok" && $0.returnPath == "bounces@example.org" })
        #expect(Set(copies.map(\.messageID)).count == 3)
        let subjects = try copies.map { try spool.sink.message($0)["Subject"] }
        #expect(subjects == ["[test] News 1", "[test] News 1", "[test] News 2"])
        #expect(try sent(spool, to: "you@example.com").contains("anna@example.org"))
        // No trace.
        #expect(try spool.image(of: "journal") == before)
        #expect(try spool.status().mailings.map(\.sent) == status.mailings.map(\.sent))
        #expect(try spool.status().mailings.map(\.name) == ["before"])
    }

    @Test func `a test copy goes into the Maildir of a spool that has one`() throws {
        let spool = try spool()
        try spool.replace("config.json", with: Data(#"{"delivery": {"via": "maildir"}}"#.utf8))
        let outcome = try spool.check(try spool.write(draft, as: "news"), "--test", "me@example.com")
        #expect(outcome.ending == .exited(0), "\(outcome)")
        let new = spool.path + "/outbox/new"
        let names = try FileManager.default.contentsOfDirectory(atPath: new)
        #expect(names.count == 1)
        let message = Message(try Data(contentsOf: URL(fileURLWithPath: "\(new)/\(names.first ?? "")")))
        #expect(message["Subject"] == "[test] News 1" && message["Delivered-To"] == "me@example.com")
        #expect(try spool.names(in: .journal).isEmpty)
    }

    @Test func `what the mail system does not take exits 75 with its words, and the others still get theirs`()
        throws
    {
        let spool = try spool(delivery: ["timeout": 1])
        try spool.sink.behave(
            "full@* exit=75 stderr=the_queue_is_full", "gone@* exit=67 stderr=no_such_user",
            "odd@* signal=11",
            "slow@* hang=60000")
        let file = try spool.write(draft, as: "news")
        let outcome = try spool.check(
            file, "--test",
            "full@example.com,gone@example.com,odd@example.com,slow@example.com,me@example.com")
        #expect(outcome.ending == .exited(75), "\(outcome)")
        for words in [
            "full@example.com", "the queue is full", "no such user", "signal 11", "did not end within 1 s",
        ] {
            #expect(outcome.errors.contains(words), "\(words) in \(outcome.errors)")
        }
        #expect(outcome.output.contains("me@example.com") && !outcome.output.contains("full@"))
        #expect(try spool.sink.accepted == ["me@example.com"])
        // The whole process group is gone.
        try eventually("the hanging sendmail and its child are killed") {
            spool.sink.hanging.allSatisfy { kill($0, 0) != 0 }
        }
        #expect(!spool.sink.hanging.isEmpty)
        try spool.configure(delivery: ["command": ["/nonexistent/sendmail"]])
        let none = try spool.check(file, "--test", "me@example.com")
        #expect(none.ending == .exited(75) && none.errors.contains("/nonexistent/sendmail"), "\(none)")
        #expect(try spool.names(in: .journal).isEmpty)
    }

    @Test func `no copy of what has errors, to whom is suppressed, or by a program that others could name`()
        throws
    {
        let spool = try spool()
        try spool.put("suppressed.txt", "@example.net\n")
        let file = try spool.write(draft, as: "news")
        let bad = try spool.write(draft.with("html", "{{ nothing }}"), as: "bad")
        #expect(try spool.check(bad, "--test", "me@example.com").ending == .exited(65))
        let suppressed = try spool.check(file, "--test", "me@example.com,x@example.net")
        #expect(
            suppressed.ending == .exited(65) && suppressed.errors.contains("x@example.net"), "\(suppressed)")
        #expect(
            try spool.check(file, "--test", "me@example.com", "--as", "x@example.com").ending == .exited(66))
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o666], ofItemAtPath: spool.path + "/config.json")
        let trusting = try spool.check(file, "--test", "me@example.com")
        #expect(trusting.ending == .exited(78) && trusting.errors.contains("config.json"), "\(trusting)")
        #expect(try spool.check(file).ending == .exited(78))
        // What a message looks like does not depend on who delivers it.
        #expect(try spool.check(file, "--preview", "anna@example.org").ending == .exited(0))
        #expect(try spool.sink.count == 0)
    }

    @Test func `a test copy leaves while a tick is at work`() throws {
        let spool = try spool()
        try spool.sink.behave("r1@* hang=60000")
        try spool.drop(Draft(1), as: "busy", in: .active)
        let tick = try spool.startTick()
        try eventually("the tick waits for its sendmail") { spool.sink.hanging.count == 2 }
        let before = try spool.image(of: "journal/busy.journal")
        let outcome = try spool.check(try spool.write(draft, as: "news"), "--test", "me@example.com")
        #expect(outcome.ending == .exited(0), "\(outcome)")
        #expect(tick.isRunning)
        #expect(try spool.sink.accepted == ["me@example.com"])
        #expect(try spool.image(of: "journal/busy.journal") == before)
        for id in spool.sink.hanging { kill(id, SIGKILL) }
        #expect(tick.wait().ending == .exited(0))
    }

    @Test func `whoever does not want to wait for a test copy interrupts it, and nothing is left running`()
        throws
    {
        let spool = try spool()
        try spool.sink.behave("me@* hang=60000")
        let file = try spool.write(draft, as: "news")
        let run = try Run.start(
            Installation.check, ["--spool", spool.path, file, "--test", "me@example.com,you@example.com"])
        try eventually("the sendmail hangs") { spool.sink.hanging.count == 2 }
        run.signal(SIGINT)
        let outcome = run.wait()
        #expect(outcome.ending == .exited(75) && outcome.errors.contains("interrupted"), "\(outcome)")
        try eventually("its process group is gone") { spool.sink.hanging.allSatisfy { kill($0, 0) != 0 } }
        #expect(try spool.sink.submissions.map(\.recipient) == ["me@example.com"])
    }
}
