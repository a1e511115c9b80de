import Foundation
import Glibc
import Testing

@Suite(.timeLimit(.minutes(25)))
struct `Hostile documents and lists` {
    /// What would follow the header section, or add to it, if a line break survived.
    private static let evil = [
        "\r\nBcc: victim@example.com\r\n", "\nX-Injected: 1\nx", "\rX-Injected: 1\rx", "x\r\n\r\nBody\r\n",
        "\u{85}X-Injected: 1", "\u{2028}X-Injected: 1", "\u{0}\nX-Injected: 1", "\u{B}\u{C}X-Injected: 1",
    ]

    /// The header fields that a message of these tests may have.
    private static let known: Set<String> = [
        "From", "To", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version", "X-Note", "Precedence",
        "List-Unsubscribe", "List-Unsubscribe-Post", "Content-Type", "Content-Transfer-Encoding",
    ]

    /// The keys of a document with a hostile text in each place that takes one.
    private static func documents(_ evil: String) -> [(place: String, key: String, value: Any)] {
        [
            ("subject", "subject", "a\(evil)b"), ("a name", "from", "A\(evil)B <club@example.org>"),
            ("a quoted name", "from", "\"A\(evil)B\" <club@example.org>"),
            ("an address", "from", "club@example.org\(evil)"),
            ("an address in brackets", "from", "A <club@example.org\(evil)>"),
            ("behind an address", "from", "A <club@example.org>\(evil)"),
            ("a reply name", "replyTo", ["R\(evil) <r@example.org>"]),
            ("a reply address", "replyTo", "r@example.org\(evil)"),
            ("an envelope", "returnPath", "bounce@example.org\(evil)"),
            ("a field's name", "headers", ["X-Note\(evil)": "x"]),
            ("a field's value", "headers", ["X-Note": "x\(evil)y"]),
            ("a default", "headers", ["X-Note": "{{ none | default: \"x\(evil)y\" }}"]),
            ("a literal", "subject", "{{ \"x\(evil)y\" }}"),
            ("a page", "listUnsubscribe", ["url": "https://example.org/\(evil)"]),
            ("an unsubscribe address", "listUnsubscribe", ["mailto": "l@example.org\(evil)"]),
            ("a file's name", "attachments", [["path": "a.txt", "name": "a\(evil).txt"]]),
            ("a file's type", "attachments", [["path": "a.txt", "type": "text/plain\(evil)"]]),
            ("a parameter", "attachments", [["path": "a.txt", "type": "text/plain; x=\"\(evil)\""]]),
            ("a cid", "attachments", [["path": "a.txt", "inline": "a\(evil)"]]),
            ("a path", "attachments", ["a.txt\(evil)"]), ("a body's path", "htmlFile", "a.txt\(evil)"),
            ("a list's path", "recipientsFile", "a.txt\(evil)"),
            ("a recipient", "recipients", ["x@example.com\(evil)", "honest@example.com"]),
            (
                "a recipient's name", "recipients",
                [["address": "honest@example.com", "name": "N\(evil)"]] as [[String: String]]
            ),
            (
                "a field's name in a list", "recipients",
                [["address": "honest@example.com", "n\(evil)": "x"]] as [[String: String]]
            ),
        ]
    }

    @Test(arguments: evil.indices)
    func `a line break in any key is refused, or comes to nothing`(index: Int) throws {
        let spool = try ScratchSpool(concurrency: 4)
        try spool.put("files/a.txt", "honest@example.com\n")
        let documents = Self.documents(Self.evil[index])
        for (number, document) in documents.enumerated() {
            let draft = Draft(["honest@example.com"]).with("html", "<p>{{ address }}</p>")
                .with(document.key, document.value)
            try spool.drop(draft, as: "m\(number)", in: .scheduled)
        }
        #expect(try spool.tick().ending == .exited(0))
        let status = try spool.status()
        for (number, document) in documents.enumerated() {
            let mailing = try status["m\(number)"]
            #expect(mailing.sent == 1 || !mailing.errors.isEmpty, "\(document.place)")
        }
        try expectHarmless(spool)
    }

