internal import SpoolMail

/// Which column of a table holds the mail addresses, by its name or by what it holds.
enum AddressColumn {
    /// As ``simplified(_:)`` leaves them: what English, German, French, Spanish, Dutch, Swedish, Norwegian, Danish and
    /// Finnish call it, and the exports of Google, Outlook, Mailchimp, Thunderbird and WordPress.
    private static let mailNames: Set<String> = [
        "email", "emailaddress", "mail", "mailaddress", "primaryemail", "primaryemailaddress", "email1",
        "email1value", "email1address", "emailaddressrequired", "useremail", "contactemail",
        "emailadresse", "mailadresse", "emailanschrift", "primäreemail", "primäreemailadresse",
        "courriel", "adressecourriel", "adresseemail", "adressemail", "adresseélectronique",
        "adresseelectronique", "adressedemessagerie", "adresseélectroniqueprincipale",
        "correo", "correoelectrónico", "correoelectronico", "direccióndecorreo", "direcciondecorreo",
        "direccióndecorreoelectrónico", "direcciondecorreoelectronico", "direccióndeemail",
        "emailadres", "mailadres", "primairemailadres",
        "epost", "epostadress", "mejl", "mejladress", "mailadress", "emailadress", "primärepost",
        "primärepostadress", "epostadresse", "primærepost", "primæremail",
        "sähköposti", "sahkoposti", "sähköpostiosoite", "sahkopostiosoite", "emailosoite",
        "ensisijainensähköposti",
    ]
    private static let plainNames: Set<String> = ["address", "adress"]

    static func isMailName(_ name: String) -> Bool { mailNames.contains(simplified(name)) }

    /// A name that is as likely to be a street's.
    static func isPlainName(_ name: String) -> Bool { plainNames.contains(simplified(name)) }

    /// Whether a column or field of this name is likely to hold mail addresses.
    static func isAddressName(_ name: String) -> Bool { isMailName(name) || isPlainName(name) }

    /// Whether a name that is none of the known ones looks like one.
    static func resemblesMailName(_ name: String) -> Bool {
        let plain = simplified(name)
        return ["mail", "mejl", "epost", "courriel", "correo", "sähköposti"].contains { plain.contains($0) }
    }

    /// Small letters and digits alone.
    private static func simplified(_ name: String) -> String {
        name.lowercased().filter { $0.isLetter || $0.isNumber }
    }
}

/// What the first rows of a table hold, column by column.
struct ColumnSample {
    /// So many rows show what a column is for.
    private static let rowLimit = 20
    /// A window of so many bytes need not hold all of them.
    private static let sizeLimit = 256 << 10

    private(set) var rows = 0
    private var filled: [Int]
    private var addresses: [Int]
    private var signs: [Int]

    /// - Returns: `nil` if the window has to hold more for it.
    init?(_ format: CSVFormat, _ bytes: [UInt8], from start: Int, to end: Int, atEnd: Bool, columns: Int) {
        filled = Array(repeating: 0, count: columns)
        addresses = filled
        signs = filled
        var record = RecipientRecord()
        var position = start
        while rows < Self.rowLimit {
            switch format.parse(bytes, from: position, to: end, atEnd: atEnd, into: &record) {
            case .record(let next):
                take(record)
                position = next
            case .blank(let next), .bad(_, let next):
                position = next
            case .incomplete:
                if end - start < Self.sizeLimit { return nil }
                return
            case .unreadable, .end:
                return
            }
        }
    }

    private mutating func take(_ record: RecipientRecord) {
        rows += 1
        for column in 0..<min(record.count, filled.count) where !record.range(column).isEmpty {
            filled[column] += 1
            let text = record.value(column)
            if text.utf8.contains(UInt8(ascii: "@")) { signs[column] += 1 }
            if let mailbox = try? Mailbox(text), !mailbox.address.isDotless { addresses[column] += 1 }
        }
    }

    /// Whether most of what a column holds are addresses.
    func holdsAddresses(_ column: Int) -> Bool { addresses[column] * 2 > filled[column] }

    /// Whether a column holds anything that may be part of an address.
    func holdsSigns(_ column: Int) -> Bool { signs[column] > 0 }
}
