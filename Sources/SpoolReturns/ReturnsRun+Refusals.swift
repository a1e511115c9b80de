internal import SpoolMail
internal import SpoolReturnedMail
internal import SpoolSchedule
internal import SpoolStore
internal import SpoolSystem

/// Whom the mail system has refused at the hand-over: that counts like a bounce of the same code.
extension ReturnsRun {
    /// Reads what is new in the journals of the mailings.
    func readRefusals() throws(SystemError) {
        for (name, history) in histories.sorted(by: { $0.key < $1.key }) {
            guard let file = try journals.open(name) else { continue }
            let start = min(state.journals[history.mailing] ?? 0, Int(try file.status().size))
            var items: [Item] = []
            let end = try JournalReader(file: file).forEachLine(from: start) { line in
                // What lies further back is no part of any row, and whoever was mailed since is known to be there or not.
                guard self.now - line.time <= ReturnsLedger.rowLength,
                    let item = ReturnsRun.refusal(line, of: history.mailing),
                    let source = item.entry.source, !self.ledger.knows(source)
                else { return }
                items.append(item)
            }
            try commit(items)
            state.journals[history.mailing] = end
        }
    }

    private static func refusal(_ line: JournalLine, of mailing: String) -> Item? {
        let meaning: ReturnClass
        var refusal: HandOverRefusal?
        var words = ""
        switch line.recipientEvent {
        case .failed(let status, let reply):
            let found = HandOverRefusal(status: status, reply: reply)
            (meaning, refusal, words) = (found.meaning, found, reply)
        case .gaveUp: meaning = .soft
        case .attempt, .sent, .deferred, .inDoubt, .withdrew, .excused, .resolved, .skipped, nil: return nil
        }
        guard let address = line.address else { return nil }
        let source = ReturnSource(refusalOf: mailing, at: line.offset)
        return Item(
            mailing: mailing,
            entry: .refused(
                .init(
                    String(decoding: address, as: UTF8.self), meaning, source, code: refusal?.code,
                    rule: refusal?.rule ?? "gave-up", reply: words)))
    }
}
