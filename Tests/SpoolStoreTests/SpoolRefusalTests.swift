import Foundation
@testable import SpoolStore
@testable import SpoolSystem
import TestSupport
import Testing

/// By the numbers of users, as the tests may run as anybody; what root may do and the others may not is in
/// EndToEndTests.
struct SpoolRefusalTests {
    private let spool: TestSpool
    private let me = ProcessTable.effectiveUser
    private var other: UInt32 { me + 4711 }

    init() throws {
        spool = try TestSpool()
    }

    private var path: String { spool.files.path }

    private func refusal(for user: UInt32) -> SpoolRefusal? {
        do throws(SpoolRefusal) {
            _ = try SpoolDirectory.open(path, for: user)
            return nil
        } catch {
            return error
        }
    }

    @Test func `the owner of the journal may, and no other, root included`() {
        #expect(refusal(for: me) == nil)
        for user in [other, me == 0 ? other + 1 : 0] {
            #expect(refusal(for: user) == .anotherUser(ownerOf: path + "/journal", owner: me), "\(user)")
        }
    }

    @Test func `who may not run it may not make what is missing of it`() throws {
        #expect(try SpoolDirectory.refusal(toMakeAt: path, for: me) == nil)
        #expect(try SpoolDirectory.refusal(toMakeAt: path + "/not-there", for: other) == nil)
        #expect(try SpoolDirectory.refusal(toMakeAt: path, for: other)?.isAboutUser == true)
    }

    @Test(arguments: ["files", "journal", "active", "done"])
    func `a folder that is a symbolic link is refused`(folder: String) throws {
        try spool.files.remove(folder)
        try spool.files.link(folder, to: "/etc")
        let expected = SystemError(call: "open", path: "\(path)/\(folder)", code: ELOOP)
        #expect(refusal(for: me) == .system(expected))
        #expect(expected.reason == "it is a symbolic link")
    }

    @Test func `what is missing of a spool is said as that`() throws {
        try spool.files.remove("journal")
        guard case .system(let error) = refusal(for: me) else {
            Issue.record("no refusal")
            return
        }
        #expect(error.isMissing && error.description.contains("/journal"))
    }

    @Test func `a refusal names whom to run it as, and what mends it`() {
        let user = me
        let name = ProcessTable.userName(user) ?? "#\(user)"
        #expect(
            SpoolRefusal.anotherUser(ownerOf: "/s/journal", owner: user).text(
                for: 999_999, command: "spool-tick --spool /s"
            ).hasSuffix("run it as \(name): sudo -u \(name) spool-tick --spool /s"))
        #expect(
            SpoolRefusal.anotherUser(ownerOf: "/s/journal", owner: 999_999).text(for: user, command: "c")
                .hasSuffix("sudo -u '#999999' c"))
        let files = SpoolRefusal.foreignFiles(
            [FileName("lock"), FileName("tick")], in: "/the spool/journal", owner: 999_999)
        #expect(
            files.text(for: user).hasPrefix("journal/lock and 1 more of the files there belong to #999999")
                && files.text(for: user).hasSuffix("sudo chown -R \(name) '/the spool/journal'"))
        let owner = SpoolRefusal.foreignOwner(of: "config.json", path: "/s/config.json", owner: 999_999)
        #expect(owner.text(for: user).hasSuffix("sudo chown \(name) /s/config.json"))
        #expect(!owner.isAboutUser && files.isAboutUser)
        #expect(files.text(for: 999_998).hasSuffix("sudo chown -R 999998 '/the spool/journal'"))
        #expect(owner.text(for: 999_998).hasSuffix("sudo chown 999998 /s/config.json"))
    }
}
