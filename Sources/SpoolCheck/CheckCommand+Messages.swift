internal import SpoolConsole
internal import SpoolExamine
import SpoolMail
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem

/// `--preview` and `--test`.
extension CheckCommand {
    /// Prints the message to one recipient, and nothing else.
    static func preview(_ path: String, to address: EmailAddress, spool: String?) -> ExitStatus {
        do throws(CommandFailure) {
            let file = try CheckedFile(path, namedSpool: spool)
            let check = try check(file, wanted: [address])
            let (mailing, recipient) = try rendering(check, as: address)
            let bytes: [UInt8]
            do {
                bytes = try PreviewMessage.bytes(
                    to: recipient, of: mailing, history: check.history, files: file.spool.files,
                    at: Moment.now().wall)
            } catch {
                throw CommandFailure(error)
            }
            return Output.print(bytes, as: name)
        } catch {
            return error.say(as: name)
        }
    }

    /// Sends a copy to each address; goes on after one that the mail system does not take.
    static func test(
        _ path: String, to addresses: [EmailAddress], as model: EmailAddress?, spool: String?
    ) -> ExitStatus {
        do throws(CommandFailure) {
            let file = try CheckedFile(path, namedSpool: spool)
            let check = try check(file, wanted: model.map { [$0] } ?? [])
            let (mailing, recipient) = try rendering(check, as: model)
            for address in addresses where check.suppression.contains(address) {
                throw CommandFailure(
                    "\(address) is suppressed, and never mailed; no copy was sent", .dataError)
            }
            do {
                let configured = try ConfiguredSpool(spool: file.spool)
                let copies = try TestCopies(
                    of: mailing, as: recipient, spool: file.spool, configured: configured,
                    signals: try Signals())
                return try send(copies, to: addresses)
            } catch {
                throw CommandFailure(error)
            }
        } catch {
            return error.say(as: name)
        }
    }

    private static func send(_ copies: TestCopies, to addresses: [EmailAddress]) throws -> ExitStatus {
        var worst = ExitStatus.ok
        for address in addresses {
            switch try copies.send(to: address, at: Moment.now().wall) {
            case .accepted:
                let printed = Output.print("test copy to \(address): accepted by the mail system\n", as: name)
                if printed != .ok { worst = printed }
            case .notAccepted(let reply):
                Output.say("test copy to \(address): the mail system did not take it: \(reply)", as: name)
                worst = .temporaryFailure
            case .interrupted:
                Output.say("test copy to \(address): interrupted; it may have been sent", as: name)
                return .temporaryFailure
            }
        }
        return worst
    }

    /// The mailing, if it has no errors itself, and the recipient for whom it is to be rendered: the first without `address`.
    private static func rendering(
        _ check: MailingCheck, as address: EmailAddress?
    ) throws(CommandFailure) -> (Mailing, Recipient) {
        guard let mailing = check.survey.mailing, check.result.errors.isEmpty else {
            let errors = check.result.errors.map { "\(check.result.fileName): \($0)" }
            throw CommandFailure(
                reasons: errors + ["\(check.result.path) cannot be sent as it is"], status: .dataError)
        }
        guard let address else {
            if let first = check.survey.first { return (mailing, first) }
            throw CommandFailure("nobody on the list can be mailed: all are suppressed", .dataError)
        }
        if let recipient = check.survey.wanted[address.normalized] { return (mailing, recipient) }
        throw CommandFailure(
            check.suppression.contains(address)
                ? "\(address) is suppressed, and gets no message"
                : "\(address) is not on the list of \(check.result.path); addresses are compared without case",
            .noInput)
    }
}
