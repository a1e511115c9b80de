@testable import SpoolMail
import Testing

@Suite struct HMACTests {
    /// RFC 4231, 4.2 to 4.8 without 4.6, whose value is cut: key, data, HMAC-SHA-256.
    static let vectors: [(key: [UInt8], data: [UInt8], mac: String)] = [
        (
            [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            Array(1...25), [UInt8](repeating: 0xCD, count: 50),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131),
            Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131),
            Array(
                """
                This is a test using a larger than block-size key and a larger than block-size data. The key needs to \
                be hashed before being used by the HMAC algorithm.
                """.utf8),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
        ),
    ]

    @Test(arguments: vectors.indices)
    func `HMAC-SHA-256 gives what RFC 4231 says`(index: Int) {
        let vector = HMACTests.vectors[index]
        let expected = vector.mac.utf8.split(by: 2)
        #expect(HMAC.sha256(key: vector.key, vector.data) == expected)
    }

    @Test func `two values are equal only with every byte, and of one length`() {
        #expect(HMAC.isEqual([1, 2, 3], [1, 2, 3]))
        #expect(!HMAC.isEqual([1, 2, 3], [1, 2, 4]))
        #expect(!HMAC.isEqual([9, 2, 3], [1, 2, 3]))
        #expect(!HMAC.isEqual([1, 2], [1, 2, 3]))
    }
}

extension String.UTF8View {
    /// Pairs of hexadecimal digits as bytes.
    fileprivate func split(by size: Int) -> [UInt8] {
        let digits = compactMap(ASCII.hexValue)
        return stride(from: 0, to: digits.count, by: size).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}

@Suite struct RecipientTokenTests {
    private static let (old, new) = (String(repeating: "0a", count: 32), String(repeating: "F1", count: 32))
    private let keys = SigningKey.keys(inFile: "\(new)\n\(old)\n") ?? []

    private func token(
        _ purpose: RecipientToken.Purpose = .bounce, _ address: String = "anna@example.org", key: Int = 0
    ) throws -> RecipientToken {
        try #require(RecipientToken(purpose, mailing: "kgcd5sghrv789", address: address, key: keys[key]))
    }

    @Test func `a token is the mailing's id and 20 letters, without the address`() throws {
        let text = try token().description
        #expect(text.utf8.count == 33)
        #expect(text.hasPrefix("kgcd5sghrv789"))
        #expect(text.utf8.allSatisfy { RecipientToken.isLetter($0) })
        #expect(!text.contains("anna"))
        #expect("bounce+\(text)".utf8.count <= 64)
    }

    @Test func `a token is of one address, purpose and mailing alone`() throws {
        let token = try token()
        #expect(token.isOf("anna@example.org", .bounce, by: keys))
        #expect(!token.isOf("bo@example.org", .bounce, by: keys))
        #expect(!token.isOf("anna@example.org", .unsubscribe, by: keys))
        #expect(!token.isOf("anna@example.org", .click, by: keys))
        let other = try #require(RecipientToken("aaaaaaaaaaaaa" + token.description.dropFirst(13)))
        #expect(!other.isOf("anna@example.org", .bounce, by: keys))
    }

    @Test func `every key of the file verifies, and no other`() throws {
        let byOldKey = try token(key: 1)
        #expect(byOldKey != (try token()))
        #expect(byOldKey.isOf("anna@example.org", .bounce, by: keys))
        #expect(!byOldKey.isOf("anna@example.org", .bounce, by: [keys[0]]))
    }

    @Test func `a token is read in either letter case`() throws {
        let token = try token(.unsubscribe)
        let shouted = try #require(RecipientToken(token.description.uppercased()))
        #expect(shouted == token)
        #expect(shouted.isOf("anna@example.org", .unsubscribe, by: keys))
    }

    @Test func `no forged token verifies`() throws {
        let genuine = Array(try token().description.utf8)
        for index in genuine.indices {
            var forged = genuine
            forged[index] = forged[index] == 0x30 ? 0x31 : 0x30
            let token = try #require(RecipientToken(String(decoding: forged, as: UTF8.self)))
            #expect(!token.isOf("anna@example.org", .bounce, by: keys), "letter \(index)")
        }
    }

    @Test(arguments: [
        "", "kgcd5sghrv789", String(repeating: "a", count: 34), String(repeating: "w", count: 33),
    ])
    func `what has not the form of a token is none`(text: String) {
        #expect(RecipientToken(text) == nil)
    }

    @Test func `a preview and a test copy have a word of the same form that verifies for nobody`() throws {
        for word in RecipientToken.Placeholder.allCases {
            let text = RecipientToken.placeholder(word)
            #expect(text.hasPrefix(word.rawValue + "0"))
            #expect(text.utf8.count == RecipientToken.length)
            // Some of their letters are beyond those of a token, and where they are not, no key makes it.
            #expect(RecipientToken(text)?.isOf("anna@example.org", .bounce, by: keys) != true)
        }
    }

    @Test func `the value of a token is what it was when the first were sent`() throws {
        #expect(try token().description == "kgcd5sghrv78941k115hc1b12o1rg678e")
    }

    @Test(arguments: [
        "", "\n", "0a\n", "\(old)\n\n\(new)\n", "\(old)x\n", "\(old) \n", "\(old)\n# comment\n",
        "\(old)\(new)\n",
    ])
    func `a damaged key file is not taken for one with fewer keys`(text: String) {
        #expect(SigningKey.keys(inFile: text) == nil)
    }

    @Test func `a key file may lack its last line end`() {
        #expect(SigningKey.keys(inFile: Self.old)?.count == 1)
    }
}
