import Foundation
import Testing

/// What the manual pages say of a command, held against what its `--help` says.
struct OptionTests {
    private static let commands = [
        ("SpoolTick/TickCommand.swift", "spool-tick.8"), ("SpoolCheck/CheckCommand.swift", "spool-check.1"),
        ("SpoolStatus/StatusCommand.swift", "spool-status.1"),
        ("SpoolReturns/ReturnsCommand.swift", "spool-returns.8"),
    ]

    private func help(_ source: String) throws -> Substring {
        let code = try Repository.text("Sources/\(source)")
        let start = try #require(code.range(of: "static let help = \"\"\"\n"))
        return code[start.upperBound...].prefix { $0 != "\"" }
    }

    @Test(arguments: commands) func `the help of a command and its manual page know the same options`(
        source: String, page: String
    ) throws {
        let inHelp = Set(try help(source).matches(of: /--[a-z]+(-[a-z]+)*/).map { String($0.output.0) })
        let manual = try Repository.text("Sources/Packaging/man/\(page)")
        let items = manual.split(separator: "\n").filter { $0.hasPrefix(".It Fl ") }
        let inManual = items.compactMap { item in
            item.firstMatch(of: /^\.It Fl (?:h , )?(-[a-z]+(?:-[a-z]+)*)/).map { "-\($0.output.1)" }
        }
        #expect(Set(inManual) == inHelp && inManual.count == inHelp.count && inHelp.count >= 8, "\(inManual)")
    }

    @Test(arguments: commands) func `the help of a command and its manual page know the same exit statuses`(
        source: String, page: String
    ) throws {
        let help = try help(source)
        let start = try #require(help.range(of: "Exit status\n"))
        let inHelp = help[start.upperBound...].split(separator: "\n").compactMap { line in
            line.firstMatch(of: #/^ {10}([0-9]+) /#).map { String($0.output.1) }
        }
        let manual = try Repository.text("Sources/Packaging/man/\(page)")
        let section = try #require(manual.range(of: ".Sh EXIT STATUS\n"))
        let inManual = manual[section.upperBound...].matches(of: /\.It ([0-9]+)\n/).map {
            String($0.output.1)
        }
        #expect(inManual == inHelp && inHelp.count >= 6)
    }
}
