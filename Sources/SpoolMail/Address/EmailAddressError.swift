/// Why a text is no address that every sendmail understands alike.
package enum EmailAddressError: Error, Hashable, Sendable, CustomStringConvertible {
    case empty
    case notUTF8
    case noAt
    case severalAts
    case noLocalPart
    case noDomain
    case blankInside
    case controlCharacter
    case separator(Character)
    case angleBracket
    case quoted
    case leadingHyphen
    case leadingSpecial(Character)
    case misplacedDot
    case forbiddenCharacter(Character)
    case nonASCIILocalPart
    case localPartTooLong
    case tooLong
    case domainLiteral
    case emptyLabel
    case labelTooLong
    case labelHyphen
    case domainTooLong
    case numericDomain
    case forbiddenInDomain(Character)
    /// A character that stands for others, as `①` does, and its name in Unicode.
    case compatibilityForm(Character, name: String)

    /// What is wrong, as a phrase that can follow "not a valid address: ".
    package var description: String {
        switch self {
        case .empty: "there is no address"
        case .notUTF8: "it is not UTF-8"
        case .noAt: "no @"
        case .severalAts: "more than one @"
        case .noLocalPart: "nothing before the @"
        case .noDomain: "nothing after the @"
        case .blankInside: "a blank inside the address"
        case .controlCharacter: "a control character or line break inside the address"
        case .separator(let character): "a \(character) inside the address; only one address can stand here"
        case .angleBracket: "an angle bracket inside the address"
        case .quoted: "a quoted part before the @ cannot be sent through sendmail portably"
        case .leadingHyphen: "it starts with a hyphen, which sendmail would take for an option"
        case .leadingSpecial(let character):
            "it starts with \(character), which some mail systems take for a program or a file"
        case .misplacedDot: "a dot at the start or end of the part before the @, or two in a row"
        case .forbiddenCharacter(let character): "the character \(character) cannot stand before the @"
        case .nonASCIILocalPart:
            "letters beyond ASCII before the @ cannot be sent through sendmail portably"
        case .localPartTooLong: "more than 64 bytes before the @"
        case .tooLong: "longer than 254 bytes"
        case .domainLiteral:
            "a number in brackets instead of a domain cannot be sent through sendmail portably"
        case .emptyLabel: "a dot at the start or end of the domain, or two in a row"
        case .labelTooLong: "a part of the domain is longer than 63 bytes"
        case .labelHyphen: "a part of the domain has a hyphen where none may be"
        case .domainTooLong: "the domain is longer than 253 bytes"
        case .numericDomain: "a number instead of a domain"
        case .forbiddenInDomain(let character): "the character \(character) cannot stand in a domain"
        case .compatibilityForm(let character, let name):
            "the character \(character) (\(name)) cannot stand in a domain; write plain letters and digits"
        }
    }
}
