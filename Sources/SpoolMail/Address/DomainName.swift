/// A domain in the form in which it travels: RFC 1123 labels, those beyond ASCII as RFC 5891 A-labels.
enum DomainName {
    /// What one pass over the bytes of a domain finds.
    enum Scan {
        case lowercase
        case mixedCase
        case needsIDNA
        case invalid(EmailAddressError)
    }

    /// Looks at a domain without allocating; only the rare cases need `ascii(_:)`.
    static func scan(_ bytes: Span<UInt8>) -> Scan {
        var labelStart = 0
        var mixedCase = false
        var digitsOnly = true
        for index in 0..<bytes.count {
            let byte = bytes[index]
            switch byte {
            case 0x61...0x7A:
                digitsOnly = false
            case 0x30...0x39:
                continue
            case 0x2D:
                digitsOnly = false
                if index == labelStart || index + 1 == bytes.count || bytes[index + 1] == 0x2E {
                    return refusal(bytes, .labelHyphen)
                }
            case 0x2E:
                guard index > labelStart, index + 1 < bytes.count else { return refusal(bytes, .emptyLabel) }
                guard index - labelStart <= 63 else { return refusal(bytes, .labelTooLong) }
                labelStart = index + 1
                digitsOnly = true
            case 0x41...0x5A:
                mixedCase = true
                digitsOnly = false
            default:
                return byte >= 0x80 ? .needsIDNA : refusal(bytes, reason(byte, first: index == 0))
            }
        }
        guard bytes.count - labelStart <= 63 else { return .invalid(.labelTooLong) }
        guard bytes.count <= 253 else { return .invalid(.domainTooLong) }
        // A last label of digits is an IPv4 address (RFC 3696, 2), which is no domain.
        guard !digitsOnly else { return .invalid(.numericDomain) }
        return mixedCase ? .mixedCase : .lowercase
    }

    /// The ASCII form of a domain, lower-cased.
    static func ascii(_ domain: String) throws(EmailAddressError) -> String {
        var labels: [String] = []
        for label in IDNA.mapped(domain).split(separator: ".", omittingEmptySubsequences: false) {
            labels.append(label.allSatisfy(\.isASCII) ? String(label) : try IDNA.aLabel(String(label)))
        }
        let joined = labels.joined(separator: ".")
        switch scan(joined.utf8.span) {
        case .lowercase: return joined
        case .invalid(let error): throw error
        case .mixedCase, .needsIDNA: throw .forbiddenInDomain(joined.first ?? ".")
        }
    }

    /// With letters beyond ASCII elsewhere in it, a domain is judged only after they have been mapped.
    private static func refusal(_ bytes: Span<UInt8>, _ error: EmailAddressError) -> Scan {
        for index in 0..<bytes.count where bytes[index] >= 0x80 { return .needsIDNA }
        return .invalid(error)
    }

    private static func reason(_ byte: UInt8, first: Bool) -> EmailAddressError {
        switch byte {
        case 0x5B where first: .domainLiteral
        case 0x20, 0x09: .blankInside
        case 0x00..<0x20, 0x7F: .controlCharacter
        case 0x3C, 0x3E: .angleBracket
        case 0x2C, 0x3B: .separator(Character(Unicode.Scalar(byte)))
        case 0x40: .severalAts
        default: .forbiddenInDomain(Character(Unicode.Scalar(byte)))
        }
    }
}
