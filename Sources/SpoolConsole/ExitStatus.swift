package import SpoolSystem

/// Exit statuses of the commands: those of sysexits.h.
package enum ExitStatus: Int32, Sendable {
    /// Did its work, or another tick is at it.
    case ok = 0
    /// `spool-status --attention` has found something that needs a person.
    case attention = 1
    /// Wrong options.
    case usage = 64
    /// A mailing has errors.
    case dataError = 65
    /// No such file or mailing.
    case noInput = 66
    /// A file that was asked for cannot be made.
    case cannotCreate = 73
    /// A disk error.
    case ioError = 74
    /// The mail system is not accepting messages.
    case temporaryFailure = 75
    /// Not allowed to.
    case noPermission = 77
    /// Bad configuration, or no spool.
    case configuration = 78

    /// What a failed system call ends a command with.
    ///
    /// - Parameter missing: if what it was called on is not there.
    package init(_ error: SystemError, missing: ExitStatus = .ioError) {
        self =
            error.isMissing
            ? missing : error.isForbidden ? .noPermission : error.isLink ? .configuration : .ioError
    }

    /// Ends the process with this status.
    package func end() -> Never { ProcessTable.end(rawValue) }
}

extension ExitStatus: Comparable {
    /// Of two statuses the greater is the worse.
    package static func < (left: ExitStatus, right: ExitStatus) -> Bool { left.rawValue < right.rawValue }
}
