package import SpoolExamine
internal import SpoolMailing
package import SpoolStore
package import SpoolSystem
package import SpoolWriting

/// By what messages leave.
package enum Carrier {
    /// A process a message.
    case sendmail(Program)
    /// Files in a Maildir.
    case maildir(Maildir)

    /// The way that a spool's settings name; makes the Maildir.
    package init(_ configured: ConfiguredSpool, of spool: SpoolDirectory) throws(SystemError) {
        if case .maildir(let directory) = configured.settings.transport {
            self = .maildir(try Maildir(path: "\(spool.root.path)/\(directory)"))
        } else {
            let command = configured.program ?? []
            self = .sendmail(Program(path: command.first ?? "", arguments: Array(command.dropFirst())))
        }
    }

    /// What every sendmail is given behind its own arguments.
    package static func arguments(from returnPath: String, to recipient: String) -> [String] {
        ["-i", "-f", returnPath, "--", recipient]
    }
}
