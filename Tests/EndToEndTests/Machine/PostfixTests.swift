import Foundation
import Testing

@Suite(.serialized, .timeLimit(.minutes(25)))
struct `Through a real Postfix` {
    /// A spool that delivers as one without any config.json does: by the machine's sendmail.
    private func spool() throws -> ScratchSpool {
        let spool = try ScratchSpool()
        try spool.replace("config.json", with: Data("{}".utf8))
        return spool
    }

    private func tick(_ spool: ScratchSpool, _ server: PostfixServer) throws -> Outcome {
        try Run.start(Installation.tick, ["--spool", spool.path], environment: server.environment)
            .wait(seconds: 400)
    }

    @Test func `a test copy arrives, and its preview is what arrives but for the mark`() throws {
        let server = try PostfixServer()
        let spool = try spool()
        let file = try spool.write(Draft(1), as: "news")
        func check(_ option: String, _ address: String) throws -> Outcome {
            try Run.start(
                Installation.check, ["--spool", spool.path, file, option, address],
                environment: server.environment
            ).wait()
        }
        let outcome = try check("--test", "me@example.net")
        #expect(outcome.ending == .exited(0) && outcome.errors.isEmpty, "\(outcome)")
        try eventually("the copy is in the Maildir") { server.count == 1 }
        let copy = try #require(try server.messages.first)
        let preview = Message(Data(try check("--preview", "r1@example.com").output.utf8))
        #expect(copy["Delivered-To"] == "me@example.net" && copy["Return-Path"] == "<club@example.org>")
        #expect(copy["Subject"] == preview["Subject"].map { "[test] \($0)" })
        #expect(copy["To"] == preview["To"] && copy.body == preview.body)
        #expect(try spool.names(in: .journal).isEmpty)
    }

    @Test func `five thousand recipients of a CSV get a message each`() throws {
        let server = try PostfixServer()
        let spool = try spool()
        let count = 5000
        var lines = ["Email,name,\"member no\",town"]
        lines += (1...count).map { number in
            "m\(number)@club\(number % 7).example,\"Öberg, \"\"Åsa\"\" \(number)\",\(number),Malmö"
        }
        // RFC 4180 says CRLF, and spreadsheets begin with a byte order mark.
        try spool.put("files/members.csv", "\u{FEFF}" + lines.joined(separator: "\r\n") + "\r\n")
        let draft = Draft(file: "members.csv").with("subject", "Årsmöte i {{ town }}")
            .with(
                "text", "Hej {{ name }},\n\n{{ address }} {{ town }}\n.\nFrom here on\n\n\(Draft.lastWords)\n"
            )
            .with("returnPath", "bounces@example.org")
        try spool.drop(draft, as: "news", in: .scheduled)
        let original = try spool.contents(of: "news", in: .scheduled)
        let start = Date.now
        let outcome = try tick(spool, server)
        #expect(outcome.isSilentSuccess, "\(outcome)")
        print("Postfix: \(count) messages handed over in \(Int(Date.now.timeIntervalSince(start))) s")
        try expectDocument(spool, "news", in: .done, is: original)
        let mailing = try spool.status(of: "news")
        #expect(mailing.sent == count && mailing.sum == count && mailing.recipients == count)

        try eventually("all messages are in the Maildir", within: 240) { server.count >= count }
        let messages = try server.messages
        #expect(messages.count == count)
        #expect(Set(messages.compactMap { $0["Delivered-To"] }).count == count)
        #expect(Set(messages.compactMap { $0["Message-ID"] }).count == count)
        for message in messages {
            let address = try #require(message["Delivered-To"])
            let number = try #require(address.firstMatch(of: /^m(\d+)@/)?.output.1)
            #expect(message["Return-Path"] == "<bounces@example.org>")
            #expect(message["To"]?.contains(address) == true)
            #expect(message["From"] == "The Club <club@example.org>")
            #expect(message["Subject"]?.hasPrefix("=?") == true && message.count("Subject") == 1)
            #expect(message["Date"] != nil && message.count("Message-ID") == 1)
            let expected = """
                Hej Öberg, "Åsa" \(number),

                \(address) Malmö
                .
                From here on

                \(Draft.lastWords)

                """
            #expect(message.body == expected)
        }
        // The clock of a virtual machine's file system may be ahead of its processors'.
        let trouble = server.log.split(separator: "\n").filter {
            $0.contains(/warning|fatal|panic/) && !$0.contains(/file system clock|file time stamps/)
        }
        #expect(trouble.isEmpty, "\(trouble.prefix(3))")
    }

