package import SpoolSchedule

/// What people call a mailing, for a reader who does not open its document.
package struct MailingTitle: Codable, Equatable, Sendable {
    package var subject: String?
    package var from: String?
    /// To the second.
    package var sendAt: Timestamp?
    /// What its recipients can leave; nil for everything.
    package var topic: String?

    package init(
        subject: String? = nil, from: String? = nil, sendAt: Timestamp? = nil, topic: String? = nil
    ) {
        (self.subject, self.from, self.sendAt) = (subject, from, sendAt?.wholeSecond)
        self.topic = topic
    }

    /// Reads the fields of an `about` line; nil if they are damaged.
    init?(json: UnsafeRawBufferPointer) {
        if let plain = MailingTitle(plain: json) {
            self = plain
        } else if let title = JournalJSON.value(MailingTitle.self, json) {
            self = title
        } else {
            return nil
        }
    }

    /// Reads them as we write them, `{"from":"…","sendAt":"…","subject":"…","topic":"…"}`, where nothing in them is
    /// escaped: nearly all are so, and a status over thousands of mailings reads thousands.
    private init?(plain json: UnsafeRawBufferPointer) {
        guard json.first == 0x7B, json.last == 0x7D, !json.contains(0x5C) else { return nil }
        self.init()
        let quotes = json.indices.filter { json[$0] == 0x22 }
        // Four quotes a member: a blank or a number between two of them is not ours.
        guard quotes.count.isMultiple(of: 4), json.count == quotes.last.map({ $0 + 2 }) ?? 2 else {
            return nil
        }
        for place in stride(from: 0, to: quotes.count, by: 4) {
            let begins = place == 0 ? json[quotes[0] - 1] == 0x7B : json[quotes[place] - 1] == 0x2C
            let isFirst = place == 0 ? quotes[0] == 1 : quotes[place] == quotes[place - 1] + 2
            guard begins, isFirst, quotes[place + 2] == quotes[place + 1] + 2,
                json[quotes[place + 1] + 1] == 0x3A
            else { return nil }
            let value = String(decoding: json[(quotes[place + 2] + 1)..<quotes[place + 3]], as: UTF8.self)
            switch String(decoding: json[(quotes[place] + 1)..<quotes[place + 1]], as: UTF8.self) {
            case "subject": subject = value
            case "from": from = value
            case "topic": topic = value
            case "sendAt":
                guard let time = Timestamp(rfc3339: value) else { return nil }
                sendAt = time
            default: break
            }
        }
    }
}
