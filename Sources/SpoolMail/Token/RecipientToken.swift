/// A word that stands for one recipient of one mailing and that only the holder of the key can make: the mailing's id and
/// 100 bits of an HMAC, without the address.
///
/// 33 characters of `0-9a-v`, so that `bounce+TOKEN` stays far below the 64 octets of a local part. Mail systems and
/// people change the case of letters, so that both are read.
package struct RecipientToken: Hashable, Sendable, CustomStringConvertible {
    /// What a token is for; one of one purpose proves nothing for another.
    package enum Purpose: String, Sendable, CaseIterable {
        case bounce
        case unsubscribe
        case click
    }

    /// Of an id, and of what follows it.
    package static let (mailingLength, proofLength) = (13, 20)
    package static let length = mailingLength + proofLength

    /// The id of the mailing.
    package let mailing: String
    private let proof: [UInt8]

    /// Reads a token in either case; `nil` if the text has not the form of one.
    package init?(_ text: String) {
        guard text.utf8.count == RecipientToken.length, text.utf8.allSatisfy(RecipientToken.isLetter) else {
            return nil
        }
        let lowered = text.utf8.map(ASCII.lowercased)
        mailing = String(decoding: lowered.prefix(RecipientToken.mailingLength), as: UTF8.self)
        proof = Array(lowered.dropFirst(RecipientToken.mailingLength))
    }

    /// The token of a recipient, whose address is `EmailAddress.normalized`; `nil` if the mailing's id has not the form
    /// of one.
    package init?(_ purpose: Purpose, mailing: String, address: String, key: SigningKey) {
        self.init(
            mailing
                + String(decoding: key.proof("\(purpose.rawValue)\n\(mailing)\n\(address)"), as: UTF8.self))
    }

    /// The token in a preview or a test copy, which stands for nobody: `preview` or `test`, then zeros.
    package static func placeholder(_ word: Placeholder) -> String {
        word.rawValue + String(repeating: "0", count: length - word.rawValue.utf8.count)
    }

    /// Where a message goes that is none of a mailing's.
    package enum Placeholder: String, Sendable, CaseIterable {
        case preview
        case test
    }

    /// 64 bits of the proof, by which the token is found among a mailing's.
    package var bits: UInt64 { proof.reduce(0) { $0 << 5 | UInt64(ASCII.isDigit($1) ? $1 & 15 : $1 - 87) } }

    package var description: String { mailing + String(decoding: proof, as: UTF8.self) }

    /// Whether the token is that of the address (`EmailAddress.normalized`), for the purpose, by any of the keys.
    package func isOf(_ address: String, _ purpose: Purpose, by keys: [SigningKey]) -> Bool {
        keys.contains { HMAC.isEqual(proof, $0.proof("\(purpose.rawValue)\n\(mailing)\n\(address)")) }
    }

    /// Whether the byte may stand in a token.
    package static func isLetter(_ byte: UInt8) -> Bool {
        ASCII.isDigit(byte) || 0x61...0x76 ~= ASCII.lowercased(byte)
    }
}

/// A secret of 32 bytes, of which tokens are made.
package struct SigningKey: Hashable, Sendable {
    private let bytes: [UInt8]

    /// Reads the lines of a key file, the newest first: 64 hexadecimal digits each. `nil` if any line is something else,
    /// or there is none: a damaged file must not be taken for one with fewer keys.
    package static func keys(inFile text: String) -> [SigningKey]? {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last == "" { lines.removeLast() }
        let keys = lines.compactMap { SigningKey(hexadecimal: Array($0.utf8)) }
        return keys.isEmpty || keys.count != lines.count ? nil : keys
    }

    private init?(hexadecimal digits: [UInt8]) {
        let values = digits.compactMap(ASCII.hexValue)
        guard digits.count == 64, values.count == 64 else { return nil }
        bytes = stride(from: 0, to: 64, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    }

    /// The first 100 bits of the HMAC, five a character.
    fileprivate func proof(_ text: String) -> [UInt8] {
        let alphabet = Array("0123456789abcdefghijklmnopqrstuv".utf8)
        var letters: [UInt8] = []
        var bits: UInt32 = 0
        var count: UInt32 = 0
        for byte in HMAC.sha256(key: bytes, Array(text.utf8)) {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 5, letters.count < RecipientToken.proofLength {
                count -= 5
                letters.append(alphabet[Int(bits >> count & 31)])
            }
        }
        return letters
    }
}
