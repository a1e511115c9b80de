internal import SpoolSystem
internal import SpoolWriting

/// The Maildir in which what comes back lies. Mail systems put it there, mail programs move it about meanwhile.
struct Maildir {
    /// A message in it.
    struct Entry {
        let name: FileName
        /// Whether it lies in `new/`.
        let isNew: Bool

        /// What names the message wherever it is moved: the name before its flags and what else is said there.
        var unique: ArraySlice<UInt8> {
            name.bytes.prefix { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: ":") }
        }

        private static let mark = Array(":2,".utf8)

        /// Where `:2,` stands; the end if nowhere.
        private var markPlace: Int {
            name.bytes.indices.first { name.bytes[$0...].starts(with: Entry.mark) } ?? name.bytes.count
        }

        /// The letters behind it.
        var flags: ArraySlice<UInt8> { name.bytes[markPlace...].dropFirst(Entry.mark.count) }

        /// The name in `cur/` with one letter more.
        func name(adding flag: UInt8) -> FileName {
            FileName(bytes: name.bytes[..<markPlace] + Entry.mark + Set(flags + [flag]).sorted())
        }

        var hasFlag: Bool { flags.contains(Maildir.flagged) }
    }

    /// For a person to look at.
    static let flagged = UInt8(ascii: "F")
    static let seen = UInt8(ascii: "S")

    let new: Directory
    let cur: Directory

    init(_ root: Directory) throws(SystemError) {
        new = try root.directory("new")
        cur = try root.directory("cur")
    }

    /// The messages, the oldest first as far as names tell; what begins with a dot is none.
    func messages() throws(SystemError) -> [Entry] {
        var entries: [Entry] = []
        for (folder, isNew) in [(new, true), (cur, false)] {
            entries += try folder.names().filter { $0.bytes.first != UInt8(ascii: ".") }.sorted()
                .map { Entry(name: $0, isNew: isNew) }
        }
        return entries
    }

    func folder(of entry: Entry) -> Directory { entry.isNew ? new : cur }

    /// Moves a message that has been judged into `cur/`, with its flag. Somebody may have moved or removed it meanwhile,
    /// which is all right: the journal knows it.
    func settle(_ entry: Entry, flag: UInt8) throws(SystemError) {
        let name = entry.name(adding: flag)
        if !entry.isNew, name == entry.name { return }
        do throws(SystemError) {
            try folder(of: entry).move(entry.name, to: cur, as: name)
        } catch  where error.isMissing {
            return
        } catch  where error.isOccupied {
            try resolve(entry, name)
        }
    }

    /// Of two names of one file, left by a move that was cut short, the new one stays; another file of that name gets one
    /// that is free, and is judged as a message of its own.
    private func resolve(_ entry: Entry, _ name: FileName) throws(SystemError) {
        let folder = folder(of: entry)
        guard let ours = try folder.status(of: entry.name), let theirs = try cur.status(of: name) else {
            return
        }
        if ours.inode == theirs.inode {
            try folder.remove(entry.name)
        } else {
            let other = FileName(bytes: Array(entry.unique) + Array(".\(ours.inode)".utf8))
            try folder.move(entry.name, to: cur, as: other)
        }
    }
}