    /// Checks that every message went to the honest recipient alone, with no field or part beyond those it must have.
    private func expectHarmless(_ spool: ScratchSpool, location: SourceLocation = #_sourceLocation) throws {
        let submissions = try spool.sink.submissions
        let files = submissions.map { "\(spool.sink.path)/\($0.file)" }
        for (submission, mail) in zip(submissions, try ReadMail.read(files)) {
            #expect(submission.recipient == "honest@example.com", sourceLocation: location)
            #expect(submission.verdict == "ok", sourceLocation: location)
            #expect(mail.defects == [], sourceLocation: location)
            let strange = mail.fieldNames.filter { !Self.known.contains($0) }
            #expect(strange == [], sourceLocation: location)
            #expect(Set(mail.fieldNames).count == mail.fieldNames.count, sourceLocation: location)
            #expect(mail.to.map(\.address) == ["honest@example.com"], sourceLocation: location)
            #expect(mail.from.map(\.address) == ["club@example.org"], sourceLocation: location)
            let parts = [
                "alternative(text/plain, text/html)", "mixed(alternative(text/plain, text/html), text/plain)",
            ]
            #expect(parts.contains(mail.structure), sourceLocation: location)
        }
    }

    @Test(arguments: ["csv", "jsonl"])
    func `a value of a list, whatever it is and wherever it is put, adds nothing`(ending: String) throws {
        let spool = try ScratchSpool()
        for (index, evil) in Self.evil.enumerated() {
            let value = "v\(evil)--=_x\nContent-Type: text/html\n\n{{ address }}</p>\"'><!--"
            let list: String
            if ending == "csv" {
                let quoted = "\"" + value.replacing("\"", with: "\"\"") + "\""
                list = "name;email;v\r\n\(quoted);honest@example.com;\(quoted)\r\n"
            } else {
                let record = ["address": "honest@example.com", "name": value, "v": value]
                list =
                    String(decoding: try JSONSerialization.data(withJSONObject: record), as: UTF8.self) + "\n"
            }
            try spool.put("files/l\(index).\(ending)", list)
            let draft = Draft(file: "l\(index).\(ending)").with("subject", "{{ v }} {{ name }}")
                .with("text", "{{ address }} {{ v }}\n\(Draft.lastWords)\n")
                .with("html", "<p title='{{ v }}'>{{ v }} {{ v | raw }}</p>")
                .with("headers", ["X-Note": "{{ v }}"])
                .with(
                    "listUnsubscribe",
                    ["url": "https://example.org/?v={{ v }}", "mailto": "l@example.org?subject={{ v }}"])
            try spool.drop(draft, as: "m\(index)", in: .scheduled)
        }
        let outcome = try spool.tick()
        #expect(outcome.isSilentSuccess, "\(outcome)")
        #expect(try spool.sink.accepted.count == Self.evil.count)
        try expectHarmless(spool)
    }

    @Test func `no default of config json adds anything either`() throws {
        for evil in Self.evil {
            let defaults: [[String: Any]] = [
                ["from": "A\(evil) <club@example.org>"], ["replyTo": "r@example.org\(evil)"],
                ["returnPath": "b@example.org\(evil)"], ["headers": ["X-Note\(evil)": "x"]],
                ["headers": ["Bcc": "victim@example.com"]],
            ]
            for value in defaults {
                let spool = try ScratchSpool(settings: ["defaults": value])
                try spool.drop(Draft(["honest@example.com"]), as: "m", in: .active)
                let outcome = try spool.tick()
                #expect(outcome.ending == .exited(78) || outcome.isSilentSuccess, "\(value) \(outcome)")
                for submission in try spool.sink.submissions {
                    #expect(submission.recipient == "honest@example.com" && submission.verdict == "ok")
                    let message = try spool.sink.message(submission)
                    #expect(message["Bcc"] == nil && message["X-Injected"] == nil)
                }
            }
        }
    }

    // MARK: Paths

    private static let secret = "SECRET of another directory"

