internal import SpoolConsole
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem

/// What a tick says on standard error, each thing once: cron mails it to a person.
///
/// A person at a terminal is told every time.
///
/// Nobody may be there to hear: then it waits for a moment only, and says later, or the next tick does, what could not be
/// said.
final class Announcements {
    /// Who hears it.
    struct Listener {
        /// Whether that is a person who sees what is said at once.
        let isPerson: Bool
        /// Tells him something; whether he has heard.
        let tell: (String) -> Bool

        /// Whoever reads standard error.
        static var standardError: Listener {
            var isListening = true
            return Listener(isPerson: StandardStream.error.isTerminal) { text in
                isListening = Output.say(
                    text, as: TickCommand.name, within: isListening ? Announcements.patience : 0)
                return isListening
            }
        }
    }

    /// How long somebody is waited for who does not listen, once, in microseconds: a delivery stands meanwhile.
    static let patience: Int64 = 500_000
    /// How much is kept that could not be said: who has not listened for so long reads no more of it.
    private static let mostUnsaid = 1000

    private let said: Set<Announcement>
    private var standing: Set<Announcement> = []
    /// What is still to be said, the first first.
    private(set) var unsaid: [String]
    private let isVerbose: Bool
    private let listener: Listener
    private let surroundings: Surroundings
    /// When something was first said, by the monotonic clock; what only `--verbose` says does not count.
    private(set) var firstSaidAt: Int64?

    /// - Parameters:
    ///   - said: what earlier ticks have said, and has stood since.
    ///   - unsaid: what they could not say.
    init(
        said: [Announcement], unsaid: [String] = [], isVerbose: Bool, to listener: Listener,
        in surroundings: Surroundings
    ) {
        self.said = Set(said)
        self.unsaid = unsaid
        self.isVerbose = isVerbose
        self.listener = listener
        self.surroundings = surroundings
    }

    /// Says something, whatever was said before; later, if nobody listens.
    func say(_ text: String) {
        if !isHeard(text), unsaid.count < Announcements.mostUnsaid { unsaid.append(text) }
    }

    /// Says something that is said anew anyway if nobody listens; whether it was heard.
    func isHeard(_ text: String) -> Bool {
        sayUnsaid()
        return unsaid.isEmpty && tell(text)
    }

    /// Says what could not be said.
    func sayUnsaid() {
        while let first = unsaid.first, tell(first) { unsaid.removeFirst() }
    }

    private func tell(_ text: String) -> Bool {
        guard listener.tell(text) else { return false }
        if firstSaidAt == nil { firstSaidAt = surroundings.now().monotonic }
        return true
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

    /// Says something only to those who asked for it, and now or never.
    func mention(_ text: @autoclosure () -> String) {
        if isVerbose { _ = listener.tell(text()) }
    }

    /// What has been said, or is still to be, and stands, for the next tick.
    var remembered: [Announcement] { standing.sorted() }
}
