internal import FoundationEssentials
internal import SpoolStore
internal import SpoolSystem
internal import SpoolWriting

extension TickSnapshot {
    /// Writes it for the next reader; not durable, and need not be.
    func write(in journal: JournalDirectory) throws(SystemError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else { return }
        try journal.directory.replace(
            TickSnapshot.name, with: Array(data) + [0x0A], mode: journal.mode, durable: false)
    }
}
