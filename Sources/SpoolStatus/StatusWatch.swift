internal import SpoolConsole
internal import SpoolMail
import SpoolSystem

/// `spool-status --watch`: the page drawn again and again until somebody has seen enough.
struct StatusWatch {
    private let question: StatusQuestion
    private let milliseconds: Int64

    /// Seconds between two looks.
    private static let allowed = 0.1...86_400

    init(_ question: StatusQuestion, milliseconds: Int64) {
        self.question = question
        self.milliseconds = milliseconds
    }

    /// What `--watch` was given: seconds, or nothing for one.
    static func interval(_ text: String) throws(UsageError) -> Int64 {
        if text.isEmpty { return 1000 }
        guard let seconds = Double(text), allowed.contains(seconds) else {
            throw UsageError(description: "--watch takes seconds, from 0.1 to 86400, and not \(text)")
        }
        return Int64(seconds * 1000)
    }

    /// Watches until `q`, Ctrl-C or SIGTERM; the terminal is then as it was.
    func run() throws(CommandFailure) -> ExitStatus {
        guard StandardStream.output.isTerminal else {
            throw CommandFailure(
                "--watch needs a terminal; a program calls spool-status --json again and again",
                .usage)
        }
        // A spool that is not there is said where it can be read afterwards.
        _ = try question.ask()
        do throws(SystemError) {
            let page = try TerminalPage()
            defer { page.leave() }
            return try watch(page)
        } catch {
            throw CommandFailure(error)
        }
    }

    private func watch(_ page: TerminalPage) throws(SystemError) -> ExitStatus {
        var next = Clock.monotonicMicroseconds()
        while true {
            let now = Clock.monotonicMicroseconds()
            if now >= next {
                try page.draw(lines())
                // A look that takes long is not followed by the next at once.
                next = max(next, Clock.monotonicMicroseconds() - milliseconds * 500) + milliseconds * 1000
            }
            switch page.wait(milliseconds: (next - Clock.monotonicMicroseconds() + 999) / 1000) {
            case .time: break
            case .redraw: next = Clock.monotonicMicroseconds()
            case .key(UInt8(ascii: "q")), .key(UInt8(ascii: "Q")), .end: return .ok
            case .key: break
            }
        }
    }

    /// The page cut to the terminal, with how to leave it in the last line.
    private func lines() -> [String] {
        let style = question.currentStyle
        let rows = StandardStream.output.rows ?? 24
        var lines: [String]
        do throws(CommandFailure) {
            lines = try question.lines(style)
        } catch {
            // It may be there again at the next look: a file system is mounted anew, a mailing was renamed.
            lines = style.paragraph(
                style.show(error.reasons.joined(separator: "; ")), mark: "!", indent: 0, tone: .error)
        }
        let hidden = lines.count - (rows - 1)
        let hint = hidden > 0 ? "\(hidden) more lines; q ends" : "q ends"
        lines = Array(lines.prefix(max(0, rows - 1)))
        lines += Array(repeating: "", count: max(0, rows - 1 - lines.count))
        return lines + [style.paint(style.fit(hint, style.width ?? 80), .quiet)]
    }
}
