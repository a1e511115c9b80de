import Foundation
import Testing

struct `Completion of command lines` {
    /// What a shell offers behind each line, in a directory with the spool of a test.
    private func offered(
        by shell: String, _ spool: ScratchSpool, _ lines: [String]
    ) throws -> [String: [String]] {
        let package = Installation.package.path
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let outcome = try Run.start(
            "/usr/bin/env",
            [
                "-C", spool.path + "/files", "python3", package + "/Tests/EndToEndTests/Programs/complete.py",
                shell,
                package + "/Sources/Packaging/completions",
            ] + lines,
            environment: [
                "SPOOL_DIR": spool.path, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8",
                "PATH": "\(Installation.directory):\(path)",
            ]
        ).wait()
        guard outcome.ending == .exited(0) else { throw HarnessError("\(shell): \(outcome)") }
        return try JSONDecoder().decode([String: [String]].self, from: Data(outcome.output.utf8))
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `offers options, states, and the names of mailings`(shell: String) throws {
        let spool = try ScratchSpool()
        try spool.drop(Draft(1), as: "news", in: .scheduled)
        try spool.drop(Draft(1), as: "års möte", in: .paused)
        try spool.replace("done/notes.txt", with: Data())
        var expected: [String: [String]] = [
            "spool-status ": ["news", "års möte"],
            "spool-status --spool /nowhere --state de": ["deferred"],
            "spool-status --recipients --state s": ["sending", "sent", "skipped"],
            "spool-status --color a": ["always", "auto"],
            "spool-tick --forget n": ["news"],
            "spool-tick --resolve news=": shell == "fish"
                ? ["news=resend", "news=sent"] : ["resend", "sent"],
            "spool-check --new h": ["html"],
            "spool-returns --block --mailing n": ["news"],
        ]
        for program in ["spool-tick", "spool-status", "spool-check", "spool-returns"] {
            let help = try Run.start("\(Installation.directory)/\(program)", ["--help"]).wait().output
            let options = Set(help.matches(of: /--[a-z]+(-[a-z]+)*/).map { String($0.output.0) })
            #expect(options.isSuperset(of: ["--help", "--version", "--spool"]))
            expected[program + " --"] = options.sorted()
        }
        let offered = try offered(by: shell, spool, Array(expected.keys))
        for (line, words) in expected {
            #expect(offered[line].map(Set.init) == Set(words), "\(shell): \(line): \(offered[line] ?? [])")
        }
    }
}
