package import SpoolSystem

/// Why a command has not done what it was asked, in words for a person, and what it exits with.
package struct CommandFailure: Error {
    /// Lines of text, without the command's name before them.
    package let reasons: [String]
    /// What the command exits with.
    package let status: ExitStatus

    /// Makes a failure of several reasons.
    package init(reasons: [String], status: ExitStatus) {
        self.reasons = reasons
        self.status = status
    }

    /// Makes a failure of one reason.
    package init(_ reason: String, _ status: ExitStatus) {
        self.init(reasons: [reason], status: status)
    }

    /// Makes a failure of a system call.
    package init(_ error: SystemError) {
        self.init(GroupRemedy.adding(to: "\(error)", for: error), ExitStatus(error))
    }

    /// Makes a failure to open a spool.
    ///
    /// - Parameter missing: what to exit with if it is missing, or a part of it.
    package init(opening error: SystemError, missing: ExitStatus) {
        let remedy: String? =
            if error.isLink {
                Self.linkRemedy
            } else if error.isNoDirectory {
                "name the directory of a spool"
            } else if error.isMissing {
                "is this a spool? See --spool"
            } else {
                GroupRemedy.text(for: error)
            }
        self.init(
            ["\(error)", remedy].compactMap(\.self).joined(separator: "; "),
            ExitStatus(error, missing: missing))
    }

    /// What to do about a folder of a spool that is a symbolic link.
    package static let linkRemedy = "put what it leads to in its place, or have that mounted there"

    /// Nobody can tell what was asked for.
    package static var unknownArguments: CommandFailure {
        CommandFailure(
            "the arguments cannot be read; have /proc mounted (mount -t proc proc /proc)", .configuration)
    }

    /// The same for a command that must not wait for ever for somebody to listen.
    package func say(as command: String, within microseconds: Int64) -> ExitStatus {
        for reason in reasons { _ = Output.say(reason, as: command, within: microseconds) }
        return status
    }

    /// Says why on standard error, with the command's name before each line; returns what to exit with.
    package func say(as command: String) -> ExitStatus {
        for reason in reasons { Output.say(reason, as: command) }
        return status
    }
}
