/// A command for people to type or to copy. It is quoted only where it is shown: what may stand there depends on the
/// place.
package struct ShellCommand: Hashable, Codable, Sendable {
    private let words: [String]
    /// Whether it is a line of a crontab.
    private let isEveryMinute: Bool

    /// - Parameter operand: its last word, which might be taken for an option.
    package init(_ words: String..., operand: String? = nil, isEveryMinute: Bool = false) {
        let last = operand.map { $0.hasPrefix("-") ? ["--", $0] : [$0] }
        self.words = words + (last ?? [])
        self.isEveryMinute = isEveryMinute
    }

    /// On one line.
    ///
    /// - Parameter isASCII: without any other characters, for who cannot see them.
    package func text(isASCII: Bool = false) -> String {
        let command = words.map { $0.shellQuoted(isASCII: isASCII) }.joined(separator: " ")
        // cron takes a bare % for the end of the line.
        return isEveryMinute ? "* * * * * " + command.replacing("%", with: "\\%") : command
    }
}

/// What can be done, in words, and perhaps a command.
package struct Advice: Hashable, Codable, Sendable {
    /// What stands before the command; all of it where there is none.
    package let words: String
    package let command: ShellCommand?
    /// What the command does.
    package let effect: String

    package init(_ words: String = "", command: ShellCommand? = nil, effect: String = "") {
        (self.words, self.command) = (PlainText.clean(words), command)
        self.effect = effect.isEmpty ? "" : "(\(PlainText.clean(effect)))"
    }

    /// On one line.
    package var text: String {
        [words, command?.text() ?? "", effect].filter { !$0.isEmpty }.joined(separator: " ")
    }
}
