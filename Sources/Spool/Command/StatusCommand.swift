internal import SpoolSystem

/// `spool-status`: its options.
public enum StatusCommand {
    static let help = """
        spool-status: shows where every mailing stands; reads only, at any time

          spool-status [NAME…] [--json]

          --json        one document with everything, for programs
          --spool DIR   the spool; else $SPOOL_DIR, else ./spool
          --color auto|always|never
          --help, --version

        Exit status: 0; 66 no such spool or mailing; 74 a disk error; 64 wrong options.

        """

    /// Runs the command with the arguments of this process.
    public static func run() -> ExitStatus {
        StandardStream.openMissing()
        do throws(Arguments.Mistake) {
            return try run(try Arguments(ProcessTable.arguments(), known: ["json": .flag]))
        } catch {
            return complain(error.description, .usage)
        }
    }

    private static func run(_ options: Arguments) throws(Arguments.Mistake) -> ExitStatus {
        if options.has("help") { return Output.print(help) }
        if options.has("version") { return Output.print("spool-status \(Spool.version)\n") }
        let color = try options.color()
        var status: SpoolStatus
        do throws(SystemError) {
            status = try SpoolStatus(options.spool, at: Timestamp(milliseconds: Clock.wallMilliseconds()))
        } catch {
            if error.isMissing { return complain("\(error); is this a spool? See --spool", .noInput) }
            return complain(error.description, error.isForbidden ? .noPermission : .ioError)
        }
        if !options.rest.isEmpty {
            let wanted = options.rest.map(FileName.init)
            for name in wanted where !status.mailings.contains(where: { FileName($0.name) == name }) {
                return complain("there is no mailing \(name)", .noInput)
            }
            status.mailings.removeAll { mailing in !wanted.contains(FileName(mailing.name)) }
        }
        if options.has("json") { return Output.print(status.json.text + "\n") }
        return Output.print(Overview(status, usesColor: color).text)
    }

    private static func complain(_ text: String, _ status: ExitStatus) -> ExitStatus {
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
