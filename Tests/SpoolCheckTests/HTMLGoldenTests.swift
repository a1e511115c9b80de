import Foundation
@testable import SpoolCheck
@testable import SpoolMail
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import TestSupport
import Testing

/// Each `Golden/NAME.html`, as the one body of a mailing, comes to exactly the text and the warnings of
/// `Golden/NAME.txt`. Most are newsletters that went wrong somewhere.
///
/// `SPOOL_RECORD_GOLDEN=1 swift test --filter HTMLGoldenTests` writes the .txt files anew and fails: read the
/// difference, then run the tests without it.
@Suite struct HTMLGoldenTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Golden")

    private static func names(_ ending: String) -> [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }.sorted()
    }

    @Test(arguments: names(".html"))
    func `a page comes to the text and the warnings that are recorded`(name: String) throws {
        let said = try said(of: Array(Data(contentsOf: Self.folder.appendingPathComponent(name + ".html"))))
        let file = Self.folder.appendingPathComponent(name + ".txt")
        if ProcessInfo.processInfo.environment["SPOOL_RECORD_GOLDEN"] != nil {
            try Data(said.utf8).write(to: file)
            Issue.record("recorded \(name).txt; look at the difference and run without SPOOL_RECORD_GOLDEN")
            return
        }
        #expect(said == String(decoding: try Data(contentsOf: file), as: UTF8.self))
    }

    @Test func `no recorded text is left without its page`() {
        #expect(Self.names(".html") == Self.names(".txt"))
        #expect(Self.names(".html").count >= 30)
    }

    /// The derived text, and a line for each warning or error with its hint.
    private func said(of html: [UInt8]) throws -> String {
        let files = try TemporaryFiles()
        try files.write("page.html", html)
        let text = TestDocument.document(
            "\"htmlFile\": \"page.html\", \"recipients\": [{\"address\": \"a@example.org\", \"name\": \"Anna\", \"Town\": \"Lund\"}]",
            without: ["text", "recipients"])
        switch try TestDocument.validate(text, files).outcome {
        case .failure(let problems):
            return problems.all.map { "error: \($0.message)\n    \($0.hint)\n" }.joined()
        case .success(let mailing):
            let warnings = Deliverability.warnings(
                about: mailing, written: try DocumentReading(Array(text.utf8)).document,
                defaults: .init(), findings: .init(), fields: ["address", "name", "Town"])
            return (mailing.content.design.text?.source ?? "")
                + warnings.filter { !$0.message.contains("no text part of your own") }
                .map { "warning: \($0.message)\n    \($0.hint)\n" }.joined()
        }
    }
}
