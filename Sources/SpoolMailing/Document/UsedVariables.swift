package import SpoolMail

/// A template, and the key of the document in which it stands.
package struct NamedTemplate: Sendable {
    package var key: String
    package var template: Template
}

/// The variables of all templates of a mailing, and the texts in quotation marks that may be meant for some.
struct UsedVariables: Equatable, Sendable {
    /// A variable, and a key in which it stands.
    struct Variable: Equatable, Sendable {
        var name: VariableName
        var key: String
        /// Whether something stands in wherever it is used.
        var hasDefault: Bool
    }

    /// A text in quotation marks, and a key in which it stands.
    struct Text: Equatable, Sendable {
        var quoted: Template.QuotedText
        var key: String
    }

    /// Each once; the key is that of a use without default, if there is one.
    private(set) var variables: [Variable] = []
    /// Each once.
    private(set) var texts: [Text] = []

    init(_ templates: [NamedTemplate]) {
        var places: [String: Int] = [:]
        var seen: Set<Template.QuotedText> = []
        for (key, template) in templates.map({ ($0.key, $0.template) }) {
            for variable in template.variables {
                guard let place = places[variable.name.text] else {
                    places[variable.name.text] = variables.count
                    variables.append(Variable(name: variable.name, key: key, hasDefault: variable.hasDefault))
                    continue
                }
                if variables[place].hasDefault, !variable.hasDefault {
                    variables[place] = Variable(name: variable.name, key: key, hasDefault: false)
                }
            }
            texts += template.quotedTexts.filter { seen.insert($0).inserted }.map {
                Text(quoted: $0, key: key)
            }
        }
    }
}
