import Foundation

/// A call at which a program is killed: the so-manieth of its kind, as strace counts them in each thread.
struct KillPoint: Hashable {
    let call: String
    let number: Int

    private static let changingCalls: Set = [
        "write", "pwrite64", "fdatasync", "fsync", "renameat2", "ftruncate", "fallocate", "fchmod", "flock",
        "clone", "clone3", "vfork", "memfd_create", "wait4",
    ]

    private var changes: Bool { Self.changingCalls.contains(call) }

    /// The calls that a tick makes, without those of the programs that it starts, from that one on of which `begins`
    /// says so.
    ///
    /// - Parameter run: lets it run under these conditions.
    static func all(
        from begins: (_ call: TracedCall, _ isOfChild: Bool) -> Bool, run: (Conditions) throws -> Void
    ) throws -> [KillPoint] {
        let directory = try TemporaryDirectory()
        let file = directory.path + "/trace"
        try run(.traced(file: file))
        let calls = TracedCall.all(in: try String(contentsOfFile: file, encoding: .utf8))
        // A child's calls come after the clone that made it, and before its execve, at which strace lets it go.
        let children = Set(calls.dropFirst().filter { $0.name == "execve" }.map(\.process))
        var counts: [Int: [String: Int]] = [:]
        var points: [KillPoint] = []
        var seen: Set<KillPoint> = []
        var hasBegun = false
        for call in calls {
            let isOfChild = children.contains(call.process)
            hasBegun = hasBegun || begins(call, isOfChild)
            if isOfChild { continue }
            let number = counts[call.process, default: [:]][call.name, default: 0] + 1
            counts[call.process, default: [:]][call.name] = number
            let point = KillPoint(call: call.name, number: number)
            if hasBegun, call.name != "execve", seen.insert(point).inserted { points.append(point) }
        }
        return points
    }

    /// Those that leave something behind, each of them; of the others, which only look, some.
    static func selected(from all: [KillPoint], for sweep: String) -> [KillPoint] {
        let changing = all.filter(\.changes)
        var numbers = SeededNumbers.announced(sweep)
        let looking = all.filter { !$0.changes }.shuffled(using: &numbers).prefix(8)
        print("\(sweep): \(changing.count) and \(looking.count) of \(all.count) system calls")
        return changing + looking
    }
}

extension Conditions {
    static func killed(at point: KillPoint, signal: String = "KILL") -> Conditions {
        .killed(call: point.call, number: point.number, signal: signal)
    }
}
