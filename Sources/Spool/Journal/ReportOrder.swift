internal import Foundation
internal import SpoolMail
internal import SpoolSystem

/// Who gets a report on how a mailing finished, and what must be known to make and send it.
///
/// It stands in the journal, before the line that closes it: the report can be sent by any later tick, whatever has
/// become of the document and of config.json by then.
struct ReportOrder: Codable, Equatable, Sendable {
    /// A mailbox in parts, which read back as they were written whatever the name holds.
    struct Person: Codable, Equatable, Sendable {
        var name: String?
        var address: String

        /// The mailbox; nil if the address is none any more.
        var mailbox: Mailbox? {
            (try? EmailAddress(address)).map { Mailbox(name: name, address: $0) }
        }
    }

    /// Random, made when the mailing finished; part of the report's Message-ID.
    var id: String
    var to: Person
    var from: Person
    /// The envelope sender.
    var returnPath: String
    /// The document's own, by its name.
    var timeZone: String?
    /// Seconds from the first attempt to hand it over.
    var giveUpAfter: Int64

    /// The last order in a journal.
    static func last(in file: File) throws(SystemError) -> ReportOrder? {
        var order: ReportOrder?
        _ = try JournalReader(file: file).forEachLine { line in
            if line.event == .report, case .due(let found)? = ReportEvent(line) { order = found }
        }
        return order
    }

    /// On one line, for a journal.
    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

extension ReportOrder.Person {
    init(_ mailbox: Mailbox) {
        self.init(name: mailbox.name, address: mailbox.address.description)
    }
}

extension ReportOrder {
    /// Reads an order as it stands in its line.
    init?(json: String) {
        guard let order = try? JSONDecoder().decode(ReportOrder.self, from: Data(json.utf8)) else {
            return nil
        }
        self = order
    }
}
