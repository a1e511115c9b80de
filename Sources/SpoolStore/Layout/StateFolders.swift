package import SpoolSystem

/// A document as a look at the folders finds it.
package struct FoundDocument: Equatable, Sendable {
    package let folder: Folder
    /// The mailing's name: the file's without `.json`.
    package let name: FileName
    package let version: DocumentVersion

    package init(folder: Folder, name: FileName, version: DocumentVersion) {
        self.folder = folder
        self.name = name
        self.version = version
    }

    package var identity: DocumentIdentity { version.identity }
    /// "active/news.json", for messages.
    package var path: String { "\(folder.rawValue)/\(name.string).json" }
}

/// Which file with which contents: any change by an editor shows in it, and a move between folders does not.
package struct DocumentVersion: Hashable, Sendable {
    package let identity: DocumentIdentity
    package let size: Int64
    package let modified: FileStatus.Time

    package init(_ status: FileStatus) {
        identity = DocumentIdentity(status)
        size = status.size
        modified = status.modified
    }

    /// For the snapshot: one word.
    package var text: String {
        "\(identity.text(separatedBy: "/"))/\(size)/\(modified.seconds).\(modified.nanoseconds)"
    }

    /// The version of a text; nil if it is none.
    package init?(text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "/")).map(Substring.init)
        guard parts.count == 4, let identity = DocumentIdentity(inode: parts[0], birth: parts[1]),
            let size = Int64(parts[2]), let modified = FileStatus.Time(parts[3])
        else { return nil }
        (self.identity, self.size, self.modified) = (identity, size, modified)
    }
}

/// Something in a state folder that is no document, and why.
package struct IgnoredEntry: Equatable, Sendable {
    package let path: String
    package let reason: String
}

/// A file that stands under two names, because a move without RENAME_NOREPLACE was cut short between its link and
/// its unlink.
package struct HalfMove: Equatable, Sendable {
    package let from: Folder
    package let fromName: FileName
    let to: Folder
    let toName: FileName
}

/// All that one look at the state folders finds.
package struct Listing: Equatable, Sendable {
    package var documents: [FoundDocument] = []
    package var ignored: [IgnoredEntry] = []
    /// The names of mailings whose document is there and cannot be taken for one: a link, a second hard link.
    package var obscured: Set<FileName> = []
    package var halfMoves: [HalfMove] = []

    /// The longest file name of a document, in bytes.
    package static let longestName = 200

    /// Looks at all state folders; opens no file.
    package init(_ spool: SpoolDirectory) throws(SystemError) {
        var contents: [FolderContents] = []
        for folder in Folder.allCases { contents.append(try FolderContents(folder, spool[folder])) }
        self.init(contents)
    }

    /// What folders hold, each looked at by itself.
    package init(_ folders: [FolderContents]) {
        var linked: [UInt64: [(Folder, FileName)]] = [:]
        for contents in folders {
            documents += contents.documents
            ignored += contents.ignored
            obscured.formUnion(contents.obscured)
            for (inode, name) in contents.linked {
                linked[inode, default: []].append((contents.folder, name))
            }
        }
        for places in linked.values where places.count == 2 {
            if let move = Listing.halfMove(places[0], places[1]) { halfMoves.append(move) }
        }
    }

    /// The moves that a tick makes: into the next folder, and out of the way inside `done/`.
    private static func halfMove(_ a: (Folder, FileName), _ b: (Folder, FileName)) -> HalfMove? {
        for (from, to) in [(a, b), (b, a)] {
            let isStep =
                from.1 == to.1
                && ((from.0 == .scheduled && to.0 == .active) || (from.0 == .active && to.0 == .done))
            let isSetAside =
                from.0 == .done && to.0 == .done
                && from.1.without(suffix: ".json").flatMap { old in
                    to.1.without(suffix: ".json").map { $0.bytes.starts(with: (old + ".").bytes) }
                } == true
            if isStep || isSetAside {
                return HalfMove(from: from.0, fromName: from.1, to: to.0, toName: to.1)
            }
        }
        return nil
    }
}

/// What one look at one state folder finds.
package struct FolderContents: Sendable {
    let folder: Folder
    private(set) var documents: [FoundDocument] = []
    private(set) var ignored: [IgnoredEntry] = []
    /// The names of mailings whose document is there and cannot be taken for one.
    package private(set) var obscured: [FileName] = []
    /// Files with a second name somewhere.
    private(set) var linked: [(inode: UInt64, name: FileName)] = []

    /// Looks at a folder; opens no file.
    ///
    /// - Parameter pause: called again and again, where there are thousands of files.
    package init(
        _ folder: Folder, _ directory: Directory, pausing pause: () throws(SystemError) -> Void = {}
    ) throws(SystemError) {
        self.folder = folder
        for (number, name) in try directory.names().enumerated() where name.bytes.first != 0x2E {
            if number.isMultiple(of: 64) { try pause() }
            // A file that is gone between the two calls has been moved: the next look finds it.
            guard let status = try directory.status(of: name) else { continue }
            let mailing = name.without(suffix: ".json")
            if let reason = FolderContents.reasonToIgnore(name, status) {
                ignored.append(IgnoredEntry(path: "\(folder.rawValue)/\(name.string)", reason: reason))
                if let mailing { obscured.append(mailing) }
                if status.kind == .regular, status.links == 2 { linked.append((status.inode, name)) }
            } else if let mailing {
                documents.append(
                    FoundDocument(folder: folder, name: mailing, version: DocumentVersion(status)))
            }
        }
    }

    /// Why something that lies in a state folder is no document; nil if it is one.
    package static func reasonToIgnore(_ name: FileName, _ status: FileStatus) -> String? {
        switch status.kind {
        case .symbolicLink: return "\(status.kind.name); put the document itself here"
        case .directory, .fifo, .socket, .device: return status.kind.name
        case .regular: break
        }
        if name.without(suffix: ".json") == nil { return "the name does not end in .json" }
        if name.bytes.count > Listing.longestName {
            return "the name is longer than \(Listing.longestName) bytes"
        }
        if !name.isUTF8 { return "the name is not UTF-8" }
        if status.links != 1 { return "the file has \(status.links) hard links; remove all but one" }
        return nil
    }
}
