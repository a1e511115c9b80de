@testable import SpoolConsole
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolTick
import TestSupport
import Testing

/// Nobody is mailed twice because of an editor: whatever was done to a document between two looks.
struct IdentityTests {
    private typealias Letter = IdentitySpool.Letter
    private static let edited = Letter(text: "Hi all", recipients: TestSpool.people(3))

    // MARK: A mailing that has ended

    /// What somebody does with a document in `done/` before a tick has looked.
    enum Way: CaseIterable, Sendable {
        case editsThenMoves, movesThenEdits
    }

    private func edit(_ spool: IdentitySpool, _ way: Way, to path: String) throws {
        switch way {
        case .editsThenMoves:
            try spool.replace("done/news", Self.edited)
            try spool.move("done/news", to: path)
        case .movesThenEdits:
            try spool.move("done/news", to: path)
            try spool.replace(path, Self.edited)
        }
    }

    @Test(arguments: Way.allCases, [Folder.active, .scheduled, .paused])
    func `one that has ended, replaced by an editor and moved, is an error, and nobody is mailed`(
        way: Way, folder: Folder
    ) throws {
        let spool = try IdentitySpool(unfinished: false)
        try edit(spool, way, to: "\(folder.rawValue)/news")
        for _ in 0..<3 { try spool.tick() }
        #expect(spool.received == ["r1", "r2"])
        #expect(spool.test.heard.count == 1)
        let errors = try spool.errors()
        #expect(errors.count == 1)
        for words in [
            "2 have got \"Issue 1\"", "move it back to done/", "--adopt news", "to the 1 who has not got it",
            "--forget news", "to all 3", "another name",
        ] { #expect(errors[0].contains(words), "\(errors)") }
        // Its name is not free, and no journal is put aside.
        #expect(spool.test.places == ["\(folder.rawValue)/news.json"])
        #expect(spool.test.spool.journalNames == ["news.journal"])
    }

    @Test func `moved back to done and seen there, it is the same mailing`() throws {
        let spool = try IdentitySpool(unfinished: false)
        let more = Letter(recipients: TestSpool.people(3))
        try spool.replace("done/news", more)
        try spool.move("done/news", to: "active/news")
        try spool.tick()
        try spool.move("active/news", to: "done/news")
        try spool.tick()
        #expect(spool.received == ["r1", "r2"])
        try spool.move("done/news", to: "active/news")
        try spool.tick()
        #expect(spool.received == ["r1", "r2", "r3"] && spool.test.places == ["done/news.json"])
    }

    @Test(arguments: Way.allCases, [Folder.active, .scheduled])
    func `adopted it goes to whoever has not got it`(way: Way, folder: Folder) throws {
        let spool = try IdentitySpool(unfinished: false)
        try edit(spool, way, to: "\(folder.rawValue)/news")
        try spool.tick()
        #expect(spool.adopt() == .ok)
        try spool.tick()
        #expect(spool.received == ["r1", "r2", "r3"] && spool.test.places == ["done/news.json"])
        #expect(try spool.test.spool.history("news")?.counts.sent == 3)
    }

    @Test(arguments: Way.allCases, [Folder.active, .scheduled])
    func `forgotten it is a new one, to everybody`(way: Way, folder: Folder) throws {
        let spool = try IdentitySpool(unfinished: false)
        try edit(spool, way, to: "\(folder.rawValue)/news")
        try spool.tick()
        #expect(spool.forget() == .ok)
        try spool.tick()
        #expect(spool.received == ["r1", "r1", "r2", "r2", "r3"])
        // The one that has ended stays what it was, under its dated name.
        let journals = spool.test.spool.journalNames
        #expect(journals.count == 2)
        let dated = try #require(journals.first { $0 != "news.journal" })
        let history = try #require(try spool.test.spool.history(String(dated.dropLast(8))))
        #expect(history.closing == .finished && history.counts.sent == 2 && history.isGone)
    }

    @Test func `its name is free once a tick has seen that its document is gone`() throws {
        let spool = try IdentitySpool(unfinished: false)
        try spool.remove("done/news")
        try spool.tick()
        try spool.drop("scheduled/news", Self.edited)
        try spool.tick()
        #expect(spool.received == ["r1", "r1", "r2", "r2", "r3"] && spool.test.heard.isEmpty)
    }

    @Test func `a new one beside its document is a new one`() throws {
        let spool = try IdentitySpool(unfinished: false)
        try spool.drop("scheduled/news", Letter(subject: "Issue 2"))
        try spool.tick()
        #expect(spool.received == ["r1", "r1", "r2", "r2"] && spool.test.heard.isEmpty)
    }

    // MARK: An unfinished one

    @Test(arguments: [(Folder.active, Folder.paused), (.paused, .active)])
    func `an unfinished one, replaced and moved, goes on where it was, and that is said once`(
        from: Folder, to: Folder
    ) throws {
        let spool = try IdentitySpool(unfinished: true, in: from)
        spool.test.transport.react { _ in .accepts }
        try spool.replace("\(from.rawValue)/news", Self.edited)
        try spool.move("\(from.rawValue)/news", to: "\(to.rawValue)/news")
        for _ in 0..<2 { try spool.tick() }
        #expect(spool.test.heard.count == 1 && spool.test.heard[0].contains("edited and moved"))
        if to == .paused { try spool.move("paused/news", to: "active/news") }
        for _ in 0..<70 { try spool.tick() }
        #expect(spool.received == ["r1", "r2", "r3"] && spool.test.heard.count == 1)
        #expect(try spool.test.spool.history("news")?.counts.sent == 3)
    }

    @Test func `stopped, replaced and started again between two looks, it goes on`() throws {
        let spool = try IdentitySpool(unfinished: true)
        try spool.move("active/news", to: "paused/news")
        try spool.replace("paused/news", Self.edited)
        try spool.move("paused/news", to: "active/news")
        try spool.tick()
        #expect(spool.received == ["r1", "r3"] && spool.test.heard.isEmpty)
        #expect(try spool.errors().isEmpty)
    }

    @Test func `in scheduled it is an error, until it is moved back`() throws {
        let spool = try IdentitySpool(unfinished: true)
        try spool.replace("active/news", Self.edited)
        try spool.move("active/news", to: "scheduled/news")
        for _ in 0..<2 { try spool.tick() }
        #expect(spool.received == ["r1"] && spool.test.heard.count == 1)
        #expect(try spool.errors()[0].contains("move it back to active/"))
        #expect(try spool.test.spool.history("news")?.isGone == false)
        try spool.move("scheduled/news", to: "active/news")
        try spool.tick()
        #expect(spool.received == ["r1", "r3"])
    }

    @Test(arguments: [Folder.active, .paused, .scheduled])
    func `once a tick has recorded that its document is gone, another file is the error, wherever it is`(
        folder: Folder
    ) throws {
        let spool = try IdentitySpool(unfinished: true)
        try spool.remove("active/news")
        try spool.tick()
        #expect(try spool.test.spool.history("news")?.isGone == true)
        try spool.drop("\(folder.rawValue)/news", Self.edited)
        try spool.tick()
        #expect(spool.received == ["r1"])
        let errors = try spool.errors()
        #expect(
            errors.count == 1 && errors[0].contains("--adopt news") && !errors[0].contains("move it back"))
        #expect(spool.adopt() == .ok)
        if folder == .paused { try spool.move("paused/news", to: "active/news") }
        try spool.tick()
        #expect(spool.received == ["r1", "r3"])
    }

