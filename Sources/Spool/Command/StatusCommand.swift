internal import SpoolSystem

/// `spool-status`: its options.
public enum StatusCommand {
    static let help = """
        spool-status: shows where every mailing stands; reads only, at any time

          spool-status [NAME…] [--json]
          spool-status [NAME…] --recipients [--state STATE[,STATE]] [--csv|--json]

          spool-status [NAME…] --html FILE [--all]
          spool-status [NAME…] --metrics

          --json        one document with everything, for programs
          --recipients  every recipient: address, state, reason, attempts, time, reply
          --state S     only those waiting, sending, in-doubt, sent, deferred, failed
                        or skipped; several parted by commas
          --csv         RFC 4180, with a header row; --json: an object a line
          --html FILE   writes a page with charts, replacing FILE as a whole; - prints it
          --all         all mailings that have ended, not only the last ten
          --metrics     Prometheus text, for node_exporter's textfile collector
          --spool DIR   the spool; else $SPOOL_DIR, else ./spool
          --color auto|always|never
          --help, --version

        Exit status: 0; 66 no such spool or mailing; 74 a disk error; 64 wrong options.

        """

    private static let options: [String: Arguments.Kind] = [
        "json": .flag, "recipients": .flag, "state": .value, "csv": .flag,
        "html": .value, "all": .flag, "metrics": .flag,
    ]

    /// Runs the command with the arguments of this process.
    public static func run() -> ExitStatus {
        StandardStream.openMissing()
        do throws(Arguments.Mistake) {
            return try run(try Arguments(ProcessTable.arguments(), known: options))
        } catch {
            return complain(error.description, .usage)
        }
    }

    private static func run(_ options: Arguments) throws(Arguments.Mistake) -> ExitStatus {
        if options.has("help") { return Output.print(help) }
        if options.has("version") { return Output.print("spool-status \(Spool.version)\n") }
        let color = try options.color()
        let now = Timestamp(milliseconds: Clock.wallMilliseconds())
        for option in ["state", "csv"] where options.has(option) && !options.has("recipients") {
            throw Arguments.Mistake(description: "--\(option) belongs to --recipients")
        }
        if ["json", "html", "metrics"].count(where: options.has) > 1
            || options.has("recipients") && (options.has("html") || options.has("metrics"))
        {
            throw Arguments.Mistake(
                description: "one of --json, --recipients, --html and --metrics at a time")
        }
        if options.has("recipients") {
            return listRecipients(try RecipientsQuery(options), of: options.spool, at: now)
        }
        var status: SpoolStatus
        do throws(SystemError) {
            status = try SpoolStatus(options.spool, at: now)
        } catch {
            return explain(error)
        }
        if !options.rest.isEmpty {
            let wanted = options.rest.map(FileName.init)
            for name in wanted where !status.mailings.contains(where: { FileName($0.name) == name }) {
                return complain("there is no mailing \(name)", .noInput)
            }
            if options.has("metrics") { return Output.print(Metrics.text(of: status, names: options.rest)) }
            status.mailings.removeAll { mailing in !wanted.contains(FileName(mailing.name)) }
        }
        if options.has("metrics") { return Output.print(Metrics.text(of: status)) }
        if let file = options["html"] {
            return writePage(status, of: options.spool, to: file, showsAll: options.has("all"))
        }
        if options.has("json") { return Output.print(status.json.text + "\n") }
        return Output.print(Overview(status, usesColor: color).text)
    }

    /// Says why a spool cannot be read.
    static func explain(_ error: SystemError) -> ExitStatus {
        if error.isMissing { return complain("\(error); is this a spool? See --spool", .noInput) }
        return complain(error.description, error.isForbidden ? .noPermission : .ioError)
    }

    static func complain(_ text: String, _ status: ExitStatus) -> ExitStatus {
        try? StandardStream.error.write("spool-status: \(Reply.clean(text))\n")
        return status
    }
}

extension Arguments {
    /// Whether to write in colours: `--color`, else on a terminal unless NO_COLOR is set.
    func color() throws(Mistake) -> Bool {
        switch self["color"] ?? "auto" {
        case "always": return true
        case "never": return false
        case "auto":
            let forbids = environment("NO_COLOR").map { !$0.isEmpty } ?? false
            return StandardStream.output.isTerminal && !forbids && environment("TERM") != "dumb"
        case let other: throw Mistake(description: "--color takes auto, always or never, and not \(other)")
        }
    }
}
