internal import SpoolMail
internal import SpoolSchedule
import SpoolSystem

/// What a tick says on standard error, each thing once: cron mails it to a person.
///
/// A person at a terminal is told every time.
final class Announcements {
    private var said: Set<String>
    private var standing: Set<String> = []
    private let isVerbose: Bool
    private let listener: Listener
    private let surroundings: Surroundings
    /// When something was first said, by the monotonic clock; what only `--verbose` says does not count.
    private(set) var firstSaidAt: Int64?

    /// Who hears it.
    struct Listener {
        /// Whether that is a person who sees what is said at once.
        let isPerson: Bool
        /// Gives him a line.
        let tell: (String) -> Void

        /// Whoever reads standard error. Nobody can be told that it does not work.
        static var standardError: Listener {
            Listener(isPerson: StandardStream.error.isTerminal) { try? StandardStream.error.write($0) }
        }
    }

    /// - Parameter said: what earlier ticks have said, and has stood since.
    init(said: [String], isVerbose: Bool, to listener: Listener, in surroundings: Surroundings) {
        self.said = Set(said)
        self.isVerbose = isVerbose
        self.listener = listener
        self.surroundings = surroundings
    }

    /// Says something, whatever was said before.
    func say(_ text: String) {
        if firstSaidAt == nil { firstSaidAt = surroundings.now().monotonic }
        tell(text)
    }

    /// Says something of the spool as a whole unless an earlier tick has, and it has stood since.
    ///
    /// - Parameter version: of what it is about; another version is worth saying it again.
    func sayOnce(_ text: String, of version: String = "") {
        let key = "\(text) \(version)"
        if standing.insert(key).inserted, listener.isPerson || !said.contains(key) { say(text) }
        said.insert(key)
    }

    /// Says something only to those who asked for it.
    func mention(_ text: @autoclosure () -> String) {
        if isVerbose { tell(text()) }
    }

    private func tell(_ text: String) { listener.tell("spool-tick: \(Reply.clean(text))\n") }

    /// What has been said and still stands, for the next tick.
    var remembered: [String] { standing.sorted() }
}