    @Test func `replaced and moved to done, it is cancelled`() throws {
        let spool = try IdentitySpool(unfinished: true)
        try spool.replace("active/news", Self.edited)
        try spool.move("active/news", to: "done/news")
        try spool.tick()
        #expect(try spool.test.spool.history("news")?.closing == .cancelled)
        #expect(spool.received == ["r1"] && spool.test.heard.isEmpty)
    }

    // MARK: Another name

    @Test(arguments: [Folder.active, .scheduled], [true, false])
    func `replaced and renamed, it is an error that says where it came from`(
        folder: Folder, isUnfinished: Bool
    ) throws {
        let spool = try IdentitySpool(unfinished: isUnfinished)
        let home = isUnfinished ? "active/news" : "done/news"
        try spool.replace(home, Self.edited)
        try spool.move(home, to: "\(folder.rawValue)/letter")
        for _ in 0..<2 { try spool.tick() }
        let before = isUnfinished ? ["r1"] : ["r1", "r2"]
        #expect(spool.received == before && spool.test.heard.count == 1)
        let errors = try spool.errors("letter")
        #expect(errors.count == 1 && errors[0].contains("move it back to \(home).json"), "\(errors)")
        try spool.move("\(folder.rawValue)/letter", to: home)
        try spool.tick()
        #expect(try spool.test.snapshot("news")?.errors.isEmpty ?? true)
        #expect(spool.received == (isUnfinished ? ["r1", "r3"] : before))
    }

