@testable import SpoolMail
@testable import TestSupport
import Testing

@Suite struct TemplateTests {
    private let fields = [
        "firstName": "Anna", "empty": "", "note": "<b>& \"'</b>", "förnamn": "Åsa", "a-b_2": "x",
        "q": "a b&c/ä~", "evil": "{{ firstName }}", "2024": "year", "First Name": "Åke",
    ]

    @Test(arguments: [
        ("Dear {{ firstName }}!", "Dear Anna!"), ("{{firstName}}{{ firstName }}", "AnnaAnna"),
        ("{{ lastName | default: \"friend\" }}", "friend"), ("{{ empty | default: 'x' }}", "x"),
        ("{{ firstName | default: \"friend\" }}", "Anna"), ("{{ lastName | default: 5.5 }}", "5.5"),
        ("{{ lastName | default: \"\" }}|", "|"), ("{{ q | url_encode }}", "a%20b%26c%2F%C3%A4~"),
        ("{{ lastName | url_encode | default: 'a b' }}", "a b"),
        ("{{ lastName | default: 'a b' | url_encode }}", "a%20b"), ("{{ \"{{\" }}", "{{"),
        ("{{ '{{ x }}' }}", "{{ x }}"), ("}} and } and {", "}} and } and {"),
        ("{{ '{%' }} if x %}", "{% if x %}"),
        ("{{ First Name }}{{First Name|default:'x'}}", "ÅkeÅke"), ("{{ First\n  Name -}} !", "Åke!"),
        ("{{\u{A0}First\u{A0}Name\u{A0}}}", "Åke"),
        ("{{ förnamn }} {{ a-b_2 }} {{ 2024 }}", "Åsa x year"), ("{{ evil }}", "{{ firstName }}"),
        ("a \n {{- firstName -}} \n b", "aAnnab"), ("a {{firstName-}} b", "a Annab"),
        ("{{ a-b_2-}} !", "x!"), ("{{\n  firstName\n}}", "Anna"), ("", ""), ("{{ note }}", "<b>& \"'</b>"),
        ("{{ 'a}}b' }}", "a}}b"), ("{ {firstName} }", "{ {firstName} }"),
    ])
    func `a template is rendered as Liquid would`(source: String, expected: String) throws {
        let template = try Template(source)
        #expect(try template.rendered { fields[$0] } == expected)
        let again = try Template(template.source)
        #expect(try again.rendered { fields[$0] } == expected, "\(template.source)")
    }

    @Test(arguments: [
        ("<p>{{ note }}</p>", "<p>&lt;b&gt;&amp; &quot;&#39;&lt;/b&gt;</p>"),
        ("<p>{{ note | raw }}</p>", "<p><b>& \"'</b></p>"),
        ("{{ x | default: \"A & B\" }}", "A &amp; B"), ("{{ x | default: \"<i>\" | raw }}", "<i>"),
        ("<a href=\"?a={{ q | url_encode }}\">", "<a href=\"?a=a%20b%26c%2F%C3%A4~\">"),
    ])
    func `values are escaped in HTML unless they are raw`(source: String, expected: String) throws {
        #expect(try Template(source).rendered(escaping: .html) { fields[$0] } == expected)
    }

    @Test func `a missing or empty value without default is an error that names it`() throws {
        for name in ["lastName", "empty"] {
            let template = try Template("a {{ \(name) | url_encode | raw }}")
            #expect(throws: MissingValue(name: VariableName(name))) { try template.rendered { fields[$0] } }
        }
    }

    @Test(arguments: [
        ("a\nbö {{ name", 2, 4, "{{ is not closed"),
        ("{{ name | upcase }}", 1, 11, "there is no filter upcase"),
        ("{{ }}", 1, 1, "nothing between {{ and }}"), ("{{ a b! }}", 1, 7, "! cannot stand here"),
        ("a\nb {% if name %}", 2, 3, "there are no tags such as {% if … %}"),
        ("{%", 1, 1, "there are no tags such as {% if … %}"),
        ("{{ a }} {%- x", 1, 9, "there are no tags such as {% if … %}"),
        ("{{ \(String(repeating: "a ", count: 101))", 1, 4, "a name of more than 200 characters"),
        ("{{ a.b }}", 1, 5, "a dot after a"), ("{{ a | default }}", 1, 8, "default has no text"),
        ("{{ a | default: x }}", 1, 17, "the default is not in quotation marks"),
        ("{{ a | }}", 1, 8, "no filter after |"), ("{{ 'a }}", 1, 4, "the quotation mark is not closed"),
        ("{{ a | raw: 1 }}", 1, 11, "raw takes nothing after a colon"),
        ("{{ a }", 1, 6, "} cannot stand here"),
        ("{{{ a }}", 1, 3, "{ cannot stand here"), ("{{ a |", 1, 1, "{{ is not closed"),
        ("{{", 1, 1, "{{ is not closed"), ("x {{-", 1, 3, "{{ is not closed"),
        ("{{ a | default:", 1, 1, "{{ is not closed"), ("{{ ä! }}", 1, 5, "! cannot stand here"),
    ])
    func `a template that is none says where and why`(source: String, line: Int, column: Int, message: String)
    {
        let error = #expect(throws: TemplateError.self) { try Template(source) }
        #expect(error?.line == line)
        #expect(error?.column == column)
        #expect(error?.message == message)
        #expect(error?.hint.isEmpty == false)
    }

