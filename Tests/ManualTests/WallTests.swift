import Foundation
import Testing

/// What Package.swift says of the rooms, held against what they do and against what the manual says.
struct WallTests {
    /// What may be imported that is not ours, and by whom; nil is everybody.
    private static let foreign: [String: Set<String>?] = [
        // The full one carries 40 MB of ICU into each program.
        "FoundationEssentials": ["SpoolMailing", "SpoolStore", "SpoolReturns"],
        "Dispatch": nil, "Synchronization": nil,
        "Glibc": ["SpoolSystem", "SpoolWriting"],
    ]

    private let targets: [PackageTargets.Target]
    /// The modules that a target's files import, with the first file that does.
    private let imports: [String: [String: String]]

    init() throws {
        targets = try PackageTargets().inSources
        imports = try SourceFile.byTarget().mapValues { files in
            files.reduce(into: [:]) { imports, file in
                for module in file.imports { imports[module] = file.path }
            }
        }
    }

    private func dependencies(of name: String) -> Set<String> {
        Set(targets.first { $0.name == name }?.dependencies ?? [])
    }

    /// All that is linked into a target.
    private func reach(of name: String) -> Set<String> {
        dependencies(of: name).reduce(into: []) { $0.formUnion(reach(of: $1).union([$1])) }
    }

    @Test func `every folder of sources is a target of the package`() throws {
        let folders = try Repository.names(in: "Sources").filter { folder in
            try !Repository.files(below: "Sources/" + folder, endingIn: ".swift").isEmpty
        }
        #expect(folders.sorted() == targets.map(\.name).sorted())
    }

    @Test func `a room imports only what Package.swift lets it import`() {
        let ours = Set(targets.map(\.name))
        for target in targets {
            for (module, path) in imports[target.name] ?? [:] where ours.contains(module) {
                let isDeclared = target.dependencies.contains(module)
                #expect(
                    isDeclared,
                    "\(path) imports \(module), which \(target.name) has no dependency on")
            }
        }
    }

    @Test func `a room has no door that it does not use`() {
        for target in targets {
            for dependency in target.dependencies {
                #expect(
                    imports[target.name]?[dependency] != nil,
                    "\(target.name) depends on \(dependency), and no file imports it")
            }
        }
    }

    @Test func `the operating system is imported by its two rooms, and the full Foundation by none`() {
        let ours = Set(targets.map(\.name))
        for target in targets {
            for (module, path) in imports[target.name] ?? [:] where !ours.contains(module) {
                guard let rooms = Self.foreign[module] else {
                    Issue.record("\(path) imports \(module)")
                    continue
                }
                #expect(rooms?.contains(target.name) ?? true, "\(path) imports \(module)")
            }
        }
    }

    @Test func `the pure rooms import nothing of ours but what text becomes, and not the operating system`() {
        for (room, doors) in [
            ("SpoolText", []), ("SpoolMail", ["SpoolText"]), ("SpoolSchedule", ["SpoolText"]),
        ] {
            #expect(targets.contains { $0.name == room })
            #expect(dependencies(of: room) == Set(doors))
            #expect(imports[room]?["Glibc"] == nil)
        }
    }

    @Test func `status has no way to write or to hand over, and check none to write`() {
        for (room, forbidden) in [
            ("SpoolStatus", ["SpoolWriting", "SpoolDelivery", "SpoolTransport", "SpoolTick"]),
            ("SpoolCheck", ["SpoolWriting", "SpoolDelivery", "SpoolTick"]),
        ] {
            #expect(targets.contains { $0.name == room })
            for wall in forbidden {
                #expect(
                    imports[room]?[wall] == nil && !dependencies(of: room).contains(wall), "\(room): \(wall)")
            }
        }
    }

    @Test func `no journal writer is linked into spool-status and spool-check`() {
        for program in ["spool-status", "spool-check"] {
            let linked = reach(of: program)
            #expect(linked.contains("SpoolStore"))
            #expect(
                linked.isDisjoint(with: ["SpoolDelivery", "SpoolTick"]), "\(program): \(linked.sorted())")
        }
    }

    @Test func `the manual's table of what may import what is that of Package.swift`() throws {
        let page = ManualPage(
            "Sources/Manual/Architecture.md", try Repository.text("Sources/Manual/Architecture.md"))
        let rows = try #require(page.table(whoseSecondColumnNames: "import"))
        let written = rows.map {
            ($0[0].replacing("`", with: ""), $0[1].matches(of: /`([^`]+)`/).map { $0.output.1 })
        }
        #expect(Set(written.map(\.0)).count == written.count, "a target stands there twice")
        for (name, _) in written {
            #expect(targets.contains { $0.name == name }, "there is no target \(name)")
        }
        for target in targets {
            guard let row = written.first(where: { $0.0 == target.name }) else {
                Issue.record("no row for \(target.name)")
                continue
            }
            #expect(Set(row.1.map(String.init)) == Set(target.dependencies), "\(target.name)")
        }
    }
}

extension ManualPage {
    /// The rows of the first table whose second heading has the word, as cells; nil if there is none.
    func table(whoseSecondColumnNames word: String) -> [[String]]? {
        var heading: [String]?
        var rows: [[String]] = []
        for (_, line) in lines {
            guard line.hasPrefix("|") else {
                if let heading, heading.count > 1, heading[1].contains(word) { return rows }
                (heading, rows) = (nil, [])
                continue
            }
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
                .map { $0.trimmingCharacters(in: .whitespaces) }
            if heading == nil {
                heading = cells
            } else if cells.count > 1, !cells[0].allSatisfy({ "-: ".contains($0) }) {
                rows.append(cells)
            }
        }
        if let heading, heading.count > 1, heading[1].contains(word) { return rows }
        return nil
    }
}
