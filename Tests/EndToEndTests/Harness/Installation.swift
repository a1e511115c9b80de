import Foundation

/// Where the programs under test and the machine's tools are.
enum Installation {
    /// The built executables: beside the test bundle, or where `SPOOL_BIN` points.
    static let directory: String = {
        if let chosen = ProcessInfo.processInfo.environment["SPOOL_BIN"] { return chosen }
        // The running program is …/.build/CONFIG/spoolPackageTests.xctest.
        let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        if FileManager.default.isExecutableFile(atPath: program.appending(path: "spool-tick").path) {
            return program.path
        }
        return Installation.package.appending(path: ".build/debug").path
    }()

    /// The checkout that the tests were built from.
    static let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static var tick: String { "\(directory)/spool-tick" }
    static var status: String { "\(directory)/spool-status" }
    static var check: String { "\(directory)/spool-check" }

    static let fakeTime = "/usr/lib/\(machine)-linux-gnu/faketime/libfaketimeMT.so.1"

    /// The fake sendmail, compiled once.
    static let fakeSendmail = Result { try compiled("fake-sendmail") }

    /// The program that cuts the power of an ext4 file system, compiled once.
    static let powerCut = Result { try compiled("power-cut") }

    private static let machine: String = {
        #if arch(arm64)
            "aarch64"
        #else
            "x86_64"
        #endif
    }()

    private static func compiled(_ name: String) throws -> String {
        let directory = try TemporaryDirectory(kept: true)
        let program = directory.path + "/" + name
        let source = package.appending(path: "Tests/EndToEndTests/Programs/\(name).c").path
        let outcome = try Run.start(
            "/usr/bin/cc", ["-O2", "-Wall", "-Wno-format-truncation", "-o", program, source]
        ).wait()
        guard outcome.ending == .exited(0) else { throw HarnessError("cc \(source): \(outcome.errors)") }
        return program
    }
}

/// Something that a test needs and did not get; not a finding about the programs under test.
struct HarnessError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// A directory of its own, removed with its owner.
final class TemporaryDirectory: Sendable {
    let path: String
    private let kept: Bool

    /// `kept` is for what the whole test run needs.
    init(kept: Bool = false) throws {
        path = FileManager.default.temporaryDirectory.path + "/spool-test-" + UUID().uuidString
        self.kept = kept
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    }

    deinit {
        if !kept { try? FileManager.default.removeItem(atPath: path) }
    }
}
