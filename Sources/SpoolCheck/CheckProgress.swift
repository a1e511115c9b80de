internal import SpoolConsole
internal import SpoolMail
import SpoolSystem
internal import SpoolText
internal import Synchronization

/// A bar on the terminal's standard error while a long list is read and rendered; nothing within the first second,
/// and nothing anywhere but on a terminal.
final class CheckProgress: Sendable {
    private struct State {
        var drawnAt: Int64 = 0
        var isVisible = false
    }

    /// Microseconds.
    private static let patience: Int64 = 1_000_000
    private static let betweenDrawings: Int64 = 100_000

    private let name: String
    private let columns: Int?
    private let start: Int64
    private let state = Mutex(State())

    /// - Parameter name: what is read.
    init(_ name: String) {
        self.name = PlainText.clean(name)
        columns = StandardStream.error.isTerminal ? StandardStream.error.lineWidth : nil
        start = Clock.monotonicMicroseconds()
    }

    /// Draws how far it is, if it is time to.
    func show(_ fraction: Double, _ messages: Int) {
        guard let columns else { return }
        let now = Clock.monotonicMicroseconds()
        guard now - start >= CheckProgress.patience else { return }
        state.withLock { state in
            guard now - state.drawnAt >= CheckProgress.betweenDrawings else { return }
            state = State(drawnAt: now, isVisible: true)
            let line = CheckProgress.line(name, fraction, messages, columns: columns)
            // A terminal that is gone needs no bar.
            try? StandardStream.error.write("\r\(line)\u{1B}[K")
        }
    }

    /// Takes the bar away.
    func end() {
        state.withLock { state in
            if state.isVisible { try? StandardStream.error.write("\r\u{1B}[K") }
            state.isVisible = false
        }
    }

    /// `news.json  [######----------]  37 %  370,000 messages`, at most one column short of the terminal's width.
    static func line(_ name: String, _ fraction: Double, _ messages: Int, columns: Int) -> String {
        let percent = Int((min(max(fraction, 0), 1) * 100).rounded(.down))
        let padded = DisplayWidth.pad(String(percent), to: 3, onTheLeft: true)
        let numbers = "\(padded) %  \(HumanNumber.text(messages)) messages"
        let room = columns - 1 - numbers.count - 2
        let title = String(name.prefix(max(0, room - 14)))
        let width = min(40, room - title.count - 4)
        guard width >= 8 else { return String(numbers.prefix(max(0, columns - 1))) }
        let full = width * percent / 100
        let bar = String(repeating: "#", count: full) + String(repeating: "-", count: width - full)
        return "\(title)  [\(bar)]  \(numbers)"
    }
}
