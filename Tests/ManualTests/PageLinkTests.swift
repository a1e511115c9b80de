import Foundation
import Testing

struct PageLinkTests {
    /// What is wrong with a link; nil if nothing is.
    private func fault(_ target: String, on page: ManualPage, among pages: [ManualPage]) -> String? {
        if target.hasPrefix("https://") || target.hasPrefix("http://") || target.hasPrefix("mailto:") {
            return nil
        }
        let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        var steps =
            parts[0].isEmpty ? page.path.split(separator: "/") : page.path.split(separator: "/").dropLast()
        for step in parts[0].split(separator: "/") where step != "." {
            if step != ".." {
                steps.append(step)
            } else if steps.popLast() == nil {
                return "leads out of the repository"
            }
        }
        let path = steps.joined(separator: "/")
        guard pages.contains(where: { $0.path == path }) || Repository.exists(path) else {
            return "there is no \(path)"
        }
        guard parts.count > 1 else { return nil }
        guard let aim = pages.first(where: { $0.path == path }) else { return "\(path) is no page" }
        return aim.anchors.contains(parts[1]) ? nil : "\(path) has no heading #\(parts[1])"
    }

    @Test func `every link of the documentation leads to a file, and to a heading of it`() throws {
        let pages = try Manual.pages()
        var count = 0
        for page in pages {
            for (number, target) in page.links {
                count += 1
                let fault = fault(target, on: page, among: pages)
                #expect(fault == nil, "\(page.path):\(number): \(target): \(fault ?? "")")
            }
        }
        #expect(count > 50)
    }

    @Test func `every source file that the documentation names is there`() throws {
        let files = try ["Sources", "Tests"].flatMap { try Repository.files(below: $0, endingIn: ".swift") }
        for page in try Manual.pages() {
            for (number, line) in page.lines {
                for match in line.matches(of: /`([\w+\/-]+\.swift)`/) {
                    let name = match.output.1
                    #expect(
                        name == "Package.swift" || files.contains { $0 == name || $0.hasSuffix("/" + name) },
                        "\(page.path):\(number): there is no \(name)")
                }
            }
        }
    }

    @Test func `a link to nothing is found, and what is quoted as code is no link`() {
        let page = ManualPage(
            "Sources/Manual/page.md",
            """
            # A `page`, and: its "name"
            [one](journal.md#names), [two](page.md#a-page-and-its-name), [three](#twice-1), `[code](none.md)`,
            [four](../../README.md#top)
            ## Twice
            ```
            [code](none.md) # Heading
            ```
            ## Twice
            [bad](none.md) [bad](journal.md#none) [bad](../../../out.md) [bad](#heading) [web](https://example.org)
            """)
        let journal = ManualPage("Sources/Manual/journal.md", "## Names\n")
        let readMe = ManualPage("README.md", "# Top\n")
        #expect(page.anchors == ["a-page-and-its-name", "twice", "twice-1"])
        let bad = page.links.filter { fault($0.target, on: page, among: [page, journal, readMe]) != nil }
        #expect(bad.map(\.target) == ["none.md", "journal.md#none", "../../../out.md", "#heading"])
        #expect(page.links.count == 9)
    }
}
