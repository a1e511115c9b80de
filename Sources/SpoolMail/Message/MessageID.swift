/// The Message-ID of one recipient of one mailing: the same for every attempt, so that a receiver can recognise a
/// copy, and different between mailings.
package enum MessageID {
    /// "20 letters and digits of the mailing, a hash of the address, the sender's domain", without angle brackets.
    package static func make(mailing: String, address: String, domain: String) -> String {
        "\(mailing).\(hash(mailing + "\n" + address))@\(domain)"
    }

    /// A new mailing's random part.
    package static func newMailing() -> String {
        letters(UInt64.random(in: .min ... .max), 13)
    }

    /// Two FNV-1a hashes of 64 bits from different offsets: no secret, but no two addresses of a list collide.
    private static func hash(_ text: String) -> String {
        var a: UInt64 = 0xCBF2_9CE4_8422_2325
        var b: UInt64 = 0x8422_2325_CBF2_9CE4
        for byte in text.utf8 {
            a = (a ^ UInt64(byte)) &* 0x100_0000_01B3
            b = (b ^ UInt64(byte)) &* 0x100_0000_01B3
            b ^= b >> 29
        }
        return letters(a, 13) + letters(b, 7)
    }

    private static func letters(_ value: UInt64, _ count: Int) -> String {
        let alphabet = Array("0123456789abcdefghijklmnopqrstuv".utf8)
        var rest = value
        return String(
            decoding: (0..<count).map { _ in
                defer { rest >>= 5 }
                return alphabet[Int(rest & 31)]
            }, as: UTF8.self)
    }
}
