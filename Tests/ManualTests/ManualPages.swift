import Foundation

/// A page of the documentation.
struct ManualPage {
    /// Its path from the top of the repository.
    let path: String
    /// Its lines with their numbers, without blocks of code.
    let lines: [(number: Int, text: String)]

    init(_ path: String, _ text: String) {
        self.path = path
        var isCode = false
        var lines: [(Int, String)] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("```") {
                isCode.toggle()
            } else if !isCode && !line.hasPrefix("    ") {
                lines.append((index + 1, String(line)))
            }
        }
        self.lines = lines
    }

    /// The targets of its links, with the lines that they stand in; not what is quoted as code.
    var links: [(number: Int, target: String)] {
        lines.flatMap { number, line in
            let prose = line.replacing(/`[^`]*`/, with: "")
            let targets =
                prose.matches(of: /\]\(([^)\s]+)[^)]*\)/).map { String($0.output.1) }
                + prose.matches(of: /^\[[^\]]+\]:\s+(\S+)/).map { String($0.output.1) }
            return targets.map { (number, $0) }
        }
    }

    /// What its headings are called in links, as GitHub makes it of their text.
    var anchors: Set<String> {
        var counts: [String: Int] = [:]
        var anchors: Set<String> = []
        for (_, line) in lines {
            guard let match = line.wholeMatch(of: /#{1,6}\s+(.*?)\s*#*/) else { continue }
            // A link in a heading counts by its text.
            let text = match.output.1.replacing(/\[([^\]]*)\]\([^)]*\)/) { $0.output.1 }
            let name = text.lowercased().filter { $0.isLetter || $0.isNumber || " -_".contains($0) }
                .replacing(" ", with: "-")
            let count = counts[name, default: 0]
            counts[name] = count + 1
            anchors.insert(count == 0 ? name : "\(name)-\(count)")
        }
        return anchors
    }
}

/// The documentation.
enum Manual {
    static func pages() throws -> [ManualPage] {
        try (["README.md"] + Repository.files(below: "Sources/Manual", endingIn: ".md")).map { path in
            ManualPage(path, try Repository.text(path))
        }
    }
}
