package import SpoolConsole
internal import SpoolSchedule
internal import SpoolStore
internal import SpoolSystem
internal import SpoolText

/// `spool-returns`: its options.
package enum ReturnsCommand {
    static let name = "spool-returns"
    static let help = """
        spool-returns: reads what comes back: bounces, complaints, people who leave;
        for cron, beside the tick

          spool-returns [DIR] [--verbose]  judges what is new in the Maildir returns/ and in
                                           the web server's logs
          spool-returns --explain FILE…    says what each message is, and why; changes
                                           nothing, and asks for no token
          spool-returns --block WHO        never mails them again
          spool-returns --unblock WHO      mails them again; also who had left and joins
                                           once more

        WHO is ADDRESS[,ADDRESS]…, @domain, or - for addresses from standard input, or
        --mailing NAME: whoever came back hard of that mailing, so that what is held
        is decided.

          --spool DIR   the spool; else $SPOOL_DIR, else the current directory if it is
                        a spool, else ./spool
          --verbose     says on standard error what each message is
          --json        a line with what was found; with --explain a line a file
          -h, --help, --version

        Exit status
          0   did its work, or another one is at it
          64  wrong options, or no address
          66  no such Maildir, log, file, mailing or address
          74  a disk error
          77  not allowed to; what may be read is judged
          78  bad configuration, journal/blocked or journal/key damaged, or no spool

        """

    /// Runs the command with the arguments of this process.
    package static func run() -> ExitStatus {
        Command(name, help: help).run(
            known: [
                "verbose": .flag, "json": .flag, "explain": .flag, "block": .optionalValue,
                "unblock": .optionalValue, "mailing": .value,
            ],
            operand: "the spool", run)
    }

    private static func run(_ options: Arguments) throws(UsageError) -> ExitStatus {
        if ["explain", "block", "unblock"].count(where: options.has) > 1 {
            throw UsageError(description: "--explain, --block and --unblock do not go together")
        }
        let isChange = options.has("block") || options.has("unblock")
        if options.has("mailing"), !isChange {
            throw UsageError(description: "--mailing goes with --block and --unblock only; see --help")
        }
        if options.has("explain") {
            guard !options.rest.isEmpty else { throw UsageError(description: "which message? See --help") }
            return Explanation.print(of: options.rest, asJSON: options.has("json"))
        }
        if options.rest.count > (options.has("spool") ? 0 : 1) {
            throw UsageError(description: "one spool at a time; see --help")
        }
        let path = SpoolDirectory.path(named: options.rest.first ?? options.namedSpool)
        let change = try isChange ? BlockChange(options) : nil
        do {
            let spool = try open(path)
            if let change { return try change.carryOut(in: spool) }
            return try work(spool, isVerbose: options.has("verbose"), asJSON: options.has("json"))
        } catch let error as CommandFailure {
            return error.say(as: name)
        } catch let error as SystemError {
            return CommandFailure(error).say(as: name)
        } catch {
            return CommandFailure("\(error)", .ioError).say(as: name)
        }
    }

    private static func work(_ spool: SpoolDirectory, isVerbose: Bool, asJSON: Bool) throws -> ExitStatus {
        let worker = try ReturnsWorker(spool, saysAgain: isVerbose || StandardStream.error.isTerminal) {
            Output.say($0, as: name)
        }
        guard let worker else { return .ok }
        let (status, tally) = try worker.run { if isVerbose { Output.say($0, as: name) } }
        return asJSON ? max(status, Output.print(tally.json.text + "\n", as: name)) : status
    }

    /// Opens a spool to work on it, as the user that the tick runs as.
    private static func open(_ path: String) throws(CommandFailure) -> SpoolDirectory {
        do throws(SpoolRefusal) {
            return try SpoolDirectory.open(path, for: ProcessTable.effectiveUser)
        } catch {
            if case .system(let error) = error {
                throw CommandFailure(opening: error, missing: .configuration)
            }
            let whole = (try? Directory(path: path))?.absolutePath ?? path
            throw CommandFailure(
                error.text(
                    for: ProcessTable.effectiveUser, command: "\(name) --spool \(whole.shellQuoted)"),
                error.isAboutUser ? .noPermission : .configuration)
        }
    }
}
