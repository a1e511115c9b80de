import Foundation

/// A real Postfix of the tests' own, beside whatever the machine runs: its own configuration, queue and log. It
/// listens on no port; all mail comes from sendmail with `MAIL_CONFIG` set, and all goes into one Maildir, except
/// for `@hard.test`, which bounces.
final class PostfixServer {
    /// What a program needs in its environment to submit to this server.
    let environment: [String: String]
    private let directory: TemporaryDirectory
    private var maildir: String { directory.path + "/mail/all/new" }

    init() throws {
        directory = try TemporaryDirectory()
        let path = directory.path
        let configuration = path + "/etc"
        environment = ["MAIL_CONFIG": configuration]
        let files = FileManager.default
        for name in ["etc", "queue", "data", "mail"] {
            try files.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: false)
        }
        try tool("/bin/chown", "postfix", path + "/data")
        try tool("/bin/chown", "nobody", path + "/mail")
        for name in ["main.cf", "master.cf"] {
            // A package that was installed without a dialogue may have left no main.cf.
            let installed = "/etc/postfix/\(name)"
            let source = files.fileExists(atPath: installed) ? installed : "/usr/share/postfix/main.cf.debian"
            try files.copyItem(atPath: source, toPath: "\(configuration)/\(name)")
        }
        try Data("/^(.*)@(.*)$/ all/\n".utf8).write(to: URL(fileURLWithPath: configuration + "/mailboxes"))
        try Data("/@hard\\.test$/ error:5.1.1 no such user\n".utf8)
            .write(to: URL(fileURLWithPath: configuration + "/transport"))
        try postconf(
            "-e", "queue_directory=\(path)/queue", "data_directory=\(path)/data",
            "maillog_file=\(path)/log", "maillog_file_prefixes=\(path)", "myhostname=mx.test.invalid",
            "mydestination=localhost", "inet_interfaces=loopback-only", "inet_protocols=ipv4",
            "disable_dns_lookups=yes", "smtp_host_lookup=native", "recipient_delimiter=+",
            "virtual_mailbox_domains=static:all", "virtual_mailbox_base=\(path)/mail",
            "virtual_mailbox_maps=regexp:\(configuration)/mailboxes", "virtual_uid_maps=static:65534",
            "virtual_gid_maps=static:65534", "virtual_minimum_uid=100", "virtual_mailbox_limit=0",
            "default_transport=error:external-mail-forbidden", "relayhost=", "alias_maps=", "alias_database=",
            "transport_maps=regexp:\(configuration)/transport")
        try postconf("-F", "*/*/chroot = n")
        try postconf("-MX", "smtp/inet")
        try tool("/usr/sbin/postfix", "start", environment: environment)
    }

    private func postconf(_ arguments: String...) throws {
        let outcome = try Run.start("/usr/sbin/postconf", arguments, environment: environment).wait()
        guard outcome.ending == .exited(0) else { throw HarnessError("postconf: \(outcome.errors)") }
    }

    /// How many messages lie in the Maildir.
    var count: Int {
        (try? FileManager.default.contentsOfDirectory(atPath: maildir).count) ?? 0
    }

    /// The files of the delivered messages.
    var files: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: maildir).map { "\(maildir)/\($0)" }
        }
    }

    /// The delivered messages.
    var messages: [Message] {
        get throws { try files.map { Message(try Data(contentsOf: URL(fileURLWithPath: $0))) } }
    }

    /// What the server has written down.
    var log: String { (try? String(contentsOfFile: directory.path + "/log", encoding: .utf8)) ?? "" }

    deinit {
        _ = try? Run.start("/usr/sbin/postfix", ["stop"], environment: environment).wait()
    }
}
