@testable import SpoolMail
import TestSupport
import Testing

@Suite struct AddressScanTests {
    static func found(in text: String) -> (all: [String], places: Int) {
        var all: [String] = []
        let bytes = Array(text.utf8)
        let places = AddressScan.forEach(in: bytes.span) {
            switch $0 {
            case .address(let address): all.append(address.description)
            case .domain(let domain): all.append("@" + domain)
            }
        }
        return (all, places)
    }

    @Test(
        arguments: [
            ("a@b.cd", ["a@b.cd"], 1), ("x <a@b.cd>, y@Z.de", ["a@b.cd", "y@z.de"], 2),
            ("@b.cd", ["@b.cd"], 1), ("x @B.cd, *@d.ef", ["@b.cd", "@d.ef"], 2),
            ("to=a@b.cd", ["to=a@b.cd", "a@b.cd"], 1), ("a..b@c.de", ["b@c.de"], 1),
            ("a@b@c.de", ["a@b", "b@c.de"], 2), ("a\u{200B}b@c.de", ["b@c.de", "ab@c.de"], 1),
            ("müller@b.cd", [], 0), ("\"x y\"@b.cd", [], 0), ("x@", [], 0), ("@", [], 0), ("@@@", [], 0),
            ("", [], 0), ("info@bücher.de。", ["info@xn--bcher-kva.de"], 1),
            ("a@b.cdです", ["a@b.xn--cd-883a6b", "a@b.cd"], 1),
        ] as [(String, [String], Int)])
    func `each reading is found, and each place is counted once`(
        text: String, expected: [String], places: Int
    ) {
        let found = Self.found(in: text)
        #expect(Set(found.all) == Set(expected), "\(found.all)")
        #expect(found.places == places)
    }

    @Test(arguments: [5, 6] as [UInt64])
    func `an address is found in any surroundings, and nothing breaks the scan`(seed: UInt64) {
        print("seed \(seed)")
        var random = SeededRandom(seed: seed)
        let around = [
            " ", ",", ";", "<", ">", "(", ")", "\"", ":", "\u{A0}", "\u{200E}", "“", "、", "\u{7F}", "[",
        ]
        for _ in 0..<2000 {
            let before = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                around.randomElement(using: &random) ?? ""
            }
            let after = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                around.randomElement(using: &random) ?? ""
            }
            let text = before.joined() + "anna.berg@example.org" + after.joined()
            #expect(Self.found(in: text).all == ["anna.berg@example.org"], "\(text.debugDescription)")
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                [0x40, 0x2E, 0x61, 0xC3, 0xA4, 0xE2, 0x80, 0x8B, 0xF0, 0xFF, 0x20, 0x2A].randomElement(
                    using: &random) ?? UInt8(0)
            }
            AddressScan.forEach(in: bytes.span) { _ in }
        }
    }

    @Test func `what takes long for one address does not take longer for each of many`() {
        for piece in ["@", "=", "a@", "=@", "a=", "\u{200B}a@b.", "\"@x", "a.-"] {
            let bytes = Array((String(repeating: piece, count: (1 << 15) / piece.utf8.count) + "@b.cd").utf8)
            let took = ContinuousClock().measure { AddressScan.forEach(in: bytes.span) { _ in } }
            #expect(took < .seconds(20), "\(piece.debugDescription)")
        }
    }
}
