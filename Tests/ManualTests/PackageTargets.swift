import Foundation
import Testing

/// The targets of Package.swift, as SwiftPM itself reads it.
struct PackageTargets {
    struct Target {
        let name: String
        /// Where its files lie, from the top of the repository.
        let folder: String
        /// The targets that it may import.
        let dependencies: [String]
    }

    /// The rooms and the programs.
    let inSources: [Target]

    init() throws {
        inSources = try Self.dumped.get().filter { $0.folder.hasPrefix("Sources/") }
    }

    /// Asked for once in a run, at the first use: it starts a compiler.
    private static let dumped = Result { try dump() }

    private static func dump() throws -> [Target] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // The build folder is locked by the tests that are running.
        let scratch = NSTemporaryDirectory() + "spool-dump-\(ProcessInfo.processInfo.processIdentifier)"
        process.arguments = [
            "swift", "package", "--package-path", Repository.root.path, "--scratch-path", scratch,
            "dump-package",
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let json = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try? FileManager.default.removeItem(atPath: scratch)
        try #require(process.terminationStatus == 0)
        return try JSONDecoder().decode(Dump.self, from: json).targets.map { target in
            let folder = target.path ?? (target.type == "test" ? "Tests/" : "Sources/") + target.name
            return Target(name: target.name, folder: folder, dependencies: target.dependencies.map(\.name))
        }
    }

    private struct Dump: Decodable {
        let targets: [Target]

        struct Target: Decodable {
            let name: String
            let type: String
            let path: String?
            let dependencies: [Dependency]
        }

        /// Only by name: there is no package but this one.
        struct Dependency: Decodable {
            let byName: [String?]
            var name: String { byName.first.flatMap { $0 } ?? "" }
        }
    }
}
