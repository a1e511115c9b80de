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
        var one = FNV1a<UInt64>()
        var other = FNV1a<UInt64>(0x8422_2325_CBF2_9CE4)
        for byte in text.utf8 {
            one.add(byte)
            other.add(byte)
            other.value ^= other.value >> 29
        }
        return letters(one.value, 13) + letters(other.value, 7)
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
