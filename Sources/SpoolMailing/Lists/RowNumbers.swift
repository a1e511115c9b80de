/// Numbers of rows, in the order in which they were found, kept as runs: a list that is wrong from somewhere on costs
/// no more than one with a single mistake.
package struct RowNumbers: Equatable, Sendable {
    /// More runs are not kept, only counted.
    private static let limit = 1000

    private var runs: [ClosedRange<Int>] = []
    /// How many there are.
    package private(set) var count = 0
    /// How many of them are in no run.
    private var unnamed = 0

    /// Adds a number that is larger than those before it.
    mutating func add(_ number: Int) {
        count += 1
        if let last = runs.last, unnamed == 0, number == last.upperBound + 1 {
            runs[runs.count - 1] = last.lowerBound...number
        } else if runs.count < Self.limit {
            runs.append(number...number)
        } else {
            unnamed += 1
        }
    }

    /// `line 4`, or `lines 4, 7 to 9 and 12`.
    package func text(_ one: String, _ many: String) -> String {
        var parts = runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)" }
        if unnamed > 0 { parts.append("\(unnamed) more") }
        guard parts.count > 1, let last = parts.popLast() else {
            return "\(count == 1 ? one : many) \(parts.first ?? "")"
        }
        return "\(many) \(parts.joined(separator: ", ")) and \(last)"
    }
}

/// Where rows stand that share a fault: in the document's own list, in the file, or in both.
struct RowPlaces: Equatable, Sendable {
    private var inline = RowNumbers()
    private var lines = RowNumbers()

    var count: Int { inline.count + lines.count }

    mutating func add(_ place: RowPlace) {
        switch place {
        case .inline(let index, _): inline.add(index)
        case .file(let line): lines.add(line)
        }
    }

    /// `recipients 0 and 3, lines 4 to 9`.
    var text: String {
        [
            inline.count > 0 ? inline.text("recipient", "recipients") : nil,
            lines.count > 0 ? lines.text("line", "lines") : nil,
        ].compactMap(\.self).joined(separator: ", ")
    }
}
