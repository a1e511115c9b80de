import Foundation
import Glibc
import Testing

@Suite(.timeLimit(.minutes(25)))
struct `Invariant 8: one bad file never delays or stops another mailing` {
    /// What may lie in a state folder.
    enum Hostile: String, CaseIterable, Sendable {
        case fifo, link, danglingLink, linkLoop, hardLink, directory, socket, dotfile, otherEnding, longName,
            notUTF8Name
        case empty, partial, huge, hugeSpaces, deepArray, deepObject, deepIgnoredKey, invalidUTF8, nulBytes
        case notAnObject, bareEnding

        /// Never opened, moved or counted, and listed as ignored.
        static let ignored: [Hostile] = [
            .fifo, .link, .danglingLink, .linkLoop, .hardLink, .directory, .socket,
        ]
        /// Regular documents with an error, which is said.
        static let erroneous: [Hostile] = [
            .empty, .partial, .huge, .hugeSpaces, .deepArray, .deepObject, .invalidUTF8, .nulBytes,
            .notAnObject,
        ]

        /// Makes the bad file; returns its path.
        func make(in spool: ScratchSpool, folder: ScratchSpool.Folder) throws -> String {
            let place = "\(spool.path)/\(folder.rawValue)"
            let path = "\(place)/bad.json"
            let valid = try Draft(["bad@example.com"]).json
            let files = FileManager.default
            let outside = "\(spool.path)/files/outside.json"
            switch self {
            case .fifo: mkfifo(path, 0o644)
            case .link:
                try valid.write(to: URL(fileURLWithPath: outside))
                symlink(outside, path)
            case .danglingLink: symlink("nowhere.json", path)
            case .linkLoop: symlink("bad.json", path)
            case .hardLink:
                try valid.write(to: URL(fileURLWithPath: outside))
                #expect(Glibc.link(outside, path) == 0)
            case .directory: try files.createDirectory(atPath: path + "/x", withIntermediateDirectories: true)
            case .socket:
                try tool(
                    "/usr/bin/env", "python3", "-c",
                    "import os,socket; os.chdir('\(place)'); socket.socket(socket.AF_UNIX).bind('bad.json')")
            case .dotfile: return try write(valid, "\(place)/.bad.json")
            case .otherEnding: return try write(valid, "\(place)/bad.json~")
            case .longName: return try write(valid, "\(place)/\(String(repeating: "n", count: 196)).json")
            case .notUTF8Name:
                let name = Array("\(place)/bad".utf8CString.dropLast()) + [-1, -2] + ".json".utf8CString
                let descriptor = open(name, O_WRONLY | O_CREAT, 0o644)
                #expect(descriptor >= 0)
                close(descriptor)
                // A Swift string cannot say where it is.
                return "\(place)/bad"
            case .empty: try write(Data(), path)
            case .partial: try write(valid.prefix(valid.count / 2), path)
            case .huge:
                try write(Data("{".utf8), path)
                truncate(path, 200 << 20)
            case .hugeSpaces: try write(Data(repeating: 0x20, count: 200 << 20), path)
            case .deepArray: try write(Data(String(repeating: "[", count: 10_000).utf8), path)
            case .deepObject:
                let deep =
                    String(repeating: #"{"subject":"#, count: 10_000) + "1"
                    + String(repeating: "}", count: 10_000)
                try write(Data(deep.utf8), path)
            case .deepIgnoredKey:
                let deep = String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
                try write(Data(#"{"x-deep":\#(deep)}"#.utf8), path)
            case .invalidUTF8:
                try write(Data(#"{"subject":""#.utf8) + Data([0xFF, 0xC3, 0x28]) + Data(#""}"#.utf8), path)
            case .nulBytes: try write(Data(count: 4096), path)
            case .notAnObject: try write(Data("[1,2,3]".utf8), path)
            case .bareEnding: return try write(valid, "\(place)/.json")
            }
            return path
        }

        @discardableResult
        private func write(_ data: Data, _ path: String) throws -> String {
            try data.write(to: URL(fileURLWithPath: path))
            let old = [FileAttributeKey.modificationDate: Date.now.addingTimeInterval(-60)]
            try FileManager.default.setAttributes(old, ofItemAtPath: path)
            return path
        }
    }

    @Test(arguments: Hostile.allCases)
    func `a bad file in any folder stops nobody else`(hostile: Hostile) throws {
        for folder in ScratchSpool.Folder.states {
            let spool = try ScratchSpool()
            let bad = try hostile.make(in: spool, folder: folder)
            let before = try? tool("/usr/bin/stat", "-c", "%i %y %s", bad)
            try spool.drop(Draft(3), as: "good", in: .scheduled)
            let outcome = try spool.tick(seconds: 45)
            #expect(outcome.ending == .exited(0), "in \(folder): \(outcome)")
            try expectDelivered(spool, to: Draft.addresses(3))
            #expect(spool.folders(of: "good") == [.done])
            #expect(
                (try? tool("/usr/bin/stat", "-c", "%i %y %s", bad)) == before, "moved or changed in \(folder)"
            )

            let status = try spool.status()
            #expect(try status["good"].sent == 3)
            if Hostile.ignored.contains(hostile) {
                #expect(status.ignored.map(\.path) == ["\(folder.rawValue)/bad.json"])
                #expect(!status.mailings.contains { $0.name == "bad" })
                #expect(outcome.errors.isEmpty)
            } else if Hostile.erroneous.contains(hostile), folder != .done {
                #expect(try !status["bad"].errors.isEmpty)
                #expect(outcome.errors.contains("bad"), "nothing was said of it in \(folder)")
            }
            // What is wrong with it is said once.
            let second = try spool.tick(seconds: 45)
            #expect(second.isSilentSuccess, "in \(folder): \(second)")
        }
    }

    @Test func `all bad files together stop nobody`() throws {
        let spool = try ScratchSpool()
        for (index, hostile) in Hostile.allCases.enumerated() where hostile != .hugeSpaces {
            let bad = try hostile.make(in: spool, folder: .active)
            if bad.hasSuffix("/bad.json") { rename(bad, bad.replacing("bad.json", with: "bad\(index).json")) }
        }
        try spool.drop(Draft(3), as: "good", in: .active)
        #expect(try spool.tick(seconds: 60).ending == .exited(0))
        try expectDelivered(spool, to: Draft.addresses(3))
    }

    @Test(arguments: ["fifo", "link out", "directory", "..", "absolute", "missing", "invalid UTF-8"])
    func `a bad list is an error of its own mailing alone`(kind: String) throws {
        let spool = try ScratchSpool()
        let list = "\(spool.path)/files/list.txt"
        var name = "list.txt"
        switch kind {
        case "fifo": mkfifo(list, 0o644)
        case "link out": symlink("/etc/passwd", list)
        case "directory": mkdir(list, 0o755)
        case "..":
            name = "../secret.txt"
            try spool.put("secret.txt", "secret@example.com\n")
        case "absolute":
            name = "\(spool.path)/secret.txt"
            try spool.put("secret.txt", "secret@example.com\n")
        case "missing": break
        default:
            try Data([0xFF, 0xFE, 0x40, 0x0A]).write(to: URL(fileURLWithPath: list))
            try spool.setAge(of: "files/list.txt", 60)
        }
        try spool.drop(Draft(file: name), as: "bad", in: .scheduled)
        try spool.drop(Draft(2), as: "good", in: .scheduled)
        let outcome = try spool.tick(seconds: 60)
        #expect(outcome.ending == .exited(0) && outcome.errors.contains("bad"), "\(outcome)")
        try expectDelivered(spool, to: Draft.addresses(2))
        #expect(spool.folders(of: "bad") == [.scheduled])
        #expect(try !spool.status(of: "bad").errors.isEmpty)
    }

    @Test func `a link inside files that stays inside is fine`() throws {
        let spool = try ScratchSpool()
        try spool.put("files/true.txt", "a@example.com\n")
        symlink("true.txt", "\(spool.path)/files/list.txt")
        try spool.drop(Draft(file: "list.txt"), as: "news", in: .scheduled)
        #expect(try spool.tick().isSilentSuccess)
        try expectDelivered(spool, to: ["a@example.com"])
    }
}
