import Foundation
import Testing

/// Needs root, and what Tests/run.sh installs: on a machine whose own files stay as they are.
struct `The installation` {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// The programs as they are installed: those of a debug build need the compiler's libraries.
    private var programs: String {
        ProcessInfo.processInfo.environment["SPOOL_BIN"]
            ?? Installation.package.appending(path: ".build/release").path
    }

    private func script(_ name: String, _ arguments: String..., environment: [String: String] = [:]) throws
        -> Outcome
    {
        let path = Installation.package.appending(path: "Sources/Packaging/\(name)").path
        var variables = ["SPOOL_BIN": programs]
        variables.merge(environment) { _, new in new }
        return try Run.start("/bin/bash", [path] + arguments, environment: variables).wait(seconds: 300)
    }

    @Test func `as a package and by hand ends in a first mailing that cron has delivered, and can be undone`()
        throws
    {
        let made = try script("deb.sh", directory.path)
        let package = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
        try #require(made.ending == .exited(0), "\(made)")
        let lint = try Run.start("/usr/bin/lintian", ["--fail-on", "error", package]).wait(seconds: 300)
        #expect(lint.ending == .exited(0), "\(lint)")
        let depends = try tool("/usr/bin/dpkg-deb", "-f", package, "Depends")
        #expect(depends.contains("default-mta | mail-transport-agent, cron | cron-daemon"), "\(depends)")

        let program = Installation.package.appending(path: "Tests/EndToEndTests/Programs/installed.sh").path
        let outcome = try Run.start(
            "/usr/bin/unshare",
            [
                "--mount", "--pid", "--fork", "/bin/bash", program, Installation.package.path, programs,
                package,
                Installation.fakeTime,
            ]
        ).wait(seconds: 300)
        func spool(_ user: String, _ group: String) -> String {
            let shared = ["scheduled", "active", "paused", "done", "files", "suppressed"]
            var parts = [". 750"]
            for folder in shared { parts.append(folder + " 2770") }
            parts += ["journal 2750", "suppressed.txt 660", "config.json 640"]
            return parts.map { "\($0) \(user) \(group)\n" }.joined()
        }
        let installed = [
            "bin/spool-check", "bin/spool-returns", "bin/spool-status", "bin/spool-tick",
            "share/bash-completion/completions/spool-check",
            "share/bash-completion/completions/spool-returns",
            "share/bash-completion/completions/spool-status",
            "share/bash-completion/completions/spool-tick",
            "share/fish/vendor_completions.d/spool-check.fish",
            "share/fish/vendor_completions.d/spool-returns.fish",
            "share/fish/vendor_completions.d/spool-status.fish",
            "share/fish/vendor_completions.d/spool-tick.fish", "share/man/man1/spool-check.1",
            "share/man/man1/spool-status.1", "share/man/man5/spool.5", "share/man/man5/spool.conf.5",
            "share/man/man7/spool.7", "share/man/man8/spool-returns.8", "share/man/man8/spool-tick.8",
            "share/zsh/site-functions/_spool",
        ]
        let expected = """
            package
            \(spool("spool", "spool"))script
            \(spool("mailer", "club"))# The tick of Spool, every minute; cron mails what it has to say to root.
            MAILTO=root
            * * * * * mailer /opt/spool/bin/spool-tick /srv/mailings
            \(installed.map { "/opt/spool/\($0)\n" }.joined())delivered
            "state":"done"
            "sent":2
            "state":"done"
            "sent":2
            4
            removed
            /srv/mailings/done:
            first.json

            /var/spool/mailings/done:
            first.json

            """
        #expect(outcome.output == expected, "\(outcome.errors)")
        #expect(outcome.ending == .exited(0))
    }

    @Test func `below another root is files alone, and names what is wrong with its arguments`() throws {
        let root = directory.path + "/root"
        let made = try script("install.sh", "--prefix=/usr", environment: ["DESTDIR": root])
        #expect(made.isSilentSuccess, "\(made)")
        #expect(FileManager.default.isExecutableFile(atPath: root + "/usr/bin/spool-tick"))
        let removed = try script(
            "install.sh", "--uninstall", "--prefix", "/usr", environment: ["DESTDIR": root])
        #expect(removed.ending == .exited(0), "\(removed)")
        #expect(try tool("/usr/bin/find", root, "-type", "f").isEmpty)
        for arguments in [["--spol", "/x"], ["--spool"], ["--spool="], ["--spool", "here"]] {
            let path = Installation.package.appending(path: "Sources/Packaging/install.sh").path
            let outcome = try Run.start("/bin/bash", [path] + arguments).wait()
            #expect(outcome.ending == .exited(64) && !outcome.errors.isEmpty, "\(arguments): \(outcome)")
        }
        // Where others than root can read it.
        try tool("/bin/chmod", "755", directory.path)
        let copy = directory.path + "/install.sh"
        try tool(
            "/bin/cp", Installation.package.appending(path: "Sources/Packaging/install.sh").path, copy)
        let stranger = try Run.start(
            "/usr/bin/setpriv", ["--reuid=nobody", "--clear-groups", "/bin/bash", copy]
        ).wait()
        #expect(stranger.ending == .exited(77) && stranger.errors.contains("sudo"), "\(stranger)")
        let unbuilt = try script("install.sh", environment: ["SPOOL_BIN": "/nowhere", "DESTDIR": root])
        #expect(unbuilt.ending == .exited(66) && unbuilt.errors.contains("swift build"), "\(unbuilt)")
    }
}
