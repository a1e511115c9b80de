internal import SpoolConsole
internal import SpoolMail
internal import SpoolReturnedMail
internal import SpoolSystem
internal import SpoolText

/// `spool-returns --explain`: what messages are and why, by their bytes alone.
enum Explanation {
    static func print(of paths: [String], asJSON: Bool) -> ExitStatus {
        var worst = ExitStatus.ok
        for path in paths {
            let message: ReturnedMessage
            do throws(CommandFailure) {
                message = try read(path)
            } catch {
                worst = max(worst, error.say(as: ReturnsCommand.name))
                continue
            }
            let text = asJSON ? json(message, of: path).text + "\n" : words(message, of: path)
            let printed = Output.print(text, as: ReturnsCommand.name)
            if printed != .ok { return printed }
        }
        return worst
    }

    private static func read(_ path: String) throws(CommandFailure) -> ReturnedMessage {
        let parts = SplitPath(path)
        do throws(SystemError) {
            let file = try Directory(path: parts.directory).open(parts.name, followingLink: true)
            let kind = try file.status().kind
            guard kind == .regular else { throw .notRegular(path, kind) }
            return ReturnedMessage(try file.contents(limit: ReturnedMessage.limit))
        } catch {
            let status = ExitStatus(error, missing: .noInput)
            throw CommandFailure(
                "\(path.quoted) cannot be read: \(error.reason)",
                error.isDiskError ? .ioError : status == .ioError ? .noInput : status)
        }
    }

    private static func json(_ message: ReturnedMessage, of path: String) -> JSONText {
        let first = message.recipients.first
        let meaning: ReturnClass? = first?.meaning ?? meaning(of: message.kind)
        return .object([
            ("file", .string(path)), ("kind", .string(message.kind.rawValue)),
            ("recipient", .of(first?.address)),
            ("class", .of(meaning?.rawValue)), ("code", .of(first?.code)),
            ("rule", .string(first?.rule ?? message.rule)), ("words", .of(first?.words)),
        ])
    }

    private static func meaning(of kind: ReturnedMessage.Kind) -> ReturnClass? {
        switch kind {
        case .bounce, .other: nil
        case .complaint: .complaint
        case .unsubscribe: .unsubscribed
        case .autoReply: .autoReply
        }
    }

    private static func words(_ message: ReturnedMessage, of path: String) -> String {
        var text = "\(PlainText.clean(path)): \(message.kind.rawValue), by the rule \(message.rule)\n"
        for recipient in message.recipients {
            let code = recipient.code.map { " \($0)" } ?? ""
            text +=
                "  \(PlainText.clean(recipient.address)): \(recipient.meaning.rawValue)\(code), by the rule "
                + "\(recipient.rule)\n"
            if !recipient.words.isEmpty { text += "    \(PlainText.clean(recipient.words))\n" }
        }
        return text
    }
}
