import Testing

struct SymbolLinkTests {
    @Test func `every symbol link in a comment names a declaration that can be seen from there`() throws {
        let files = try SourceFile.byTarget()
        var count = 0
        for target in try PackageTargets().inSources {
            let seen = Set([target.name] + target.dependencies)
            let index = SymbolIndex(files.filter { seen.contains($0.key) })
            for file in files[target.name] ?? [] {
                for link in file.symbols.links {
                    count += 1
                    let isFound = index.resolves(link.parts, from: link.owner)
                    #expect(
                        isFound,
                        "\(file.path):\(link.line): ``\(link.parts.joined(separator: "/"))`` names nothing")
                }
            }
        }
        #expect(count > 20)
    }

    @Test func `every symbol that the manual names is declared`() throws {
        let index = SymbolIndex(try SourceFile.byTarget())
        for page in try Manual.pages() {
            for (number, line) in page.lines {
                for match in line.matches(of: /(?:^|[^`])``([^` ]+)``(?:[^`]|$)/) {
                    let parts = match.output.1.split(separator: "/").map(String.init)
                    let isFound = index.resolves(parts, from: [])
                    #expect(
                        isFound,
                        "\(page.path):\(number): ``\(match.output.1)`` names nothing")
                }
            }
        }
    }

    @Test func `a link is found from where it stands, and one to nothing is not`() {
        let source = ##"""
            import Other
            /// See ``inner``, ``Inner/deep``, ``make(_:to:)``, ``sibling(_:)`` and ``Outer/inner``; ``gone`` is broken.
            struct Outer<T> where T: Sendable {
                let inner, other: Int
                var text: String { "} \("{" + "}") ``text``" }
                /// ``deep``, ``one``, ``two(_:)``, ``three(code:)``, ``inner``; ``make(to:)`` is broken, ``local`` too.
                enum Inner: Error { case one, two(Int), three(code: Int); static let deep = #"" { "# }
                func make<R: P>(_ a: (Int, b: Int) -> R, to c: [String: Int] = [:]) { let local = 1 }
                /* { nested /* { */ */
                subscript(index: Int) -> Int { index }
                init?(of name: String) {}
            }
            extension Outer.Inner {
                enum State { case `default`, late }
                /// ``late`` is broken, ``State/late`` and ``State/default`` are not, nor ``Outer/init(of:)``.
                var state: State { .late }
            }
            /// ``Outer/subscript(_:)``, ``Outer/other``, ``Other/Far/away()``, ``Far``; ``Outer/late`` is broken.
            func sibling(_ value: Int) {}
            """##
        let scan = DeclarationScan(SourceScan(source))
        let index = SymbolIndex(["Mine": scan.declarations, "Other": [["Far"], ["Far", "away()"]]])
        let broken = scan.links.filter { !index.resolves($0.parts, from: $0.owner) }
        #expect(
            broken.map { $0.parts.joined(separator: "/") }
                == ["gone", "make(to:)", "local", "late", "Outer/late"])
        #expect(scan.links.count == 22)
        #expect(SourceScan(source).imports == ["Other"])
    }
}

/// Where a symbol link is looked for: as DocC does, from what the comment is about outwards, and then in the modules.
struct SymbolIndex {
    private let modules: [String: Set<[String]>]
    private let all: Set<[String]>

    /// - Parameter modules: the declarations that can be seen, by module.
    init(_ modules: [String: Set<[String]>]) {
        self.modules = modules
        all = modules.values.reduce(into: []) { $0.formUnion($1) }
    }

    init(_ files: [String: [SourceFile]]) {
        self.init(
            files.mapValues { files in
                files.reduce(into: []) { $0.formUnion($1.symbols.declarations) }
            })
    }

    func resolves(_ parts: [String], from owner: [String]) -> Bool {
        if let module = parts.first.flatMap({ modules[$0] }) {
            return parts.count == 1 || module.contains(Array(parts.dropFirst()))
        }
        return (0...owner.count).contains { all.contains(owner.prefix($0) + parts) }
    }
}
