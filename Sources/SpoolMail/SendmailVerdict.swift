/// What a sendmail's end says about the message it was given.
package enum SendmailVerdict: Hashable, Sendable {
    /// The mail system has taken the message, which is not yet delivered.
    case accepted
    /// It will never take it.
    case refused
    /// It may take it later.
    case notNow
    /// It may mean either: Exim and ssmtp say 1 for everything.
    case unclear

    /// Judges an exit status.
    package init(exitStatus: Int32) {
        switch exitStatus {
        case 0: self = .accepted
        case 65, 67, 68: self = .refused
        case 71, 73, 74, 75, 76: self = .notNow
        default: self = .unclear
        }
    }
}
