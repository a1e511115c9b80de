/// What a sendmail's end says about the message it was given.
public enum SendmailVerdict: Hashable, Sendable {
    /// The mail system has taken the message, which is not yet delivered.
    case accepted
    /// It will never take it.
    case refused
    /// It may take it later.
    case notNow
    /// It may mean either: Exim and ssmtp say 1 for everything.
    case unclear

    /// Judges an exit status.
    public init(exitStatus: Int32) {
        switch exitStatus {
        case 0: self = .accepted
        case 65, 67, 68: self = .refused
        case 71, 73, 74, 75, 76: self = .notNow
        default: self = .unclear
        }
    }

    /// Judges the end by a signal.
    public init(signal: Int32) {
        self = .unclear
    }
}

/// The exit statuses of sysexits.h.
public enum ExitStatus {
    /// The name of a status, as `EX_TEMPFAIL`; `nil` for one that sysexits.h does not define.
    public static func name(of status: Int32) -> String? {
        switch status {
        case 0: "EX_OK"
        case 64: "EX_USAGE"
        case 65: "EX_DATAERR"
        case 66: "EX_NOINPUT"
        case 67: "EX_NOUSER"
        case 68: "EX_NOHOST"
        case 69: "EX_UNAVAILABLE"
        case 70: "EX_SOFTWARE"
        case 71: "EX_OSERR"
        case 72: "EX_OSFILE"
        case 73: "EX_CANTCREAT"
        case 74: "EX_IOERR"
        case 75: "EX_TEMPFAIL"
        case 76: "EX_PROTOCOL"
        case 77: "EX_NOPERM"
        case 78: "EX_CONFIG"
        default: nil
        }
    }

    /// A status for a message to people: `exit status 75 (EX_TEMPFAIL)`.
    public static func description(of status: Int32) -> String {
        name(of: status).map { "exit status \(status) (\($0))" } ?? "exit status \(status)"
    }
}
