internal import SpoolMail
internal import SpoolSchedule
internal import SpoolText

/// What a mailing's lists have for the variables of its templates, put together while they are read.
struct VariableFindings {
    private let used: UsedVariables
    private let lineOfKey: @Sendable (String) -> Int?
    /// The names for which `meanings` holds. Most lists have the same in every row.
    private var names: FieldNames?
    private var meanings: [FieldNames.Meaning] = []
    /// Which of the variables somebody has a field for.
    private var isKnown: [Bool]
    /// The fields that the texts in quotation marks are called like.
    private var lookalikes: [String?]

    init(_ used: UsedVariables, lineOfKey: @escaping @Sendable (String) -> Int?) {
        self.used = used
        self.lineOfKey = lineOfKey
        isKnown = used.variables.map { _ in false }
        lookalikes = used.texts.map { _ in nil }
    }

    /// What keeps the templates from being filled for a recipient.
    mutating func complaints(about recipient: Recipient) -> [RecipientDiagnostic] {
        if names !== recipient.record.names { take(recipient.record.names) }
        var complaints: [RecipientDiagnostic] = []
        for (number, meaning) in meanings.enumerated() {
            let hasValue = recipient.hasValue(meaning)
            if meaning == .name, hasValue { isKnown[number] = true }
            if hasValue { continue }
            if case .several(let fields) = meaning {
                complaints.append(Self.ambiguous(used.variables[number], fields))
            } else if !used.variables[number].hasDefault {
                complaints.append(Self.missing(used.variables[number]))
            }
        }
        return complaints
    }

    private mutating func take(_ names: FieldNames) {
        self.names = names
        meanings = used.variables.map { names.meaning(of: $0.name) }
        for (number, meaning) in meanings.enumerated() where meaning != .nothing && meaning != .name {
            isKnown[number] = true
        }
        for (number, text) in used.texts.enumerated() where lookalikes[number] == nil {
            lookalikes[number] = Self.field(calledLike: text.quoted, in: names)
        }
    }

    /// A default may well be a word that some column has for a name; so only one that is written the same counts.
    private static func field(calledLike text: Template.QuotedText, in names: FieldNames) -> String? {
        let loose = VariableName.loosened(text.text)
        return names.variables.first {
            $0 == text.text || !text.isDefault && !loose.isEmpty && VariableName.loosened($0) == loose
        }
    }

    private static func missing(_ variable: UsedVariables.Variable) -> RecipientDiagnostic {
        let name = variable.name.text
        return RecipientDiagnostic(
            key: variable.key, one: "has no value for {{ \(name) }}",
            many: "have no value for {{ \(name) }}",
            hint: "give a default: {{ \(name) | default: '…' }}, or complete the list",
            variable: variable.name)
    }

    private static func ambiguous(
        _ variable: UsedVariables.Variable, _ fields: [String]
    ) -> RecipientDiagnostic {
        let list = fields.prefix(12).map(\.quoted).joined(separator: ", ")
        let what = "several fields that {{ \(variable.name.text) }} may stand for: \(list)"
        let areDifferent = Set(fields).count == fields.count
        let exact = areDifferent ? fields.first { VariableName($0).canBeWritten } : nil
        return RecipientDiagnostic(
            key: variable.key, one: "has \(what)", many: "have \(what)",
            hint: exact.map { "write the name exactly, as in {{ \($0) }}, or rename the others" }
                ?? "rename all but one of them")
    }

    /// What is sent, and probably not meant. Only for lists of which every row has been read.
    var warnings: [Diagnostic] {
        guard let names else { return [] }
        var warnings: [Diagnostic] = []
        func warn(_ key: String, _ message: String, _ hint: String) {
            warnings.append(Diagnostic(key: key, line: lineOfKey(key), message: message, hint: hint))
        }
        for (variable, isKnown) in zip(used.variables, isKnown) where !isKnown && variable.hasDefault {
            warn(
                variable.key, "no recipient has a field for {{ \(variable.name.text) }}; all get the default",
                Self.meant(by: variable.name, in: names)
                    ?? "the fields are "
                    + names.variables.prefix(12).map(\.quoted).joined(separator: ", "))
        }
        for (text, field) in zip(used.texts, lookalikes) {
            guard let field else { continue }
            warn(
                text.key, "\(text.quoted.text.quoted) is sent as these words, to everybody",
                Self.use(of: field, else: "leave it so if these words are meant"))
        }
        return warnings
    }

    /// What to write for a name that the list does not have, if one is near.
    static func meant(by variable: VariableName, in names: FieldNames) -> String? {
        Nearest.closest(to: variable.text, among: names.variables).map { field in
            VariableName(field).canBeWritten
                ? "did you mean {{ \(field) }}?" : use(of: field, else: "")
        }
    }

    /// How a field is put in, quotation marks left out; one that no template can name has to be renamed first.
    private static func use(of field: String, else other: String) -> String {
        let hint =
            VariableName(field).canBeWritten
            ? "write {{ \(field) }}, without quotation marks, for the value of the field"
            : "rename the field \(field.quoted) to use it:"
                + " letters, digits, blanks, _ and - alone can stand in {{ }}"
        return other.isEmpty ? hint : hint + "; " + other
    }
}