    @Test func `a bounce that comes later is not a failure of ours`() throws {
        let server = try PostfixServer()
        let spool = try spool()
        let recipients = ["a@example.com", "nobody@hard.test", "b@example.com"]
        try spool.drop(Draft(recipients), as: "news", in: .scheduled)
        #expect(try tick(spool, server).isSilentSuccess)
        let mailing = try spool.status(of: "news")
        #expect(mailing.sent == 3 && mailing.failed == 0 && mailing.state == "done")
        try eventually("two messages and a bounce") { server.count >= 3 }
        let messages = try server.messages
        #expect(messages.count { $0["Return-Path"] == "<club@example.org>" } == 2)
        let bounces = messages.filter { $0["Return-Path"] == "<>" }
        #expect(bounces.map { $0["Delivered-To"] } == ["club@example.org"])
        #expect(bounces.allSatisfy { $0.body.contains("nobody@hard.test") })
    }

    @Test func `unusual addresses reach those they name`() throws {
        let server = try PostfixServer()
        let spool = try spool()
        let recipients = [
            "a+tag@example.com", "o'brien@example.com", "x=y!z@example.com", "{curly}@example.com",
            "bücher <info@bücher.example>", "UPPER@EXAMPLE.COM",
        ]
        try spool.drop(Draft(recipients), as: "news", in: .scheduled)
        #expect(try tick(spool, server).ending == .exited(0))
        let sent = try #require(try spool.status(of: "news").sent)
        #expect(sent == recipients.count)
        try eventually("all are delivered") { server.count >= sent }
        let delivered = Set(try server.messages.compactMap { $0["Delivered-To"]?.lowercased() })
        #expect(
            delivered == [
                "a+tag@example.com", "o'brien@example.com", "x=y!z@example.com", "{curly}@example.com",
                "info@xn--bcher-kva.example", "upper@example.com",
            ])
    }

    @Test func `a queue that takes nothing defers, and says so`() throws {
        let server = try PostfixServer()
        let spool = try spool()
        // sendmail answers 75 to a message over the limit.
        _ = try Run.start(
            "/usr/sbin/postconf", ["-e", "message_size_limit=2000"], environment: server.environment
        ).wait()
        let long = String(repeating: "A line of a letter that is too long.\n", count: 200)
        try spool.drop(
            Draft(8).with("text", "{{ address }}\n" + long + Draft.lastWords), as: "news", in: .active)
        let outcome = try tick(spool, server)
        #expect(outcome.ending == .exited(75), "\(outcome)")
        #expect(outcome.errors.contains("the mail system is not accepting messages"), "\(outcome.errors)")
        let mailing = try spool.status(of: "news")
        #expect(mailing.sent == 0 && mailing.failed == 0 && mailing.sum == 8)
        #expect(server.count == 0)
    }

    @Test func `cron delivers by the line that README gives`() throws {
        let server = try PostfixServer()
        let spool = try spool()
        try spool.drop(Draft(3), as: "news", in: .scheduled)
        let name = "/etc/cron.d/spool-test-\(ProcessInfo.processInfo.processIdentifier)"
        let readme = try String(
            contentsOf: Installation.package.appending(path: "README.md"), encoding: .utf8)
        let line = try #require(
            readme.split(separator: "\n").map { $0.drop { $0 == " " } }
                .first { $0.hasPrefix("* * * * * ") })
        let command = line.dropFirst("* * * * * ".count)
            .replacing("/usr/local/bin/spool-tick", with: Installation.tick)
            .replacing("/var/spool/mailings", with: spool.path)
        #expect(command.contains(Installation.tick) && command.contains(spool.path))
        let table = """
            MAIL_CONFIG=\(server.environment["MAIL_CONFIG"] ?? "")
            MAILTO=""
            * * * * * root \(command)

            """
        defer { try? FileManager.default.removeItem(atPath: name) }
        try Data(table.utf8).write(to: URL(fileURLWithPath: name))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: name)
        // If the machine runs a cron already, ours ends at once and that one does it.
        let cron = try Run.start("/usr/sbin/cron", ["-f"])
        defer {
            cron.signal(SIGTERM)
            _ = cron.wait()
        }
        try eventually("cron has run the tick", within: 150) { spool.folders(of: "news") == [.done] }
        #expect(try spool.status(of: "news").sent == 3)
        try eventually("all are delivered") { server.count >= 3 }
        #expect(server.count == 3)
    }
}
