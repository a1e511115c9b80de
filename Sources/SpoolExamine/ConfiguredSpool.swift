internal import SpoolMail
package import SpoolMailing
internal import SpoolSchedule
package import SpoolStore
package import SpoolSystem

/// A spool's settings, read once, and what they refer to on this machine.
package struct ConfiguredSpool {
    /// Why a tick cannot work with the settings.
    package enum Failure: Error {
        case system(SystemError)
        case refused([String])
    }

    package let settings: Configuration
    /// The program that hands messages over, and its first arguments; nil where none does.
    package let program: [String]?
    /// Which config.json this is.
    package let stamp: String
    /// Microseconds.
    package var timeout: Int64 { settings.timeout.microseconds }

    private static let name = FileName("config.json")
    private static let sendmails = ["/usr/sbin/sendmail", "/usr/lib/sendmail"]

    /// The machine's own, or where it would be.
    package static var sendmail: String { sendmails.first(where: File.isExecutable) ?? sendmails[0] }

    /// Reads the settings; without a config.json they are the defaults.
    package init(spool: SpoolDirectory) throws(Failure) {
        let status = try ConfiguredSpool.status(spool)
        stamp = ConfiguredSpool.stamp(status)
        settings = try ConfiguredSpool.read(spool, status)
        program = try ConfiguredSpool.program(settings, spool, status)
    }

    /// Which config.json there is, and who may write to it and to the spool.
    package static func version(of spool: SpoolDirectory) throws(SystemError) -> String {
        let root = try spool.root.status()
        return stamp(try spool.root.status(of: name)) + "/\(String(root.mode, radix: 8))/\(root.owner)"
    }

    /// Whether config.json is another now.
    package func hasChanged(in spool: SpoolDirectory) throws(SystemError) -> Bool {
        ConfiguredSpool.stamp(try spool.root.status(of: ConfiguredSpool.name)) != stamp
    }

    private static func stamp(_ status: FileStatus?) -> String {
        status.map { "\(DocumentVersion($0).text)/\(String($0.mode, radix: 8))/\($0.owner)" } ?? "none"
    }

    private static func status(_ spool: SpoolDirectory) throws(Failure) -> FileStatus? {
        do throws(SystemError) {
            return try spool.root.status(of: name)
        } catch {
            throw .system(error)
        }
    }

    /// Reads config.json for a reader that only wants its settings.
    package static func settings(of spool: SpoolDirectory) throws(Failure) -> Configuration {
        try read(spool, status(spool))
    }

    /// Why a tick would send nothing with the settings as they stand, or with suppressed.txt; empty if it would.
    package static func refusals(of spool: SpoolDirectory) -> [String] {
        var reasons: [String] = []
        do throws(Failure) {
            _ = try ConfiguredSpool(spool: spool)
        } catch {
            if case .refused(let refused) = error { reasons = refused }
        }
        return reasons + [SuppressionFile.problem(in: spool)].compactMap(\.self)
    }

    /// Why the program cannot be started, as far as that can be told by whoever asks.
    ///
    /// - Parameter user: who is to start it.
    package func programProblem(for user: UInt32) -> String? {
        guard let path = program?.first, let error = File.executionError(path) else { return nil }
        let isMachines = settings.transport == .sendmail(command: nil)
        if error.isMissing {
            return isMachines
                ? "there is no sendmail on this machine; install a mail system, or write into config.json which "
                    + "program takes messages (delivery.command)"
                : "config.json: delivery.command: \(path) is not there; correct the path, or install it"
        }
        guard user == ProcessTable.effectiveUser || ProcessTable.effectiveUser == 0 else { return nil }
        return "config.json: delivery.command: \(path) cannot be run: \(error.reason); make it executable"
    }

    private static func read(_ spool: SpoolDirectory, _ status: FileStatus?) throws(Failure) -> Configuration
    {
        let cores = ProcessTable.processorCount
        let zone: LocalZone
        do throws(SystemError) {
            zone = try TimeZones.machine()
        } catch {
            throw .system(error)
        }
        guard status != nil else { return Configuration(cores: cores, zone: zone) }
        let bytes: [UInt8]
        do throws(SystemError) {
            let file = try spool.root.open(name, followingLink: true)
            let kind = try file.status().kind
            if kind != .regular { throw .notRegular(name.string, kind) }
            bytes = try file.contents(limit: Configuration.sizeLimit + 1)
        } catch {
            if error.isShortage { throw .system(error) }
            throw .refused([
                "config.json cannot be read: \(error.reason); mend it; until then nothing is sent"
            ])
        }
        var shortage: SystemError?
        do throws(Diagnostics) {
            return try Configuration(reading: bytes, cores: cores, zone: zone) { name throws(Diagnostic) in
                try TimeZones.named(name, shortage: &shortage)
            }
        } catch {
            if let shortage { throw .system(shortage) }
            throw .refused(error.all.map { "config.json: \($0); until then nothing is sent" })
        }
    }

    private static func program(
        _ settings: Configuration, _ spool: SpoolDirectory, _ status: FileStatus?
    ) throws(Failure) -> [String]? {
        try checkOwners(spool)
        switch settings.transport {
        case .sendmail(let command?):
            let problem: String?
            do throws(SystemError) {
                problem = try exposure(of: spool, status)
            } catch {
                throw .system(error)
            }
            if let problem { throw .refused([problem]) }
            return command
        case .sendmail(nil):
            return [sendmail]
        case .maildir: return nil
        case .smtp:
            throw .refused([
                "config.json: delivery.via: \"smtp\" is not supported yet; write \"sendmail\" or \"maildir\"; "
                    + "until then nothing is sent"
            ])
        }
    }

    /// Whoever owns config.json or the directory decides what is sent. A tick is asked before it begins, too; somebody may
    /// put another config.json there since.
    private static func checkOwners(_ spool: SpoolDirectory) throws(Failure) {
        let user: UInt32
        let refusal: SpoolRefusal?
        do throws(SystemError) {
            user = try spool.journal.status().owner
            refusal = try spool.foreignOwner(for: user)
        } catch {
            throw .system(error)
        }
        if let refusal { throw .refused([refusal.text(for: user)]) }
    }

    /// Why a tick leaves the spool untouched: others than its owner decide which program runs; nil if they do not,
    /// config.json names none, or nobody can tell as yet.
    package static func exposure(of spool: SpoolDirectory) -> String? {
        // Read only where it matters: the tick will read it again.
        guard let status = try? spool.root.status(of: name),
            let problem = try? exposure(of: spool, status),
            case .sendmail(_?)? = try? settings(of: spool).transport
        else { return nil }
        return problem
    }

    /// Whoever can write config.json, or put another in its place, decides which program runs.
    private static func exposure(of spool: SpoolDirectory, _ status: FileStatus?) throws(SystemError)
        -> String?
    {
        let root = try spool.root.status()
        for (what, status) in [("config.json", status ?? root), ("the spool directory", root)]
        where status.mode & 0o022 != 0 {
            return "\(what) can be written by others than its owner, and config.json names a program to run; "
                + "take that right away (chmod go-w)"
        }
        return nil
    }
}
