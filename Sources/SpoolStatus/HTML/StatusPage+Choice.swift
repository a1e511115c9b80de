internal import SpoolConsole
internal import SpoolStatistics
internal import SpoolStore
import SpoolSystem

/// Which mailings a page shows, and how much of each.
extension StatusPage {
    /// So many of those that have ended are shown, and each in full.
    private static let latest = 10

    /// Reads the journals of the mailings that are shown in full.
    ///
    /// The numbers of such a mailing are those of the same pass over its journal, so that its charts and its counts are
    /// of one moment.
    ///
    /// - Parameter showsAll: whether all mailings that have ended stand in the table.
    init(_ status: SpoolStatus, showsAll: Bool, journals: JournalDirectory) throws(SystemError) {
        var status = status
        clock = HumanTime(now: status.at, zone: status.zone)
        var listed: [MailingStatus] = []
        var sections: [MailingSection] = []
        var ended = 0
        for index in status.mailings.indices {
            let isEnded = status.mailings[index].state == .done
            if isEnded { ended += 1 }
            if isEnded && ended > StatusPage.latest {
                if showsAll { listed.append(status.mailings[index]) }
                continue
            }
            let details = try status.mailings[index].readThrough(journals, isTicking: status.isTicking)
            sections.append(
                MailingSection(
                    mailing: status.mailings[index], details: details, id: "m\(sections.count + 1)",
                    clock: clock)
            )
            listed.append(status.mailings[index])
        }
        self.listed = listed
        // What is under way comes first.
        self.sections = MailingState.allCases.flatMap { state in
            sections.filter { $0.mailing.state == state }
        }
        unlisted = status.mailings.count - listed.count
        self.status = status
    }
}

extension MailingStatus {
    /// Reads the whole journal; the counts become those of its end.
    fileprivate mutating func readThrough(
        _ journals: JournalDirectory, isTicking: Bool
    ) throws(SystemError) -> MailingDetails {
        guard let journal, let file = try journals.open(journal) else { return MailingDetails() }
        var reading = DetailsReading()
        var history = MailingHistory()
        _ = try JournalReader(file: file).forEachLine { line in
            reading.read(line)
            history.apply(line)
        }
        counts = history.counts.seen(isTicking: isTicking)
        return reading.details
    }
}
