/// An address that can be given to any sendmail: dot-atom, `@`, domain in its ASCII form.
///
/// The grammar is narrower than RFC 5321's, since several sendmails split or misread the rest: no quoted
/// local part, no domain literal, no blank, comma or angle bracket, no leading hyphen, bar or slash, ASCII
/// throughout.
/// The domain is lower-cased; the local part stays as it was written.
package struct EmailAddress: Hashable, Sendable, CustomStringConvertible {
    /// `local@domain`.
    package let description: String
    private let atOffset: Int

    /// Reads an address; what ``AddressEdges`` knows does not count.
    package init(_ text: String) throws(EmailAddressError) {
        try self.init(utf8: text.utf8.span)
    }

    /// Reads an address from the bytes of a list, without a detour over `String` where all is ASCII.
    package init(utf8 bytes: Span<UInt8>) throws(EmailAddressError) {
        let range = AddressEdges.trimmed(bytes)
        let (start, end) = (range.lowerBound, range.upperBound)
        guard start < end else { throw .empty }

        var at = start
        while at < end, ASCII.isAtext(bytes[at]) || bytes[at] == 0x2E { at += 1 }
        guard at < end, bytes[at] == 0x40 else {
            throw EmailAddress.diagnose(bytes.extracting(start..<end))
        }
        try EmailAddress.checkLocalPart(bytes.extracting(start..<at))
        guard at + 1 < end else { throw .noDomain }

        switch DomainName.scan(bytes.extracting((at + 1)..<end)) {
        case .lowercase:
            description = String.ascii(bytes.extracting(start..<end))
        case .mixedCase, .needsIDNA:
            guard let domain = String.validUTF8(bytes.extracting((at + 1)..<end)) else { throw .notUTF8 }
            description = String.ascii(bytes.extracting(start..<(at + 1))) + (try DomainName.ascii(domain))
        case .invalid(let error):
            throw error
        }
        atOffset = at - start
        guard description.utf8.count <= 254 else { throw .tooLong }
    }

    /// The part after the `@`: lower-case ASCII, labels beyond ASCII in their `xn--` form.
    package var domain: String {
        String(decoding: description.utf8.dropFirst(atOffset + 1), as: UTF8.self)
    }

    /// Whether the domain is a single word: a machine's own name, or a slip.
    package var isDotless: Bool {
        !description.utf8.dropFirst(atOffset + 1).contains(UInt8(ascii: "."))
    }

    /// The key under which two spellings count as one recipient: all of it in lower case.
    package var normalized: String {
        guard description.utf8.contains(where: ASCII.isUpper) else { return description }
        return String(decoding: description.utf8.map(ASCII.lowercased), as: UTF8.self)
    }

    private static func checkLocalPart(_ local: Span<UInt8>) throws(EmailAddressError) {
        guard !local.isEmpty else { throw .noLocalPart }
        guard local[0] != 0x2D else { throw .leadingHyphen }
        guard local[0] != 0x7C, local[0] != 0x2F else {
            throw .leadingSpecial(Character(Unicode.Scalar(local[0])))
        }
        guard local[0] != 0x2E, local[local.count - 1] != 0x2E else { throw .misplacedDot }
        for index in 1..<max(local.count, 1) where local[index] == 0x2E && local[index - 1] == 0x2E {
            throw .misplacedDot
        }
        guard local.count <= 64 else { throw .localPartTooLong }
    }

    /// Names the reason why no `@` follows a run of atom characters and dots.
    private static func diagnose(_ bytes: Span<UInt8>) -> EmailAddressError {
        guard let text = String.validUTF8(bytes) else { return .notUTF8 }
        let scalars = Array(text.unicodeScalars)
        guard let at = scalars.lastIndex(of: "@") else { return reason(scalars[...]) ?? .noAt }
        return reason(scalars[..<at]) ?? .noLocalPart
    }

    private static func reason(_ local: ArraySlice<Unicode.Scalar>) -> EmailAddressError? {
        if local.first == "\"" { return .quoted }
        for scalar in local where !scalar.isASCII || !ASCII.isAtext(UInt8(scalar.value)) {
            switch scalar {
            case ".": continue
            case " ", "\t", "\u{A0}": return .blankInside
            case "\"": return .quoted
            case "<", ">": return .angleBracket
            case ",", ";": return .separator(Character(scalar))
            case "@": return .severalAts
            default:
                if scalar.properties.generalCategory == .control { return .controlCharacter }
                return scalar.isASCII ? .forbiddenCharacter(Character(scalar)) : .nonASCIILocalPart
            }
        }
        return nil
    }
}

extension String {
    /// A string of bytes that are known to be ASCII.
    static func ascii(_ bytes: Span<UInt8>) -> String {
        String(copying: UTF8Span(unchecked: bytes, isKnownASCII: true))
    }

    /// A string of bytes that are known to be UTF-8.
    static func utf8(_ bytes: Span<UInt8>) -> String {
        bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    /// A string of bytes, if they are UTF-8.
    static func validUTF8(_ bytes: Span<UInt8>) -> String? {
        bytes.withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) }
    }
}
