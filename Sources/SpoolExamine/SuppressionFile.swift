package import SpoolMailing
package import SpoolSchedule
package import SpoolStore
package import SpoolSystem

/// `suppressed.txt`, and the copy of its last settled contents that a tick keeps: the one place that reads them.
package enum SuppressionFile {
    /// What there is of the name.
    package enum Found {
        case nothing
        case file(File)
        /// It cannot be opened: what is said then.
        case refused(String)
    }

    /// What a file holds.
    package enum Contents {
        case addresses(Suppression)
        /// Nobody can know who is suppressed: what is said then.
        case refused(String)
    }

    /// The name of the copy in `journal/`.
    package static let copyName = FileName("suppressed")
    private static let name = FileName("suppressed.txt")
    /// Bytes; if it has more, nothing is sent.
    private static let sizeLimit = 1 << 28

    /// What is said when it is gone although a tick has seen it.
    package static let isGone =
        "suppressed.txt is gone; put it back, or an empty file if nobody is suppressed any more; "
        + "until then nothing is sent"

    private static func isUnreadable(_ reason: String) -> String {
        "suppressed.txt cannot be read: \(reason); mend it; until then nothing is sent"
    }

    /// Opens it; throws if the disk itself fails.
    package static func find(in root: Directory) throws(SystemError) -> Found {
        do throws(SystemError) {
            return .file(try root.open(name, followingLink: true))
        } catch  where error.isMissing {
            return .nothing
        } catch  where error.isForbidden || error.leadsOut {
            return .refused(isUnreadable(error.reason))
        }
    }

    /// Reads it, or its copy; throws if the disk itself fails.
    package static func read(_ file: File) throws(SystemError) -> Contents {
        let kind = try file.status().kind
        if kind != .regular { return .refused(isUnreadable("it is \(kind.name)")) }
        do throws(Suppression.Failure) {
            return .addresses(try Suppression(reading: file, limit: sizeLimit))
        } catch {
            switch error {
            case .system(let error): throw error
            case .refused(let reason): return .refused(isUnreadable(reason))
            }
        }
    }

    /// Why a tick would send nothing because of the file, as far as that shows without reading it; nil if it would.
    static func problem(in spool: SpoolDirectory) -> String? {
        do throws(SystemError) {
            switch try find(in: spool.root) {
            case .file(let file):
                let kind = try file.status().kind
                return kind == .regular ? nil : isUnreadable("it is \(kind.name)")
            case .refused(let reason): return reason
            case .nothing: return try spool.journal.status(of: copyName) == nil ? nil : isGone
            }
        } catch {
            return isUnreadable(error.reason)
        }
    }

    /// The addresses as the file has them now, for a reader that writes nothing; refused where a tick would send
    /// nothing.
    package static func current(in spool: SpoolDirectory) throws(ConfiguredSpool.Failure) -> Suppression {
        let contents: Contents
        do throws(SystemError) {
            switch try find(in: spool.root) {
            case .file(let file): contents = try read(file)
            case .refused(let reason): contents = .refused(reason)
            case .nothing:
                let wasThere = try spool.journal.status(of: copyName) != nil
                contents = wasThere ? .refused(isGone) : .addresses(.none)
            }
        } catch {
            throw .system(error)
        }
        switch contents {
        case .addresses(let addresses): return addresses
        case .refused(let reason): throw .refused([reason])
        }
    }

    /// Bytes, 0 if it is not there.
    package static func size(in spool: SpoolDirectory) throws(SystemError) -> Int64 {
        if case .file(let file) = try find(in: spool.root) { return try file.status().size }
        return 0
    }

    /// What a person should know of lines that suppress nobody.
    package static func warning(about suppression: Suppression) -> Diagnostic? {
        let bad = suppression.badLines
        if bad.count == 0 { return nil }
        let lines = "suppressed.txt: \(bad.text("line", "lines"))"
        return bad.count == 1
            ? Diagnostic(
                message: "\(lines) holds no address and no @domain and so suppresses nobody",
                hint: "correct or remove it")
            : Diagnostic(
                message: "\(lines) hold no address and no @domain and so suppress nobody",
                hint: "correct or remove them")
    }
}
