package import SpoolMail

/// Whom a mailing goes to: an address that can be mailed, and the fields of the record it stands in.
package struct Recipient: Sendable {
    /// The address, as the list has it.
    package let address: EmailAddress
    /// The person's name, if the list gives one.
    package let name: String?
    package let record: RecipientRecord

    /// A record whose address cannot be mailed: what stands there, and why not. A value, not an error: such a
    /// recipient is skipped.
    struct Invalid: Error {
        var text: String
        var reason: String
    }

    /// Takes the address out of a record.
    init(_ record: RecipientRecord) throws(Invalid) {
        let field = record.range(record.names.address)
        let bytes = record.bytes[field]
        var mailboxName: String?
        if bytes.contains(UInt8(ascii: "<")) {
            let text = String(decoding: bytes, as: UTF8.self)
            do throws(MailboxError) {
                let mailbox = try Mailbox(text)
                address = mailbox.address
                mailboxName = mailbox.name
            } catch {
                throw Invalid(text: text, reason: Self.severalAddresses(bytes) ?? error.description)
            }
        } else {
            do throws(EmailAddressError) {
                address = try EmailAddress(utf8: record.bytes.span.extracting(field))
            } catch {
                throw Invalid(
                    text: String(decoding: bytes, as: UTF8.self),
                    reason: Self.severalAddresses(bytes) ?? error.description)
            }
        }
        name = Self.ownName(record) ?? mailboxName
        self.record = record
    }

    /// What is wrong with a field that holds more than one address.
    private static func severalAddresses(_ field: ArraySlice<UInt8>) -> String? {
        let bytes = Array(field)
        let count = AddressScan.count(in: bytes.span)
        return count > 1 ? "\(count) addresses in one field; give each a row of its own" : nil
    }

    private static func ownName(_ record: RecipientRecord) -> String? {
        guard let field = record.names.name else { return nil }
        let range = record.range(field)
        let bytes = record.bytes[range]
        guard let first = bytes.firstIndex(where: { $0 > 0x20 }),
            let last = bytes.lastIndex(where: { $0 > 0x20 })
        else { return nil }
        return String(decoding: bytes[first...last], as: UTF8.self)
    }

    /// The value of a variable: `address`, `name`, or a field of the list; `nil` if the recipient has none.
    package func value(of variable: VariableName) -> String? {
        switch record.names.meaning(of: variable) {
        case .address: address.description
        case .name: name
        case .field(let number): record.value(number)
        case .several, .nothing: nil
        }
    }

    /// No value of a variable has more bytes: all of the record, or the domain in its ASCII form.
    package var longestValue: Int { record.bytes.count + 1024 }

    /// Whether there is a value that is not empty; cheaper than to ask for it.
    func hasValue(_ meaning: FieldNames.Meaning) -> Bool {
        switch meaning {
        case .address: true
        case .name: name != nil
        case .field(let number): !record.range(number).isEmpty
        case .several, .nothing: false
        }
    }

    /// The names of all variables that the recipient has a field for.
    package var variables: [String] { record.names.variables }
}

/// The number by which an address is found in a table: a keyed hash of its normalized form, the same as long as the
/// process lives.
package struct AddressHash: Hashable, Sendable {
    var value: UInt64

    init(value: UInt64) {
        self.value = value
    }

    package init(_ normalized: UnsafeRawBufferPointer) {
        var hasher = Hasher()
        hasher.combine(bytes: normalized)
        value = UInt64(truncatingIfNeeded: hasher.finalize())
    }

    package init(_ normalized: String) {
        var normalized = normalized
        self = normalized.withUTF8 { AddressHash(UnsafeRawBufferPointer($0)) }
    }

    package init(_ address: EmailAddress) {
        self.init(address.normalized)
    }
}
