package import SpoolConsole
import SpoolSystem

/// `spool-status`: its options, and which look at the spool they ask for.
package enum StatusCommand {
    static let name = "spool-status"
    static let help = """
        spool-status: shows where every mailing stands; reads only, at any time

          spool-status            a line for each mailing, and what is wrong
          spool-status NAME…      everything about these mailings

          --all                   all mailings that have ended, not the last ten
          --watch [SECONDS]       draws it again and again until q or Ctrl-C
                                  (default 1); for a terminal
          --attention             only what needs a person; exit status 1 if
                                  anything does
          --json                  one document with everything, for programs
          --recipients            every recipient: address, state, reason, attempts,
                                  time, reply; in columns, or parted by tabs
            --state STATE[,STATE] only those waiting, sending, in-doubt, sent,
                                  deferred, failed or skipped
            --csv, --json         RFC 4180 with a header row; one object a line
          --html FILE             writes a page with charts in the place of FILE,
                                  as a whole; - prints it
          --metrics               Prometheus text, for node_exporter's textfile
                                  collector

          --spool DIR             the spool; else $SPOOL_DIR, else the current
                                  directory if it is a spool, else ./spool
          --color auto|always|never
          -h, --help, --version

        NAME may be the document's file name or path.

        Exit status
          0   was shown
          1   --attention: something needs a person
          64  wrong options
          65  --recipients: a list cannot be read
          66  no such spool or mailing
          73  --html: FILE cannot be made
          74  a disk error, or standard output cannot be written to
          75  --recipients: the list changed while it was read
          77  not allowed to
          78  a folder of the spool is a symbolic link, or /proc is not mounted

        """

    /// What to do with the status.
    enum Mode {
        /// The overview, or the pages of the mailings named.
        case show
        /// The same, again and again.
        case watch(milliseconds: Int64)
        case attention
        case json
        /// Every recipient of some mailings.
        case recipients(RecipientsQuery)
        /// A page, into this file.
        case page(String)
        case metrics
    }

    private static let known: [String: Arguments.Kind] = [
        "json": .flag, "all": .flag, "attention": .flag, "watch": .optionalNumber,
        "recipients": .flag, "state": .value, "csv": .flag, "html": .value, "metrics": .flag,
    ]

    /// Runs the command with the arguments of this process.
    package static func run() -> ExitStatus {
        Command(name, help: help).run(known: known, operand: "a mailing") {
            (options) throws(UsageError) in
            try run(try mode(options), StatusQuestion(options))
        }
    }

    /// Which look is asked for; more than one is a mistake.
    private static func mode(_ options: Arguments) throws(UsageError) -> Mode {
        var looks = ["recipients", "json", "attention", "watch", "html", "metrics"].filter { options.has($0) }
        if looks.first == "recipients" {
            looks.removeAll { $0 == "json" }
        } else if let option = ["state", "csv"].first(where: options.has) {
            throw UsageError(description: "--\(option) belongs to --recipients")
        }
        if looks.count > 1 {
            throw UsageError(description: "--\(looks[0]) and --\(looks[1]) do not go together")
        }
        if options.has("all"), let look = looks.first, look != "watch", look != "html" {
            throw UsageError(description: "--all and --\(look) do not go together")
        }
        switch looks.first {
        case "json": return .json
        case "attention": return .attention
        case "watch": return .watch(milliseconds: try StatusWatch.interval(options["watch"] ?? ""))
        case "recipients": return .recipients(try RecipientsQuery(options))
        case "html": return .page(options["html"] ?? "")
        case "metrics": return .metrics
        default: return .show
        }
    }

    private static func run(_ mode: Mode, _ question: StatusQuestion) throws(UsageError) -> ExitStatus {
        do throws(CommandFailure) {
            switch mode {
            case .show: return try question.show()
            case .watch(let milliseconds): return try StatusWatch(question, milliseconds: milliseconds).run()
            case .attention: return try question.attention()
            case .json: return Output.print(try question.ask().json.text + "\n", as: name)
            case .recipients(let query): return try question.list(query)
            case .page(let file): return try question.writePage(to: file)
            case .metrics: return try question.metrics()
            }
        } catch {
            return error.say(as: name)
        }
    }
}
