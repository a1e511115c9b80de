import Foundation
import Testing

@Suite(.serialized, .timeLimit(.minutes(25)))
struct `Invariant 7: a call that fails is said, and costs neither a message nor a second copy` {
    private static let recipients = Draft.addresses(4)
    private static let calls = [
        "write", "pwrite64", "writev", "fsync", "fdatasync", "open", "openat", "openat2", "rename",
        "renameat",
        "renameat2", "link", "linkat", "ftruncate", "sendfile",
    ]

    private struct Fault: CustomStringConvertible {
        let call: String
        let number: Int
        let forGood: Bool
        let error: String
        let paths: [String]

        var description: String { "\(call) number \(number)\(forGood ? " and after" : "") with \(error)" }
    }

    private func spool() throws -> ScratchSpool {
        let spool = try ScratchSpool(concurrency: 2)
        try spool.put("files/list.txt", Self.recipients.suffix(2).joined(separator: "\n") + "\n")
        try spool.put("suppressed.txt", "nobody@example.com\n")
        let draft = Draft(Array(Self.recipients.prefix(2))).with("recipientsFile", "list.txt")
        try spool.drop(draft, as: "news", in: .scheduled)
        return spool
    }

    /// The files below the spool that a tick touches, relative to it, and how often each kind of call touches any.
    private func touched() throws -> (paths: Set<String>, counts: [String: Int]) {
        let spool = try spool()
        let directory = try TemporaryDirectory()
        let file = directory.path + "/trace"
        #expect(try spool.tick(under: .traced(file: file)).isSilentSuccess)
        let quoted = try Regex("[<\"]\(spool.path)(/[^<>\"]*)?[>\"]", as: (Substring, Substring?).self)
        let relative = /\"([^\"\/]+)\"/
        var paths: Set<String> = [""]
        var counts: [String: Int] = [:]
        for call in TracedCall.all(in: try String(contentsOfFile: file, encoding: .utf8)) {
            let matches = call.text.matches(of: quoted)
            let isMessage = call.text.contains("memfd:message")
            guard !matches.isEmpty || isMessage else { continue }
            if Self.calls.contains(call.name) { counts[call.name, default: 0] += 1 }
            for match in matches { paths.insert(String(match.output.1 ?? "")) }
            // A name relative to an open directory is a path too.
            if let first = matches.first, call.text.contains("<\(spool.path)") {
                for name in call.text.matches(of: relative) {
                    paths.insert("\(first.output.1 ?? "")/\(name.output.1)")
                }
            }
        }
        return (paths, counts)
    }

    private func check(_ fault: Fault) throws {
        let spool = try spool()
        let original = try spool.contents(of: "news", in: .scheduled)
        let paths = fault.paths.map { spool.path + $0 } + ["/memfd:message"]
        let outcome = try spool.tick(
            under: .failing(
                call: fault.call, number: fault.number, forGood: fault.forGood, error: fault.error,
                paths: paths))
        if case .exited(let status) = outcome.ending {
            // The calls of two ticks are not equally many: a fault that came too late to be met did no harm.
            let isDone = spool.folders(of: "news") == [.done]
            #expect(status != 0 || isDone, "\(fault): exit 0, said: \(outcome.errors)")
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
    }

    @Test(arguments: [false, true])
    func `each write, sync, open and rename may fail`(forGood: Bool) throws {
        let (paths, counts) = try touched()
        print("faults: \(counts), \(paths.count) paths")
        #expect((counts["fsync"] ?? 0) + (counts["fdatasync"] ?? 0) > 3)
        for (call, count) in counts.sorted(by: { $0.key < $1.key }) {
            for number in 1...count {
                let error = call == "write" && number % 2 == 0 ? "ENOSPC" : "EIO"
                try check(
                    Fault(call: call, number: number, forGood: forGood, error: error, paths: paths.sorted()))
            }
        }
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
