@testable import SpoolConsole
@testable import SpoolSchedule
@testable import SpoolStore
@testable import SpoolTick
import TestSupport
import Testing

/// Lives of one mailing among people whose editors replace files, who move and rename before a tick has looked.
struct RandomLivesTests {
    /// One life.
    private struct Life {
        let spool: IdentitySpool
        var random: SeededRandom
        var place = (folder: Folder.scheduled, name: "news")
        var letter = IdentitySpool.Letter(recipients: TestSpool.people(3))
        var story: [String] = []

        init(seed: UInt64) throws {
            random = SeededRandom(seed: seed)
            spool = try IdentitySpool { handOver in
                handOver.recipient == "r3@example.org" && handOver.number < 2
                    ? .answersAtOnce(.of(.notNow)) : .accepts
            }
            try spool.drop(path, letter)
        }

        var path: String { "\(place.folder.rawValue)/\(place.name)" }

        /// Where the document lies by now: a tick moves it, too.
        mutating func find() throws {
            let found = Folder.allCases.filter {
                spool.test.spool.names(in: $0.rawValue).contains("\(place.name).json")
            }
            try #require(found.count == 1, "\(story)")
            place.folder = found[0]
        }

        mutating func step() throws {
            try find()
            switch random.number(0...9) {
            case 0...2: try tick()
            case 3...4:
                letter.recipients.append("n\(letter.recipients.count)@example.org")
                try save()
            case 5:
                letter.text += "!"
                try save()
            case 6...8: try move(to: place.name)
            default: try move(to: place.name == "news" ? "letter" : "news")
            }
        }

        mutating func tick() throws {
            story.append("tick")
            try spool.tick()
        }

        private mutating func save() throws {
            let isReplacing = random.chance(0.7)
            story.append("\(isReplacing ? "replace" : "edit") \(path)")
            if isReplacing { return try spool.replace(path, letter) }
            try spool.test.spool.files.overwrite("\(path).json", letter.document.utf8)
        }

        private mutating func move(to name: String) throws {
            let folder = Folder.allCases[random.number(0...3)]
            if folder == place.folder, name == place.name { return }
            try move(to: (folder, name))
        }

        mutating func move(to other: (folder: Folder, name: String)) throws {
            let from = path
            place = other
            story.append("\(from) to \(path)")
            try spool.move(from, to: path)
        }

        /// Whoever has to decide says that it is the same mailing, until everybody has it.
        mutating func settle() throws {
            for _ in 0..<6 {
                try tick()
                try find()
                if let back = try backPlace() {
                    try move(to: back)
                } else if spool.adopt(place.name) != .ok, place.folder != .active {
                    try move(to: (.active, place.name))
                }
            }
            for _ in 0..<200 where try !isOver() { try tick() }
        }

        private func isOver() throws -> Bool {
            Set(spool.received) == Set(letter.recipients.map { String($0.prefix { $0 != "@" }) })
        }

        /// Where the document is to go back to, if only its name is in question.
        private func backPlace() throws -> (folder: Folder, name: String)? {
            guard let error = try spool.errors(place.name).first, error.contains("edited and renamed"),
                let match = error.firstMatch(of: /move it back to ([a-z]+)\/([a-z]+)\.json/),
                let folder = Folder(rawValue: String(match.1))
            else { return nil }
            return (folder, String(match.2))
        }

        func isFair() -> Bool { Set(spool.received).count == spool.received.count }
    }

    @Test(arguments: [1, 2, 3, 5, 8, 13, 21, 34, 43, 55, 89, 144])
    func `nobody is mailed twice, and everybody once whoever decides says that it is the same`(
        seed: UInt64
    ) throws {
        var life = try Life(seed: seed)
        for _ in 0..<life.random.number(5...25) {
            try life.step()
            try #require(life.isFair(), "seed \(seed): \(life.story)")
        }
        try life.settle()
        #expect(life.isFair(), "seed \(seed): \(life.story)")
        let wanted = life.letter.recipients.map { String($0.prefix { $0 != "@" }) }.sorted()
        #expect(life.spool.received == wanted, "seed \(seed): \(life.story)")
    }
}
