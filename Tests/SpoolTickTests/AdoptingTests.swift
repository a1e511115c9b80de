import Glibc
@testable import SpoolConsole
@testable import SpoolStore
@testable import SpoolSystem
@testable import SpoolTick
import TestSupport
import Testing

/// `--adopt` and `--forget` where there is nothing to decide, and where they are cut short.
struct AdoptingTests {
    private typealias Letter = IdentitySpool.Letter

    @Test func `where nobody has to decide anything nothing is adopted`() throws {
        let spool = try IdentitySpool(unfinished: true)
        #expect(spool.adopt() == .dataError && spool.adopt("none") == .noInput)
        try spool.remove("active/news")
        #expect(spool.adopt() == .noInput)
        let ended = try IdentitySpool(unfinished: false)
        #expect(ended.adopt() == .dataError)
        #expect(try ended.test.spool.history("news")?.isOpen == false)
    }

    @Test func `of two files neither is adopted`() throws {
        let spool = try IdentitySpool(unfinished: false)
        try spool.remove("done/news")
        try spool.drop("active/news")
        try spool.drop("scheduled/news")
        #expect(spool.adopt() == .dataError)
    }

    @Test func `what has ended and lies in done is not forgotten`() throws {
        let spool = try IdentitySpool(unfinished: false)
        #expect(spool.forget() == .dataError && spool.forget("none") == .noInput)
        try spool.tick()
        #expect(spool.test.spool.names(in: "journal").contains("news.journal"))
    }

    @Test(arguments: [true, false], [Folder.active, .scheduled])
    func `cut short at any call, adopting mails nobody twice, and is done by the next`(
        isUnfinished: Bool, folder: Folder
    ) throws {
        let strikes = try sweepFaults([.error(EIO)]) {
            let spool = try IdentitySpool(unfinished: isUnfinished)
            try spool.remove(isUnfinished ? "active/news" : "done/news")
            if isUnfinished { try spool.tick() }
            try spool.drop("\(folder.rawValue)/news", Letter(text: "Hi all", recipients: TestSpool.people(3)))
            try spool.tick()
            return spool
        } operation: { spool in
            guard spool.adopt() == .ok else { throw SystemError.missing("adopt") }
        } check: { spool, _ in
            try spool.tick()
            #expect(Set(spool.received).count == spool.received.count)
            if try !spool.errors().isEmpty { #expect(spool.adopt() == .ok) }
            try spool.tick()
            #expect(Set(spool.received) == (isUnfinished ? ["r1", "r3"] : ["r1", "r2", "r3"]))
        }
        #expect(strikes > 3)
    }
}
