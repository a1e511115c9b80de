/// Why a text is no mailbox.
package enum MailboxError: Error, Hashable, Sendable, CustomStringConvertible {
    case address(EmailAddressError)
    case unclosedBracket
    case textAfterAddress
    case unclosedQuote
    case bracketInName
    case severalMailboxes

    /// What is wrong, as a phrase.
    package var description: String {
        switch self {
        case .address(let error): error.description
        case .unclosedBracket: "the < is not closed by a >"
        case .textAfterAddress: "something follows the >"
        case .unclosedQuote: "the quotation mark before the name is not closed"
        case .bracketInName: "an angle bracket in the name; put the name in quotation marks"
        case .severalMailboxes: "more than one address; only one can stand here"
        }
    }
}

/// A person or list with an address, as in `Anna Berg <anna@example.org>`.
package struct Mailbox: Hashable, Sendable {
    /// The display name: one line without control characters, never empty.
    package let name: String?
    /// The address.
    package let address: EmailAddress

    /// Joins a name and an address; line breaks and control characters in the name become blanks.
    package init(name: String?, address: EmailAddress) {
        self.name = name.flatMap(Mailbox.oneLine)
        self.address = address
    }

    /// Reads `a@example.org`, `Name <a@example.org>` or `"Quoted, Name" <a@example.org>`.
    package init(_ text: String) throws(MailboxError) {
        let scalars = Mailbox.trimmed(text.unicodeScalars[...])
        guard scalars.contains("<") else {
            do { self.init(name: nil, address: try EmailAddress(String(scalars))) } catch {
                throw .address(error)
            }
            return
        }
        let (name, rest) = try Mailbox.splitName(scalars)
        guard rest.first == "<" else { throw .textAfterAddress }
        guard let end = rest.firstIndex(of: ">") else { throw .unclosedBracket }
        guard rest.index(after: end) == rest.endIndex else { throw .textAfterAddress }
        do {
            let address = try EmailAddress(String(rest[rest.index(after: rest.startIndex)..<end]))
            self.init(name: name, address: address)
        } catch {
            throw .address(error)
        }
    }

    private typealias Scalars = Substring.UnicodeScalarView

    /// The name before the address, and the rest from the `<` on.
    private static func splitName(_ scalars: Scalars) throws(MailboxError) -> (String?, Scalars) {
        guard scalars.first == "\"" else {
            let bracket = scalars.firstIndex(of: "<") ?? scalars.endIndex
            let name = scalars[..<bracket]
            guard !name.contains(">") else { throw .bracketInName }
            // "a@example.org, Name <b@example.org>" is a list, and its first address must not get lost.
            guard !(name.contains("@") && name.contains { $0 == "," || $0 == ";" }) else {
                throw .severalMailboxes
            }
            return (String(name), scalars[bracket...])
        }
        var name = String.UnicodeScalarView()
        var index = scalars.index(after: scalars.startIndex)
        while index < scalars.endIndex, scalars[index] != "\"" {
            if scalars[index] == "\\", scalars.index(after: index) < scalars.endIndex {
                index = scalars.index(after: index)
            }
            name.append(scalars[index])
            index = scalars.index(after: index)
        }
        guard index < scalars.endIndex else { throw .unclosedQuote }
        return (String(name), trimmed(scalars[scalars.index(after: index)...]))
    }

    private static func trimmed(_ scalars: Scalars) -> Scalars {
        var rest = scalars
        while let first = rest.first, AddressEdges.isInvisible(first.value) { rest.removeFirst() }
        while let last = rest.last, AddressEdges.isInvisible(last.value) { rest.removeLast() }
        return rest
    }

    private static func oneLine(_ name: String) -> String? {
        var bytes = Array(name.utf8)
        HeaderText.makeOneLine(&bytes)
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }
}
