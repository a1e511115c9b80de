internal import SpoolMail
package import SpoolSystem

/// `journal/returns/`: what came back of each mailing, and of none.
package struct ReturnsDirectory: Sendable {
    package static let name = "returns"
    /// The journal of what belongs to no mailing.
    package static let otherName = FileName("other")
    /// Held by the one `spool-returns` that works.
    package static let lockName = FileName("lock")
    package static let stateName = FileName("state.json")

    package let directory: Directory
    /// The mode of every file made here: the directory's, less execute.
    package let mode: UInt32

    package init(_ directory: Directory) throws(SystemError) {
        self.directory = directory
        mode = try directory.status().mode & 0o666
    }

    /// The one of a spool; nil if `spool-returns` has never run there.
    package static func find(in spool: SpoolDirectory) throws(SystemError) -> ReturnsDirectory? {
        do throws(SystemError) {
            return try ReturnsDirectory(try spool.journal.directory(name))
        } catch  where error.isMissing {
            return nil
        }
    }

    /// The name of the index of a mailing's tokens.
    package static func indexName(of mailing: String) -> FileName { FileName(mailing + ".index") }

    /// The journals that there are.
    package func journals() throws(SystemError) -> [FileName] {
        try directory.names().filter {
            $0 == ReturnsDirectory.otherName
                || $0.bytes.count == RecipientToken.mailingLength
                    && $0.bytes.allSatisfy(RecipientToken.isLetter)
        }
    }

    /// Calls for every sound line of a journal, whatever else stands there; nothing if there is none.
    ///
    /// - Returns: where the last whole line ends.
    @discardableResult
    package func forEachEntry(
        of journal: FileName, _ body: (ReturnsEntry, CheckedLine) -> Void
    ) throws(SystemError) -> Int {
        let file: File
        do throws(SystemError) {
            file = try directory.open(journal)
        } catch  where error.isMissing {
            return 0
        }
        return try file.forEachLine { bytes, offset in
            if let line = CheckedLine(bytes, at: offset), let entry = ReturnsEntry(line) { body(entry, line) }
        }
    }
}
