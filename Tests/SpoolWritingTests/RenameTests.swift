import Glibc
@testable import SpoolSystem
@testable import SpoolWriting
import TestSupport
import Testing

/// A directory with the files that a test writes, and what it may ask of them.
struct WritingFixture {
    let files: TemporaryFiles
    let directory: Directory

    init(_ contents: [String: String] = [:]) throws {
        files = try TemporaryFiles()
        directory = try files.directory
        for (name, text) in contents { try files.write(name, text.utf8) }
    }

    /// What a file holds; nil if there is none.
    func text(_ name: String) throws -> String? {
        if try directory.status(of: FileName(name)) == nil { return nil }
        return String(decoding: try directory.open(FileName(name)).contents(), as: UTF8.self)
    }

    var names: [String] { get throws { try directory.names().map(\.string).sorted() } }
}

/// A file system that does not know RENAME_NOREPLACE.
private let withoutFlags = Fault(.rename, .error(EINVAL), .fromThenOn)

struct RenameTests {
    @Test func `a move never overwrites, with RENAME_NOREPLACE or without`() throws {
        for faults in [[], [withoutFlags], [Fault(.rename, .error(ENOSYS), .fromThenOn)]] {
            let fixture = try WritingFixture(["a": "one", "b": "two"])
            let error = #expect(throws: SystemError.self) {
                try SystemCallTrace(faults).run {
                    try fixture.directory.move(FileName("a"), to: fixture.directory, as: FileName("b"))
                }
            }
            #expect(error?.isOccupied == true)
            #expect(try fixture.text("a") == "one")
            #expect(try fixture.text("b") == "two")
        }
    }

    @Test func `without RENAME_NOREPLACE a move is a link and an unlink`() throws {
        let fixture = try WritingFixture(["a": "one", "done/x": ""])
        let done = try fixture.directory.directory("done")
        let trace = SystemCallTrace(withoutFlags)
        try trace.run { try fixture.directory.move(FileName("a"), to: done, as: FileName("b")) }
        #expect(trace.calls.map(\.call) == [.rename, .link, .unlink])
        #expect(try fixture.names == ["done"])
        #expect(try fixture.text("done/b") == "one")
        #expect(try done.status(of: FileName("b"))?.links == 1)
    }

    @Test func `a name that somebody has taken away between link and unlink leaves no second name`() throws {
        let fixture = try WritingFixture(["a": "one"])
        let trace = SystemCallTrace([withoutFlags, Fault(.unlink, .error(ENOENT))])
        #expect(throws: SystemError(call: "rename", path: fixture.files.path + "/a", code: ENOENT)) {
            try trace.run {
                try fixture.directory.move(FileName("a"), to: fixture.directory, as: FileName("b"))
            }
        }
        #expect(trace.calls.map(\.call) == [.rename, .link, .unlink, .unlink])
        #expect(try fixture.text("b") == nil)
    }

    @Test func `a move that fails leaves the file under its old name, its new one, or both`() throws {
        for circumstances in [[], [withoutFlags]] {
            let strikes = try sweepFaults(
                [.error(EIO), .error(EINTR), .error(ENOSPC)], under: circumstances,
                prepare: { try WritingFixture(["a": "one"]) },
                operation: { try $0.directory.move(FileName("a"), to: $0.directory, as: FileName("b")) },
                check: { fixture, outcome in
                    let names = try fixture.names
                    #expect(!names.isEmpty, "\(outcome)")
                    for name in names { #expect(try fixture.text(name) == "one", "\(outcome)") }
                    #expect(outcome.error != nil, "\(outcome)")
                    // Both only if the old name cannot be taken away.
                    #expect(
                        names.count == 1 || outcome.struck.contains { $0.call == .unlink }, "\(outcome)")
                })
            #expect(strikes >= (circumstances.isEmpty ? 5 : 10))
        }
    }
}

