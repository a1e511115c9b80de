import Foundation

/// A terminal of a test's own: a shell in a tmux that nobody else uses.
final class TerminalWindow {
    private let socket = "spool-test-" + UUID().uuidString
    private static let tmux = "/usr/bin/tmux"

    init(columns: Int, rows: Int, environment: [String: String]) throws {
        let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
        try tool(
            TerminalWindow.tmux, "-u", "-L", socket, "-f", "/dev/null", "new-session", "-d", "-x",
            String(columns),
            "-y", String(rows),
            "env -u COLUMNS -u LC_ALL -u NO_COLOR \(variables.joined(separator: " ")) PS1='$ ' bash --norc")
        try eventually("a prompt") { try lines().contains { $0.hasPrefix("$") } }
    }

    /// Types a line and the return key.
    func type(_ line: String) throws {
        try tool(TerminalWindow.tmux, "-L", socket, "send-keys", "-l", line)
        try press("Enter")
    }

    /// Presses a key, by tmux's name for it.
    func press(_ key: String) throws {
        try tool(TerminalWindow.tmux, "-L", socket, "send-keys", key)
    }

    func resize(columns: Int, rows: Int) throws {
        try tool(
            TerminalWindow.tmux, "-L", socket, "resize-window", "-x", String(columns), "-y", String(rows))
    }

    /// What stands on the screen, without the blanks at the ends of lines; with `colors` also how it is coloured.
    func lines(colors: Bool = false) throws -> [String] {
        let screen = try Run.start(
            TerminalWindow.tmux, ["-L", socket, "capture-pane", "-p"] + (colors ? ["-e"] : [])
        ).wait().output
        return screen.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    func shows(_ text: String) throws -> Bool { try lines().contains { $0.contains(text) } }

    /// Whether a program has taken the screen, and whether the cursor can be seen.
    var mode: (isAlternate: Bool, hasCursor: Bool) {
        get throws {
            let text = try tool(
                TerminalWindow.tmux, "-L", socket, "display-message", "-p", "#{alternate_on} #{cursor_flag}")
            let parts = text.split(whereSeparator: \.isWhitespace)
            return (parts.first == "1", parts.last == "1")
        }
    }

    /// The process id of the program that the shell has started.
    var program: pid_t {
        get throws {
            let shell = try tool(TerminalWindow.tmux, "-L", socket, "display-message", "-p", "#{pane_pid}")
                .filter(\.isNumber)
            let list = "/proc/\(shell)/task/\(shell)/children"
            let children = try String(contentsOfFile: list, encoding: .utf8)
            guard let child = children.split(separator: " ").last.flatMap({ pid_t($0) }) else {
                throw HarnessError("the shell \(shell) has no child")
            }
            return child
        }
    }

    deinit {
        _ = try? Run.start(TerminalWindow.tmux, ["-L", socket, "kill-server"]).wait()
    }
}
