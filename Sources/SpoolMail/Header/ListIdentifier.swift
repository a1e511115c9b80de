/// What `List-Id` holds (RFC 2919): perhaps a name for people, and in angle brackets one in the form of a domain.
struct ListIdentifier {
    /// The name for people.
    let phrase: String?
    /// The identifier, in ASCII.
    let identifier: String

    /// Reads `Name <news.example.org>`; throws if no domain stands in the brackets.
    init(_ text: String) throws(EmailAddressError) {
        var scalars = text.unicodeScalars[...]
        while scalars.last == " " { scalars.removeLast() }
        guard scalars.popLast() == ">", let bracket = scalars.lastIndex(of: "<") else { throw .angleBracket }
        identifier = try DomainName.ascii(String(scalars[scalars.index(after: bracket)...]))
        var name = Array(String(scalars[..<bracket]).utf8)
        HeaderText.makeOneLine(&name)
        if name.count > 2, name.first == 0x22, name.last == 0x22 {
            name.removeFirst()
            name.removeLast()
        }
        phrase = name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
    }
}
