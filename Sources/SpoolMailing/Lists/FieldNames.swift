internal import SpoolMail
internal import Synchronization

/// The names of a record's fields, shared by all records that have the same.
final class FieldNames: Sendable {
    /// What a variable of a template stands for.
    enum Meaning: Hashable, Sendable {
        /// The address that is mailed.
        case address
        /// The person's name: a field, or the name beside the address.
        case name
        /// Any other field, by its number.
        case field(Int)
        /// Fields, by their names, that are not told apart by what is written.
        case several([String])
        /// The record has no such field.
        case nothing
    }

    /// The names as they are looked up where none is written exactly so.
    private final class LooseNames: Sendable {
        let meanings: [String: Meaning]

        init(_ meanings: [String: Meaning]) { self.meanings = meanings }
    }

    let names: [String]
    /// The field that holds the address.
    let address: Int
    /// The field that holds the person's name.
    let name: Int?
    private let exact: [String: Meaning]
    /// Made when they are first wanted: most templates write names as the list does.
    private let loose = AtomicLazyReference<LooseNames>()

    init(_ names: [String], address: Int, name: Int? = nil) {
        self.names = names
        self.address = address
        self.name = name
        var exact: [String: Meaning] = [:]
        for (number, name) in names.enumerated() where !name.isEmpty {
            exact[name] = exact[name] == nil ? .field(number) : .several([name, name])
        }
        self.exact = exact
    }

    /// The one field of a list that has no others.
    static let addressAlone = FieldNames(["address"], address: 0)

    /// What a variable stands for: what is called exactly so, else what is called so but for letter case, blanks,
    /// `-` and `_`.
    func meaning(of variable: VariableName) -> Meaning {
        switch variable.text {
        case "address": return .address
        case "name": return .name
        default:
            if let exactly = exact[variable.text] { return exactly }
            let names = loose.load() ?? loose.storeIfNil(looseNames())
            return names.meanings[variable.loose] ?? .nothing
        }
    }

    /// The names of all variables that the record has.
    var variables: [String] {
        ["address", "name"] + names.filter { !$0.isEmpty && $0 != "address" && $0 != "name" }
    }

    private func looseNames() -> LooseNames {
        var meanings: [String: Meaning] = [:]
        var spelled: [String: [String]] = [:]
        func add(_ name: String, _ meaning: Meaning) {
            let loose = VariableName.loosened(name)
            spelled[loose, default: []].append(name)
            meanings[loose] = spelled[loose].map { $0.count > 1 ? .several($0) : meaning }
        }
        for (number, name) in names.enumerated() where !name.isEmpty {
            add(name, meaning(ofField: number))
        }
        // What has these names without being a field of the list; a field of the same meaning is no second one.
        for (name, meaning, field) in [("address", Meaning.address, address), ("name", .name, self.name)]
        where field.map({ VariableName.loosened(names[$0]) }) != name {
            add(name, meaning)
        }
        return LooseNames(meanings)
    }

    private func meaning(ofField number: Int) -> Meaning {
        if number == name { return .name }
        return number == address && VariableName.loosened(names[number]) == "address"
            ? .address : .field(number)
    }
}
