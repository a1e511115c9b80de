internal import SpoolSystem

/// One of Spool's commands: what all of them do before their own work.
package struct Command {
    /// The program's name.
    private let name: String
    /// What `--help` prints.
    private let help: String

    /// The command of a program.
    package init(_ name: String, help: String) {
        self.name = name
        self.help = help
    }

    /// Reads the arguments of this process, answers `--help` and `--version`, and says what is wrong with the others.
    ///
    /// - Parameters:
    ///   - known: the command's own options.
    ///   - operand: what is named by what is no option: `a mailing`.
    ///   - body: the command's own work.
    package func run(
        known: [String: Arguments.Kind], operand: String,
        _ body: (Arguments) throws(UsageError) -> ExitStatus
    ) -> ExitStatus {
        StandardStream.openMissing()
        guard let arguments = ProcessTable.arguments() else {
            return CommandFailure.unknownArguments.say(as: name)
        }
        do throws(UsageError) {
            let options = try Arguments(arguments, known: known, operand: operand)
            if options.has("help") { return Output.print(help, as: name) }
            if options.has("version") { return Output.print("\(name) \(Spool.version)\n", as: name) }
            return try body(options)
        } catch {
            return CommandFailure(error.description, .usage).say(as: name)
        }
    }
}
