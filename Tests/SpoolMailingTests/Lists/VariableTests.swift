@testable import SpoolMail
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import TestSupport
import Testing

/// How the names in templates find the fields of lists, and what is said where they do not.
@Suite struct VariableTests {
    private static let list = "Email Address,First Name,last_name,Ort\nasa@example.org,Åsa,Berg,Lund\n"

    private func load(_ list: String, _ text: String, name: String = "l.csv") throws -> RecipientList {
        try ListFixture(name, list.utf8, text: text.replacing("\"", with: "\\\"")).load()
    }

    private func problems(_ list: String, _ text: String, name: String = "l.csv") throws -> [Diagnostic] {
        try ListFixture(name, list.utf8, text: text.replacing("\"", with: "\\\"")).problems()
    }

    @Test(arguments: [
        ("First Name", "Åsa"), ("FirstName", "Åsa"), ("first_name", "Åsa"), ("FIRST-NAME", "Åsa"),
        ("first  name", "Åsa"), ("Last Name", "Berg"), ("ort", "Lund"), ("Address", "asa@example.org"),
        ("Email Address", "asa@example.org"), ("emailaddress", "asa@example.org"),
    ])
    func `a name finds its field as it is written, else without regard to case, blanks and dashes`(
        variable: String, value: String
    ) throws {
        let list = try load(Self.list, "{{ \(variable) }}")
        #expect(try list.recipient(at: 0).value(of: VariableName(variable)) == value)
        #expect(list.warnings.isEmpty)
    }

    @Test func `the person's name is found loosely, too, whether the list has a field for it or not`() throws
    {
        for (list, name) in [
            ("email,Name\na@example.org,Anna\n", "l.csv"), ("Anna <a@example.org>\n", "l.txt"),
            ("{\"address\": \"Anna <a@example.org>\"}\n", "l.jsonl"),
        ] {
            let loaded = try load(list, "{{ NAME }} {{ name }}", name: name)
            #expect(try loaded.recipient(at: 0).value(of: "NAME") == "Anna", "\(name)")
        }
    }

    @Test func `a name as it is written goes before one that is only alike`() throws {
        let list = try load(
            "email,first_name,First Name\na@example.org,1,2\n", "{{ First Name }}{{ first_name }}")
        #expect(try list.recipient(at: 0).value(of: "First Name") == "2")
        #expect(try list.recipient(at: 0).value(of: "first_name") == "1")
    }

