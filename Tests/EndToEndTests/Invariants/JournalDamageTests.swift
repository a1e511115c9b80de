import Foundation
import Testing

/// A spool with a mailing that is half done: three sent, one failed, two deferred for an hour; and its journal.
private struct HalfDone {
    static let recipients = ["s1", "s2", "s3", "f1", "d1", "d2"].map { "\($0)@example.com" }

    let spool: ScratchSpool
    let original: Data
    /// The journal directory's files as they are.
    let files: [String: Data]
    /// The file that holds the mailing's events.
    let journal: String

    static func make() throws -> HalfDone {
        let spool = try ScratchSpool(settings: ["retry": ["first": "1h", "most": "2h"]])
        try spool.sink.behave("f* exit=67 stderr=no_such_user", "d* exit=75 stderr=later")
        try spool.drop(Draft(recipients), as: "news", in: .scheduled)
        let original = try spool.contents(of: "news", in: .scheduled)
        guard try spool.tick().ending == .exited(0) else { throw HarnessError("the first tick") }
        guard try spool.sink.count == 6 else { throw HarnessError("\(try spool.sink.submissions)") }
        var files: [String: Data] = [:]
        for name in try spool.names(in: .journal) {
            files[name] = FileManager.default.contents(atPath: "\(spool.path)/journal/\(name)")
        }
        let holders = files.filter { file in
            recipients.allSatisfy { file.value.firstRange(of: Data($0.utf8)) != nil }
        }
        guard holders.count == 1, let holder = holders.first?.key else {
            throw HarnessError("the journal is in \(holders.keys) of \(files.keys)")
        }
        return HalfDone(spool: spool, original: original, files: files, journal: holder)
    }

    /// Puts everything back as it was, but for the mailing's journal.
    func restore(journal damaged: Data) throws {
        for name in try spool.names(in: .journal) where files[name] == nil {
            try FileManager.default.removeItem(atPath: "\(spool.path)/journal/\(name)")
        }
        for (name, data) in files {
            try spool.overwriteOrMake("journal/\(name)", with: name == journal ? damaged : data)
        }
        spool.move("news", from: .done, to: .active)
        try Data().write(to: URL(fileURLWithPath: spool.sink.path + "/log"))
    }

    /// Who had his outcome, sent or failed, in the first bytes of the journal: the whole of the last line that
    /// names him.
    func settled(in prefix: Data) throws -> [String] {
        guard let whole = files[journal] else { throw HarnessError("no journal") }
        return HalfDone.recipients.filter { recipient in
            guard !recipient.hasPrefix("d"),
                let last = whole.ranges(of: Data(recipient.utf8)).last,
                let end = whole[last.upperBound...].firstIndex(of: 0x0A)
            else { return false }
            return end < prefix.count
        }
    }
}

@Suite(.serialized, .timeLimit(.minutes(25)))
struct `Invariant 6: a damaged journal never causes a second copy of what stands before the damage` {
    /// The lengths to cut at: all line ends and their neighbours, and others by chance.
    private func cuts(of journal: Data, count: Int, using numbers: inout SeededNumbers) -> [Int] {
        let ends = journal.indices.filter { journal[$0] == 0x0A }
        let near = ends.flatMap { [$0 - 1, $0, $0 + 1, $0 + 2] } + [0, 1]
        let others = (0..<journal.count).shuffled(using: &numbers).prefix(count)
        return Set(near + others).filter { $0 >= 0 && $0 <= journal.count }.sorted()
    }

