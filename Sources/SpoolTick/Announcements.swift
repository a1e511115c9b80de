internal import SpoolConsole
internal import SpoolStore
import SpoolSystem

/// What a tick says on standard error, each thing once: cron mails it to a person.
///
/// A person at a terminal is told every time.
final class Announcements {
    private var said: Set<Announcement>
    private var standing: Set<Announcement> = []
    private let isVerbose: Bool
    private let speaksToPerson: Bool
    /// When something was first said, by the monotonic clock; what only `--verbose` says does not count.
    private(set) var firstSaidAt: Int64?

    init(said: [Announcement], isVerbose: Bool) {
        self.said = Set(said)
        self.isVerbose = isVerbose
        speaksToPerson = StandardStream.error.isTerminal
    }

    /// Says something, whatever was said before.
    func say(_ text: String) {
        if firstSaidAt == nil { firstSaidAt = Clock.monotonicMicroseconds() }
        Output.say(text, as: TickCommand.name)
    }

    /// Says something of the spool as a whole unless an earlier tick has, and it has stood since.
    ///
    /// - Parameter version: of what it is about; another version is worth saying it again.
    func sayOnce(_ text: String, of version: String = "") {
        let announcement = Announcement(text, of: version)
        if standing.insert(announcement).inserted, speaksToPerson || !said.contains(announcement) {
            say(text)
        }
        said.insert(announcement)
    }

    /// Says something only to those who asked for it.
    func mention(_ text: @autoclosure () -> String) {
        if isVerbose { Output.say(text(), as: TickCommand.name) }
    }

    /// What has been said and still stands, for the next tick.
    var remembered: [Announcement] { standing.sorted() }
}
