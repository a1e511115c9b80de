internal import Foundation
internal import SpoolSystem

/// `spool-check`: says what is wrong with a document before it is dropped into `scheduled/`.
public enum CheckCommand {
    static let help = """
        spool-check: judges documents as spool-tick would, before they are dropped

          spool-check FILE…

          --spool DIR   the spool whose config.json, files/ and suppressed.txt they
                        will meet; else $SPOOL_DIR, else ./spool
          --color auto|always|never
          --help, --version

        Exit status: 0 can be sent; 65 errors; 66 no such file; 64 wrong options.

        """

    /// Runs the command with the arguments of this process.
    public static func run() -> ExitStatus {
        StandardStream.openMissing()
        do throws(Arguments.Mistake) {
            return try run(try Arguments(ProcessTable.arguments(), known: [:]))
        } catch {
            return complain(error.description, .usage)
        }
    }

    private static func run(_ options: Arguments) throws(Arguments.Mistake) -> ExitStatus {
        if options.has("help") { return Output.print(help) }
        if options.has("version") { return Output.print("spool-check \(Spool.version)\n") }
        let color = try options.color()
        if options.rest.isEmpty { throw Arguments.Mistake(description: "which document? See --help") }
        var worst = ExitStatus.ok
        for path in options.rest {
            do {
                let examination = try examine(path, spool: options.spool)
                let printed = Output.print(CheckReport(examination, path: path, usesColor: color).text)
                if printed != .ok { return printed }
                if !examination.errors.isEmpty { worst = max(worst, .dataError) }
            } catch let error as SystemError {
                worst = max(worst, complain("\(error)", error.isMissing ? .noInput : .ioError))
            } catch let ConfiguredSpool.Failure.refused(reasons) {
                for reason in reasons { worst = max(worst, complain(reason, .configuration)) }
            } catch {
                worst = max(worst, complain("\(error)", .ioError))
            }
        }
        return worst
    }

    private static func max(_ one: ExitStatus, _ other: ExitStatus) -> ExitStatus {
        one.rawValue >= other.rawValue ? one : other
    }

    private static func examine(_ path: String, spool spoolPath: String) throws -> Examination {
        let url = URL(fileURLWithPath: path)
        let directory = try Directory(path: url.deletingLastPathComponent().path)
        let name = FileName(url.lastPathComponent)
        let file = try directory.open(name, followingLink: true)
        let status = try file.status()
        if status.kind != .regular { throw SystemError(call: "open", path: path, code: EINVAL) }
        let spool = try SpoolDirectory(path: spoolPath)
        let document = FoundDocument(
            folder: .scheduled, name: name.without(suffix: ".json") ?? name, version: DocumentVersion(status))
        let examination = Examination(document, context: "")
        if status.size > DocumentReading.sizeLimit {
            examination.errors = [DocumentReading.tooLarge]
            return examination
        }
        let suppressed = try? spool.root.open(FileName("suppressed.txt"), followingLink: true).contents()
        let moment = Tick.now()
        try examination.judge(
            file.contents(), spool: spool, journals: JournalDirectory(spool.journal),
            settings: ConfiguredSpool.settings(of: spool),
            suppression: suppressed.map { Suppression(parsing: $0) } ?? .none, journal: .none,
            at: Moment(wall: moment.wall + Examiner.settling, monotonic: moment.monotonic))
        if name.without(suffix: ".json") == nil {
            examination.warnings.append(
                Problem(
                    message: "the name does not end in .json, so a tick would ignore it", hint: "rename it"))
        }
        return examination
    }

    private static func complain(_ text: String, _ status: ExitStatus) -> ExitStatus {
        try? StandardStream.error.write("spool-check: \(Reply.clean(text))\n")
        return status
    }
}

/// What `spool-check` says of one document.
struct CheckReport {
    private let examination: Examination
    private let path: String
    private let usesColor: Bool

    init(_ examination: Examination, path: String, usesColor: Bool) {
        self.examination = examination
        self.path = path
        self.usesColor = usesColor
    }

    /// The text, with a line feed at the end of each line.
    var text: String {
        var lines = [Reply.clean(path)]
        if let from = examination.title.from { lines.append("  from        \(Reply.clean(from))") }
        if let subject = examination.title.subject { lines.append("  subject     \(Reply.clean(subject))") }
        lines.append("  when        \(examination.sendAt.map(\.rfc3339) ?? "at once")")
        if let summary = examination.summary {
            lines.append(
                "  recipients  \(summary.rows): \(summary.unique) unique, \(summary.duplicates) duplicate, "
                    + "\(summary.invalid) invalid, \(summary.suppressed) suppressed")
        }
        var text = lines.map { $0 + "\n" }.joined()
        for problem in examination.errors { text += paint("error: \(problem)", "31") }
        for problem in examination.warnings { text += paint("warning: \(problem)", "33") }
        return text + (examination.errors.isEmpty ? "It can be sent.\n" : "It cannot be sent.\n")
    }

    private func paint(_ text: String, _ color: String) -> String {
        let clean = Reply.clean(text)
        return usesColor ? "\u{1B}[\(color)m\(clean)\u{1B}[0m\n" : clean + "\n"
    }
}
