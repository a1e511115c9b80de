internal import SpoolMailing
package import SpoolSchedule
package import SpoolSystem
internal import SpoolText

extension Lifecycle {
    /// Why it cannot be said which mailing a document is, or whom it is meant for.
    package enum Conflict: Equatable, Sendable {
        /// The name is in `active/` and in `paused/`, and they are two files.
        case activeAndPaused
        /// It may be the document of the mailing of its name, edited and moved, or another: nobody can tell.
        case unrecognised(MailingHistory)
        /// It may be the document of a mailing of another name, edited and renamed.
        case renamed(FileName, MailingHistory)
        /// The document of a mailing that has ended has come back, and nobody would be mailed.
        case nobodyLeft(MailingHistory)
        /// The same, and it says something else than what was sent.
        case otherWording(MailingHistory)
    }
}

/// Who would be mailed, whichever way out of a conflict is taken.
package struct ConflictForecast: Equatable, Sendable {
    /// Those who have not got the mailing.
    package let remaining: Int
    /// Everybody.
    package let everybody: Int

    package init(remaining: Int, everybody: Int) {
        (self.remaining, self.everybody) = (remaining, everybody)
    }
}

extension Lifecycle.Conflict {
    /// The conflict in words, with the ways out of it, that which does no harm first.
    ///
    /// - Parameters:
    ///   - spool: its path, for the commands.
    ///   - forecast: nil if the document's list has not been read.
    package func problem(
        of document: FoundDocument, in spool: String, _ forecast: ConflictForecast? = nil
    ) -> Diagnostic {
        switch self {
        case .activeAndPaused:
            return Diagnostic(
                message:
                    "active/ and paused/ both hold a \(document.name).json, and they are two mailings",
                hint: "move one of them away, or give it another name")
        case .unrecognised(let history):
            return unrecognised(document, history, Ways(document.name, spool, forecast))
        case .renamed(let name, let history):
            return renamed(document, name, history, Ways(name, spool, forecast))
        case .nobodyLeft(let history):
            return returned(document, history, Ways(document.name, spool, forecast), "nobody would be mailed")
        case .otherWording(let history):
            return returned(
                document, history, Ways(document.name, spool, forecast), "its subject or text is another now")
        }
    }

    private func unrecognised(
        _ document: FoundDocument, _ history: MailingHistory, _ ways: Ways
    ) -> Diagnostic {
        let kind = history.isOpen ? "which is unfinished" : "which has ended"
        let isRecognisable = history.identity.birth != nil && document.identity.birth != nil
        let doubt =
            isRecognisable
            ? ", edited and moved, or another" : " or another: this file system does not tell files apart"
        let effect = history.isOpen ? "it goes on where it was" : "nobody is mailed"
        let back = Advice(
            "move it back to \(history.folder.rawValue)/, and on after the next tick (the same mailing, \(effect))"
        )
        return Diagnostic(
            message:
                "\(history.whoHaveGotIt) from \(document.name), \(kind), and nobody can tell whether this is its "
                + "document\(doubt)",
            ways: (history.isGone ? [] : [back]) + ways.all)
    }

    private func renamed(
        _ document: FoundDocument, _ name: FileName, _ history: MailingHistory, _ ways: Ways
    ) -> Diagnostic {
        let old = "\(history.folder.rawValue)/\(name).json"
        return Diagnostic(
            message:
                "\(history.whoHaveGotIt) as \(name), whose document is gone, and nobody can tell whether this "
                + "is that document, edited and renamed, or a new one",
            ways: [
                Advice(
                    "move it back to \(old), and on after the next tick (the same mailing, nobody is mailed twice)"
                ),
                ways.forget,
            ])
    }

    private func returned(
        _ document: FoundDocument, _ history: MailingHistory, _ ways: Ways, _ reason: String
    ) -> Diagnostic {
        let back = document.folder == .done ? "" : "move it back to done/ (nobody is mailed), and "
        let copy = Advice(
            back + "for a new issue drop a copy,",
            command: ShellCommand("cp", "done/\(document.name).json", "scheduled/"),
            effect: "a new mailing\(ways.toEverybody)")
        return Diagnostic(
            message: "\(history.whoHaveGotIt), and \(reason)", ways: [copy, ways.adopt, ways.forget])
    }

    /// The ways out that need a command or another name.
    private struct Ways {
        let adopt: Advice
        let forget: Advice
        let toEverybody: String

        init(_ name: FileName, _ spool: String, _ forecast: ConflictForecast?) {
            func command(_ option: String) -> ShellCommand {
                ShellCommand("spool-tick", option, name.string, "--spool", spool)
            }
            let rest = forecast.map { forecast in
                switch forecast.remaining {
                case 0: "nobody is left to get it"
                case 1: "goes to the 1 who has not got it"
                case let count: "goes to the \(count) who have not got it"
                }
            }
            toEverybody = forecast.map { ", to all \($0.everybody)" } ?? ", to everybody"
            adopt = Advice(
                command: command("--adopt"),
                effect: "the same mailing, \(rest ?? "goes to whoever has not got it")")
            forget = Advice(command: command("--forget"), effect: "a new mailing\(toEverybody)")
        }

        var all: [Advice] {
            [adopt, forget, Advice("give it another name (a new mailing\(toEverybody))")]
        }
    }
}

extension MailingHistory {
    /// `1000 have got "Issue 1"`.
    var whoHaveGotIt: String {
        let who = got == 1 ? "1 has" : "\(got) have"
        return title?.subject.map { "\(who) got \($0.quoted)" } ?? "\(who) got it"
    }
}