    /// A spool beside a directory with secrets, and links that lead there.
    private func spoolWithSecrets() throws -> ScratchSpool {
        let spool = try ScratchSpool()
        let outside = spool.path + "/outside"
        mkdir(outside, 0o755)
        for name in ["a.txt", "a.html"] { try spool.put("outside/\(name)", "{{ address }} \(Self.secret)\n") }
        try spool.put("outside/list.txt", "victim@example.com\n")
        symlink("../outside", spool.path + "/files/relative")
        symlink(outside, spool.path + "/files/absolute")
        symlink("relative", spool.path + "/files/twice")
        symlink("..", spool.path + "/files/up")
        symlink("/proc/self/cwd", spool.path + "/files/magic")
        symlink("loop", spool.path + "/files/loop")
        mkdir(spool.path + "/files/real", 0o755)
        symlink("../../outside/a.txt", spool.path + "/files/real/a.txt")
        return spool
    }

    @Test func `no path leads out of files`() throws {
        let spool = try spoolWithSecrets()
        let ways = [
            "../outside/", "real/../../outside/", "real/..//../outside/", "./../outside/",
            "\(spool.path)/outside/",
            "//\(spool.path)/outside/", "relative/", "absolute/", "twice/", "up/outside/",
            "magic\(spool.path)/outside/",
            "loop/", "real/", "real/./", "relative/../outside/",
        ]
        var count = 0
        for way in ways {
            let keys: [(String, Any)] = [
                ("textFile", "\(way)a.txt"), ("htmlFile", "\(way)a.txt"), ("attachments", ["\(way)a.txt"]),
                ("attachments", [["path": "\(way)a.txt", "inline": "x"]]),
                ("recipientsFile", "\(way)list.txt"),
            ]
            for (key, value) in keys {
                let draft = Draft(["honest@example.com"]).with("text", key == "textFile" ? nil : "x")
                try spool.drop(draft.with(key, value), as: "m\(count)", in: .scheduled)
                count += 1
            }
        }
        #expect(try spool.tick().ending == .exited(0))
        #expect(try spool.sink.submissions.isEmpty)
        let status = try spool.status()
        for number in 0..<count { #expect(try !status["m\(number)"].errors.isEmpty, "m\(number)") }
        #expect(try spool.names(in: .scheduled).count == count)
    }

    @Test func `a directory swapped for a link in the middle leads nowhere`() throws {
        let spool = try spoolWithSecrets()
        let files = spool.path + "/files"
        mkdir(files + "/dir", 0o755)
        for name in ["a.txt", "a.html"] { try spool.put("files/dir/\(name)", "{{ address }} honest\n") }
        try spool.put("files/dir/list.txt", "honest@example.com\n")
        symlink("../outside", files + "/swap")
        let swapper = Thread {
            while !Thread.current.isCancelled {
                rename(files + "/dir", files + "/honest")
                rename(files + "/swap", files + "/dir")
                rename(files + "/dir", files + "/swap")
                rename(files + "/honest", files + "/dir")
            }
        }
        swapper.start()
        for round in 0..<12 {
            let draft = Draft(file: "dir/list.txt").with("htmlFile", "dir/a.html")
            let drafts = [
                draft.with("text", nil).with("textFile", "dir/a.txt"),
                draft.with("attachments", ["dir/a.txt"]),
            ]
            for (index, draft) in drafts.enumerated() {
                try spool.drop(draft, as: "m\(round)-\(index)", in: round % 2 == 0 ? .scheduled : .active)
            }
            #expect(try spool.tick().ending == .exited(0))
        }
        swapper.cancel()
        try eventually("the swapping has ended") { swapper.isFinished }
        // Once the swapping has ended everything goes out, and only what was meant.
        try spool.tickUntilDone()
        let submissions = try spool.sink.submissions
        #expect(submissions.count == 24)
        let mails = try ReadMail.read(submissions.map { "\(spool.sink.path)/\($0.file)" })
        for (submission, mail) in zip(submissions, mails) {
            #expect(submission.recipient == "honest@example.com")
            #expect(mail.html == "honest@example.com honest\n")
            let attached = mail.files.compactMap { Data(base64Encoded: $0.base64) }.map {
                String(decoding: $0, as: UTF8.self)
            }
            #expect(attached.allSatisfy { $0 == "{{ address }} honest\n" })
        }
    }
}
