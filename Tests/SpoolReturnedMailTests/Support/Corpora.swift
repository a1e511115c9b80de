import Foundation
import SpoolMail
@testable import SpoolReturnedMail
import Testing

/// Messages to be judged: our own beside this file, and the large ones that stand beside the clone.
enum Corpora {
    static let own = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Corpus")

    /// `../shared` beside the repository.
    static let shared = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("shared")

    /// In CI they are there, and a test that misses them fails; elsewhere they may be missing.
    static let sharedIsExpected =
        ProcessInfo.processInfo.environment["CI"] != nil
        || FileManager.default.fileExists(atPath: shared.path)

    static func messages(in folder: URL) throws -> [(name: String, bytes: [UInt8])] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".eml") }
            .sorted().map {
                ($0, try bytes(folder.appendingPathComponent($0)))
            }
    }

    static func bytes(_ file: URL) throws -> [UInt8] {
        Array(try Data(contentsOf: file))
    }
}

extension ReturnedMessage {
    init(_ text: String) {
        self.init(Array(text.utf8))
    }

    /// As a line of `Corpus/expected.txt`: kind, rule, then for each recipient address, class, code and rule.
    var summary: String {
        let recipients = self.recipients.map {
            "\($0.address) \($0.meaning.rawValue) \($0.code ?? "-") \($0.rule)"
        }
        return ([kind.rawValue, rule] + recipients).joined(separator: " | ")
    }
}
