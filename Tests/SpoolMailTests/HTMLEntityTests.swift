import Foundation
@testable import SpoolMail
@testable import TestSupport
import Testing

/// The table of names against the one that it was made from.
@Suite struct HTMLEntityTests {
    private static func table() throws -> [String: String] {
        let program = "import json, html.entities; print(json.dumps(html.entities.html5))"
        return try JSONDecoder().decode([String: String].self, from: python(program, input: Data()))
    }

    @Test func `every name of HTML is known, and no other, and those without a semicolon are`() throws {
        let table = try Self.table()
        #expect(table.count == 2231)
        for (name, text) in table where name.hasSuffix(";") {
            let plain = String(name.dropLast())
            #expect(
                HTMLEntityNames.text(of: plain).map { String(decoding: $0, as: UTF8.self) } == text, "\(name)"
            )
            #expect(
                (HTMLEntityNames.textWithoutSemicolon(of: plain) != nil) == (table[plain] != nil), "\(name)")
            #expect(plain.utf8.count <= HTMLEntityNames.longest)
        }
        #expect(HTMLEntityNames.text(of: "nosuch") == nil)
    }

    @Test(arguments: [
        ("A &amp; B", "&amp;"), ("x &#39;y", "&#39;"), ("A & B; C", nil), ("&nosuch; AT&T", nil),
        ("a&copy b", nil),
    ])
    func `a reference in a text that nobody decodes is found`(text: String, reference: String?) throws {
        #expect(HTMLEntities.firstReference(in: try Template(text)) == reference)
    }
}