    @Test func `the variables are listed with their lines and defaults`() throws {
        let template = try Template("{{ a }}\n{{ b | default: 'x' }}{{ 'c' }}\n\n{{ a }}")
        #expect(template.variables.map(\.name.text) == ["a", "b", "a"])
        #expect(template.variables.map(\.line) == [1, 2, 4])
        #expect(template.variables.map(\.hasDefault) == [false, true, false])
        #expect(!template.isConstant)
        #expect(try Template("{{ '{{' }} text").isConstant)
    }

    @Test func `what stands in quotation marks is listed, and whether it is a default`() throws {
        let template = try Template("{{ a | default: 'x' }}{{ \"First Name\" | url_encode }}{{ b }}")
        #expect(template.quotedTexts.map(\.text) == ["x", "First Name"])
        #expect(template.quotedTexts.map(\.isDefault) == [true, false])
    }

    @Test func `every hint of a mistake can be written into JSON as it stands, or says how`() throws {
        for source in ["{{ a | default }}", "{{ a | default: x }}", "{{ a! }}"] {
            let error = #expect(throws: TemplateError.self) { try Template(source) }
            #expect(error?.hint.contains("\"") == false, "\(source)")
        }
        for source in ["{% if a %}", "{{ a", "{{ }}"] {
            let error = #expect(throws: TemplateError.self) { try Template(source) }
            let mark = source.prefix(2)
            #expect(error?.hint.contains("{{ \"\(mark)\" }}, in JSON {{ '\(mark)' }}") == true, "\(source)")
        }
    }

    @Test(arguments: [
        ("First Name", "firstname", true), ("first_name", "firstname", true),
        ("firstName", "firstname", true),
        ("E-post (privat)", "epost(privat)", false), ("Å\u{A0}b", "åb", false), ("a  b", "ab", false),
        ("", "", false), ("förnamn-2", "förnamn2", true),
    ])
    func `a name is known by its letters, and may be one that no template can name`(
        text: String, loose: String, canBeWritten: Bool
    ) {
        #expect(VariableName(text).loose == loose)
        #expect(VariableName(text).canBeWritten == canBeWritten)
    }

    @Test func `a text has at most ten thousand expressions`() throws {
        let most = String(repeating: "{{a}}", count: 9_999) + "\n{{ 'b' }}"
        #expect(try Template(most).variables.count == 9_999)
        let error = #expect(throws: TemplateError.self) { try Template(most + "{{a}}") }
        #expect(error?.line == 2 && error?.column == 10)
        #expect(error?.message == "there are more than 10000 {{ … }} in the text")
    }

    @Test func `an expression has at most twenty filters`() throws {
        let filters = String(repeating: "|url_encode", count: 18) + "|default: 'b'|raw"
        #expect(try Template("{{a\(filters)}}").variables.count == 1)
        let error = #expect(throws: TemplateError.self) { try Template("{{a\(filters)|raw}}") }
        #expect(error?.message == "there are more than 20 filters in one expression")
    }

    @Test(arguments: [11, 12, 13] as [UInt64])
    func `no source makes the parser fail other than with an error`(seed: UInt64) {
        print("seed \(seed)")
        var random = SeededRandom(seed: seed)
        let pieces = [
            "{{", "}}", "{", "}", "{%", "%", " ", "a", "|", "default", ":", "'", "\"", "-", "raw", "ä", "\n",
            "x", ".",
        ]
        var parsed = 0
        for _ in 0..<20_000 {
            let source = (0..<Int.random(in: 0...12, using: &random))
                .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            guard let template = try? Template(source) else { continue }
            parsed += 1
            let value = { (name: VariableName) -> String? in "{{\(name.text)" }
            let rendered = try? template.rendered(value: value)
            #expect(rendered != nil)
            #expect(rendered == (try? Template(template.source).rendered(value: value)), "\(source)")
        }
        #expect(parsed > 1000)
    }

    @Test func `a literal template is taken as it is`() throws {
        #expect(try Template(literal: "{{ a }}").rendered { _ in nil } == "{{ a }}")
        #expect(try Template(Template(literal: "{{{ a {").source).rendered { _ in nil } == "{{{ a {")
        #expect(try Template(Template(literal: "{{%{% a {").source).rendered { _ in nil } == "{{%{% a {")
    }
}
