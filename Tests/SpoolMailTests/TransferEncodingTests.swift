import Foundation
@testable import SpoolMail
@testable import TestSupport
import Testing

@Suite struct TransferEncodingTests {
    private func encoded(_ text: String) -> (encoding: TransferEncoding, bytes: [UInt8]) {
        var bytes = Array(text.utf8)
        TransferEncoding.canonicalize(&bytes)
        let encoding = TransferEncoding.encode(&bytes)
        return (encoding, bytes)
    }

    private func decoded(_ encoding: TransferEncoding, _ bytes: [UInt8]) -> String {
        let decoded =
            switch encoding {
            case .sevenBit: bytes
            case .quotedPrintable: MessageReader.quotedPrintable(bytes)
            case .base64: MessageReader.base64(bytes)
            }
        return String(decoding: decoded, as: UTF8.self)
    }

    @Test(arguments: [
        ("Hello\n", TransferEncoding.sevenBit, "Hello\n"), ("Hello", .sevenBit, "Hello\n"),
        ("", .sevenBit, "\n"),
        ("a\r\nb\r\n", .sevenBit, "a\nb\n"), ("a\r\nb\rcde", .sevenBit, "a\nb\ncde\n"),
        ("a\r\r\nbcde\n\r", .sevenBit, "a\n\nbcde\n\n"),
        ("ü\rü\u{0}, and more\r", .quotedPrintable, "=C3=BC\n=C3=BC, and more\n"),
        ("Viele Grüße aus Bern", .quotedPrintable, "Viele Gr=C3=BC=C3=9Fe aus Bern\n"),
        ("Frome\n..\n.a\n", .sevenBit, "Frome\n..\n.a\n"),
        ("From me to you", .quotedPrintable, "=46rom me to you\n"),
        ("a\n.\nb", .quotedPrintable, "a\n=2E\nb\n"),
        ("x\u{0}y and more text", .sevenBit, "xy and more text\n"),
        ("日\r\u{0}本語\r\n", .base64, "5pelCuacrOiqngo=\n"),
        ("ünd ends with a blank \nor tab\t", .quotedPrintable, "=C3=BCnd ends with a blank=20\nor tab=09\n"),
        ("a = b, ein Ä", .quotedPrintable, "a =3D b, ein =C3=84\n"), ("日本語\n", .base64, "5pel5pys6KqeCg==\n"),
        ("--=_boundary\ntext", .quotedPrintable, "--=3D_boundary\ntext\n"),
    ])
    func `the encoding follows from the content`(text: String, encoding: TransferEncoding, expected: String) {
        let result = encoded(text)
        #expect(result.encoding == encoding)
        #expect(String(decoding: result.bytes, as: UTF8.self) == expected)
    }

    @Test func `a line of 200 goes as it is, a longer one does not`() {
        #expect(encoded(String(repeating: "x", count: 200)).encoding == .sevenBit)
        #expect(encoded(String(repeating: "x", count: 201)).encoding == .quotedPrintable)
    }

    @Test func `lines of 100,000 characters come back whole`() {
        for text in [
            String(repeating: "word ", count: 20_000) + "\n", String(repeating: "ä", count: 100_000) + "\n",
        ] {
            let result = encoded(text)
            #expect(WireRules.violations(result.bytes) == [])
            #expect(decoded(result.encoding, result.bytes) == text)
        }
    }

    @Test func `a soft line break makes no dot line, no From and no long line`() {
        for offset in 0..<80 {
            let text =
                "ü" + String(repeating: "x", count: offset) + ".\nFrom here "
                + String(repeating: "y", count: offset)
                + "From there." + String(repeating: "From ", count: 40)
            let result = encoded(text)
            #expect(result.encoding == .quotedPrintable)
            for line in result.bytes.split(separator: 0x0A) {
                #expect(line.count <= 76)
                #expect(!line.starts(with: "From ".utf8))
                #expect(line.first != 0x2E)
            }
            #expect(decoded(result.encoding, result.bytes) == text + "\n")
        }
    }

    @Test(arguments: [21, 22, 23] as [UInt64])
    func `what was written is what is read, in the smaller of the encodings`(seed: UInt64) {
        print("seed \(seed)")
        var random = SeededRandom(seed: seed)
        let pieces = [
            "a", "word ", ".", "\n", "From ", "=", "ü", "日本", "🎻", "\t", " \n", "\u{0}", "\n.\n", "e\u{301}",
            "\u{200F}שלום",
            "--=_x", "\rx", String(repeating: "z", count: 90),
        ]
        for _ in 0..<2000 {
            let subset = (0..<3).map { _ in pieces.randomElement(using: &random) ?? "" }
            let text = (0..<Int.random(in: 0...60, using: &random))
                .map { _ in subset.randomElement(using: &random) ?? "" }.joined()
            let result = encoded(text)
            let lines = text.replacing("\u{0}", with: "").replacing("\r", with: "\n")
            let expected = lines.hasSuffix("\n") ? lines : lines + "\n"
            #expect(decoded(result.encoding, result.bytes) == expected)
            #expect(WireRules.violations(result.bytes) == [])
            if result.encoding != .sevenBit {
                var quoted: [UInt8] = []
                QuotedPrintable.append(expected.utf8.span, to: &quoted)
                #expect(
                    result.bytes.count == min(quoted.count, Base64Lines.encodedCount(of: expected.utf8.count))
                )
                #expect(result.bytes.split(separator: 0x0A).allSatisfy { $0.count <= 76 })
            }
        }
    }

    @Test(arguments: [31, 32] as [UInt64])
    func `base64 is the same whatever the chunks, and as long as foretold`(seed: UInt64) {
        print("seed \(seed)")
        var random = SeededRandom(seed: seed)
        for _ in 0..<300 {
            let bytes = (0..<Int.random(in: 0...400, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            var encoded: [UInt8] = []
            var encoder = Base64Lines()
            var rest = bytes[...]
            while !rest.isEmpty {
                let chunk = Array(rest.prefix(Int.random(in: 1...130, using: &random)))
                rest = rest.dropFirst(chunk.count)
                encoder.encode(chunk.span, into: &encoded)
            }
            encoder.finish(into: &encoded)
            #expect(MessageReader.base64(encoded) == bytes)
            #expect(encoded.count == Base64Lines.encodedCount(of: bytes.count))
            let lines = encoded.split(separator: 0x0A)
            #expect(lines.dropLast().allSatisfy { $0.count == 76 })
            #expect(lines.last.map { $0.count <= 76 && $0.count % 4 == 0 } ?? bytes.isEmpty)
        }
    }

    @Test func `base64 without line ends is Foundation's`() {
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
            var encoded: [UInt8] = []
            Base64Lines.appendUnbroken(bytes.span, to: &encoded)
            #expect(String(decoding: encoded, as: UTF8.self) == Data(bytes).base64EncodedString())
        }
    }
}
