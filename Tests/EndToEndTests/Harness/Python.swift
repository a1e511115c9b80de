import Foundation

/// Python, which reads with its own parsers what the programs under test write.
enum Python {
    /// Runs a script of `Programs`, or one given with `-c`, with `input` as its standard input; what it prints is JSON.
    static func read<Value: Decodable>(
        _ type: Value.Type, _ arguments: [String], input: String
    ) throws -> Value {
        let directory = try TemporaryDirectory()
        let file = directory.path + "/input"
        try Data(input.utf8).write(to: URL(fileURLWithPath: file))
        let command = ["-c", "exec python3 \"$@\" < \"$0\"", file] + arguments
        let outcome = try Run.start("/bin/sh", command).wait(seconds: 120)
        guard outcome.ending == .exited(0) else {
            throw HarnessError("python3 \(arguments): \(outcome.ending) \(outcome.errors)")
        }
        return try JSONDecoder().decode(type, from: Data(outcome.output.utf8))
    }

    /// The path of a script of `Programs`.
    static func script(_ name: String) -> String {
        Installation.package.appending(path: "Tests/EndToEndTests/Programs/\(name).py").path
    }
}

extension ScratchSpool {
    /// Runs `spool-status` on this spool.
    func report(_ arguments: String..., under conditions: Conditions = .ordinary) throws -> Outcome {
        let (program, all, variables) = conditions.command(
            Installation.status, ["--spool", path] + arguments)
        return try Run.start(program, all, environment: variables).wait()
    }

    /// The output of `spool-status`, which must succeed without a word on standard error.
    func reported(_ arguments: String...) throws -> String {
        let outcome = try Run.start(Installation.status, ["--spool", path] + arguments).wait()
        guard outcome.isSilentSuccess else {
            throw HarnessError("spool-status \(arguments): \(outcome.ending) \(outcome.errors)")
        }
        return outcome.output
    }
}
