internal import SpoolConsole
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem

/// What a tick says on standard error, each thing once: cron mails it to a person.
///
/// A person at a terminal is told every time.
final class Announcements {
    /// Who hears it.
    struct Listener {
        /// Whether that is a person who sees what is said at once.
        let isPerson: Bool
        let tell: (String) -> Void

        /// Whoever reads standard error.
        static var standardError: Listener {
            Listener(isPerson: StandardStream.error.isTerminal) { Output.say($0, as: TickCommand.name) }
        }
    }

    private let said: Set<Announcement>
    private var standing: Set<Announcement> = []
    private let isVerbose: Bool
    private let listener: Listener
    private let surroundings: Surroundings
    /// When something was first said, by the monotonic clock; what only `--verbose` says does not count.
    private(set) var firstSaidAt: Int64?

    /// - Parameter said: what earlier ticks have said, and has stood since.
    init(said: [Announcement], isVerbose: Bool, to listener: Listener, in surroundings: Surroundings) {
        self.said = Set(said)
        self.isVerbose = isVerbose
        self.listener = listener
        self.surroundings = surroundings
    }

    /// Says something, whatever was said before.
    func say(_ text: String) {
        if firstSaidAt == nil { firstSaidAt = surroundings.now().monotonic }
        listener.tell(text)
    }

    /// Says something of the spool as a whole unless an earlier tick has, and it has stood since.
    ///
    /// - Parameter version: of what it is about; another version is worth saying it again.
    func sayOnce(_ text: String, of version: String = "") {
        let announcement = Announcement(text, of: version)
        if standing.insert(announcement).inserted, listener.isPerson || !said.contains(announcement) {
            say(text)
        }
    }

    /// Says something only to those who asked for it.
    func mention(_ text: @autoclosure () -> String) {
        if isVerbose { listener.tell(text()) }
    }

    /// What has been said and still stands, for the next tick.
    var remembered: [Announcement] { standing.sorted() }
}
