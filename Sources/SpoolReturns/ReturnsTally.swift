internal import SpoolConsole
internal import SpoolMail
internal import SpoolStore

extension ReturnsEntry {
    /// What it means, in words.
    var summary: String {
        switch self {
        case .returned(let found): "\(found.meaning.rawValue) of \(found.address), by the rule \(found.rule)"
        case .refused(let found): "\(found.address) refused at the hand-over: \(found.meaning.rawValue)"
        case .flagged(_, let from, let subject): "for a person to look at, from \(from): \(subject)"
        case .unsigned(_, let from, _): "no token proves it; from \(from)"
        case .other: "none of ours"
        case .unproven(_, let count): "\(count) requests to leave that no token proves"
        case .held(let domain, let reply): "a wave at \(domain ?? "every domain") is held: \(reply)"
        case .settled: "what was held is decided"
        case .counts: "numbers"
        }
    }
}

/// What one run has found, in numbers.
struct ReturnsTally {
    private var classes: [ReturnClass: Int] = [:]
    private(set) var flagged = 0
    private(set) var unsigned = 0
    private(set) var other = 0
    private(set) var unproven = 0
    private(set) var blocked = 0
    private(set) var left = 0

    mutating func add(_ entry: ReturnsEntry) {
        switch entry {
        case .returned(let found): classes[found.meaning, default: 0] += 1
        case .flagged: flagged += 1
        case .unsigned: unsigned += 1
        case .other: other += 1
        case .unproven(_, let count): unproven += count
        case .refused, .held, .settled, .counts: break
        }
    }

    mutating func add(_ entry: BlockedEntry) {
        guard case .block(let block) = entry else { return }
        if block.cause.isDeparture { left += 1 } else { blocked += 1 }
    }

    /// One line for programs.
    var json: JSONText {
        let returned = ReturnClass.allCases.map { meaning in
            (meaning == .autoReply ? "autoReply" : meaning.rawValue, JSONText.int(classes[meaning] ?? 0))
        }
        return .object([
            ("returned", .object(returned)), ("flagged", .int(flagged)), ("unsigned", .int(unsigned)),
            ("other", .int(other)), ("unproven", .int(unproven)), ("blocked", .int(blocked)),
            ("left", .int(left)),
        ])
    }
}
