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
    ///
    /// - Parameter missingSpool: what to exit with if what is missing is the spool, or a part of it.
    package init(_ error: SystemError, missingSpool: ExitStatus? = nil) {
        if error.isMissing, let missingSpool {
            let remedy =
                error.isNoDirectory ? "name the directory of a spool" : "is this a spool? See --spool"
            self.init("\(error); \(remedy)", missingSpool)
        } else {
            self.init("\(error)", ExitStatus(error))
        }
    }

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