    @Test func `replaced and renamed, and the other forgotten, it is a new one`() throws {
        let spool = try IdentitySpool(unfinished: false)
        try spool.replace("done/news", Self.edited)
        try spool.move("done/news", to: "active/letter")
        try spool.tick()
        #expect(spool.forget() == .ok)
        try spool.tick()
        #expect(spool.received == ["r1", "r1", "r2", "r2", "r3"])
    }

    @Test func `replaced and renamed in done, it is the same mailing`() throws {
        let spool = try IdentitySpool(unfinished: false)
        try spool.replace("done/news", Letter(recipients: TestSpool.people(3)))
        try spool.move("done/news", to: "done/old")
        try spool.tick()
        try spool.move("done/old", to: "active/old")
        try spool.tick()
        #expect(spool.received == ["r1", "r2", "r3"] && spool.test.heard.isEmpty)
    }

    @Test(arguments: [
        Letter(subject: "Another", text: "Dear all"), Letter(recipients: ["x@example.org"]),
    ])
    func `what says something else, or to others, is a new mailing, whatever was removed meanwhile`(
        letter: IdentitySpool.Letter
    ) throws {
        let spool = try IdentitySpool(unfinished: false)
        try spool.remove("done/news")
        try spool.drop("scheduled/letter", letter)
        try spool.tick()
        #expect(spool.received.count == 2 + letter.recipients.count && spool.test.heard.isEmpty)
        #expect(spool.test.places == ["done/letter.json"])
    }

    @Test func `what lay there before is no mailing that has vanished since`() throws {
        let spool = try IdentitySpool(unfinished: false)
        let later = Letter().document.dropLast() + ", \"sendAt\": \"2026-11-24T18:30:00Z\"}"
        try spool.test.spool.write("scheduled/letter.json", String(later))
        try spool.tick()
        try spool.remove("done/news")
        for _ in 0..<40 { try spool.tick() }
        #expect(spool.received == ["r1", "r1", "r2", "r2"] && spool.test.heard.isEmpty)
    }

    // MARK: Sent again

