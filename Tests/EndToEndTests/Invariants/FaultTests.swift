import Foundation
import Testing

@Suite(.serialized, .timeLimit(.minutes(25)))
struct `Invariant 7: a call that fails is said, and costs neither a message nor a second copy` {
    private static let recipients = Draft.addresses(4)
    private static let calls = [
        "write", "pwrite64", "writev", "fsync", "fdatasync", "open", "openat", "openat2", "rename",
        "renameat",
        "renameat2", "link", "linkat",
    ]

    private func spool() throws -> ScratchSpool {
        let spool = try ScratchSpool(concurrency: 2)
        try spool.put("files/list.txt", Self.recipients.suffix(2).joined(separator: "\n") + "\n")
        try spool.put("suppressed.txt", "nobody@example.com\n")
        let draft = Draft(Array(Self.recipients.prefix(2))).with("recipientsFile", "list.txt")
        try spool.drop(draft, as: "news", in: .scheduled)
        return spool
    }

    /// The files below the spool that a tick touches, relative to it, and the kinds of calls.
    private func touched() throws -> (paths: [String], calls: [String]) {
        let spool = try spool()
        let directory = try TemporaryDirectory()
        let file = directory.path + "/trace"
        #expect(try spool.tick(under: .traced(file: file)).isSilentSuccess)
        let whole = try Regex("[<\"]\(spool.path)(/[^<>\"]*)?[>\"]", as: (Substring, Substring?).self)
        let relative = /\"([^\"\/]+)\"/
        var paths: Set<String> = [""]
        var calls: Set<String> = []
        for call in TracedCall.all(in: try String(contentsOfFile: file, encoding: .utf8)) {
            let matches = call.text.matches(of: whole)
            guard !matches.isEmpty || call.text.contains("memfd:message") else { continue }
            if Self.calls.contains(call.name) { calls.insert(call.name) }
            for match in matches { paths.insert(String(match.output.1 ?? "")) }
            // A name relative to an open directory is a path too.
            if let first = matches.first, call.text.contains("<\(spool.path)") {
                for name in call.text.matches(of: relative) where name.output.1 != "." {
                    paths.insert("\(first.output.1 ?? "")/\(name.output.1)")
                }
            }
        }
        return (paths.sorted(), calls.sorted())
    }

    /// Runs a tick in which a call fails, and then ticks without faults; false if there was no such call.
    private func check(call: String, number: Int, forGood: Bool, error: String, paths: [String]) throws
        -> Bool
    {
        let spool = try spool()
        let original = try spool.contents(of: "news", in: .scheduled)
        let log = spool.sink.path + "/faults"
        let outcome = try spool.tick(
            under: .failing(
                call: call, number: number, forGood: forGood, error: error,
                paths: paths.map { spool.path + $0 } + ["/memfd:message"], log: log))
        let calls = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
        guard let hit = calls.first(where: { $0.contains("INJECTED") }) else {
            #expect(outcome.isSilentSuccess)
            return false
        }
        let fault = "\(number)\(forGood ? " and all after" : ""): \(hit.replacing(spool.path, with: ""))"
        if case .exited(let status) = outcome.ending {
            // A config.json that cannot be read is as one that is wrong.
            let expected: [Int32] = hit.contains("config.json") ? [74, 78] : [74]
            #expect(expected.contains(status), "\(fault): exit \(status), said: \(outcome.errors)")
        } else {
            Issue.record("\(fault): \(outcome)")
        }
        #expect(!outcome.errors.isEmpty, "\(fault): nothing was said")
        #expect(spool.folders(of: "news").count == 1, "\(fault): \(spool.folders(of: "news"))")
        try expectWhole(spool)
        // Whatever was in flight may have lost its outcome with the disk; nothing else may.
        let copies = try spool.sink.count == 0 ? 0 : 2
        try spool.tickUntilDone()
        try expectDelivered(spool, to: Self.recipients, copies: copies)
        try expectDocument(spool, "news", in: .done, is: original)
        return true
    }

    @Test(arguments: [false, true])
    func `each write, sync, open and rename may fail`(forGood: Bool) throws {
        let (paths, calls) = try touched()
        var numbers: [String: Int] = [:]
        for call in calls {
            for number in 1...300 {
                let error = call == "write" && number % 2 == 0 ? "ENOSPC" : "EIO"
                guard try check(call: call, number: number, forGood: forGood, error: error, paths: paths)
                else {
                    break
                }
                numbers[call] = number
            }
        }
        print("faults: \(numbers) on \(paths.count) paths")
        #expect((numbers["fsync"] ?? 0) + (numbers["fdatasync"] ?? 0) > 3)
    }

    @Test func `a spool on a read-only file system is said and exits 74`() throws {
        let mount = try Mount.tmpfs(megabytes: 4)
        let spool = try ScratchSpool(in: mount.path)
        try spool.drop(Draft(3), as: "news", in: .scheduled)
        try mount.remount("ro")
        let outcome = try spool.tick()
        #expect(outcome.ending == .exited(74) && !outcome.errors.isEmpty, "\(outcome)")
        #expect(try spool.sink.count == 0)
        #expect(try spool.status(of: "news").state == "scheduled")
        try mount.remount("rw")
        try spool.tickUntilDone()
        try expectDelivered(spool, to: Draft.addresses(3))
    }
}

@Suite(.serialized, .timeLimit(.minutes(25)))
struct `Invariant 7: a full disk` {
    @Test func `on a full disk nothing is sent and nothing lost, and it goes on when there is room`() throws {
        let mount = try Mount.tmpfs(megabytes: 2)
        let spool = try ScratchSpool(in: mount.path)
        try spool.drop(Draft(10), as: "news", in: .scheduled)
        let original = try spool.contents(of: "news", in: .scheduled)
        try mount.fill()
        let outcome = try spool.tick()
        #expect(outcome.ending == .exited(74) && !outcome.errors.isEmpty, "\(outcome)")
        #expect(try spool.sink.count == 0)
        #expect(spool.folders(of: "news").count == 1)
        try mount.empty()
        try spool.tickUntilDone()
        try expectDelivered(spool, to: Draft.addresses(10))
        try expectDocument(spool, "news", in: .done, is: original)
    }

    @Test func `a disk that fills up in the middle stops the delivery, and it goes on when there is room`()
        throws
    {
        let mount = try Mount.tmpfs(megabytes: 1)
        let spool = try ScratchSpool(in: mount.path, concurrency: 2)
        let recipients = Draft.addresses(2000)
        try spool.put("files/list.txt", recipients.joined(separator: "\n") + "\n")
        try spool.drop(Draft(file: "list.txt"), as: "news", in: .scheduled)
        let original = try spool.contents(of: "news", in: .scheduled)
        try mount.fill(leaving: 100_000)
        let outcome = try spool.tick()
        let submitted = try spool.sink.count
        print("full disk: after \(submitted) messages: \(outcome.ending) \(outcome.errors)")
        #expect(outcome.ending == .exited(74) && !outcome.errors.isEmpty, "\(outcome)")
        #expect(submitted > 0 && submitted < 2000)
        // Further ticks on the full disk send nothing: there is no room for an intent.
        _ = try spool.tick()
        let more = try spool.sink.count
        #expect(more - submitted <= 2)
        try mount.empty()
        try spool.tickUntilDone()
        try expectDelivered(spool, to: recipients, copies: 4)
        try expectDocument(spool, "news", in: .done, is: original)
    }
}
