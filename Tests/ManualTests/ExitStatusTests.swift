import Foundation
import Testing

struct ExitStatusTests {
    /// The numbers at the beginning of lines, with two or more words behind them.
    private func statuses(_ lines: some Sequence<Substring>, after mark: String) -> [Int] {
        let numbers = lines.compactMap { line -> Int? in
            let text = line.drop { $0 == " " }
            guard text.hasPrefix(mark) else { return nil }
            let words = text.dropFirst(mark.count).split(separator: " ", maxSplits: 1)
            return words.count == 2 ? Int(words[0]) : nil
        }
        return numbers
    }

    @Test(arguments: [
        ("SpoolTick/TickCommand.swift", "spool-tick.md"), ("SpoolCheck/CheckCommand.swift", "spool-check.md"),
        ("SpoolStatus/StatusCommand.swift", "spool-status.md"),
        ("SpoolReturns/ReturnsCommand.swift", "spool-returns.md"),
    ]) func `the help of a command and its page know the same exit statuses`(source: String, page: String)
        throws
    {
        let code = try Repository.text("Sources/\(source)")
        let help = try #require(code.range(of: "\n        Exit status\n"))
        let inHelp = statuses(
            code[help.upperBound...].prefix { $0 != "\"" }.split(separator: "\n"), after: "")
        let manual = try Repository.text("Sources/Manual/\(page)")
        let table = try #require(manual.range(of: "## Exit status\n"))
        let inManual = statuses(manual[table.upperBound...].split(separator: "\n"), after: "| ")
        #expect(inHelp == inManual && inHelp.count >= 6 && inHelp == inHelp.sorted())
    }
}