struct ReplacementTests {
    private static let effects: [Fault.Effect] = [
        .error(EIO), .error(ENOSPC), .error(EINTR), .short(1), .short(0),
    ]

    @Test func `a replacement is whole, has the mode that was asked for, and leaves no temporary file`()
        throws
    {
        let fixture = try WritingFixture()
        let directory = fixture.directory
        try directory.replace(FileName("x"), with: Array("old".utf8), mode: 0o640, durable: true)
        try directory.replace(FileName("x"), with: Array("new".utf8), mode: 0o640, durable: false)
        #expect(try fixture.text("x") == "new")
        #expect(try directory.status(of: FileName("x"))?.mode == 0o640)
        #expect(try fixture.names == ["x"])
    }

    @Test func `the contents are on the disk before the name, and the name before it returns`() throws {
        let fixture = try WritingFixture()
        let trace = SystemCallTrace()
        try trace.run {
            try fixture.directory.replace(FileName("x"), with: [1], mode: 0o600, durable: true)
        }
        #expect(
            trace.calls.map(\.call).filter { $0 != .close }
                == [.open, .statx, .write, .fdatasync, .rename, .fsync])
        let lasting = SystemCallTrace()
        try lasting.run { try fixture.directory.create(FileName("y"), with: [1], mode: 0o600) }
        #expect(
            lasting.calls.map(\.call).filter { $0 != .close }
                == [.statx, .open, .statx, .write, .fdatasync, .rename])
    }

    @Test(arguments: [true, false])
    func `a replacement leaves the old file or the new one, whatever fails`(durable: Bool) throws {
        for old in ["old contents", nil] {
            let strikes = try sweepFaults(
                Self.effects,
                prepare: { try WritingFixture(old.map { ["x": $0] } ?? [:]) },
                operation: { fixture in
                    try fixture.directory.replace(
                        FileName("x"), with: Array("new text".utf8), mode: 0o600, durable: durable)
                },
                check: { fixture, outcome in
                    let text = try fixture.text("x")
                    #expect(text == old || text == "new text", "\(outcome)")
                    if outcome.error == nil {
                        #expect(text == "new text" && outcome.failed.isEmpty, "\(outcome)")
                    }
                    // What was left behind is in nobody's way.
                    try fixture.directory.replace(
                        FileName("x"), with: Array("third".utf8), mode: 0o600, durable: durable)
                    #expect(try fixture.text("x") == "third", "\(outcome)")
                    #expect(try fixture.names == ["x"], "\(outcome)")
                })
            #expect(strikes > 20)
        }
    }

    @Test func `a file is made whole or not at all, whatever fails`() throws {
        for circumstances in [[], [withoutFlags]] {
            let strikes = try sweepFaults(
                Self.effects, under: circumstances,
                prepare: { try WritingFixture() },
                operation: { fixture in
                    let made = try fixture.directory.create(
                        FileName("x"), with: Array("new text".utf8), mode: 0o644)
                    #expect(made)
                },
                check: { fixture, outcome in
                    let text = try fixture.text("x")
                    #expect(text == nil || text == "new text", "\(outcome)")
                    if outcome.error == nil {
                        #expect(text != nil && outcome.failed.isEmpty, "\(outcome)")
                    }
                    let again = try fixture.directory.create(FileName("x"), with: [], mode: 0o644)
                    #expect(again == (text == nil), "\(outcome)")
                    #expect(try fixture.text("x") == text ?? "", "\(outcome)")
                })
            #expect(strikes > 20)
        }
    }

    @Test func `a file that is there is never made anew`() throws {
        let fixture = try WritingFixture(["x": "old"])
        #expect(try !fixture.directory.create(FileName("x"), with: [1], mode: 0o644))
        // Or comes between the look and the rename.
        let hidden = SystemCallTrace(Fault(.statx, .error(ENOENT)))
        #expect(
            try hidden.run { try !fixture.directory.create(FileName("x"), with: [1], mode: 0o644) })
        #expect(hidden.count(of: .rename) == 1)
        #expect(try fixture.text("x") == "old")
        #expect(try fixture.names == ["x"])
    }

    @Test func `a temporary file that is the file itself under a second name is not written into`() throws {
        let fixture = try WritingFixture()
        let directory = fixture.directory
        let crash = SystemCallTrace([withoutFlags, Fault(.unlink, .error(EIO))])
        #expect(throws: SystemError.self) {
            try crash.run { try directory.create(FileName("x"), with: Array("whole".utf8), mode: 0o600) }
        }
        #expect(try fixture.names == [".x.new", "x"])
        let half = SystemCallTrace(Fault(.write, .error(ENOSPC)))
        #expect(throws: SystemError.self) {
            try half.run {
                try directory.replace(FileName("x"), with: Array("second".utf8), mode: 0o600, durable: true)
            }
        }
        #expect(try fixture.text("x") == "whole")
    }

    @Test func `where others write, a file is replaced by way of a name that nobody can have made before`()
        throws
    {
        let fixture = try WritingFixture(["x": "old", ".x.new": "another's"])
        var names: Set<String> = []
        for text in ["one", "two"] {
            let trace = SystemCallTrace([])
            try trace.run {
                try fixture.directory.replace(
                    FileName("x"), with: Array(text.utf8), mode: 0o640, durable: true, isShared: true)
            }
            names.formUnion(trace.calls.filter { $0.call == .open }.map { "\($0)" })
            #expect(try fixture.text("x") == text)
            #expect(try fixture.directory.status(of: FileName("x"))?.mode == 0o640)
        }
        #expect(names.count == 2, "\(names)")
        #expect(try fixture.text(".x.new") == "another's")
        #expect(try fixture.names == [".x.new", "x"])
    }

    @Test func `what stands under that name all the same is left alone, and what fails leaves nothing`()
        throws
    {
        let fixture = try WritingFixture(["x": "old"])
        for fault in [
            Fault(.open, .error(EEXIST)), Fault(.write, .error(ENOSPC)), Fault(.rename, .error(EIO)),
        ] {
            let trace = SystemCallTrace(fault)
            #expect(throws: SystemError.self) {
                try trace.run {
                    try fixture.directory.replace(
                        FileName("x"), with: [1], mode: 0o640, durable: true, isShared: true)
                }
            }
            #expect(trace.count(of: .unlink) == (fault.call == .open ? 0 : 1))
            #expect(try fixture.names == ["x"] && fixture.text("x") == "old", "\(fault)")
        }
    }

    @Test func `a copy replaces an entry as a whole, and is on the disk before its name is`() throws {
        let fixture = try WritingFixture(["a": String(repeating: "x", count: 3 << 20), "b": "old"])
        let original = try fixture.directory.open(FileName("a"))
        let trace = SystemCallTrace()
        let isMade = try trace.run {
            try fixture.directory.replace(
                FileName("b"), withCopyOf: original, as: original.status(), mode: 0o640)
        }
        #expect(try isMade && fixture.text("b") == fixture.text("a") && fixture.names == ["a", "b"])
        let durable: Set<SystemCall> = [.fdatasync, .rename, .fsync]
        #expect(trace.calls.map(\.call).filter(durable.contains) == [.fdatasync, .rename, .fsync])
        #expect(try fixture.directory.status(of: FileName("b"))?.mode == 0o640)
    }

    @Test func `a file that has changed since it was looked at is not copied`() throws {
        let fixture = try WritingFixture(["a": "one", "b": "old"])
        let original = try fixture.directory.open(FileName("a"))
        let seen = try original.status()
        try fixture.files.extend("a", to: 4)
        let isMade = try fixture.directory.replace(
            FileName("b"), withCopyOf: original, as: seen, mode: 0o640)
        #expect(try !isMade && fixture.text("b") == "old" && fixture.names == ["a", "b"])
    }
}