    @Test func `a loose name that fits several fields is an error that names them, also with a default`()
        throws
    {
        for use in ["{{ firstName }}", "{{ firstName | default: 'x' }}"] {
            let problems = try problems(
                "email,first_name,First Name\na@example.org,1,2\nb@example.org,,\n", use)
            #expect(
                problems.map(\.message) == [
                    "2 recipients have several fields that {{ firstName }} may stand for: \"first_name\", "
                        + "\"First Name\" (first: line 2, a@example.org)"
                ])
            #expect(problems.first?.hint.hasPrefix("write the name exactly, as in {{ first_name }}") == true)
        }
        let postal = "email,Address\na@example.org,Main Street 1\n"
        #expect(
            try load(postal, "{{ Address }}{{ address }}").recipient(at: 0).value(of: "Address")
                == "Main Street 1")
        #expect(
            try problems(postal, "{{ ADDRESS }}").first?.message.contains("\"Address\", \"address\"") == true)
    }

    @Test func `rows with other fields are each asked for their own`() throws {
        let list = """
            {"address": "a@example.org", "First Name": "A"}
            {"address": "b@example.org", "firstname": "B"}
            {"address": "c@example.org", "first-name": "C"}
            """
        let loaded = try load(list, "{{ first_name }}", name: "l.jsonl")
        #expect(try (0..<3).map { try loaded.recipient(at: $0).value(of: "first_name") } == ["A", "B", "C"])
    }

    @Test(arguments: [
        (
            "Dear {{ FristName | default: 'friend' }}",
            "text: no recipient has a field for {{ FristName }}; all get the default",
            "did you mean {{ First Name }}?"
        ),
        (
            "{{ town | default: '' }}", "text: no recipient has a field for {{ town }}; all get the default",
            "the fields are \"address\", \"name\", \"Email Address\", \"First Name\", \"last_name\", \"Ort\""
        ),
        (
            "{{ name | default: 'x' }}", "text: no recipient has a field for {{ name }}; all get the default",
            "did you mean {{ name }}?"
        ),
        (
            "Dear {{ \"First Name\" }}!", "text: \"First Name\" is sent as these words, to everybody",
            "write {{ First Name }}, without quotation marks, for the value of the field; leave it so if these words are meant"
        ),
        (
            "Dear {{ 'firstname' }}!", "text: \"firstname\" is sent as these words, to everybody",
            "write {{ First Name }}, without"
        ),
        (
            "{{ ort | default: 'First Name' }}", "text: \"First Name\" is sent as these words, to everybody",
            "write {{ First Name }}, without"
        ),
    ])
    func `what is sent and cannot be meant is warned of`(text: String, message: String, hint: String) throws {
        let warnings = try load(Self.list, text).warnings
        #expect(warnings.map { "\($0.key ?? ""): \($0.message)" } == [message])
        #expect(warnings.first?.line == 1)
        #expect(warnings.first?.hint.hasPrefix(hint) == true, "\(warnings.first?.hint ?? "")")
    }

    @Test(arguments: [
        "{{ First Name | default: 'friend' }}", "{{ Ort | default: 'ort' }}", "{{ '{{' }} {{ \"\" }}",
        "{{ 'Dear friend' }}",
    ])
    func `what is right is not warned of`(text: String) throws {
        #expect(try load(Self.list, text).warnings == [])
    }

    @Test func `a field that one row has is known, also if it is empty`() throws {
        let list = "{\"address\": \"a@example.org\"}\n{\"address\": \"b@example.org\", \"town\": \"\"}\n"
        #expect(try load(list, "{{ town | default: 'x' }}", name: "l.jsonl").warnings == [])
        let names = "a@example.org\nBo <b@example.org>\n"
        #expect(try load(names, "{{ name | default: 'x' }}", name: "l.txt").warnings == [])
    }

    @Test func `a column that no template can name is not suggested as it is, but to be renamed`() throws {
        let list = "email,Price (SEK)\na@example.org,5\n"
        let problem = try #require(try problems(list, "{{ Price SEK }}").first)
        #expect(problem.hint.hasPrefix("rename the field \"Price (SEK)\" to use it: letters"))
        #expect(!problem.hint.contains("{{ Price (SEK) }}"))
        let warning = try #require(try load(list, "{{ 'Price (SEK)' }}").warnings.first)
        #expect(warning.hint.hasPrefix("rename the field \"Price (SEK)\""))
    }

    @Test func `no hint leads back to a mistake: what it says to write is understood`() throws {
        let missing = try #require(try problems(Self.list, "{{ FristName }}").first)
        #expect(missing.hint.hasPrefix("did you mean {{ First Name }}? Otherwise give a default: "))
        let written = missing.hint.split(separator: "{{").dropFirst().compactMap {
            $0.split(separator: "}}").first
        }
        #expect(written.count == 2)
        for expression in written {
            let text = "Dear {{\(expression.replacing("…", with: "friend"))}}!"
            #expect(try ListFixture("l.csv", Self.list.utf8, text: text).problems() == [])
        }
    }

    @Test func `many variables in a template are gathered in time that grows with their number`() throws {
        let templates = try (0..<5).map { text in
            let text = (0..<10_000).map { "{{ a\(text)-\($0) | default: '' }}" }.joined()
            return NamedTemplate(key: "text", template: try Template(text))
        }
        let variables = UsedVariables(templates)
        #expect(variables.variables.count == 50_000)
        #expect(variables.texts.count == 1)
    }
}
