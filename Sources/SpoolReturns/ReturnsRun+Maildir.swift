internal import SpoolMailing
internal import SpoolReturnedMail
internal import SpoolSchedule
internal import SpoolStore
internal import SpoolSystem
internal import SpoolText
internal import SpoolWriting

/// What lies in the Maildir is judged, written down, and moved.
extension ReturnsRun {
    /// So many messages share a synchronisation of the disk.
    private static let batch = 200
    /// A folder's time says nothing of what came within its grain.
    private static let grain = Interval.seconds(2)
    private static let cleaning = Interval.days(1)

    /// Judges what is new in it.
    ///
    /// - Returns: what a person has to know of messages that cannot be read.
    func read(_ maildir: Maildir, _ say: (String) -> Void) throws(SystemError) -> [String] {
        let found = try ReturnsRun.stamp(of: maildir)
        if found.text == state.folders, !isCleaningDue { return [] }
        var problems: [String] = []
        var batch: [(Maildir.Entry, ReturnSource, Item?)] = []
        for entry in try maildir.messages() {
            let source = ReturnSource(message: entry.unique)
            if ledger.knows(source) {
                // Killed before it was moved; or somebody's program has moved it since.
                if entry.isNew { batch.append((entry, source, nil)) }
            } else {
                do throws(SystemError) {
                    guard let item = try judge(entry, source, in: maildir) else { continue }
                    say("\(entry.name): \(item.entry.summary)")
                    batch.append((entry, source, item))
                } catch  where error.isForbidden {
                    problems.append(try ReturnsRun.foreign(entry, maildir, error))
                }
            }
            if batch.count == ReturnsRun.batch { try settle(&batch, maildir) }
        }
        try settle(&batch, maildir)
        try clean(maildir)
        // What came while it was looked at is seen at the next run.
        let isSettled = problems.isEmpty && now - found.changed > ReturnsRun.grain
        state.folders = isSettled ? try ReturnsRun.stamp(of: maildir).text : nil
        return problems
    }

    private static func stamp(of maildir: Maildir) throws(SystemError) -> (text: String, changed: Timestamp) {
        let (new, cur) = (try maildir.new.status(), try maildir.cur.status())
        let text = [new, cur].map { "\($0.inode)/\($0.modified.seconds).\($0.modified.nanoseconds)" }
            .joined(separator: " ")
        return (text, max(Timestamp(new.modified), Timestamp(cur.modified)))
    }

    private func settle(
        _ batch: inout [(Maildir.Entry, ReturnSource, Item?)], _ maildir: Maildir
    ) throws(SystemError) {
        try commit(batch.compactMap(\.2))
        for (entry, source, _) in batch {
            try maildir.settle(entry, flag: ledger.hasFlagged(source) ? Maildir.flagged : Maildir.seen)
        }
        batch = []
    }

    /// What a message means; nil if it is none, or gone.
    private func judge(
        _ entry: Maildir.Entry, _ source: ReturnSource, in maildir: Maildir
    ) throws(SystemError) -> Item? {
        let bytes: [UInt8]
        do throws(SystemError) {
            let file = try maildir.folder(of: entry).open(entry.name)
            guard try file.status().kind == .regular else { return nil }
            bytes = try file.contents(limit: ReturnedMessage.limit)
        } catch  where error.isMissing || error.isLink {
            return nil
        }
        let message = ReturnedMessage(bytes)
        let candidates = (message.recipients.map(\.address) + message.originalRecipients)
            .prefix(TokenProofs.mostCandidates).map(AddressKey.normalized)
        let meaning = try MessageMeaning(message, source) { (token, purpose) throws(SystemError) in
            try self.proofs.recipient(of: token, purpose, among: candidates)
        }
        return Item(mailing: meaning.mailing, entry: meaning.entry)
    }

    private static func foreign(
        _ entry: Maildir.Entry, _ maildir: Maildir, _ error: SystemError
    ) throws(SystemError) -> String {
        let folder = maildir.folder(of: entry)
        let path = "\(folder.absolutePath)/\(entry.name.string)"
        let owner = try folder.status(of: entry.name)?.owner ?? 0
        let me = ProcessTable.effectiveUser
        func name(_ user: UInt32) -> String { ProcessTable.userName(user) ?? "#\(user)" }
        return
            "\(path.quoted) belongs to \(name(owner)) and cannot be read: \(error.reason); have mail delivered as "
            + "\(name(me)), and give over what is there: sudo chown \(name(me).shellQuoted) \(path.shellQuoted)"
    }

    // MARK: Old messages

    private var isCleaningDue: Bool {
        state.cleaned.map { now - $0 >= ReturnsRun.cleaning || $0 > now } ?? true
    }

    /// Takes away what was read and understood long ago; nothing that was not judged, and nothing that is flagged.
    private func clean(_ maildir: Maildir) throws(SystemError) {
        guard isCleaningDue else { return }
        for entry in try maildir.messages() where !entry.isNew && !entry.hasFlag {
            guard ledger.knows(ReturnSource(message: entry.unique)),
                let status = try maildir.cur.status(of: entry.name), status.kind == .regular,
                now - Timestamp(status.modified) > settings.keep
            else { continue }
            do throws(SystemError) {
                try maildir.cur.remove(entry.name)
            } catch  where error.isForbidden {
                continue
            }
        }
        state.cleaned = now
    }
}
