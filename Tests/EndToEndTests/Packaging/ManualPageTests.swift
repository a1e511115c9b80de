import Foundation
import Testing

struct `Manual pages` {
    @Test func `are clean mdoc, and refer to each other`() throws {
        let directory = Installation.package.path + "/Sources/Packaging/man"
        let pages = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
        let needed = [
            "spool-check.1", "spool-status.1", "spool-returns.8", "spool-tick.8", "spool.5", "spool.7",
            "spool.conf.5",
        ]
        #expect(Set(pages).isSuperset(of: needed), "\(pages)")
        let outcome = try Run.start(
            "/usr/bin/mandoc", ["-T", "lint"] + pages.map { "\(directory)/\($0)" }
        ).wait()
        // Which manuals of others a machine has says nothing of ours.
        let findings = (outcome.output + outcome.errors).split(separator: "\n").filter {
            !$0.contains("referenced manual not found") && !$0.contains("outdated mandoc.db")
        }
        #expect(findings.isEmpty, "\(findings.joined(separator: "\n"))")
        for page in pages {
            let text = try String(contentsOfFile: "\(directory)/\(page)", encoding: .utf8)
            for match in text.matches(of: /\.Xr (spool[a-z.-]*) ([0-9])/) {
                #expect(pages.contains("\(match.output.1).\(match.output.2)"), "\(page): \(match.output.0)")
            }
        }
    }
}
