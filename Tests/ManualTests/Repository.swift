import Foundation
import Testing

/// The files of this repository, as they lie around this test.
enum Repository {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// A file's text by its path from the top.
    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
    }

    /// The files below a folder that end so, by their paths from the top.
    static func files(below folder: String, endingIn ending: String) throws -> [String] {
        let top = root.appendingPathComponent(folder)
        let found = try #require(FileManager.default.enumerator(atPath: top.path))
        return found.compactMap { $0 as? String }.filter { $0.hasSuffix(ending) }.map { "\(folder)/\($0)" }
            .sorted()
    }

    /// The names in a folder.
    static func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(folder).path).sorted()
    }
}

/// A Swift file of `Sources`.
struct SourceFile {
    /// Its path from the top of the repository.
    let path: String
    let imports: [String]
    let symbols: DeclarationScan

    /// The files of each room and each program. Read once in a run, at the first use.
    static func byTarget() throws -> [String: [SourceFile]] { try read.get() }

    private static let read = Result {
        var files: [String: [SourceFile]] = [:]
        for target in try PackageTargets().inSources {
            files[target.name] = try Repository.files(below: target.folder, endingIn: ".swift").map { path in
                let scan = SourceScan(try Repository.text(path))
                return SourceFile(path: path, imports: scan.imports, symbols: DeclarationScan(scan))
            }
        }
        return files
    }
}
