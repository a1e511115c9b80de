internal import SpoolConsole
internal import SpoolStore
import SpoolSystem
internal import SpoolText

/// `--new`: a document to begin with, and beside it what it names.
struct NewMailing {
    /// What it is to have.
    enum Kind {
        /// A text to a list.
        case plain
        /// A page and a text, a picture, an attachment, and ways to unsubscribe.
        case html
    }

    private let kind: Kind
    /// The document as it was named, and the mailing's name.
    private let path: String
    private let name: FileName
    /// Where the document goes.
    private let directory: Directory
    /// Where the rest goes: beside it, but from the spool directory into `files/`.
    private let companions: Directory
    /// The spool and the path below its `files/`, if that is where the rest goes.
    private let place: (spool: String, below: String)?

    init(_ kind: Kind, at path: String) throws(CommandFailure) {
        (self.kind, self.path) = (kind, path)
        let parts = SplitPath(path)
        guard let name = parts.name.without(suffix: ".json") else {
            throw CommandFailure("a document's name ends in .json, and \(path) does not", .usage)
        }
        self.name = name
        let reason: String? =
            if parts.name.bytes.first == 0x2E {
                "a document's name does not begin with a dot"
            } else if parts.name.bytes.count > Listing.longestName {
                "a document's name has at most \(Listing.longestName) bytes"
            } else if !name.isUTF8 || name.string.contains("{{") || name.string.contains("{%") {
                "a document cannot name files that are called like that"
            } else {
                nil
            }
        if let reason { throw CommandFailure("\(path): \(reason); name another file", .usage) }
        do throws(SystemError) {
            let trimmed = parts.directory.count > 1 && parts.directory.hasSuffix("/")
            directory = try Directory(path: trimmed ? String(parts.directory.dropLast()) : parts.directory)
        } catch {
            throw CommandFailure(opening: error, missing: .cannotCreate)
        }
        let whole = directory.absolutePath
        if let spool = try? SpoolDirectory(path: whole) {
            (companions, place) = (spool.files, (whole, ""))
            return
        }
        companions = directory
        var above = whole[...]
        while let slash = above.lastIndex(of: "/") {
            let part = above[above.index(after: slash)...]
            above = above[..<slash]
            let isFolder = Folder(rawValue: String(part)) != nil
            guard isFolder || part == "files", (try? SpoolDirectory(path: String(above))) != nil else {
                continue
            }
            if isFolder {
                throw CommandFailure(
                    "\(path): what lies in \(part)/ is a mailing, and this would be one as it stands; write it "
                        + "into files/, edit it, and copy it there then", .cannotCreate)
            }
            let rest = whole.dropFirst(above.count + "/files".count).drop { $0 == "/" }
            place = (String(above), rest.isEmpty ? "" : rest + "/")
            return
        }
        place = nil
    }

    /// Writes all of it, the document last, and returns what a person does next.
    func write(named spool: String?) throws(CommandFailure) -> String {
        let below = place?.below ?? ""
        func text(_ ending: String) -> String { JSONText.string(below + name.string + ending).text }
        let content = SampleMailing(kind, path: text)
        let files = content.companions.map { (name + $0.ending, $0.bytes) }
        let document = (name + ".json", content.document)
        // Nothing is made if any of it is there.
        if companions === directory {
            try NewFiles(in: directory).make(files + [document])
        } else {
            try NewFiles(in: directory).check([document.0])
            try NewFiles(in: companions).make(files)
            try NewFiles(in: directory).make([document])
        }
        let made = files.map { companions.path(of: $0.0) } + [directory.path(of: document.0)]
        return nextSteps(made, spool: place?.spool ?? SpoolDirectory.path(named: spool))
    }

    /// What was written, and what a person does next with it.
    private func nextSteps(_ made: [String], spool: String) -> String {
        let spool = (try? SpoolDirectory(path: spool))?.root.absolutePath ?? "SPOOL"
        let own = path.shellOperand
        var steps = [
            "spool-check --spool \(spool.shellQuoted) \(own)",
            "cp \(own) \("\(spool)/scheduled/".shellQuoted)",
        ]
        if place == nil {
            let copied = made.dropLast().map(\.shellQuoted).joined(separator: " ")
            steps.insert("cp \(copied) \("\(spool)/files/".shellQuoted)", at: 0)
        }
        return """
            written: \(made.map { PlainText.clean($0.hasPrefix("./") ? String($0.dropFirst(2)) : $0) }.joined(separator: ", "))

            Edit them: the list has made-up addresses. Then:

            \(steps.map { "  \($0)\n" }.joined())
            """
    }
}
