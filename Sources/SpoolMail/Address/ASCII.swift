/// Classes of ASCII bytes, as the mail standards draw them.
package enum ASCII {
    package static let lineFeed: UInt8 = 0x0A
    package static let carriageReturn: UInt8 = 0x0D
    package static let space: UInt8 = 0x20
    package static let tab: UInt8 = 0x09

    /// RFC 5322, 3.2.3: what may stand in an atom.
    @inlinable
    package static func isAtext(_ byte: UInt8) -> Bool {
        // Bit n of the pair stands for byte n: letters, digits and !#$%&'*+-/=?^_`{|}~
        let low: UInt64 = 0xA3FF_ACFA_0000_0000
        let high: UInt64 = 0x7FFF_FFFF_C7FF_FFFE
        guard byte < 128 else { return false }
        return (byte < 64 ? low >> UInt64(byte) : high >> UInt64(byte - 64)) & 1 == 1
    }

    @inlinable
    package static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte | 0x20) &- 0x61 < 26
    }

    @inlinable
    package static func isDigit(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10
    }

    @inlinable
    package static func isUpper(_ byte: UInt8) -> Bool {
        byte &- 0x41 < 26
    }

    @inlinable
    package static func isBlank(_ byte: UInt8) -> Bool {
        byte == space || byte == tab
    }

    /// A byte that ends or garbles a line: C0 controls and DEL.
    @inlinable
    package static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x7F
    }

    @inlinable
    package static func lowercased(_ byte: UInt8) -> UInt8 {
        isUpper(byte) ? byte | 0x20 : byte
    }

    /// RFC 3986, 2.3: what a URL never has to escape.
    @inlinable
    package static func isUnreserved(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || byte == 0x2D || byte == 0x2E || byte == 0x5F || byte == 0x7E
    }

    /// The digit of 0 to 15 in capitals.
    @inlinable
    package static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? 0x30 + value : 0x37 + value
    }

    /// The value of a digit of base 16, in either case.
    package static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    /// Whether two texts are equal but for the case of ASCII letters.
    package static func equalIgnoringCase(_ one: String, _ other: String) -> Bool {
        one.utf8.count == other.utf8.count
            && zip(one.utf8, other.utf8).allSatisfy { lowercased($0) == lowercased($1) }
    }
}

extension [UInt8] {
    /// Appends a byte as `%3D` or `=3D`.
    @inline(__always)
    mutating func appendEscaped(_ byte: UInt8, mark: UInt8) {
        append(mark)
        append(ASCII.hexDigit(byte >> 4))
        append(ASCII.hexDigit(byte & 15))
    }
}
