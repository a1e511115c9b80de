internal import SpoolText

/// Guesses what a person meant by a key that does not exist.
enum Suggestion {
    /// The hint for an unknown key: the one that was probably meant, or all of them.
    static func hint(
        for key: String, among keys: some Collection<String>, synonyms: [String: String] = [:]
    ) -> String {
        let plain = Nearest.simplified(key)
        if let hint = synonyms[plain] { return hint }
        if let meant = Nearest.closest(to: key, among: keys) { return "did you mean \"\(meant)\"?" }
        if keys.count <= 8 {
            return
                "the keys here are \(keys.sorted().joined(separator: ", ")); keys of your own begin with x-"
        }
        return "remove it, or let it begin with x- if it is a note of your own"
    }
}