    @Test(arguments: [Folder.active, .scheduled], [true, false])
    func `edited into the next issue, one that has ended is an error, in whatever way it is saved`(
        folder: Folder, isReplaced: Bool
    ) throws {
        let spool = try IdentitySpool(unfinished: false)
        let next = Letter(subject: "Issue 2", recipients: TestSpool.people(3))
        if isReplaced {
            try spool.replace("done/news", next)
            try spool.tick()
        } else {
            try spool.test.spool.files.overwrite("done/news.json", next.document.utf8)
        }
        try spool.move("done/news", to: "\(folder.rawValue)/news")
        for _ in 0..<3 { try spool.tick() }
        #expect(spool.received == ["r1", "r2"] && spool.test.heard.count == 1)
        let errors = try spool.errors()
        #expect(errors.count == 1)
        for words in [
            "2 have got \"Issue 1\"", "move it back to done/", "cp done/news.json scheduled/", "--adopt news",
            "to the 1 who has not got it", "--forget news", "to all 3",
        ] { #expect(errors[0].contains(words), "\(errors)") }
        #expect(spool.adopt() == .ok)
        try spool.tick()
        #expect(spool.received == ["r1", "r2", "r3"] && spool.test.places == ["done/news.json"])
    }

    @Test func `what is edited where it has come back to is judged anew, in whatever way it is saved`() throws
    {
        for isReplaced in [true, false] {
            let spool = try IdentitySpool(unfinished: false)
            try spool.move("done/news", to: "active/news")
            try spool.tick()
            #expect(try spool.errors()[0].contains("nobody would be mailed"))
            let more = Letter(recipients: TestSpool.people(3))
            if isReplaced {
                try spool.replace("active/news", more)
            } else {
                try spool.test.spool.files.overwrite("active/news.json", more.document.utf8)
            }
            try spool.tick()
            #expect(spool.received == ["r1", "r2", "r3"] && spool.test.places == ["done/news.json"])
        }
    }

    @Test func `the next issue is forgotten into a new mailing`() throws {
        let spool = try IdentitySpool(unfinished: false)
        try spool.test.spool.files.overwrite("done/news.json", Letter(subject: "Issue 2").document.utf8)
        try spool.move("done/news", to: "scheduled/news")
        try spool.tick()
        #expect(spool.forget() == .ok)
        try spool.tick()
        #expect(spool.received == ["r1", "r1", "r2", "r2"] && spool.test.places == ["done/news.json"])
    }

    @Test func `by way of paused it is the same error`() throws {
        let spool = try IdentitySpool(unfinished: false)
        try spool.move("done/news", to: "paused/news")
        try spool.tick()
        try spool.replace("paused/news", Letter(subject: "Issue 2"))
        try spool.tick()
        #expect(spool.test.heard.isEmpty)
        try spool.move("paused/news", to: "active/news")
        try spool.tick()
        #expect(try spool.errors()[0].contains("2 have got \"Issue 1\""))
        #expect(spool.received == ["r1", "r2"])
    }

    @Test func `whoever is new or has failed gets it, if it says the same`() throws {
        let spool = try IdentitySpool { handOver in
            handOver.recipient == "r2@example.org" ? .answersAtOnce(.of(.refused)) : .accepts
        }
        try spool.drop("active/news")
        try spool.tick()
        #expect(try spool.test.spool.history("news")?.counts.failed == 1)
        spool.test.transport.react { _ in .accepts }
        try spool.replace("done/news", Letter(recipients: TestSpool.people(3)))
        try spool.tick()
        try spool.move("done/news", to: "scheduled/news")
        try spool.tick()
        #expect(spool.received == ["r1", "r2", "r3"] && spool.test.heard.isEmpty)
    }

    @Test(arguments: [true, false])
    func `where a journal of version 1_0 does not say what was read, only the very same goes out again`(
        isSame: Bool
    ) throws {
        let spool = try IdentitySpool(unfinished: false)
        let lines = try spool.test.spool.journal("news").filter { !$0.hasPrefix("wording ") }
        let journal = try lines.flatMap { line in
            let parts = line.replacing(#/ wording=[^ ]*/#, with: "").split(separator: " ", maxSplits: 1)
            return JournalText.line(
                try #require(JournalWord(rawValue: String(parts[0]))), String(parts[1]), at: TestClock.start)
        }
        try spool.test.spool.files.write("journal/news.journal", journal)
        let more = Letter(text: isSame ? "Hi" : "Hi all", recipients: TestSpool.people(3))
        try spool.test.spool.files.overwrite("done/news.json", more.document.utf8)
        try spool.move("done/news", to: "active/news")
        try spool.tick()
        #expect(spool.received == (isSame ? ["r1", "r2", "r3"] : ["r1", "r2"]))
        #expect(try spool.errors().count == (isSame ? 0 : 1))
    }

    // MARK: A spool on another machine

    @Test(arguments: [true, false])
    func `on a copy of the spool everything goes on as it was, or is an error`(isMoved: Bool) throws {
        for isUnfinished in [true, false] {
            let spool = try IdentitySpool(unfinished: isUnfinished)
            let home = isUnfinished ? "active/news" : "done/news"
            // Other inodes and times of birth for everything.
            try spool.replace(home)
            if isMoved { try spool.move(home, to: "scheduled/news") }
            for _ in 0..<70 { try spool.tick() }
            #expect(Set(spool.received).count == spool.received.count)
            #expect(try spool.errors().isEmpty == !isMoved)
        }
    }
}
