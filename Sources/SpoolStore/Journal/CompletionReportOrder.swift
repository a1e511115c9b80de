package import SpoolMail
package import SpoolSystem

/// Who gets a report on how a mailing finished, and what must be known to make and send it.
///
/// It stands in the journal, before the line that closes it: the report can be sent by any later tick, whatever has
/// become of the document and of config.json by then.
package struct CompletionReportOrder: Codable, Equatable, Sendable {
    /// A mailbox in parts, which read back as they were written whatever the name holds.
    package struct Person: Codable, Equatable, Sendable {
        var name: String?
        package var address: String

        /// The mailbox; nil if the address is none any more.
        package var mailbox: Mailbox? {
            (try? EmailAddress(address)).map { Mailbox(name: name, address: $0) }
        }
    }

    /// Random, made when the mailing finished; part of the report's Message-ID.
    var id: String
    package var to: Person
    package var from: Person
    /// The envelope sender.
    package var returnPath: String
    /// The document's own, by its name.
    package var timeZone: String?
    /// Seconds from the first attempt to hand it over.
    package var giveUpAfter: Int64

    package init(
        id: String, to: Person, from: Person, returnPath: String, timeZone: String? = nil, giveUpAfter: Int64
    ) {
        self.id = id
        self.to = to
        self.from = from
        self.returnPath = returnPath
        self.timeZone = timeZone
        self.giveUpAfter = giveUpAfter
    }

    /// The last order in a journal.
    package static func last(in file: File) throws(SystemError) -> CompletionReportOrder? {
        var order: CompletionReportOrder?
        _ = try JournalReader(file: file).forEachLine { line in
            if case .report(.due(let found))? = line.entry { order = found }
        }
        return order
    }

    /// The same for every attempt at this report, and different between finishings.
    package var messageID: String {
        let domain = from.address.lastIndex(of: "@").map { from.address[$0...].dropFirst() }
        return MessageID.make(
            mailing: id, address: to.address, domain: domain.map(String.init) ?? "localhost")
    }
}

extension CompletionReportOrder.Person {
    package init(_ mailbox: Mailbox) {
        self.init(name: mailbox.name, address: mailbox.address.description)
    }
}
