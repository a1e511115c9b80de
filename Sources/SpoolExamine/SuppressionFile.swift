package import SpoolMailing
package import SpoolStore
package import SpoolSystem

/// `suppressed.txt`, and the copy of its last settled contents that a tick keeps.
package enum SuppressionFile {
    /// Its name in the spool.
    package static let name = FileName("suppressed.txt")
    /// The name of the copy in `journal/`.
    package static let copyName = FileName("suppressed")
    /// Bytes; what is larger is not read.
    package static let sizeLimit = 1 << 28

    /// What is said when it is gone although a tick has seen it.
    package static let isGone =
        "suppressed.txt is gone; put it back, or an empty file if nobody is suppressed any more; "
        + "until then nothing is sent"

    /// What is said when it cannot be read.
    package static func isUnreadable(_ error: SystemError) -> String {
        "suppressed.txt cannot be read: \(error.reason); mend it; until then nothing is sent"
    }

    /// Why a tick would send nothing because of the file, without reading it; nil if it would.
    static func problem(in spool: SpoolDirectory) -> String? {
        do throws(SystemError) {
            let kind = try spool.root.open(name, followingLink: true).status().kind
            return kind == .regular ? nil : isUnreadable(.notRegular(name.string, kind))
        } catch  where error.isMissing {
            let copy = (try? spool.journal.status(of: copyName)) ?? nil
            return copy == nil ? nil : isGone
        } catch {
            return isUnreadable(error)
        }
    }

    /// The addresses as the file has them now, for a reader that writes nothing; refused where a tick would send
    /// nothing.
    package static func current(in spool: SpoolDirectory) throws(ConfiguredSpool.Failure) -> Suppression {
        do throws(SystemError) {
            let file = try spool.root.open(name, followingLink: true)
            let kind = try file.status().kind
            if kind != .regular { throw .notRegular(name.string, kind) }
            return Suppression(parsing: try file.contents(limit: sizeLimit))
        } catch  where error.isMissing {
            let wasThere: Bool
            do throws(SystemError) {
                wasThere = try spool.journal.status(of: copyName) != nil
            } catch {
                throw .system(error)
            }
            if wasThere { throw .refused([isGone]) }
            return .none
        } catch {
            throw .refused([isUnreadable(error)])
        }
    }
}
