internal import SpoolSystem

/// `spool-tick`: its options.
public enum TickCommand {
    static let help = """
        spool-tick: moves due mailings and delivers them; for cron, every minute

          spool-tick [DIR] [--verbose]     one tick on the spool DIR
          spool-tick --init DIR            makes the folders and a config.json,
                                           touching nothing that exists
          spool-tick --forget NAME         closes the journal of an unfinished mailing
                                           whose document is gone
          spool-tick --resolve NAME[:ADDRESS]=sent|resend
                                           says what became of recipients in doubt

          --spool DIR   the spool; else $SPOOL_DIR, else ./spool
          --verbose     says on standard error what is done
          --help, --version

        Exit status: 0 did its work, or another tick is at it; 75 the mail system is
        not accepting messages; 78 bad configuration; 74 a disk error; 64 wrong options.

        """

    /// Runs the command with the arguments of this process.
    public static func run() -> ExitStatus {
        do throws(Arguments.Mistake) {
            let options = try Arguments(
                ProcessTable.arguments(),
                known: ["verbose": .flag, "init": .value, "forget": .value, "resolve": .value])
            return try run(options)
        } catch {
            return usage(error.description)
        }
    }

    private static func run(_ options: Arguments) throws(Arguments.Mistake) -> ExitStatus {
        if options.has("help") { return Output.print(help) }
        if options.has("version") { return Output.print("spool-tick \(Spool.version)\n") }
        if ["init", "forget", "resolve"].count(where: options.has) > 1 {
            throw Arguments.Mistake(description: "--init, --forget and --resolve do not go together")
        }
        if options.rest.count > (options.has("init") || options.has("spool") ? 0 : 1) {
            throw Arguments.Mistake(description: "one spool at a time; see --help")
        }
        let path = options.rest.first ?? options.spool
        if let directory = options["init"] { return Tick.makeSpool(at: directory) }
        if let name = options["forget"] { return Tick.forget(name, spool: path) }
        if let text = options["resolve"] {
            guard let resolution = Resolution(text) else {
                throw Arguments.Mistake(
                    description:
                        "--resolve takes NAME=sent, NAME=resend, NAME:ADDRESS=sent or NAME:ADDRESS=resend")
            }
            return Tick.resolve(resolution, spool: path)
        }
        return Tick.run(spool: path, isVerbose: options.has("verbose"))
    }

    private static func usage(_ text: String) -> ExitStatus {
        try? StandardStream.error.write("spool-tick: \(Reply.clean(text))\n")
        return .usage
    }
}

/// Data for standard output.
enum Output {
    /// Prints a text; a full disk or a closed pipe is an error of the disk.
    static func print(_ text: String) -> ExitStatus {
        print(Array(text.utf8))
    }

    /// Prints bytes as they are.
    static func print(_ bytes: [UInt8]) -> ExitStatus {
        do {
            try StandardStream.output.write(bytes)
            return .ok
        } catch {
            try? StandardStream.error.write("\(error)\n")
            return .ioError
        }
    }
}

/// What a person says of recipients in doubt.
struct Resolution: Equatable {
    let name: FileName
    /// One recipient, or all in doubt.
    let address: String?
    let wasSent: Bool

    /// Reads `NAME=sent`, `NAME:ADDRESS=resend` and the like; an address has no colon, and a name may.
    init?(_ text: String) {
        guard let equals = text.lastIndex(of: "=") else { return nil }
        switch text[text.index(after: equals)...] {
        case "sent": wasSent = true
        case "resend": wasSent = false
        default: return nil
        }
        let who = text[..<equals]
        if let colon = who.lastIndex(of: ":"), who[colon...].contains("@") {
            name = FileName(String(who[..<colon]))
            address = String(who[who.index(after: colon)...])
        } else {
            name = FileName(String(who))
            address = nil
        }
        if name.bytes.isEmpty || address?.isEmpty == true { return nil }
    }
}
