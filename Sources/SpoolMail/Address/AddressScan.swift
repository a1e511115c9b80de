/// Finds the mail addresses in a text, whatever stands around them.
package enum AddressScan {
    /// What was found.
    package enum Finding {
        case address(EmailAddress)
        /// A whole domain, from an `@domain`; in its ASCII form.
        case domain(String)
    }

    /// Gives all that may be meant by the text to `body`: where it is open what belongs to an address, each reading.
    ///
    /// - Returns: at how many places of the text something was found.
    @discardableResult
    package static func forEach(in bytes: Span<UInt8>, _ body: (Finding) -> Void) -> Int {
        var places = 0
        var quotes = 0
        for index in 0..<bytes.count {
            if bytes[index] == UInt8(ascii: "\"") { quotes += 1 }
            guard bytes[index] == UInt8(ascii: "@") else { continue }
            let end = domainEnd(bytes, from: index + 1)
            guard end > index + 1, end - index <= 255 else { continue }
            let start = localStart(bytes, before: index)
            var found = false
            if isWholeDomain(bytes, start, index, isInQuotes: quotes % 2 == 1) {
                if let domain = domain(bytes.extracting((index + 1)..<end)) {
                    body(.domain(domain))
                    found = true
                }
            } else {
                forEachReading(bytes, start, index, end) {
                    body(.address($0))
                    found = true
                }
            }
            if found { places += 1 }
        }
        return places
    }

    /// The number of places with an address.
    package static func count(in bytes: Span<UInt8>) -> Int {
        forEach(in: bytes) { _ in }
    }

    // MARK: Edges

    /// Where what may be a local part begins. Letters beyond ASCII belong to it, although none is valid with them:
    /// the `ller@example.org` in `müller@example.org` is somebody else.
    private static func localStart(_ bytes: Span<UInt8>, before at: Int) -> Int {
        var start = at
        // One that is longer is none.
        while start > 0, at - start <= 64 {
            if ASCII.isAtext(bytes[start - 1]) || bytes[start - 1] == UInt8(ascii: ".") {
                start -= 1
                continue
            }
            guard bytes[start - 1] >= 0x80 else { break }
            let scalar = UTF8Decoding.scalar(bytes, before: start, from: 0)
            guard isIgnorable(scalar.value) || isLetterWithCase(scalar.value) else { break }
            start -= scalar.width
        }
        return start
    }

    private static func domainEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var end = start
        while end < bytes.count, end - start <= 255 {
            if ASCII.isLetterOrDigit(bytes[end]) || isJoint(bytes[end]) {
                end += 1
                continue
            }
            guard bytes[end] >= 0x80 else { break }
            let scalar = UTF8Decoding.scalar(bytes, at: end, to: bytes.count)
            guard isOfDomain(scalar.value) else { break }
            end += scalar.width
        }
        // The end of a sentence, or a dash behind it.
        while end > start, isJoint(bytes[end - 1]) { end -= 1 }
        return end
    }

    private static func isJoint(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
    }

    /// Zero-width characters that programs put into addresses so that lines can be broken there.
    private static func isIgnorable(_ scalar: UInt32) -> Bool {
        scalar == 0xAD || 0x200B...0x200D ~= scalar || scalar == 0x2060 || scalar == 0xFEFF
    }

    private static func isLetterWithCase(_ scalar: UInt32) -> Bool {
        switch Unicode.Scalar(scalar)?.properties.generalCategory {
        case .lowercaseLetter, .uppercaseLetter, .titlecaseLetter, .nonspacingMark: true
        default: false
        }
    }

    private static func isOfDomain(_ scalar: UInt32) -> Bool {
        if isIgnorable(scalar) || IDNA.isFullStop(scalar) { return true }
        guard let properties = Unicode.Scalar(scalar)?.properties, scalar != 0xFFFD else { return false }
        return properties.isAlphabetic || properties.numericType == .decimal
            || [.nonspacingMark, .spacingMark, .otherSymbol].contains(properties.generalCategory)
    }

    // MARK: Readings

    /// Whether the `@` at `at` begins a domain: nothing is before it, or only what is put before entries of lists. A
    /// quotation mark that closes there ends a local part.
    private static func isWholeDomain(
        _ bytes: Span<UInt8>, _ start: Int, _ at: Int, isInQuotes: Bool
    ) -> Bool {
        for index in start..<at where !isMark(bytes[index]) { return false }
        if start < at || at == 0 { return true }
        switch bytes[at - 1] {
        case 0...0x20, UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "<"),
            UInt8(ascii: "("), UInt8(ascii: "["):
            return true
        case UInt8(ascii: "\""):
            return isInQuotes
        default:
            return AddressEdges.isInvisible(UTF8Decoding.scalar(bytes, before: at, from: 0).value)
        }
    }

    /// Signs that can stand in a local part, but are more likely to stand before an address.
    private static func isMark(_ byte: UInt8) -> Bool {
        isDivider(byte) || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "-")
    }

    private static func isDivider(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "/"), UInt8(ascii: "|"), UInt8(ascii: "*"), UInt8(ascii: "`"),
            UInt8(ascii: "{"), UInt8(ascii: "}"):
            true
        default: false
        }
    }

    private static func forEachReading(
        _ bytes: Span<UInt8>, _ start: Int, _ at: Int, _ end: Int, _ body: (EmailAddress) -> Void
    ) {
        read(bytes, start, at, end, body)
        var hasIgnorable = false
        var hasLetter = false
        for index in start..<at {
            let byte = bytes[index]
            if byte >= 0xC0 {
                let scalar = UTF8Decoding.scalar(bytes, at: index, to: at)
                if isIgnorable(scalar.value) {
                    hasIgnorable = true
                    read(bytes, index + scalar.width, at, end, body)
                } else {
                    hasLetter = true
                }
            }
            if !hasLetter, ASCII.isLetterOrDigit(byte) {
                hasLetter = true
                if index > start { read(bytes, index, at, end, body) }
            }
            let isEllipsis = index > start && byte == UInt8(ascii: ".") && bytes[index - 1] == byte
            if hasLetter, isDivider(byte) || isEllipsis { read(bytes, index + 1, at, end, body) }
        }
        guard hasIgnorable else { return }
        var visible: [UInt8] = []
        var index = start
        while index < end {
            let scalar = UTF8Decoding.scalar(bytes, at: index, to: end)
            if !isIgnorable(scalar.value) {
                for byte in index..<index + scalar.width { visible.append(bytes[byte]) }
            }
            index += scalar.width
        }
        if let address = try? EmailAddress(utf8: visible.span) { body(address) }
    }

    private static func read(
        _ bytes: Span<UInt8>, _ start: Int, _ at: Int, _ end: Int, _ body: (EmailAddress) -> Void
    ) {
        guard start < at else { return }
        if let address = try? EmailAddress(utf8: bytes.extracting(start..<end)) { body(address) }
        // Scripts without blanks between words go on directly behind an address.
        var plain = at + 1
        var hasDot = false
        while plain < end, bytes[plain] < 0x80 {
            hasDot = hasDot || bytes[plain] == UInt8(ascii: ".")
            plain += 1
        }
        guard plain < end, hasDot, let address = try? EmailAddress(utf8: bytes.extracting(start..<plain))
        else { return }
        body(address)
    }

    private static func domain(_ bytes: Span<UInt8>) -> String? {
        switch DomainName.scan(bytes) {
        case .lowercase: String.ascii(bytes)
        case .mixedCase, .needsIDNA: String.validUTF8(bytes).flatMap { try? DomainName.ascii($0) }
        case .invalid: nil
        }
    }
}
