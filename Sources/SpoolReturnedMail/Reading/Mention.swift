internal import SpoolMail

/// An address in a line of a report, and what it is there.
struct Mention {
    enum Role {
        /// The line begins with it.
        case leading
        /// Words before it say that it is a recipient.
        case introduced
        /// It stands behind a code, in a reply that is about it.
        case reply
        case passing
    }

    let address: String
    let range: Range<Int>
    let role: Role

    /// Those of a line, without the ones that are surely no recipients.
    static func all(in line: ArraySlice<UInt8>) -> [Mention] {
        AddressSearch.all(in: line).compactMap { found in
            let role = role(behind: line[line.startIndex..<found.range.lowerBound])
            guard let role, role != .passing || !isHelpDesk(found.address) else { return nil }
            return Mention(address: found.address, range: found.range, role: role)
        }
    }

    /// Whom to ask, in whatever language the sentence is.
    private static func isHelpDesk(_ address: String) -> Bool {
        ["support@", "postmaster@", "abuse@", "help@", "helpdesk@", "info@", "mailer-daemon@", "noc@"]
            .contains(where: address.hasPrefix)
    }

    private static func role(behind prefix: ArraySlice<UInt8>) -> Role? {
        let text = prefix.map { ASCII.isLetterOrDigit($0) || $0 >= 0x80 ? ASCII.lowercased($0) : ASCII.space }
        let words = Array(Lines.trimmed(text[...]))
        if words.isEmpty { return .leading }
        if words.allSatisfy({ ASCII.isDigit($0) || $0 == ASCII.space }) {
            // A list may be numbered.
            return words.count < 3 ? .leading : .reply
        }
        if strangers.occurs(in: words) { return nil }
        // Fields of the message, as some reports repeat them.
        if ["to", "cc", "from"].contains(where: { words.elementsEqual($0.utf8) }) { return nil }
        return recipients.ends(words) ? .introduced : .passing
    }

    /// Before an address that is the sender's or somebody's who helps.
    private static let strangers: PhraseList = """
        mail from, envelope from, contact, write to, message id, reply to, return path, support, original sender,
        sent by, sender, mailto, hello, dear, bonjour, hola, hallo
        """

    /// What ends before a recipient's address.
    private static let recipients: PhraseList = """
        recipient, recipients, recipient address, recipient s, rcpt to, to, address, addresses, address es, rfc822,
        allowed size, attempts, user, unknown user, mailbox, for, errors, failed, unknown, undeliverable, account,
        destination, empfänger, destinataire, destinatario, an, à, a, al, 为, あて先, 宛先, email, e mail, smtp,
        duplicated message id in
        """

    /// The line above the addresses.
    static let introductions: PhraseList = """
        following address*, following recipient*, following email address*, these recipients, list of recipients,
        addresses follow, had…errors, had…problems, failure reasons, was not delivered to, not be delivered to,
        unable to deliver*, returned permanent errors, following user*, folgende*…adresse*, folgende*…empfänger,
        adresses suivantes, destinataires suivants, siguiente*…direcci*, siguiente*…destinatario*,
        error delivering your mail, recipients were affected, undeliverable recipient*, duplicated message id in,
        undeliverable to, following destination*, mailbox exceeds allowed
        """
}
