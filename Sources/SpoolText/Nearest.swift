/// Guesses what a person meant by a word that is none of those known.
package enum Nearest {
    /// The one that differs least, if it differs little.
    package static func closest(to key: String, among keys: some Collection<String>) -> String? {
        let plain = simplified(key)
        let ranked = keys.map { (key: $0, distance: distance(plain, simplified($0))) }
            .min { ($0.distance, $0.key) < ($1.distance, $1.key) }
        guard let ranked, ranked.distance <= max(1, min(plain.count, 8) / 3) else { return nil }
        return ranked.key
    }

    /// Small letters without `-`, `_` and blanks: `reply-to`, `Reply_To` and `replyTo` are the same slip.
    package static func simplified(_ key: String) -> String {
        String(key.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }.prefix(64))
    }

    /// How many letters must be put in, taken out, changed or swapped with their neighbour.
    private static func distance(_ one: String, _ other: String) -> Int {
        let a = Array(one.utf8)
        let b = Array(other.utf8)
        var rows = [Array(0...b.count)]
        for i in 1..<(a.count + 1) {
            var row = [i]
            for j in 1..<(b.count + 1) {
                let change = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
                var least = min(change, rows[i - 1][j] + 1, row[j - 1] + 1)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    least = min(least, rows[i - 2][j - 2] + 1)
                }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
