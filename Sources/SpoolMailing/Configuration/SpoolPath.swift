internal import SpoolText

/// A path as config.json has it: below the spool, or where it may be, a whole one.
enum SpoolPath {
    /// What the spool itself keeps: what others write there would be a stray file, or be taken for something else.
    static let kept: Set = [
        "scheduled", "active", "paused", "done", "files", "journal", "returns", "suppressed", "config.json",
        "suppressed.txt",
    ]

    /// Why a path below the spool cannot be used; nil if it can.
    static func problem(below path: String, kept: Set<String> = kept) -> String? {
        if let problem = RelativePath.problem(path) { return problem }
        guard let first = path.split(separator: "/").first(where: { $0 != "." }) else {
            return "\(path.quoted) is the spool itself"
        }
        return kept.contains(String(first)) ? "\(path.quoted) is what the spool keeps for itself" : nil
    }

    /// The same of a path that may be a whole one.
    static func problem(_ path: String, kept: Set<String> = kept) -> String? {
        guard path.hasPrefix("/") else { return problem(below: path, kept: kept) }
        return path.utf8.contains(0) ? "contains a NUL" : nil
    }
}
