package import SpoolSystem
internal import SpoolText

/// Why a user must not run spool-tick on a spool. What it refuses it leaves as it was: what another user made there
/// would lock the owner out, and who owns what decides what is sent.
package enum SpoolRefusal: Error, Equatable, Sendable {
    /// It is for another user to run it: the spool or its `journal/` belongs to that one.
    case anotherUser(ownerOf: String, owner: UInt32)
    /// Files in `journal/` belong to another user, who has run it before, or has copied them there.
    case foreignFiles([FileName], in: String, owner: UInt32)
    /// The spool directory or config.json belongs neither to root nor to whoever runs it.
    case foreignOwner(of: String, path: String, owner: UInt32)
    case system(SystemError)

    /// Whether it is a matter of who asks, and not of how the spool was set up.
    package var isAboutUser: Bool {
        switch self {
        case .anotherUser, .foreignFiles: true
        case .foreignOwner, .system: false
        }
    }

    /// The refusal in words, with the command that mends it.
    ///
    /// - Parameters:
    ///   - user: who is refused.
    ///   - command: what was asked for, quoted for a shell.
    package func text(for user: UInt32, command: String = "spool-tick") -> String {
        let me = SpoolRefusal.name(user)
        // For chown(1) a number is a user as it stands; sudo(8) wants it behind #.
        let owner = ProcessTable.userName(user)?.shellQuoted ?? "\(user)"
        switch self {
        case .anotherUser(let what, let other):
            let name = SpoolRefusal.name(other)
            return "\(what) belongs to \(name), and files that \(me) makes there would lock \(name) out; "
                + "run it as \(name): sudo -u \(name.shellQuoted) \(command)"
        case .foreignFiles(let names, let journal, let other):
            let first = names.first?.string ?? ""
            let what =
                names.count == 1
                ? "journal/\(first) belongs"
                : "journal/\(first) and \(names.count - 1) more of the files there belong"
            return "\(what) to \(SpoolRefusal.name(other)), and spool-tick runs as \(me); "
                + "give back what is there: sudo chown -R \(owner) \(journal.shellQuoted)"
        case .foreignOwner(let what, let path, let other):
            return
                "\(what) belongs to \(SpoolRefusal.name(other)), who could have anything sent: it must be root's or "
                + "\(me)'s, as whom spool-tick runs; sudo chown \(owner) \(path.shellQuoted)"
        case .system(let error): return "\(error)"
        }
    }

    /// A user as people and commands call him.
    private static func name(_ user: UInt32) -> String { ProcessTable.userName(user) ?? "#\(user)" }
}

extension SpoolDirectory {
    private static let journalName = FileName("journal")
    private static let configurationName = FileName("config.json")
    /// What spool-tick opens in `journal/` beside the journals of mailings.
    private static let ownFiles = Set(
        [TickLock.name, TickLock.wantName, TickSnapshot.name, EndedJournals.name]
            + ["handover", "preparing", "suppressed", "tick"].map { FileName($0) })

    /// Opens a spool for a user who is about to work on it, if he may.
    package static func open(_ path: String, for user: UInt32) throws(SpoolRefusal) -> SpoolDirectory {
        let opened: Result<SpoolDirectory, SpoolRefusal>
        do throws(SystemError) {
            // Asked before: whose it is is the answer also where it cannot be opened.
            if let refusal = try foreignJournal(at: path, for: user) {
                opened = .failure(refusal)
            } else {
                let spool = try SpoolDirectory(path: path)
                opened = try spool.refusal(for: user).map { .failure($0) } ?? .success(spool)
            }
        } catch {
            throw .system(error)
        }
        return try opened.get()
    }

    /// Why a user must not make a spool at a path, or what is missing of one; nil if he may.
    package static func refusal(
        toMakeAt path: String, for user: UInt32
    ) throws(SystemError) -> SpoolRefusal? {
        if let owner = try Directory.owner(ofPath: path), owner != user, owner != 0 {
            return .anotherUser(ownerOf: path, owner: owner)
        }
        return try foreignJournal(at: path, for: user)
    }

    private static func foreignJournal(at path: String, for user: UInt32) throws(SystemError) -> SpoolRefusal?
    {
        let root: Directory
        do throws(SystemError) {
            root = try Directory(path: path)
        } catch {
            if error.isMissing { return nil }
            guard error.isForbidden, let owner = try Directory.owner(ofPath: path), owner != user else {
                throw error
            }
            return .anotherUser(ownerOf: path, owner: owner)
        }
        guard let journal = try root.status(of: journalName), journal.kind == .directory,
            journal.owner != user
        else { return nil }
        return .anotherUser(ownerOf: root.path(of: journalName), owner: journal.owner)
    }

    /// Why a user must not run spool-tick on this spool; nil if he may.
    package func refusal(for user: UInt32) throws(SystemError) -> SpoolRefusal? {
        let owner = try journal.status().owner
        if owner != user { return .anotherUser(ownerOf: journal.path, owner: owner) }
        if let refusal = try foreignOwner(for: user) { return refusal }
        var foreign: [(name: FileName, owner: UInt32)] = []
        for name in try journal.names()
        where SpoolDirectory.ownFiles.contains(name) || name.without(suffix: ".journal") != nil {
            if let status = try journal.status(of: name), status.owner != user {
                foreign.append((name, status.owner))
            }
        }
        guard let first = foreign.min(by: { $0.name < $1.name }) else { return nil }
        return .foreignFiles(
            foreign.map(\.name).sorted(), in: journal.absolutePath, owner: first.owner)
    }

    /// Whether somebody else than root and that user owns what decides what is sent, and by which program.
    package func foreignOwner(for user: UInt32) throws(SystemError) -> SpoolRefusal? {
        func isForeign(_ status: FileStatus) -> Bool { status.owner != 0 && status.owner != user }
        let directory = try root.status()
        if isForeign(directory) {
            return .foreignOwner(
                of: "the spool directory", path: root.absolutePath, owner: directory.owner)
        }
        guard let named = try root.status(of: SpoolDirectory.configurationName) else { return nil }
        // Of a link both: whoever owns it can have it lead elsewhere.
        var all = [named]
        if named.kind == .symbolicLink,
            let target = try? root.open(SpoolDirectory.configurationName, followingLink: true).status()
        {
            all.append(target)
        }
        guard let foreign = all.first(where: isForeign) else { return nil }
        let path = "\(root.absolutePath)/\(SpoolDirectory.configurationName)"
        return .foreignOwner(of: "config.json", path: path, owner: foreign.owner)
    }
}
