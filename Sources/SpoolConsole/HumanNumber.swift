/// Numbers as people read them.
package enum HumanNumber {
    /// "1,234,567".
    package static func text(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var grouped = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { grouped += "," }
            grouped.append(digit)
        }
        return grouped
    }

    /// "1 link", "12 links", "1,000 links".
    package static func counted(_ number: Int, _ one: String, _ many: String) -> String {
        "\(text(number)) \(number == 1 ? one : many)"
    }

    /// "2 sent, 1 failed", of what there is any, and of what is always said.
    package static func list(_ counts: [(count: Int, what: String)], always: Set<String> = []) -> String {
        counts.filter { $0.count > 0 || always.contains($0.what) }.map { "\(text($0.count)) \($0.what)" }
            .joined(separator: ", ")
    }

    /// How many units a value comes to, with a digit behind the point where there are less than ten: "4.2", "4",
    /// "1,234".
    package static func tenths(_ value: Int, of unit: Int) -> String {
        let tenths = (value * 10 + unit / 2) / unit
        return tenths >= 100 || tenths % 10 == 0
            ? text((value + unit / 2) / unit) : "\(tenths / 10).\(tenths % 10)"
    }

    /// Bytes: "812 bytes", "4.2 MB".
    package static func size(_ bytes: Int) -> String {
        if bytes < 1000 { return counted(bytes, "byte", "bytes") }
        for (unit, size) in [("kB", 1_000), ("MB", 1_000_000)] where bytes < size * 1000 - size / 2 {
            return "\(tenths(bytes, of: size)) \(unit)"
        }
        return "\(tenths(bytes, of: 1_000_000_000)) GB"
    }

    /// "12 %", "0.4 %", rounded down; never "0 %" or "100 %" unless it is.
    package static func percent(_ part: Int, of whole: Int) -> String {
        if whole == 0 || part == 0 { return "0 %" }
        let tenths = part * 1000 / whole
        if tenths == 0 { return "< 0.1 %" }
        return tenths < 100 && tenths % 10 > 0 ? "\(tenths / 10).\(tenths % 10) %" : "\(tenths / 10) %"
    }

    /// So many a minute, with a digit behind the point where there are few: "3,970", "4.5".
    package static func rate(_ perMinute: Double) -> String {
        tenths(Int((min(perMinute, 1e12) * 1000).rounded()), of: 1000)
    }
}