    private func expectNoSecondCopy(_ half: HalfDone, _ damaged: Data, prefix: Data, _ what: String) throws {
        try half.restore(journal: damaged)
        let outcome = try half.spool.tick()
        switch outcome.ending {
        case .exited(0), .exited(74), .exited(75): break
        default: Issue.record("\(what): \(outcome)")
        }
        let mailed = try half.spool.sink.submissions.map(\.recipient)
        let settled = try half.settled(in: prefix)
        #expect(settled.filter(mailed.contains).isEmpty, "\(what): second copies, got \(mailed)")
        #expect(Set(mailed).count == mailed.count, "\(what): two in one tick: \(mailed)")
        #expect(half.spool.folders(of: "news").count == 1, "\(what)")
        let status = try half.spool.status()
        if let mailing = status.mailings.first(where: { $0.name == "news" }) {
            if let sum = mailing.sum { #expect(sum == mailing.recipients, "\(what): \(mailing)") }
            // Nobody is forgotten: he has his outcome, was mailed now, waits, or an error says why not.
            let known = (mailing.sent ?? 0) + (mailing.failed ?? 0) + (mailing.deferred ?? 0)
            let open = (mailing.waiting ?? 0) + (mailing.inDoubt ?? 0)
            #expect(known + open == 6 || !mailing.errors.isEmpty, "\(what): \(mailing)")
        } else {
            Issue.record("\(what): the status does not show the mailing")
        }
    }

    @Test func `a journal may be cut at any byte`() throws {
        let half = try HalfDone.make()
        let whole = try #require(half.files[half.journal])
        var numbers = SeededNumbers.announced("journal cuts")
        let cuts = cuts(of: whole, count: 200, using: &numbers)
        print("journal cuts: \(cuts.count) of \(whole.count) bytes")
        for cut in cuts {
            let prefix = whole.prefix(cut)
            try expectNoSecondCopy(half, prefix, prefix: prefix, "cut at \(cut)")
        }
    }

    @Test func `garbage may stand after any byte`() throws {
        let half = try HalfDone.make()
        let whole = try #require(half.files[half.journal])
        var numbers = SeededNumbers.announced("journal garbage")
        let cuts = cuts(of: whole, count: 200, using: &numbers)
        for (index, cut) in cuts.enumerated() {
            let prefix = whole.prefix(cut)
            let noise = Data(
                (0..<Int.random(in: 1...300, using: &numbers)).map { _ in
                    UInt8.random(in: 0...255, using: &numbers)
                })
            let garbage =
                switch index % 4 {
                case 0: noise
                case 1: Data(count: 512)
                case 2: Data("\n".utf8) + noise + Data("\n".utf8)
                // Lines that were once whole, from another place of the same file.
                default: Data("\n".utf8) + whole.suffix(Int.random(in: 0...whole.count, using: &numbers))
                }
            try expectNoSecondCopy(
                half, prefix + garbage, prefix: prefix, "garbage \(index % 4) after \(cut)")
        }
    }

    @Test func `a single damaged byte in the middle costs no second copy to those before it`() throws {
        let half = try HalfDone.make()
        let whole = try #require(half.files[half.journal])
        var numbers = SeededNumbers.announced("journal bits")
        for place in (0..<whole.count).shuffled(using: &numbers).prefix(100).sorted() {
            var damaged = whole
            damaged[place] ^= UInt8(1 << Int.random(in: 0...7, using: &numbers))
            try expectNoSecondCopy(half, damaged, prefix: whole.prefix(place), "bit at \(place)")
        }
    }

    @Test func `the other files of the journal may be empty or gone`() throws {
        let half = try HalfDone.make()
        let whole = try #require(half.files[half.journal])
        for name in half.files.keys.sorted() where name != half.journal {
            try half.restore(journal: whole)
            try half.spool.overwriteOrMake("journal/\(name)", with: Data())
            #expect(try half.spool.tick().ending == .exited(0), "\(name) empty")
            try half.restore(journal: whole)
            try FileManager.default.removeItem(atPath: "\(half.spool.path)/journal/\(name)")
            #expect(try half.spool.tick().ending == .exited(0), "\(name) gone")
            #expect(try half.spool.sink.count == 0, "\(name)")
            try expectDocument(half.spool, "news", in: .active, is: half.original)
        }
    }
}

extension ScratchSpool {
    fileprivate func overwriteOrMake(_ file: String, with data: Data) throws {
        if FileManager.default.fileExists(atPath: path + "/" + file) {
            try overwrite(file, with: data)
        } else {
            try data.write(to: URL(fileURLWithPath: path + "/" + file))
        }
    }
}
