internal import SpoolSystem
internal import SpoolText

/// A command's arguments, taken apart: `--name`, `--name VALUE`, `--name=VALUE`, and the rest.
package struct Arguments: Sendable {
    /// Whether an option takes a value.
    package enum Kind: Sendable {
        /// It stands alone.
        case flag
        /// It takes the next argument, or what follows its `=`.
        case value
        /// It may take what follows its `=`, or the next argument if that is a number.
        case optionalNumber
        /// It may take what follows its `=`, or the next argument unless that is an option.
        case optionalValue
    }

    private enum Color: String { case auto, always, never }

    private var options: [String: String] = [:]
    private let color: Color
    /// What is no option, in its order.
    package let rest: [String]

    /// Takes arguments apart; an option that is not in `known` is a mistake, and so is one given twice.
    ///
    /// `--help` (`-h`), `--version`, `--spool` and `--color` are known to every command. After `--` everything is rest.
    ///
    /// - Parameter operand: what is named by what is no option: `a mailing`.
    package init(
        _ arguments: [String], known: [String: Kind], operand: String
    ) throws(UsageError) {
        let shared: [String: Kind] = ["help": .flag, "version": .flag, "spool": .value, "color": .value]
        let known = known.merging(shared) { own, _ in own }
        var rest: [String] = []
        var remaining = arguments[...]
        while let argument = remaining.popFirst() {
            if argument == "--" {
                rest += remaining
                break
            }
            if argument == "-h" {
                options["help"] = ""
                continue
            }
            guard argument.hasPrefix("--") else {
                if argument.hasPrefix("-") && argument != "-" {
                    throw Arguments.unknown(argument, among: known)
                }
                rest.append(argument)
                continue
            }
            let parts = argument.dropFirst(2).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            guard let kind = known[name] else {
                throw Arguments.unknown("--" + name, among: known)
            }
            if options[name] != nil { throw UsageError(description: "--\(name) stands there twice") }
            options[name] = try Arguments.value(
                of: name, kind, given: parts.count > 1 ? String(parts[1]) : nil, &remaining)
        }
        if rest.contains("") { throw UsageError(description: "the name of \(operand) is empty") }
        self.rest = rest
        let text = options["color"] ?? "auto"
        guard let color = Color(rawValue: text) else {
            throw UsageError(description: "--color takes auto, always or never, and not \(text)")
        }
        self.color = color
    }

    private static func unknown(_ option: String, among known: [String: Kind]) -> UsageError {
        let meant = Nearest.closest(to: String(option.drop { $0 == "-" }), among: known.keys)
        return UsageError(
            description: "unknown option \(option); "
                + (meant.map { "did you mean --\($0)?" } ?? "see --help"))
    }

    private static func value(
        of name: String, _ kind: Kind, given: String?, _ remaining: inout ArraySlice<String>
    ) throws(UsageError) -> String {
        switch kind {
        case .flag:
            if given != nil { throw UsageError(description: "--\(name) takes no value") }
            return ""
        case .value:
            guard let value = given ?? remaining.popFirst() else {
                throw UsageError(description: "--\(name) needs a value; see --help")
            }
            if value.isEmpty {
                let what =
                    ["spool", "init"].contains(name) ? "the name of the spool" : "the value of --\(name)"
                throw UsageError(description: "\(what) is empty")
            }
            return value
        case .optionalNumber:
            if let given { return given }
            guard let next = remaining.first, Double(next) != nil else { return "" }
            remaining.removeFirst()
            return next
        case .optionalValue:
            if let given { return given }
            guard let next = remaining.first, next == "-" || !next.hasPrefix("-") else { return "" }
            remaining.removeFirst()
            return next
        }
    }

    /// Whether an option was given.
    package func has(_ name: String) -> Bool { options[name] != nil }

    /// An option's value; nil if it was not given, empty if it has none.
    package subscript(name: String) -> String? { options[name] }

    /// The spool that was named: `--spool`, else `$SPOOL_DIR`; nil if neither was.
    package var namedSpool: String? {
        if let path = self["spool"] { return path }
        let path = ProcessTable.environment("SPOOL_DIR") ?? ""
        return path.isEmpty ? nil : path
    }
}

extension Arguments {
    /// Whether to write in colours: `--color`, else on a terminal unless NO_COLOR is set.
    package var usesColor: Bool {
        switch color {
        case .always: return true
        case .never: return false
        case .auto:
            let forbids = ProcessTable.environment("NO_COLOR").map { !$0.isEmpty } ?? false
            return StandardStream.output.isTerminal && !forbids && ProcessTable.environment("TERM") != "dumb"
        }
    }
}
