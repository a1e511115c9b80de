/// Character references of HTML: those with a name in HTML 4, and all with a number.
package enum HTMLEntities {
    /// Decodes every reference that ends in a semicolon; anything else is text.
    package static func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        guard bytes.contains(0x26) else { return Array(bytes) }
        var result: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if bytes[index] == 0x26, let end = bytes[index...].prefix(12).firstIndex(of: 0x3B),
                let scalar = scalar(String(decoding: bytes[(index + 1)..<end], as: UTF8.self))
            {
                result.append(contentsOf: String(scalar).utf8)
                index = end + 1
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    private static func scalar(_ reference: String) -> Unicode.Scalar? {
        guard reference.hasPrefix("#") else { return named[reference] }
        let digits = reference.dropFirst()
        let isHex = digits.hasPrefix("x") || digits.hasPrefix("X")
        guard let number = isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits), number > 0 else {
            return nil
        }
        // HTML reads the C1 range as Windows-1252.
        if 0x80...0x9F ~= number { return Windows1252.scalar(UInt8(number)) }
        return Unicode.Scalar(number)
    }

    /// The names of U+00A0 to U+00FF in order.
    private static let latin1 = """
        nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 \
        acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde \
        Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute \
        Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde \
        auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute \
        ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml
        """

    /// The names of U+0391 to U+03C9 in order; `-` stands for a place without a name.
    private static let greek = """
        Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho - Sigma Tau \
        Upsilon Phi Chi Psi Omega - - - - - - - alpha beta gamma delta epsilon zeta eta theta iota kappa \
        lambda mu nu xi omicron pi rho sigmaf sigma tau upsilon phi chi psi omega
        """

    private static let others = """
        quot 22 amp 26 apos 27 lt 3C gt 3E lbrace 7B lcub 7B rbrace 7D rcub 7D OElig 152 oelig 153 Scaron 160 \
        scaron 161 Yuml 178 fnof 192 circ 2C6 tilde 2DC ensp 2002 emsp 2003 thinsp 2009 zwnj 200C zwj 200D \
        lrm 200E rlm 200F ndash 2013 mdash 2014 lsquo 2018 rsquo 2019 sbquo 201A ldquo 201C rdquo 201D \
        bdquo 201E dagger 2020 Dagger 2021 bull 2022 hellip 2026 permil 2030 prime 2032 Prime 2033 \
        lsaquo 2039 rsaquo 203A oline 203E frasl 2044 euro 20AC image 2111 trade 2122 larr 2190 uarr 2191 \
        rarr 2192 darr 2193 harr 2194 crarr 21B5 lArr 21D0 rArr 21D2 hArr 21D4 forall 2200 part 2202 \
        exist 2203 empty 2205 nabla 2207 isin 2208 notin 2209 ni 220B prod 220F sum 2211 minus 2212 \
        lowast 2217 radic 221A prop 221D infin 221E ang 2220 and 2227 or 2228 cap 2229 cup 222A int 222B \
        there4 2234 sim 223C cong 2245 asymp 2248 ne 2260 equiv 2261 le 2264 ge 2265 sub 2282 sup 2283 \
        oplus 2295 otimes 2297 perp 22A5 sdot 22C5 check 2713 star 2606 starf 2605 phone 260E spades 2660 \
        clubs 2663 hearts 2665 diams 2666 loz 25CA
        """

    private static let named: [String: Unicode.Scalar] = {
        var table: [String: Unicode.Scalar] = [:]
        for (first, list) in [(0xA0, latin1), (0x391, greek)] as [(UInt32, String)] {
            for (offset, name) in list.split(separator: " ").enumerated() where name != "-" {
                table[String(name)] = Unicode.Scalar(first + UInt32(offset))
            }
        }
        let words = others.split(separator: " ")
        for pair in stride(from: 0, to: words.count - 1, by: 2) {
            table[String(words[pair])] = UInt32(words[pair + 1], radix: 16).flatMap(Unicode.Scalar.init)
        }
        return table
    }()
}
