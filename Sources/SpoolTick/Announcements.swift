internal import SpoolMail
import SpoolSystem

/// What a tick says on standard error, each thing once: cron mails it to a person.
///
/// A person at a terminal is told every time.
final class Announcements {
    private var said: Set<String>
    private var standing: Set<String> = []
    private let isVerbose: Bool
    private let speaksToPerson: Bool
    /// When something was first said, by the monotonic clock; what only `--verbose` says does not count.
    private(set) var firstSaidAt: Int64?

    init(said: [String], isVerbose: Bool) {
        self.said = Set(said)
        self.isVerbose = isVerbose
        speaksToPerson = StandardStream.error.isTerminal
    }

    /// Says something, whatever was said before.
    func say(_ text: String) {
        if firstSaidAt == nil { firstSaidAt = Clock.monotonicMicroseconds() }
        // Nobody can be told that standard error does not work.
        try? StandardStream.error.write("spool-tick: \(Reply.clean(text))\n")
    }

    /// Says something of the spool as a whole unless an earlier tick has, and it has stood since.
    ///
    /// - Parameter version: of what it is about; another version is worth saying it again.
    func sayOnce(_ text: String, of version: String = "") {
        let key = "\(text) \(version)"
        if standing.insert(key).inserted, speaksToPerson || !said.contains(key) { say(text) }
        said.insert(key)
    }

    /// Says something only to those who asked for it.
    func mention(_ text: @autoclosure () -> String) {
        guard isVerbose else { return }
        try? StandardStream.error.write("spool-tick: \(Reply.clean(text()))\n")
    }

    /// What has been said and still stands, for the next tick.
    var remembered: [String] { standing.sorted() }
}
