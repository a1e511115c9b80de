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
}
