package import SpoolConsole
internal import SpoolStore
import SpoolSystem

/// `spool-tick`: its options.
package enum TickCommand {
    static let name = "spool-tick"
    static let help = """
        spool-tick: moves due mailings and delivers them; for cron, every minute

          spool-tick [DIR] [--verbose]     one tick on the spool DIR
          spool-tick --init DIR [--group NAME]
                                           makes the folders and a config.json,
                                           touching nothing that exists, and says what
                                           to do next; with --group for people who
                                           share the spool
          spool-tick --adopt NAME          takes a file of which nobody can tell for the
                                           mailing NAME: it goes to whoever has not got it
          spool-tick --forget NAME         takes it for a new one, to everybody; closes a
                                           mailing whose document is gone
          spool-tick --resolve NAME[:ADDRESS]=sent|resend
                                           says what became of recipients in doubt

          --spool DIR   the spool; else $SPOOL_DIR, else the current directory if it is
                        a spool, else ./spool
          --verbose     says on standard error what is done
          -h, --help, --version

        NAME may be the document's file name or path.

        Exit status
          0   did its work, or another tick is at it
          64  wrong options, or no such group
          65  --adopt: there is nothing to decide, or more than one file;
              --forget: it has ended, or its document is still there
          66  --adopt, --forget, --resolve: no such mailing or file, or nobody
              in doubt
          73  --init: the directory cannot be made
          74  a disk error; nothing further is sent until that works
          75  the mail system is not accepting messages
          77  not allowed to
          78  bad configuration, suppressed.txt unreadable or gone, or no spool

        """

    /// Runs the command with the arguments of this process.
    package static func run() -> ExitStatus {
        Command(name, help: help).run(
            known: [
                "verbose": .flag, "init": .value, "group": .value, "adopt": .value, "forget": .value,
                "resolve": .value,
            ],
            operand: "the spool", run)
    }

    private static func run(_ options: Arguments) throws(UsageError) -> ExitStatus {
        if ["init", "adopt", "forget", "resolve"].count(where: options.has) > 1 {
            throw UsageError(description: "--init, --adopt, --forget and --resolve do not go together")
        }
        if options.rest.count > (options.has("init") || options.has("spool") ? 0 : 1) {
            throw UsageError(description: "one spool at a time; see --help")
        }
        let path = SpoolDirectory.path(named: options.rest.first ?? options.namedSpool)
        if options.has("group"), !options.has("init") {
            throw UsageError(description: "--group goes with --init only; see --help")
        }
        if let directory = options["init"] {
            return Tick.makeSpool(at: directory, group: options["group"])
        }
        if let name = options["adopt"] { return Tick.adopt(name, spool: path) }
        if let name = options["forget"] { return Tick.forget(name, spool: path) }
        if let text = options["resolve"] {
            guard let resolution = Resolution(text) else {
                throw UsageError(
                    description:
                        "--resolve takes NAME=sent, NAME=resend, NAME:ADDRESS=sent or NAME:ADDRESS=resend")
            }
            return Tick.resolve(resolution, spool: path)
        }
        return Tick.run(spool: path, isVerbose: options.has("verbose"))
    }
}
