package import SpoolMail

/// Words of a message that have the form of a token, by where they stand. Only a key can tell which of them is one.
package struct TokenWords: Sendable, Equatable {
    /// Of the fields that say to whom the message was delivered: these speak first.
    package let delivery: [RecipientToken]
    /// Of the message that came back, as its Message-ID and its List-Unsubscribe bear them.
    package let returned: [RecipientToken]
    /// Of the subject, where a mail program that follows a `mailto:` may put one.
    package let subject: [RecipientToken]
    /// Whether one of the addressees looks like one at which people leave.
    package let isToLeaveAddress: Bool

    /// More are nobody's honest mail.
    private static let most = 32
    private static let deliveryFields = ["delivered-to", "x-original-to", "envelope-to", "to", "cc"]

    init(_ fields: HeaderFields, returned: [HeaderFields]) {
        let delivery = TokenWords.deliveryFields.flatMap(fields.values)
        let received = fields.values("received").first.map(TokenWords.envelopeRecipient) ?? []
        self.delivery = TokenWords.find(in: delivery + [received])
        // No blank belongs into these: one is where the field was folded.
        let unfolded = returned.flatMap { ["message-id", "list-unsubscribe"].flatMap($0.values) }.map {
            value in
            value.filter { !ASCII.isBlank($0) }
        }
        self.returned = TokenWords.find(in: unfolded)
        subject = TokenWords.find(in: [Array((fields.text("subject") ?? "").utf8)])
        isToLeaveAddress = delivery.contains { value in
            AddressSearch.all(in: value[...]).contains { found in
                ["leave", "unsubscribe", "unsub"].contains { found.address.hasPrefix($0) }
            }
        }
    }

    /// What stands behind `for` in a field Received.
    private static func envelopeRecipient(_ value: [UInt8]) -> [UInt8] {
        let words = value.split(separator: ASCII.space)
        guard let index = words.firstIndex(where: { $0.map(ASCII.lowercased).elementsEqual("for".utf8) }),
            index + 1 < words.count
        else { return [] }
        return Array(words[index + 1])
    }

    private static func find(in values: [[UInt8]]) -> [RecipientToken] {
        var found: [RecipientToken] = []
        for value in values {
            for token in tokens(in: value) where found.count < most && !found.contains(token) {
                found.append(token)
            }
        }
        return found
    }

    /// Every run of 33 letters of a token that no letter or digit stands beside; also with the point that a Message-ID
    /// has behind the mailing's id.
    static func tokens(in value: [UInt8]) -> [RecipientToken] {
        var found: [RecipientToken] = []
        var runs: [Range<Int>] = []
        var index = 0
        while index < value.count, found.count < most {
            let start = index
            while index < value.count, ASCII.isLetterOrDigit(value[index]) { index += 1 }
            if index > start {
                let run = start..<index
                if let token = token(value[run]) {
                    found.append(token)
                } else if let last = runs.last, last.count == RecipientToken.mailingLength,
                    last.upperBound + 1 == start,
                    value[last.upperBound] == 0x2E, let token = token(value[last] + value[run])
                {
                    found.append(token)
                }
                runs = [run]
            } else {
                index += 1
            }
        }
        return found
    }

    private static func token(_ bytes: ArraySlice<UInt8>) -> RecipientToken? {
        guard bytes.count == RecipientToken.length else { return nil }
        return RecipientToken(String(decoding: bytes, as: UTF8.self))
    }
}
