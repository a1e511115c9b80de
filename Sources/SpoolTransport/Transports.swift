package import SpoolExamine
internal import SpoolMailing
package import SpoolSchedule
package import SpoolStore
package import SpoolSystem
package import SpoolWriting

/// The transports that there are.
package enum Transports {
    /// The one that a spool's settings name; makes the Maildir.
    ///
    /// - Parameters:
    ///   - lock: for a tick, which leaves behind what a later one has to know of.
    ///   - descriptors: the limit, if it was raised for this process alone.
    package static func make(
        _ configured: ConfiguredSpool, of spool: SpoolDirectory, lock: HandOverLock?,
        in surroundings: Surroundings, descriptors: DescriptorLimit? = nil
    ) throws(SystemError) -> any Transport {
        if case .maildir(let directory) = configured.settings.transport {
            return try MaildirTransport(
                path: "\(spool.root.path)/\(directory)", timeout: configured.timeout, lock: lock)
        }
        let command = configured.program ?? []
        let program = Program(
            path: command.first ?? "", arguments: Array(command.dropFirst()), descriptors: descriptors)
        return SendmailTransport(program, timeout: configured.timeout, lock: lock, now: surroundings.now)
    }
}
