internal import SpoolConsole
internal import SpoolMail
internal import SpoolReturnedMail
internal import SpoolSchedule
internal import SpoolStore
internal import SpoolSystem
internal import SpoolText

/// What is new in the logs of the web server at which people leave.
extension ReturnsRun {
    /// So much is read at once; a longer line is nobody's request.
    private static let window = 1 << 22
    /// So many bytes before a place tell that the log is still the same.
    private static let context = 256
    private static let compressed = [".gz", ".bz2", ".xz", ".zst"]

    /// A log that could not be read, and what a command that met it ends with.
    struct LogProblem {
        let text: String
        let status: ExitStatus
    }

    /// Reads a log from where it was left, and what was rotated away since.
    ///
    /// - Returns: what a person has to know; nil if all is well.
    func readLog(_ path: String) throws(SystemError) -> LogProblem? {
        let whole = path.hasPrefix("/") ? path : "\(spool.root.absolutePath)/\(path)"
        let parts = SplitPath(whole)
        do throws(SystemError) {
            let folder = try Directory(path: parts.directory)
            try readRotated(parts.name, in: folder, path)
            let file = try folder.open(parts.name, followingLink: true)
            let status = try file.status()
            guard status.kind == .regular else { throw .notRegular(whole, status.kind) }
            try read(file, status, from: try start(in: file, status, state.logs[path]), path)
            return nil
        } catch  where error.isMissing {
            return LogProblem(
                text:
                    "config.json: returns.webLogs: there is no \(whole.quoted); correct the path, or have the web server "
                    + "make it",
                status: .noInput)
        } catch  where error.isForbidden {
            let user = ProcessTable.userName(ProcessTable.effectiveUser) ?? "#\(ProcessTable.effectiveUser)"
            return LogProblem(
                text:
                    "\(whole.quoted) cannot be read by \(user): \(error.reason); have the web server write it into a "
                    + "folder of its own that \(user)'s group may read, as spool-returns.md in the manual says",
                status: .noPermission)
        } catch  where !error.isDiskError && !error.isShortage {
            return LogProblem(text: "\(whole.quoted) is no log: \(error.reason)", status: .noInput)
        }
    }

    /// Where to go on; the beginning if the log is another, has shrunk or was written anew.
    private func start(
        in file: File, _ status: FileStatus, _ place: ReturnsState.LogPlace?
    ) throws(SystemError) -> Int {
        guard let place, place.inode == status.inode, place.offset <= Int(status.size),
            try ReturnsRun.checksum(of: file, before: place.offset) == place.checksum
        else { return 0 }
        return place.offset
    }

    private static func checksum(of file: File, before offset: Int) throws(SystemError) -> UInt32 {
        let start = max(0, offset - context)
        return try file.contents(from: start, limit: offset - start).withUnsafeBytes(Checksum.crc32)
    }

    /// The rest of the log that was in its place at the last run, and those that came and went since.
    private func readRotated(_ name: FileName, in folder: Directory, _ path: String) throws(SystemError) {
        guard let place = state.logs[path], try folder.status(of: name)?.inode != place.inode else { return }
        var rotated: [(FileName, FileStatus)] = []
        for sibling in try folder.names() {
            guard sibling != name, sibling.bytes.starts(with: name.bytes),
                !ReturnsRun.compressed.contains(where: sibling.string.hasSuffix),
                let status = try folder.status(of: sibling), status.kind == .regular
            else { continue }
            rotated.append((sibling, status))
        }
        rotated.sort {
            ($0.1.modified.seconds, $0.1.modified.nanoseconds) < (
                $1.1.modified.seconds, $1.1.modified.nanoseconds
            )
        }
        guard let first = rotated.firstIndex(where: { $0.1.inode == place.inode }) else { return }
        for (sibling, status) in rotated[first...] {
            let file = try folder.open(sibling)
            try read(file, status, from: try start(in: file, status, place), path)
        }
    }

    /// Reads whole lines to the end; half a line is left for the next time.
    private func read(_ file: File, _ status: FileStatus, from start: Int, _ path: String) throws(SystemError)
    {
        var offset = start
        var isInside = false
        while true {
            let bytes = try file.contents(from: offset, limit: ReturnsRun.window)
            guard let last = bytes.lastIndex(of: 0x0A) else {
                guard bytes.count == ReturnsRun.window else { break }
                (offset, isInside) = (offset + bytes.count, true)
                continue
            }
            try take(bytes[...last], at: offset, inode: status.inode, isInside: isInside)
            (offset, isInside) = (offset + last + 1, false)
            state.logs[path] = ReturnsState.LogPlace(
                inode: status.inode, offset: offset,
                checksum: try ReturnsRun.checksum(of: file, before: offset))
        }
        if state.logs[path]?.inode != status.inode {
            state.logs[path] = ReturnsState.LogPlace(
                inode: status.inode, offset: start, checksum: try ReturnsRun.checksum(of: file, before: start)
            )
        }
    }

    private func take(
        _ lines: ArraySlice<UInt8>, at offset: Int, inode: UInt64, isInside: Bool
    ) throws(SystemError) {
        var items: [Item] = []
        var unproven: (ReturnSource, Int)?
        var start = lines.startIndex
        for line in lines.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast() {
            defer { start += line.count + 1 }
            if isInside, start == lines.startIndex { continue }
            let tokens = WebLogLine.tokens(in: line)
            guard !tokens.isEmpty else { continue }
            let source = line.withUnsafeBytes { ReturnSource(logLine: $0, at: offset + start, inode: inode) }
            if ledger.knows(source) { continue }
            var found: MessageMeaning.Recipient?
            for token in tokens where found == nil {
                found = try proofs.recipient(of: token, .unsubscribe, among: [])
            }
            if let found {
                items.append(
                    Item(
                        mailing: found.mailing,
                        entry: .returned(.init(found.address, .unsubscribed, source, rule: "leave-by-web"))))
            } else {
                unproven = (unproven?.0 ?? source, (unproven?.1 ?? 0) + 1)
            }
        }
        if let (source, count) = unproven {
            items.append(Item(mailing: nil, entry: .unproven(source, count)))
        }
        try commit(items)
    }
}
