internal import SpoolMail
internal import SpoolStore
internal import SpoolSystem

/// Tells whose a token is: of the addresses that stand beside it, or by the index of its mailing.
struct TokenProofs {
    private let keys: [SigningKey]
    private let journals: JournalDirectory
    private let returns: ReturnsDirectory
    /// The names of the mailings by their ids.
    private let names: [String: FileName]
    private var indexes: [String: RecipientIndex] = [:]

    /// Of a mailing of a million recipients an index has 32 MB.
    private static let mostIndexes = 4
    /// More addresses in one message are nobody's honest mail.
    static let mostCandidates = 32

    init(
        _ keys: [SigningKey], _ histories: [FileName: MailingHistory], _ journals: JournalDirectory,
        _ returns: ReturnsDirectory
    ) {
        (self.keys, self.journals, self.returns) = (keys, journals, returns)
        names = Dictionary(histories.map { ($0.value.mailing, $0.key) }) { first, _ in first }
    }

    /// The recipient whose a token is; nil if it proves nothing.
    ///
    /// - Parameter candidates: addresses, normalised, that stand beside it.
    mutating func recipient(
        of token: RecipientToken, _ purpose: RecipientToken.Purpose, among candidates: [String]
    ) throws(SystemError) -> MessageMeaning.Recipient? {
        let near = candidates.prefix(TokenProofs.mostCandidates).first { token.isOf($0, purpose, by: keys) }
        if let near { return .init(mailing: token.mailing, address: near) }
        guard !keys.isEmpty, let name = names[token.mailing], let journal = try journals.open(name) else {
            return nil
        }
        if indexes[token.mailing] == nil, indexes.count >= TokenProofs.mostIndexes { indexes = [:] }
        var index =
            if let known = indexes[token.mailing] { known } else {
                try RecipientIndex(of: token.mailing, keys: keys, in: returns)
            }
        var found = try index.address(of: token, purpose, in: journal)
        if found == nil, try index.extend(by: journal) {
            found = try index.address(of: token, purpose, in: journal)
        }
        indexes[token.mailing] = index
        return found.map { .init(mailing: token.mailing, address: $0) }
    }
}
