internal import SpoolConsole
internal import SpoolExamine
internal import SpoolStore
import SpoolSystem

/// A file that is to be checked, and the spool that it is checked for.
struct CheckedFile {
    /// As it was given.
    let path: String
    /// Its name in its directory.
    let fileName: FileName
    let file: File
    /// What the file is, and what its name is: another thing if that is a symbolic link.
    let status: FileStatus
    let nameStatus: FileStatus
    let spool: SpoolDirectory
    /// The state folder of the spool in which it lies; nil if it lies elsewhere.
    let folder: Folder?

    /// The mailing's name.
    var name: FileName { fileName.without(suffix: ".json") ?? fileName }

    /// The document that it is, or would be in `scheduled/`.
    var document: FoundDocument {
        FoundDocument(folder: folder ?? .scheduled, name: name, version: DocumentVersion(status))
    }

    /// Finds a file and its spool.
    ///
    /// - Parameter namedSpool: the spool that the caller named; without one, that in whose state folder the file
    ///   lies, else ``SpoolDirectory/path(named:)``.
    init(_ path: String, namedSpool: String?) throws(CommandFailure) {
        self.path = path
        let parts = SplitPath(path)
        fileName = parts.name
        let directory: Directory
        do throws(SystemError) {
            directory = try Directory(path: parts.directory)
            guard let named = try directory.status(of: fileName) else {
                throw .missing(path)
            }
            nameStatus = named
            file = try directory.open(fileName, followingLink: true)
            status = try file.status()
            if status.kind != .regular { throw .notRegular(path, status.kind) }
        } catch {
            if let kind = error.kind {
                throw CommandFailure("\(path) is \(kind.name); name a document", .noInput)
            }
            throw CommandFailure(
                GroupRemedy.adding(to: "\(path): \(error.reason)", for: error),
                ExitStatus(error, missing: .noInput))
        }
        (spool, folder) = try CheckedFile.spool(around: directory, named: namedSpool)
    }

    private static func spool(
        around directory: Directory, named: String?
    ) throws(CommandFailure) -> (SpoolDirectory, Folder?) {
        let place = directory.absolutePath
        let parts = place.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
        let folder = parts.last.flatMap { String($0) }.flatMap(Folder.init(rawValue:))
        if named == nil, folder != nil,
            let spool = try? SpoolDirectory(
                path: String(place.utf8.dropLast((parts.last?.count ?? 0) + 1)) ?? "")
        {
            return (spool, folder)
        }
        let spool: SpoolDirectory
        do throws(SystemError) {
            spool = try SpoolDirectory(path: SpoolDirectory.path(named: named))
        } catch {
            throw CommandFailure(opening: error, missing: .configuration)
        }
        guard let folder, spool[folder].absolutePath == place else { return (spool, nil) }
        return (spool, folder)
    }
}

extension CommandFailure {
    /// What became of an error on the way.
    init(_ error: any Error) {
        switch error {
        case let error as CommandFailure: self = error
        case let error as SystemError: self.init(error)
        case ConfiguredSpool.Failure.system(let error): self.init(error)
        case ConfiguredSpool.Failure.refused(let reasons):
            self.init(reasons: reasons, status: .configuration)
        default: self.init("\(error)", .ioError)
        }
    }
}
