internal import SpoolMail

/// Who sent a message, as far as it matters: a mail system or somebody else.
struct Sender {
    /// Of the field From, in lower case.
    let address: String
    /// An answer would go to nobody: the return path is empty, or a mail system's own.
    let hasNoReturnPath: Bool
    /// A mail system by its address, also where that is `MAILER-DAEMON <>`.
    let isDaemon: Bool
    /// A program by its address or name, which only together with the empty return path says anything.
    let isProgram: Bool
    /// Those to whom the message goes, who sent what came back.
    let addressees: Set<String>

    init(_ fields: HeaderFields, isDaemonMailbox: Bool) {
        let from = fields.values("from").first ?? []
        address = AddressSearch.all(in: from[...]).last?.address ?? Sender.bare(from)
        let path = fields.values("return-path").first
        let pathAddress = path.map { AddressSearch.first(in: $0) ?? Sender.bare($0) }
        hasNoReturnPath = pathAddress.map { $0.isEmpty || Sender.isDaemon($0) } ?? isDaemonMailbox
        // A list server speaks for its administrator.
        let isListServer = fields.text("x-mlserver") != nil && Sender.localPart(address).hasSuffix("admin")
        isDaemon = Sender.isDaemon(address) || isListServer
        isProgram = isDaemon || Sender.isProgram(address, name: HeaderDecoding.text(from).lowercased())
        addressees = Set(
            ["to", "delivered-to", "envelope-to", "x-original-to"].flatMap(fields.values).flatMap {
                AddressSearch.all(in: $0[...]).map(\.address)
            })
    }

    private static func isDaemon(_ address: String) -> Bool {
        let local = localPart(address)
        // Of a carrier's gateway.
        if address == "sysadmin@vzwpix.com" { return true }
        return [
            "mailerdaemon", "postmaster", "maildaemon", "mdaemon", "maildeliverysystem",
            "maildeliverysubsystem",
            "mailadmin", "mailadministrator", "mailsystem", "mailserver", "microsoftexchange",
            "systemadministrator",
            "mailrobot", "smtpd", "mailgateway", "smtpgateway", "mailmaster",
        ].contains(where: local.hasPrefix)
    }

    private static func isProgram(_ address: String, name: String) -> Bool {
        let local = localPart(address)
        return [
            "noreply", "donotreply", "system", "admin", "administrator", "bounce", "mailer", "notification",
            "delivery",
        ]
        .contains { local.hasPrefix($0) || local.hasSuffix($0) }
            || [
                "mail delivery", "mail system", "postmaster", "system administrator", "mail administrator",
                "mailer-daemon",
            ]
            .contains(where: name.contains)
    }

    /// Letters and digits before the `@`.
    private static func localPart(_ address: String) -> String {
        String(address.prefix { $0 != "@" }.filter { $0.isLetter || $0.isNumber })
    }

    /// What stands in a field without an address, in lower case.
    private static func bare(_ value: [UInt8]) -> String {
        String(decoding: value.map(ASCII.lowercased).filter { $0 != 0x3C && $0 != 0x3E }, as: UTF8.self)
            .split(separator: " ").first.map(String.init) ?? ""
    }
}
