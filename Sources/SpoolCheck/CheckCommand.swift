package import SpoolConsole
import SpoolMail
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem

/// `spool-check`: says what is wrong with a document before it is dropped into `scheduled/`, and shows or sends what
/// its recipients would get.
package enum CheckCommand {
    static let name = "spool-check"
    static let help = """
        spool-check: judges documents as spool-tick would, before they are dropped

          spool-check FILE…                 sums up each document, and says what is
                                            wrong with it
          spool-check FILE --preview ADDRESS
                                            prints the message that this recipient gets
          spool-check FILE --test ADDRESS[,ADDRESS]… [--as ADDRESS]
                                            sends a copy to each, marked [test], rendered
                                            as for the first recipient, or for --as
          spool-check --new [html] FILE     writes a document to begin with, and a list, a
                                            text, and with html a page beside it

          --json        one document with everything, for programs
          --spool DIR   the spool whose config.json, files/ and suppressed.txt they
                        will meet; else $SPOOL_DIR, else the one in whose folder FILE
                        lies, else the current directory if it is one, else ./spool
          --color auto|always|never
          -h, --help, --version

        Exit status
          0   can be sent, or was done
          64  wrong options
          65  the document has errors
          66  no such file, or no such recipient
          73  --new: a file cannot be made, or is there already
          74  a disk error
          75  the mail system did not take a test copy
          77  not allowed to
          78  bad configuration, suppressed.txt unreadable or gone, or no spool:
              nothing can be sent

        """

    /// What is to be done with the documents.
    private enum Task {
        case report
        case json
        case new(NewMailing.Kind)
        case preview(EmailAddress)
        case test([EmailAddress], as: EmailAddress?)

        var isReport: Bool {
            switch self {
            case .report, .json: true
            case .new, .preview, .test: false
            }
        }
    }

    /// Runs the command with the arguments of this process.
    package static func run() -> ExitStatus {
        Memory.keepSmall()
        return Command(name, help: help).run(
            known: ["json": .flag, "new": .flag, "preview": .value, "test": .value, "as": .value],
            operand: "a document", run)
    }

    private static func run(_ options: Arguments) throws(UsageError) -> ExitStatus {
        let task = try task(options)
        var files = options.rest[...]
        if case .new(.html) = task { files.removeFirst() }
        guard let first = files.first else {
            throw UsageError(description: "which document? See --help")
        }
        if files.count > 1, !task.isReport {
            throw UsageError(description: "--new, --preview and --test take one document at a time")
        }
        let spool = options.namedSpool
        switch task {
        case .report: return printReports(of: options.rest, spool: spool, usesColor: options.usesColor)
        case .json: return printJSON(of: options.rest, spool: spool)
        case .new(let kind): return makeNew(kind, at: first, spool: spool)
        case .preview(let address): return preview(first, to: address, spool: spool)
        case .test(let addresses, let model): return test(first, to: addresses, as: model, spool: spool)
        }
    }

    private static func task(_ options: Arguments) throws(UsageError) -> Task {
        if ["json", "new", "preview", "test"].count(where: options.has) > 1 {
            throw UsageError(description: "--json, --new, --preview and --test do not go together")
        }
        if options.has("as"), !options.has("test") {
            throw UsageError(description: "--as goes with --test only; see --help")
        }
        if options.has("new") { return .new(options.rest.first == "html" ? .html : .plain) }
        if let address = options["preview"] { return .preview(try self.address(address)) }
        guard let list = options["test"] else { return options.has("json") ? .json : .report }
        var addresses: [EmailAddress] = []
        for part in list.split(separator: ",", omittingEmptySubsequences: false) {
            let address = try self.address(String(part))
            if !addresses.contains(where: { $0.normalized == address.normalized }) {
                addresses.append(address)
            }
        }
        var model: EmailAddress?
        if let text = options["as"] { model = try self.address(text) }
        return .test(addresses, as: model)
    }

    private static func address(_ text: String) throws(UsageError) -> EmailAddress {
        do throws(MailboxError) {
            return try Mailbox(text).address
        } catch {
            throw UsageError(description: "\"\(text)\" is no address: \(error)")
        }
    }

    // MARK: Reports

    private static func printReports(of paths: [String], spool: String?, usesColor: Bool) -> ExitStatus {
        let output = StandardStream.output
        let style = TerminalStyle(width: output.isTerminal ? output.lineWidth : nil, usesColor: usesColor)
        var worst = ExitStatus.ok
        for (index, path) in paths.enumerated() {
            do throws(CommandFailure) {
                let check = try check(CheckedFile(path, namedSpool: spool))
                let report = CheckReport(check.result, style: style).text
                let printed = Output.print(index == 0 ? report : "\n" + report, as: name)
                if printed != .ok { return printed }
                worst = max(worst, check.result.status)
            } catch {
                worst = max(worst, error.say(as: name))
            }
        }
        return worst
    }

    /// Writes a document to begin with, and says what to do with it.
    private static func makeNew(_ kind: NewMailing.Kind, at path: String, spool: String?) -> ExitStatus {
        do throws(CommandFailure) {
            return Output.print(try NewMailing(kind, at: path).write(named: spool), as: name)
        } catch {
            return error.say(as: name)
        }
    }

    private static func printJSON(of paths: [String], spool: String?) -> ExitStatus {
        let now = Moment.now().wall
        var worst = ExitStatus.ok
        var files: [JSONText] = []
        for path in paths {
            do throws(CommandFailure) {
                let result = try check(CheckedFile(path, namedSpool: spool)).result
                files.append(result.json)
                worst = max(worst, result.status)
            } catch {
                worst = max(worst, error.say(as: name))
                files.append(CheckResult(path: path, failure: error, at: now).json)
            }
        }
        let printed = Output.print(
            JSONText.object([("at", .of(now)), ("files", .array(files))]).text + "\n", as: name)
        return max(worst, printed)
    }

    // MARK: One document

    /// Finds and judges a document; a bar shows how far it is if that takes long.
    ///
    /// - Parameter wanted: recipients who are to be found in its lists.
    static func check(
        _ file: CheckedFile, wanted: [EmailAddress] = []
    ) throws(CommandFailure) -> MailingCheck {
        let progress = CheckProgress(file.fileName.string)
        defer { progress.end() }
        do {
            return try MailingCheck(file, wanted: wanted, at: Moment.now()) { progress.show($0, $1) }
        } catch {
            throw CommandFailure(error)
        }
    }
}
