internal import SpoolConsole
internal import SpoolMail
internal import SpoolSchedule
internal import SpoolStore
internal import SpoolSystem
internal import SpoolText

/// `spool-returns --block` and `--unblock`: what a person decides.
struct BlockChange {
    private enum Subjects {
        /// Addresses, normalised, and domains with `@` before them.
        case named([String])
        case mailing(String)
        case standardInput
    }

    private let isBlock: Bool
    private let subjects: Subjects

    init(_ options: Arguments) throws(UsageError) {
        isBlock = options.has("block")
        let option = isBlock ? "block" : "unblock"
        let text = options[option] ?? ""
        if let mailing = options["mailing"] {
            guard text.isEmpty else {
                throw UsageError(description: "--\(option) takes addresses or --mailing, not both")
            }
            subjects = .mailing(mailing)
        } else if text == "-" {
            subjects = .standardInput
        } else if text.isEmpty {
            throw UsageError(description: "--\(option) whom? See --help")
        } else {
            var named: [String] = []
            for part in text.split(separator: ",") { named.append(try BlockChange.subject(String(part))) }
            subjects = .named(named)
        }
    }

    private static func subject(_ text: String) throws(UsageError) -> String {
        let trimmed = text.filter { !$0.isWhitespace }
        do throws(EmailAddressError) {
            if trimmed.hasPrefix("@") { return "@\(try EmailAddress("x" + trimmed).domain)" }
            return try EmailAddress(trimmed).normalized
        } catch {
            throw UsageError(description: "\(text.quoted) is no address and no @domain: \(error)")
        }
    }

    /// Writes it down; on the disk when it returns.
    func carryOut(in spool: SpoolDirectory) throws -> ExitStatus {
        let named: [String]
        switch subjects {
        case .named(let subjects): named = subjects
        case .mailing: named = []
        case .standardInput: named = try BlockChange.fromStandardInput()
        }
        guard let worker = try ReturnsWorker(spool, waits: true, to: { _ in }) else { return .ok }
        return try worker.change { run throws(CommandFailure) in
            switch self.subjects {
            case .named, .standardInput:
                return (self.isBlock ? self.blocks(named, run) : try self.unblocks(named, run), [])
            case .mailing(let name): return try self.decide(MailingName(FileName(name)), run)
            }
        }
    }

    private static func fromStandardInput() throws(CommandFailure) -> [String] {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try StandardInput.contents()
        } catch {
            throw CommandFailure(error)
        }
        var subjects: [String] = []
        for (index, line) in String(decoding: bytes, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        ).enumerated() {
            for part in line.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
                do throws(UsageError) {
                    subjects.append(try subject(String(part)))
                } catch {
                    throw CommandFailure(
                        "standard input, line \(index + 1): \(error.description); nobody was changed", .usage)
                }
            }
        }
        return subjects
    }

    private func blocks(_ subjects: [String], _ run: ReturnsRun) -> [BlockedEntry] {
        unique(subjects).filter { run.cause(of: $0) != .person }.map { .block(.init($0, .person)) }
    }

    private func unblocks(_ subjects: [String], _ run: ReturnsRun) throws(CommandFailure) -> [BlockedEntry] {
        let missing = unique(subjects).filter { !run.isNamed($0) }
        if let first = missing.first {
            let domain = "@" + ReturnsLedger.domain(of: first)
            let reason =
                run.cause(of: domain) != nil && !first.hasPrefix("@")
                ? "\(first) is blocked by its domain; unblock \(domain)"
                : "\(first) is not blocked and has not left"
            let more = missing.count > 1 ? ", and so are \(missing.count - 1) more" : ""
            throw CommandFailure("\(reason)\(more); nobody was changed", .noInput)
        }
        return unique(subjects).map { .unblock($0) }
    }

    /// Blocks or releases whoever came back hard of a mailing, and holds nothing of it any more.
    private func decide(
        _ name: MailingName, _ run: ReturnsRun
    ) throws(CommandFailure) -> ([BlockedEntry], [ReturnsRun.Item]) {
        guard let found = name.find(among: Array(run.histories.keys)), let history = run.histories[found]
        else {
            throw CommandFailure(name.missing(among: Array(run.histories.keys)), .noInput)
        }
        let hard: [ReturnsEntry.Return]
        do throws(SystemError) {
            hard = try run.hard(of: history.mailing)
        } catch {
            throw CommandFailure(error)
        }
        guard !hard.isEmpty else {
            throw CommandFailure("nobody came back hard of \(found)", .noInput)
        }
        var seen: Set<String> = []
        let first = hard.filter { seen.insert($0.address).inserted }
        let entries: [BlockedEntry] =
            isBlock
            ? first.filter { run.cause(of: $0.address) == nil }.map {
                .block(
                    .init(
                        $0.address, .returned(.hard), mailing: history.mailing, source: $0.source,
                        reply: $0.reply))
            }
            : first.filter { run.cause(of: $0.address) == .returned(.hard) }.map { .release($0.address) }
        return (entries, [ReturnsRun.Item(mailing: history.mailing, entry: .settled)])
    }

    private func unique(_ subjects: [String]) -> [String] {
        var seen: Set<String> = []
        return subjects.filter { seen.insert($0).inserted }
    }
}
