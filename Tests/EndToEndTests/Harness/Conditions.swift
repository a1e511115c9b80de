/// What a program is run under.
enum Conditions {
    /// As on any day.
    case ordinary
    /// Another clock, in libfaketime's words: `+1h`, `-3600`, `@2038-01-19 03:14:00`.
    case clock(String)
    /// Killed, or sent another signal, on entering the n-th call of a kind; the programs that it starts are left
    /// alone.
    case killed(call: String, number: Int, signal: String = "KILL")
    /// A kernel whose renameat2 knows no flags (EINVAL), as on some network file systems; with `killedAt` killed on
    /// entering that call, the n-th of its kind.
    case withoutRenameFlags(killedAt: (call: String, number: Int)?)
    /// The n-th call of a kind fails, or with `forGood` that and each one after it; only calls on these paths, which
    /// are written into a file, the failing ones with the word INJECTED.
    case failing(call: String, number: Int, forGood: Bool, error: String, paths: [String], log: String)
    /// With so much memory, and no more.
    case memory(megabytes: Int)
    /// Every system call is written into a file, with the paths behind the descriptors.
    case traced(file: String)

    /// The program and arguments that run `program` under these conditions, and the variables it needs.
    func command(_ program: String, _ arguments: [String]) -> (String, [String], [String: String]) {
        // The programs that a tick starts are detached at their execve, so a fault hits the tick alone.
        let strace = ["-f", "-b", "execve", "-qqq"]
        switch self {
        case .ordinary:
            return (program, arguments, [:])
        case .clock(let clock):
            let variables = [
                "LD_PRELOAD": Installation.fakeTime, "FAKETIME": clock, "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                "DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1", "TZ": "UTC",
            ]
            return (program, arguments, variables)
        case .killed(let call, let number, let signal):
            let options = [
                "-o", "/dev/null", "-e", "trace=\(call)", "-e",
                "inject=\(call):signal=\(signal):when=\(number)",
            ]
            return ("/usr/bin/strace", strace + options + [program] + arguments, [:])
        case .withoutRenameFlags(let point):
            var options = ["-o", "/dev/null", "-e", "inject=renameat2:error=EINVAL"]
            if let point { options += ["-e", "inject=\(point.call):signal=KILL:when=\(point.number)"] }
            return ("/usr/bin/strace", strace + options + [program] + arguments, [:])
        case .failing(let call, let number, let forGood, let error, let paths, let log):
            let when = forGood ? "\(number)+" : "\(number)"
            let options = [
                "-o", log, "-y", "-s", "60", "-e", "trace=\(call)", "-e",
                "inject=\(call):error=\(error):when=\(when)",
            ]
            let selected = paths.flatMap { ["-P", $0] }
            return ("/usr/bin/strace", strace + options + selected + [program] + arguments, [:])
        case .memory(let megabytes):
            return ("/usr/bin/prlimit", ["--as=\(megabytes << 20)", program] + arguments, [:])
        case .traced(let file):
            return ("/usr/bin/strace", strace + ["-y", "-s", "0", "-o", file, program] + arguments, [:])
        }
    }
}

/// One system call as strace writes it down.
struct TracedCall {
    let process: Int
    let name: String
    /// The whole line.
    let text: String

    /// The calls of a trace, in order; lines that are no call (signals, exits, resumptions) are left out.
    static func all(in trace: String) -> [TracedCall] {
        trace.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
            guard parts.count == 2, let process = Int(parts[0]), let end = parts[1].firstIndex(of: "(") else {
                return nil
            }
            let name = parts[1][..<end].drop { $0 == " " }
            guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else {
                return nil
            }
            return TracedCall(process: process, name: String(name), text: String(parts[1]))
        }
    }
}
