import Foundation
@testable import SpoolConsole
@testable import SpoolStatistics
@testable import SpoolStatus
import Testing

/// What a terminal shows, byte for byte as recorded in `Golden/NAME.txt`.
///
/// `SPOOL_RECORD_GOLDEN=1 swift test --filter TerminalGoldenTests` writes them anew and fails, so that nobody records by
/// accident: look at the difference, then run the tests without it.
struct TerminalGoldenTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().appendingPathComponent("Golden")

    private static let looks: [String: TerminalStyle] = [
        "80": TerminalStyle(width: 80, usesColor: true, drawsBlocks: true),
        "140": TerminalStyle(width: 140, usesColor: true, drawsBlocks: true),
        "80-C": TerminalStyle(width: 80, hasUTF8: false), "piped": TerminalStyle(),
    ]

    private static func pages(_ style: TerminalStyle) -> [String: [String]] {
        let ordinary = MadeUpSpool.ordinary
        return [
            "overview": Overview(ordinary, style: style, showsAll: false).lines,
            "overview-troubled": Overview(MadeUpSpool.troubled, style: style, showsAll: false).lines,
            "overview-unattended": Overview(MadeUpSpool.unattended, style: style, showsAll: false).lines,
            "overview-empty": Overview(MadeUpSpool.status([]), style: style, showsAll: false).lines,
            "mailing": MailingPage(ordinary.mailings[0], MadeUpSpool.details, of: ordinary, style: style)
                .lines,
            "mailing-scheduled": MailingPage(
                ordinary.mailings[2], MailingDetails(), of: ordinary, style: style
            ).lines,
        ]
    }

    private static let names: [String] = looks.flatMap { look, style in
        pages(style).keys.map { "\($0)-\(look)" }
    }.sorted()

    @Test func `every page looks as recorded`() throws {
        let isRecording = ProcessInfo.processInfo.environment["SPOOL_RECORD_GOLDEN"] != nil
        for (look, style) in TerminalGoldenTests.looks {
            for (page, lines) in TerminalGoldenTests.pages(style) {
                let file = TerminalGoldenTests.folder.appendingPathComponent("\(page)-\(look).txt")
                let text = lines.map { $0 + "\n" }.joined()
                if isRecording {
                    try Data(text.utf8).write(to: file)
                } else {
                    #expect(try String(contentsOf: file, encoding: .utf8) == text, "\(page)-\(look)")
                }
            }
        }
        if isRecording {
            Issue.record("recorded; look at the difference and run without SPOOL_RECORD_GOLDEN")
        }
    }

    @Test func `nothing is recorded that no page has`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: TerminalGoldenTests.folder.path)
        let recorded = files.filter { $0.hasPrefix("overview") || $0.hasPrefix("mailing") }.sorted()
        #expect(recorded == TerminalGoldenTests.names.map { "\($0).txt" }.sorted())
    }

    @Test func `without UTF-8, and without a terminal, what we draw is ASCII and has no colour`() throws {
        for (page, lines) in TerminalGoldenTests.pages(TerminalStyle(width: 100, hasUTF8: false)) {
            #expect(lines.allSatisfy { $0.utf8.allSatisfy { (0x20..<0x7F).contains($0) } }, "\(page)")
        }
        for (page, lines) in TerminalGoldenTests.pages(TerminalStyle()) {
            let drawn = lines.joined().unicodeScalars.filter { !$0.isASCII && !$0.properties.isAlphabetic }
            // The mailings of the spool have letters of their own, a combining accent and an emoji.
            #expect(Set(drawn).isSubset(of: ["\u{301}", "🎉"]), "\(page)")
        }
    }

    /// The terminal breaks it, so that it can be copied whole.
    private static func isCommand(_ line: String) -> Bool {
        ["spool-", "mv ", "* * * * *"].contains { line.trimmingCharacters(in: .whitespaces).hasPrefix($0) }
    }

    @Test func `no line is wider than the terminal but a command`() {
        for width in [20, 21, 23, 26, 30, 35, 41, 48, 56, 65, 75, 79, 80, 92, 110, 133, 160, 200] {
            for style in [
                TerminalStyle(width: width, drawsBlocks: true), TerminalStyle(width: width, hasUTF8: false),
            ] {
                for (page, lines) in TerminalGoldenTests.pages(style) {
                    for line in lines where DisplayWidth.of(line) > width && !Self.isCommand(line) {
                        Issue.record("\(page) at \(width): \(line)")
                    }
                }
            }
        }
    }

    @Test func `colours change nothing but colours`() {
        let plain = TerminalGoldenTests.pages(TerminalStyle(width: 100, drawsBlocks: true))
        for (page, lines) in TerminalGoldenTests.pages(
            TerminalStyle(width: 100, usesColor: true, drawsBlocks: true))
        {
            let bare = lines.map { $0.replacing(/\u{1B}\[[0-9]*m/, with: "") }
            #expect(bare == plain[page], "\(page)")
        }
    }
}
