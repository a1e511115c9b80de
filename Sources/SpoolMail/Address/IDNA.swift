/// Domain labels beyond ASCII, written in Punycode, after the part of UTS 46's mapping that addresses need.
///
/// That part is: small letters (ß, ς and the joiners stay, as in its non-transitional processing), full-width ASCII
/// made narrow and half-width kana wide, ligatures and the long s taken apart, the three East Asian full stops, the
/// commonest invisible characters left out, and composition. Other compatibility forms are refused by their names; the
/// rules for text from right to left and for joiners in their context are not checked.
enum IDNA {
    /// Lower case, composed, with the full stops of East Asian input and without invisible characters.
    static func mapped(_ domain: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in domain.unicodeScalars {
            switch scalar.value {
            case let value where isFullStop(value):
                scalars.append(".")
            case 0xAD, 0x200B, 0x2060, 0xFEFF, 0xFE00...0xFE0F:
                continue
            case 0xFB00...0xFB06:
                scalars.append(contentsOf: ligatures[Int(scalar.value - 0xFB00)].unicodeScalars)
            case 0x17F:
                scalars.append("s")
            case 0xFF65...0xFF9F:
                scalars.append(wideKana[Int(scalar.value - 0xFF65)])
            case 0xFF01...0xFF5E:
                let narrow = Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
                scalars.append(contentsOf: narrow.properties.lowercaseMapping.unicodeScalars)
            default:
                scalars.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
            }
        }
        return Composition.composed(String(scalars))
    }

    /// The dots of East Asian input, which separate labels as the ASCII one does.
    static func isFullStop(_ scalar: UInt32) -> Bool {
        scalar == 0x3002 || scalar == 0xFF0E || scalar == 0xFF61
    }

    /// U+FB00 to U+FB06.
    private static let ligatures = ["ff", "fi", "fl", "ffi", "ffl", "st", "st"]
    /// What U+FF65 to U+FF9F are the narrow forms of; the last two are marks that join the letter before them.
    private static let wideKana = Array(
        "・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン\u{3099}\u{309A}"
            .unicodeScalars)

    /// The `xn--` form of one mapped label.
    static func aLabel(_ label: String) throws(EmailAddressError) -> String {
        let scalars = Array(label.unicodeScalars)
        guard scalars.first != "-", scalars.last != "-", !(scalars.dropFirst(2).starts(with: ["-", "-"]))
        else {
            throw .labelHyphen
        }
        for (index, scalar) in scalars.enumerated() {
            if isCompatibilityForm(scalar) {
                throw .compatibilityForm(
                    Character(scalar), name: scalar.properties.name ?? "U+" + String(scalar.value, radix: 16))
            }
            guard isAllowed(scalar, first: index == 0) else {
                throw scalar == "\u{A0}" || scalar == " "
                    ? .blankInside : .forbiddenInDomain(Character(scalar))
            }
        }
        guard let encoded = Punycode.encode(scalars) else { throw .labelTooLong }
        let result = "xn--" + encoded
        guard result.utf8.count <= 63 else { throw .labelTooLong }
        return result
    }

    /// Whether UTS 46 maps a scalar to something else, although it is mapped already as far as is done here.
    private static func isCompatibilityForm(_ scalar: Unicode.Scalar) -> Bool {
        // What the mapping would drop is judged as a character of its own, or kept: ß, ς and the joiners.
        let isKept = [0xDF, 0x3C2].contains(scalar.value) || scalar.properties.isDefaultIgnorableCodePoint
        return !isKept && scalar.properties.changesWhenNFKCCaseFolded
            && scalar.properties.generalCategory != .spaceSeparator
    }

    private static func isAllowed(_ scalar: Unicode.Scalar, first: Bool) -> Bool {
        if scalar.isASCII { return ASCII.isLetterOrDigit(UInt8(scalar.value)) || scalar == "-" }
        switch scalar.properties.generalCategory {
        case .lowercaseLetter, .otherLetter, .modifierLetter, .titlecaseLetter, .uppercaseLetter:
            return scalar.properties.lowercaseMapping == String(scalar)
        case .nonspacingMark, .spacingMark, .enclosingMark:
            return !first
        case .decimalNumber:
            return true
        case .otherSymbol:
            // Emoji pass; the replacement characters stand for something that got lost.
            return scalar.value < 0xFFF9 || scalar.value > 0xFFFF
        case .otherPunctuation:
            // RFC 5892, appendix A: middle dots that words of some languages hold.
            return [0xB7, 0x5F3, 0x5F4, 0x30FB].contains(scalar.value)
        case .format:
            // The joiners that Persian and Indic words need.
            return !first && (scalar.value == 0x200C || scalar.value == 0x200D)
        case .letterNumber, .otherNumber, .mathSymbol, .currencySymbol, .modifierSymbol,
            .connectorPunctuation,
            .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation,
            .spaceSeparator, .lineSeparator, .paragraphSeparator, .control, .surrogate, .privateUse,
            .unassigned:
            return false
        @unknown default:
            return false
        }
    }
}

/// Canonical composition (NFC) of what domain names hold: letters up to U+1FFF, kana and Hangul.
///
/// FoundationEssentials has no NFC, so this is made of what the standard library makes public.
/// `String` compares by canonical equivalence, so a dictionary whose keys are the composed letters finds
/// them under their decomposed spelling as well.
enum Composition {
    private static let letters: [String: Unicode.Scalar] = {
        var table: [String: Unicode.Scalar] = [:]
        for range in [0xC0...0x1FFF, 0x3040...0x30FF] as [ClosedRange<UInt32>] {
            for scalar in range.lazy.compactMap(Unicode.Scalar.init)
            where scalar.properties.isAlphabetic && !scalar.properties.isFullCompositionExclusion {
                table[String(scalar)] = scalar
            }
        }
        return table
    }()

    static func composed(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for character in text {
            if character.unicodeScalars.count == 1 {
                result.append(contentsOf: character.unicodeScalars)
            } else {
                result.append(contentsOf: composed(character))
            }
        }
        return String(result)
    }

    /// The shortest spelling of one grapheme: its longest composable beginning, then the remaining marks.
    private static func composed(_ character: Character) -> [Unicode.Scalar] {
        if let syllable = hangul(Array(character.unicodeScalars)) { return [syllable] }
        var result: [Unicode.Scalar] = []
        for scalar in character.unicodeScalars {
            let key = result.reduce(into: String.UnicodeScalarView()) { $0.append($1) }
            if !result.isEmpty, let whole = letters[String(key) + String(scalar)] {
                result = [whole]
            } else {
                result.append(scalar)
            }
        }
        return result
    }

    /// The Unicode Standard, 3.12: syllables are composed by arithmetic.
    private static func hangul(_ jamo: [Unicode.Scalar]) -> Unicode.Scalar? {
        guard jamo.count == 2 || jamo.count == 3,
            0x1100...0x1112 ~= jamo[0].value, 0x1161...0x1175 ~= jamo[1].value
        else { return nil }
        var value = 0xAC00 + ((jamo[0].value - 0x1100) * 21 + jamo[1].value - 0x1161) * 28
        if jamo.count == 3 {
            guard 0x11A8...0x11C2 ~= jamo[2].value else { return nil }
            value += jamo[2].value - 0x11A7
        }
        return Unicode.Scalar(value)
    }
}
