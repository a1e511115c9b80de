internal import SpoolMailing
internal import SpoolStore
internal import SpoolSystem

/// Who of a journal is in doubt, in the order in which they came to be.
struct JournalDoubts {
    /// A recipient of whom nobody knows whether the message arrived.
    struct Recipient {
        /// The normalised address.
        let address: String
        var progress: RecipientProgress
        fileprivate var number: Int
    }

    let recipients: [Recipient]

    /// Reads the whole journal; only those in doubt or being handed over are kept.
    init(_ file: File) throws(SystemError) {
        var known: [String: Recipient] = [:]
        var number = 0
        _ = try JournalReader(file: file).forEachLine { line in
            guard let bytes = line.address, let event = line.recipientEvent else { return }
            // Whoever is not in doubt comes to be so by an attempt, or by the doubt itself.
            let isBeginning =
                switch event {
                case .attempt, .inDoubt: true
                default: false
                }
            if known.isEmpty, !isBeginning { return }
            let address = String(decoding: bytes, as: UTF8.self)
            guard isBeginning || known[address] != nil else { return }
            number += 1
            var recipient =
                known[address] ?? Recipient(address: address, progress: RecipientProgress(), number: number)
            recipient.progress.apply(event, at: line.time)
            if isBeginning { recipient.number = number }
            known[address] = recipient.progress.state.leftByKill == .inDoubt ? recipient : nil
        }
        recipients = known.values.sorted { $0.number < $1.number }
    }
}
