internal import SpoolMailing
package import SpoolStore
internal import SpoolSystem

/// What would follow if a document were taken for that of a mailing which it may belong to.
package struct SendForecast: Equatable, Sendable {
    /// Who would be mailed, as the same mailing and as a new one.
    package let recipients: ConflictForecast
    /// Whether it says what recipients have read already.
    package let saysTheSame: Bool

    /// - Parameter replay: of the mailing's journal into the document's list, which is another afterwards.
    init(_ mailing: Mailing, _ replay: Replay) {
        var ledger = replay.ledger
        if !replay.history.isOpen { ledger.beginAnew() }
        let summary = replay.list.summary
        recipients = ConflictForecast(
            remaining: replay.list.counts.left, everybody: summary.unique - summary.suppressed)
        saysTheSame = replay.history.says(the: mailing.content)
    }

    package init(recipients: ConflictForecast, saysTheSame: Bool) {
        (self.recipients, self.saysTheSame) = (recipients, saysTheSame)
    }
}

extension File {
    /// Whether a journal says of anyone of a list that a message was handed over.
    func names(anyoneOf list: RecipientList) throws(SystemError) -> Bool {
        var isNamed = false
        _ = try JournalReader(file: self).forEachLine { line in
            guard !isNamed, let address = line.address, case .attempt? = line.recipientEvent else { return }
            isNamed = list.find(address) != nil
        }
        return isNamed
    }
}

extension SendForecast {
    /// Why a mailing that has ended does not go out again by itself; nil if nothing speaks against it.
    package func conflict(_ history: MailingHistory) -> Lifecycle.Conflict? {
        if !saysTheSame, history.got + history.counts.inDoubt + history.counts.sending > 0 {
            return .otherWording(history)
        }
        return recipients.remaining == 0 ? .nobodyLeft(history) : nil
    }
}
