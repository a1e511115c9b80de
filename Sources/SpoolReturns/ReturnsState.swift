internal import FoundationEssentials
internal import SpoolSchedule
internal import SpoolStore
internal import SpoolSystem
internal import SpoolWriting

/// What a run leaves for the next one, in `journal/returns/state.json`. It may be lost: then everything is looked at again,
/// and by the journals nothing counts twice.
struct ReturnsState: Codable, Equatable {
    /// How far a log of the web server is read.
    struct LogPlace: Codable, Equatable {
        var inode: UInt64
        var offset: Int
        /// Of the bytes before it.
        var checksum: UInt32
    }

    /// When the last run ended.
    var lastRun: Timestamp?
    /// What was said and still stands.
    var said: [String] = []
    var logs: [String: LogPlace] = [:]
    /// How far the journal of each mailing, by its id, is read for refusals.
    var journals: [String: Int] = [:]
    /// What the Maildir's folders were, if nothing of them is left to do.
    var folders: String?
    /// How much of `journal/blocked` there was.
    var blocked: BlockedJournal.Seen?
    /// When messages were last looked through for old ones.
    var cleaned: Timestamp?

    init() {}

    init(in returns: ReturnsDirectory) throws(SystemError) {
        self.init()
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try returns.directory.open(ReturnsDirectory.stateName).contents(limit: 1 << 26)
        } catch  where error.isMissing {
            return
        }
        if let state = try? JSONDecoder().decode(ReturnsState.self, from: Data(bytes)) { self = state }
    }

    func write(in returns: ReturnsDirectory) throws(SystemError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else { return }
        try returns.directory.replace(
            ReturnsDirectory.stateName, with: Array(data), mode: returns.mode, durable: false)
    }
}
